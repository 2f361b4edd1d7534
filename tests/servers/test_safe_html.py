"""HTML from strangers: what is left of it cannot do anything."""

from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from netlab.servers.safe_html import ALLOWED, ATTRIBUTES, safe_html, safe_style

PIXEL = "data:image/png;base64,iVBORw0KGgo="


class Inventory(HTMLParser):
    """The elements and attributes in a piece of HTML."""

    def __init__(self, source):
        super().__init__()
        self.found = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize(
    ("source", "left"),
    [
        ("<p>AAPL <b>430.47</b></p>", "<p>AAPL <b>430.47</b></p>"),
        ("1 < 2 &amp; 3 > 2", "1 &lt; 2 &amp; 3 &gt; 2"),
        ("<p>open <b>too", "<p>open <b>too</b></p>"),
        ("</div></p>text</table>", "text"),
        ("<b><i>x</b>y</i>", "<b><i>x</i></b>y"),
        ("a<script>alert(1)</script>b", "ab"),
        ("a<SCRIPT>if (1 < 2) alert('</b>')</SCRIPT >b", "ab"),
        ("a<style>p { background: url(//x) }</style>b", "ab"),
        ("a<svg><script>alert(1)</script><a href=x>q</a></svg>b", "ab"),
        ("a<!-- hidden -->b", "ab"),
        ("<p onclick=alert(1) onmouseover='x' style='color: red'>x</p>", '<p style="color:red">x</p>'),
        ("<a href='https://evil.example/'>your bank</a>", "<a>your bank [https://evil.example/]</a>"),
        ("<a href='javascript:alert(1)'>x</a>", "<a>x [javascript:alert(1)]</a>"),
        ("<img src=https://evil.example/pixel.png>", "[picture not loaded]"),
        ("<img src=x onerror=alert(1) alt='a \"<b>'>", "[picture not loaded: a &quot;&lt;b&gt;]"),
        ("<form action=//evil><input name=p>Password</form>", "Password"),
        ("<iframe src=//evil>x</iframe>y", "y"),
        ("<meta http-equiv=refresh content='0;url=//evil'><base href=//evil>x", "x"),
        ("<td bgcolor='red' background='//evil/x.png'>x</td>", '<td bgcolor="red">x</td>'),
    ],
)
def test_what_is_left(source, left):
    assert safe_html(source) == left


def test_a_picture_that_came_with_the_mail_is_shown():
    shown = safe_html('<img src="cid:chart" alt="AAPL">', {"cid:chart": PIXEL})
    assert shown == f'<img src="{PIXEL}" alt="AAPL" style="max-width:100%">'


@pytest.mark.parametrize(
    ("given_style", "left"),
    [
        ("color: #009e73; font-weight: bold", "color:#009e73;font-weight:bold"),
        ("COLOR: Red", "color:Red"),
        ("background-color: #123456", "background-color:#123456"),
        ("background: url(//evil)", ""),
        ("background-color: url(//evil)", ""),
        ("position: fixed; top: 0; z-index: 99", ""),
        ("font-size: 10000px", ""),
        ("color: red; color: expression(alert(1))", "color:red"),
        ("color: \\72 ed", ""),
        ('font-family: "x"', ""),
    ],
)
def test_of_a_style_only_looks_are_left(given_style, left):
    assert safe_style(given_style) == left


PIECES = r"""
<script> </script> <p> </p> <img src=x <a href= onload=x ' " > < </ <!-- --> <![ ]]> <svg> <math> <style> </style>
<table> <td> &lt; &#60; &#x3c; <title> <textarea> <b style='color:url(x)'> javascript: cid:x = / <?x <plaintext>
""".split()  # noqa: SIM905
pieces = st.sampled_from([*PIECES, "\0"])


@given(source=st.lists(pieces | st.text(max_size=5), max_size=30).map(" ".join) | st.text(max_size=300))
@example("<![foo[")
@example("<a" * 200)
def test_nothing_gets_through_that_is_not_on_the_list(source):
    for tag, attributes in Inventory(safe_html(source, {"cid:x": PIXEL})).found:
        assert tag in ALLOWED
        assert set(attributes) <= {*ATTRIBUTES, "style", "src"}
        assert "src" not in attributes or (tag, attributes["src"]) == ("img", PIXEL)
        assert "url" not in (attributes.get("style") or "")

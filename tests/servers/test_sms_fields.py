"""The fields of a request to the SMS gateway: what is read as what, and what is refused in words."""

import json
from urllib.parse import quote, urlencode

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from netlab.servers.sms_fields import (
    FORM,
    JSON,
    check_callback,
    check_fields,
    read_fields,
    read_form,
    read_json,
)
from netlab.servers.sms_rules import MOST_FIELDS, RefusedError, Result

names = st.text(max_size=20)
values = st.text(max_size=100)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.text(), inner, max_size=3), max_leaves=8,
)  # fmt: skip


def refusal_of(function, *arguments):
    with pytest.raises(RefusedError) as refusal:
        function(*arguments)
    return refusal.value.result, str(refusal.value)


def outcome_of(function, *arguments):
    """What a function returns, or the result with which it refuses."""
    try:
        return function(*arguments)
    except RefusedError as refusal:
        return refusal.result


class TestForms:
    @given(
        st.dictionaries(
            names.filter(lambda name: not name.startswith("values")), values, max_size=MOST_FIELDS
        )
    )
    def test_what_is_encoded_is_read(self, fields):
        assert read_form(urlencode(fields).encode()) == fields

    @given(st.dictionaries(st.from_regex(r"\w{1,20}", fullmatch=True), values, min_size=1, max_size=20))
    def test_fields_inside_another_are_read_too(self, inner):
        fields = {f"values[{name}]": value for name, value in inner.items()}
        assert read_form(urlencode(fields).encode()) == {"values": inner}

    def test_a_plus_is_a_space(self):
        assert read_form(b"to=+12025550123&text=a+b%2Bc") == {"to": " 12025550123", "text": "a b+c"}

    def test_utf_8_may_come_as_it_is(self):
        assert read_form("text=5 € für é".encode()) == {"text": "5 € für é"}

    def test_nothing_is_a_form_without_fields(self):
        assert read_form(b"") == {}
        assert read_form(b"text=") == {"text": ""}

    @pytest.mark.parametrize(
        "content", [b"text", b"text=%ff", b"text=\xff", b"a=1&b", b"&".join([b"a=1"] * (MOST_FIELDS + 1))]
    )
    def test_what_is_no_form_is_told_so(self, content):
        assert refusal_of(read_form, content) == (Result.MALFORMED, "the content is not a form")

    @pytest.mark.parametrize(
        "content",
        [b"to=a&to=b", b"values[x]=1&values[x]=2", b"values=1&values[x]=2", b"values[x]=2&values=1"],
    )
    def test_a_field_that_comes_twice_is_refused(self, content):
        result, words = refusal_of(read_form, content)
        assert result is Result.MALFORMED
        assert "comes twice" in words


class TestJSON:
    @given(st.dictionaries(names, json_values, max_size=10))
    @example({"text": "📈 \ud83d"})
    def test_what_is_encoded_is_read(self, fields):
        content = json.dumps(fields).encode()
        assert repr(read_json(content)) == repr(json.loads(content))

    def test_utf_8_is_read(self):
        assert read_json('{"text": "苹果 📈"}'.encode()) == {"text": "苹果 📈"}

    @pytest.mark.parametrize(
        "content",
        [b"", b"{", b"to=a", b"\xff", b'{"a": \xff}', b"\xef\xbb\xbf{}", '{"a": "b"}'.encode("utf-16"), b"[" * 16_000,
         b'{"a":' * 3000, b"1" * 16_000, b'{"a": 1,}'],
    )  # fmt: skip
    def test_what_is_no_json_is_told_so(self, content):
        assert refusal_of(read_json, content) == (Result.MALFORMED, "the content is not JSON")

    @pytest.mark.parametrize("content", [b"[]", b'"to"', b"null", b"7", b"NaN"])
    def test_what_is_no_object_is_told_so(self, content):
        assert refusal_of(read_json, content) == (Result.MALFORMED, "the JSON is not an object")

    @pytest.mark.parametrize("content", [b'{"to": "a", "to": "b"}', b'{"values": {"to": "a", "to": "a"}}'])
    def test_a_field_that_comes_twice_is_refused(self, content):
        assert refusal_of(read_json, content) == (Result.MALFORMED, "the field 'to' comes twice")


class TestEither:
    @pytest.mark.parametrize("kind", [JSON, "application/json; charset=utf-8", "Application/JSON ;x"])
    def test_json_by_its_type(self, kind):
        assert read_fields(kind, b'{"a": "b"}') == {"a": "b"}

    @pytest.mark.parametrize("kind", [FORM, FORM + "; charset=UTF-8", FORM.upper()])
    def test_a_form_by_its_type(self, kind):
        assert read_fields(kind, b"a=b") == {"a": "b"}

    @pytest.mark.parametrize(
        "kind", ["", "text/plain", "multipart/form-data; boundary=x", "json", "\xff" * 500]
    )
    def test_another_type_is_told_which_there_are(self, kind):
        with pytest.raises(
            RefusedError, match="send application/x-www-form-urlencoded or application/json"
        ) as refusal:
            read_fields(kind, b"{}")
        assert refusal.value.result is Result.WRONG_TYPE
        assert refusal.value.headers == {"Accept": f"{FORM}, {JSON}"}

    @given(
        st.sampled_from([FORM, JSON]),
        st.binary(max_size=300) | json_values.map(lambda v: json.dumps(v).encode()),
    )
    def test_anything_is_read_or_refused(self, kind, content):
        read = outcome_of(read_fields, kind, content)
        assert isinstance(read, dict) or read is Result.MALFORMED


class TestChecks:
    def test_known_fields_of_text_are_fine(self):
        check_fields({"to": "a", "values": {"x": "y"}}, {"to"}, {"values", "text"})

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({}, "the field 'to' is missing"),
            ({"to": "a", "txt": "b"}, "there is no field 'txt'; there are: text, to, values"),
            ({"to": 12025550123}, "the field 'to' must be text"),
            ({"to": None}, "the field 'to' must be text"),
            ({"to": ["a"]}, "the field 'to' must be text"),
            ({"to": {"a": "b"}}, "the field 'to' must be text"),
            ({"to": "a\ud83d"}, "the field 'to' has half a character in it"),
            ({"to": "a", "values": "x=y"}, "the field 'values' must be an object"),
            ({"to": "a", "values": ["x"]}, "the field 'values' must be an object"),
            ({"to": "a", "values": {"x": 1}}, "the field 'x' must be text"),
            ({"to": "a", "values": {"x": "\udc00"}}, "the field 'x' has half a character in it"),
        ],
    )
    def test_others_are_refused_in_words(self, fields, words):
        assert refusal_of(check_fields, fields, {"to"}, {"text", "values"}) == (Result.BAD_FIELD, words)

    @given(st.dictionaries(names, json_values, max_size=5))
    def test_whatever_comes_is_fine_or_a_bad_field(self, fields):
        assert outcome_of(check_fields, fields, set(), set(fields)) in (None, Result.BAD_FIELD)


HERE = [
    "http://127.0.0.1:8000",
    "http://localhost:8000/sms?a=b",
    "https://127.0.0.1:8443/x",
    "http://[::1]:80/",
]
PIECES = [
    *"@:/?#[]\\%.&;0 \t",
    "http",
    "https",
    "://",
    "127.0.0.1",
    "localhost",
    ":80",
    "evil.example",
    "[::1]",
]
quoted = st.text(max_size=20).map(lambda text: quote(text, safe="/?#@:"))
ELSEWHERE = [
    "http://example.com:80/", "http://192.0.2.1:80/", "http://0.0.0.0:80/", "http://10.0.0.1:80/", "http://[::]:80/",
    "http://127.0.0.1/", "http://127.0.0.1:0/", "http://127.0.0.1:65536/", "http://127.0.0.1:x/", "http://:80/",
    "ftp://127.0.0.1:21/", "file:///etc/passwd", "127.0.0.1:80", "/sms", "http:127.0.0.1:80", "javascript:alert(1)",
    "http://127.0.0.1:80@example.com:80/", "http://example.com:80@127.0.0.1:80/", "http://example.com\\@127.0.0.1:80/",
    "http://127.0.0.1:80/a b", "http://127.0.0.1:80/\r\nX: y", "http://127.0.0.1:80/é", "http://127.0.0.1.example.com:80/",
    "http://2130706433:80/", "http://0x7f000001:80/", "http://127.1:80/", "http://[::ffff:192.0.2.1]:80/", "http://[::1",
    "http://127.0.0.1:80#@example.com/<", " http://127.0.0.1:80/", "http://127.0.0.1\t:80/",
]  # fmt: skip


class TestCallbacks:
    @pytest.mark.parametrize("url", ["", *HERE])
    def test_this_machine_may_be_told(self, url):
        assert check_callback(url) == url

    @pytest.mark.parametrize("url", ELSEWHERE)
    def test_nobody_else_is(self, url):
        assert refusal_of(check_callback, url) == (Result.BAD_CALLBACK, Result.BAD_CALLBACK.words)

    @given(
        st.lists(st.sampled_from(PIECES), max_size=10).map("".join)
        | st.builds(lambda url, more: url + more, st.sampled_from(HERE), quoted)
    )
    def test_the_client_that_will_be_used_reads_each_allowed_url_the_same(self, url):
        if url and outcome_of(check_callback, url) == url:
            read = httpx.URL(url)
            assert read.host in ("127.0.0.1", "localhost", "::1")
            assert 0 < (read.port or {"http": 80, "https": 443}[read.scheme]) < 65536
            assert read.userinfo == b""

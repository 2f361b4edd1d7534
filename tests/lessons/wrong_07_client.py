"""Typical wrong answers of lesson 07, HTTP, what a client keeps and sends: exercise, words of the report, source."""

CACHE = """
import re


def fetch(url, get, kept, now):
    content, etag, until = {known}
    {fresh}
    status, fields, new = get(url, {ask})
    {errors}
    {use}
    control = fields.get("Cache-Control", "")
    seconds = re.search(r"max-age=(\\d+)", control)
    {keep}
    return content
"""
COOKIES = """
def remember(jar, set_cookie):
    {split}
    name, {partition}
    if {gone}:
        {forget}
    else:
        jar[name] = value


def cookie_field(jar):
    return {joined}.join(f"{{name}}={{value}}" for name, value in jar.items())
"""
FETCH = """
import requests


def fetch_quote(session, url, tries=3, timeout=2):
    for attempt in range({start}, tries + 1):
        try:
            response = {asker}.get(url{timeout})
        except ({caught}):
            {last}
        else:
            {enough}
                break
    {check}
    return {result}
"""
KEPT = 'kept[url] = content, fields.get("ETag"), now + int(seconds[1]) if seconds else 0'
WELL_KEPT = f'if "no-store" in control: kept.pop(url, None)\n    else: {KEPT}'
CACHE_PARTS = {
    "known": "kept.get(url, (None, None, 0))",
    "fresh": "if now < until: return content",
    "ask": '{"If-None-Match": etag} if etag else {}',
    "errors": "if status not in (200, 304): return new",
    "use": "if status != 304: content = new",
    "keep": WELL_KEPT,
}
COOKIE_PARTS = {
    "split": 'pair, *attributes = set_cookie.split(";")',
    "partition": '_, value = pair.partition("=")',
    "gone": '"max-age=0" in [each.strip().lower() for each in attributes]',
    "forget": "jar.pop(name, None)",
    "joined": '"; "',
}
FETCH_PARTS = {
    "asker": "session",
    "start": "1",
    "timeout": ", timeout=timeout",
    "caught": "requests.Timeout, requests.ConnectionError",
    "last": "if attempt == tries: raise",
    "enough": "if response.status_code < 500:",
    "check": "response.raise_for_status()",
    "result": "response.json()",
}


def cache(**parts: str) -> str:
    return CACHE.format(**{**CACHE_PARTS, **parts})


def cookies(**parts: str) -> str:
    return COOKIES.format(**{**COOKIE_PARTS, **parts})


def fetch(**parts: str) -> str:
    return FETCH.format(**{**FETCH_PARTS, **parts})


FORMS = """
def send_note(session, url, share, note):
    {by}.post(url, {note}, timeout=2)


def send_alert(session, url, share, limit):
    {by}.post(url, {alert}, timeout=2)


def send_prices(session, url, name, data):
    {by}.post(url, {prices}, timeout=2)
"""
FORM_PARTS = {
    "by": "session",
    "note": 'data={"share": share, "note": note}',
    "alert": 'json={"share": share, "limit": limit}',
    "prices": 'files={"prices": (name, data, "text/csv")}',
}


def forms(**parts: str) -> str:
    return "import json\nimport requests\n" + FORMS.format(**{**FORM_PARTS, **parts})


WRONG = [
    ("07-cache", "think of the first visit", cache(known="kept.get(url)")),
    ("07-cache", "still fresh: no request is needed", cache(fresh="pass")),
    ("07-cache", "give back what you kept", cache(use="content = new")),
    ("07-cache", "send the tag along", cache(ask="{}")),
    ("07-cache", "At second 60 it is stale", cache(fresh="if now <= until and content: return content")),
    ("07-cache", "Store the new end", cache(use="if status == 304: return content\n    content = new")),
    ("07-cache", "but to use it without asking", cache(keep='if not control.startswith("no-"): ' + KEPT)),
    ("07-cache", "somebody's account", cache(keep=KEPT)),
    ("07-cache", "what you kept before has to go", cache(keep=f'if "no-store" not in control: {KEPT}')),
    ("07-cache", "in the place of the good page", cache(errors="pass")),
    ("07-cache", "Not each response has a Cache-Control", cache(errors='fields["Cache-Control"]')),
    ("07-cache", "it is stale at once", cache(keep=f"if not control: seconds = [0, 60]\n    {WELL_KEPT}")),
    ("07-cache", "would be sent as text", cache(ask='{"If-None-Match": etag} if content else {}')),
    ("07-cookies", "notes for the client", cookies(split='pair, attributes = set_cookie, []')),
    (
        "07-cookies",
        "they do not go into the jar",
        """
def remember(jar, set_cookie):
    for part in set_cookie.split("; "):
        name, _, value = part.partition("=")
        jar[name] = value
""",
    ),
    ("07-cookies", "Split at the *first*", cookies(partition='value = pair.split("=")[:2]')),
    ("07-cookies", "forget this cookie", cookies(gone="False")),
    ("07-cookies", "Names of attributes may come in any case", cookies(gone='" Max-Age=0" in attributes')),
    ("07-cookies", "It may be gone already", cookies(forget="del jar[name]")),
    ("07-cookies", "60 seconds are not over yet", cookies(gone='"max-age" in set_cookie.lower()')),
    ("07-cookies", "Here `max-age=0` is the value", cookies(gone='"max-age=0" in set_cookie.lower()')),
    ("07-cookies", "joined by a semicolon", cookies(joined='", "')),
    ("07-forms", "That is JSON. A dictionary as `data=`", forms(note='json={"share": share, "note": note}')),
    ("07-forms", "into every log", forms(note='params={"share": share, "note": note}')),
    ("07-forms", "hand over a dictionary", forms(note='data=f"share={share}&note={note}"')),
    ("07-forms", "in which 450 is a text", forms(alert='data={"share": share, "limit": limit}')),
    ("07-forms", "but nothing says so", forms(alert='data=json.dumps({"share": share, "limit": limit})')),
    ("07-forms", "The bytes alone came", forms(prices="data=data")),
    ("07-forms", "called after the key in `files`", forms(prices='files={name: (name, data, "text/csv")}')),
    ("07-forms", "A triple tells it all", forms(prices='files={"prices": (name, data)}')),
    ("07-forms", "the session that you were given", forms(by="requests")),
    ("07-fetch", "as Python objects", fetch(result="response.text")),
    ("07-fetch", "It is worth another try", fetch(enough="if True:")),
    ("07-fetch", "500 is the server's trouble", fetch(enough="if response.status_code <= 500:")),
    ("07-fetch", "the session that you were given", fetch(asker="requests")),
    ("07-fetch", "Asking again will not help", fetch(enough="if response.status_code in (200, 404):")),
    ("07-fetch", "look at the status before you read", fetch(check="pass")),
    ("07-fetch", "4xx is the client's mistake", fetch(enough="if response.status_code < 400:")),
    ("07-fetch", "hand on `timeout=timeout`", fetch(timeout="")),
    ("07-fetch", "A timeout may have been bad luck", fetch(caught="requests.ConnectTimeout")),
    (
        "07-fetch",
        "an error of your own making",
        fetch(last="if attempt == tries: raise requests.RequestException('no quote')"),
    ),
    ("07-fetch", "None looks like an answer", fetch(last="if attempt == tries: return None")),
    ("07-fetch", "the number of requests in all", fetch(start="0")),
]  # fmt: skip

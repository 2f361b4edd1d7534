"""Typical wrong answers of lesson 14, Flask, programs and tests: exercise, words of the report, source."""

API = """
from flask import request, url_for


def number_of(name, default, most):
    text = request.args.get(name, str(default))
    {number}


def list_prices_page(prices):
    numbers = {{"page": number_of("page", 1, 10**9), "size": number_of("size", 10, {most})}}
    errors = {{name: "a number from 1 on" for name, value in numbers.items() if value is None}}
    {refuse}
    page, size = numbers["page"], numbers["size"]
    more = {more}
    return {{
        "items": prices[{first} : {last}],
        "total": {total},
        "next": {next} if more else None,
    }}
"""
API_PARTS = {
    "number": "fits = {fits}\n    return int(text) if fits else None",
    "fits": "text.isascii() and text.isdecimal() and len(text) < 10 and 1 <= int(text) <= most",
    "most": "50",
    "refuse": "if errors: return {'errors': errors}, 422",
    "more": "page * size < len(prices)",
    "first": "(page - 1) * size",
    "last": "page * size",
    "total": "len(prices)",
    "size": ", size=size",
    "next": "url_for(request.endpoint, page=page + 1{size})",
}
TEST = """
def test_alerts(client):
    sent = {{"ticker": "AAPL", "limit": 430.5}}
    for limit in {limits}:
        assert client.post("/alerts", json={{**sent, "limit": limit}}).status_code == 422
    {kept}
    response = client.post("/alerts", json=sent)
    assert {created}
    path = f"/alerts/{{response.json['id']}}"
    {same}
    assert client.delete(path).status_code == 204
    {gone}
    {never}
"""
TEST_PARTS = {
    "limits": '(0, -1, "430.5")',
    "kept": 'assert client.get("/alerts").json == []',
    "created": "response.status_code == 201",
    "same": "assert client.get(path).json == sent",
    "gone": "assert client.get(path).status_code == 404",
    "never": 'assert client.get("/alerts/99").status_code == 404',
}


def api(**parts: str) -> str:
    values = {**API_PARTS, **parts}
    values["number"] = values["number"].format(fits=values["fits"])
    return API.format(**{**values, "next": values["next"].replace("{size}", values["size"])})


def test(**parts: str) -> str:
    return TEST.format(**{**TEST_PARTS, **parts})


NUMBER_ALONE = "return int(text) if 1 <= int(text) <= most else None"
EMPTY = "if errors: return {'errors': dict.fromkeys(errors, '')}, 422"
TYPED = "f'{request.path}?page={page + 1}&size={size}'"
WRONG = [
    ("14-api", "`int()` alone raises ValueError", api(number=NUMBER_ALONE)),
    ("14-api", "is narrower", api(fits="text.isdecimal() and len(text) < 10 and 1 <= int(text) <= most")),
    ("14-api", "are no pages", api(fits='text.lstrip("-").isdecimal() and text.isascii() and len(text) < 10')),
    ("14-api", "may ask for everything", api(most="10**9")),
    ("14-api", "Look at the length first", api(fits="text.isascii() and text.isdecimal() and 1 <= int(text) <= most")),
    ("14-api", "`next` has lost the size", api(size="")),
    ("14-api", "Behind a proxy the site may have a prefix", api(next=TYPED)),
    ("14-api", "An empty message helps nobody", api(refuse=EMPTY)),
    ("14-api", "On the last page `next` is None", api(more="True")),
    ("14-api", "`<`, not `<=`", api(more="page * size <= len(prices)")),
    ("14-api", "Page 1 begins with the first one", api(first="page * size", last="(page + 1) * size")),
    ("14-api", "cut a page out", api(first="0", last="len(prices)")),
    ("14-api", "`total` is how many there are", api(total="size")),
    ("14-api", "collect the errors", api(refuse="for name in errors: return {'errors': {name: 'bad'}}, 422")),
    ("14-api", "say which one", api(refuse="if errors: return {'errors': 'bad'}, 422").replace("'bad'}", "{}}")),
    ("14-tests", "Your test fails on an app that is right", test(created="response.status_code == 200")),
    ("14-tests", "a limit of 0 or of -1", test(limits='("430.5",)')),
    ("14-tests", "with quotes", test(limits="(0, -1)")),
    ("14-tests", "is it empty?", test(kept="pass")),
    ("14-tests", "not just “it worked”", test(created="response.status_code < 300")),
    ("14-tests", "compare the whole of it", test(same="assert client.get(path).json['ticker'] == 'AAPL'")),
    ("14-tests", "ask for it again", test(gone="pass")),
    ("14-tests", "Ask for a number that there is not", test(never="pass")),
]  # fmt: skip

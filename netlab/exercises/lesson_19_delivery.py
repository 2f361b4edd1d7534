"""The exercises of lesson 19 on delivery: a chart as PNG from a web site, and one in a mail."""

from __future__ import annotations

import contextlib
import smtplib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from email.utils import parseaddr
from typing import TYPE_CHECKING, Any
from unittest import mock

from netlab.exercises.registry import exercise
from netlab.exercises.trial import Case, Trial
from netlab.servers import Mailbox, SMTPServer, WebServer

if TYPE_CHECKING:
    import pandas as pd

PNG = b"\x89PNG\r\n\x1a\n"
VISITORS = 4
ADA = "ada@customer.example"


def _wide() -> pd.DataFrame:
    """Two shares over five days, one of which is young."""
    import pandas as pd

    days = pd.bdate_range("2012-05-16", periods=5, name="Date")
    young = [float("nan"), float("nan"), 38.23, 34.03, 31.0]
    return pd.DataFrame({"IBM": [170.31, 168.74, 167.03, 168.63, 168.04], "FB": young}, index=days)


@contextlib.contextmanager
def _drawn_lines() -> Iterator[list[list[float]]]:
    """The heights of all lines that are really drawn meanwhile, by whomever."""
    import numpy as np
    from matplotlib.lines import Line2D

    lines: list[list[float]] = []
    draw = Line2D.draw

    def noted(line: Line2D, renderer: Any) -> None:
        if line.get_visible() and line.get_linestyle() not in ("None", "", " "):
            heights: Any = np.ma.filled(np.ma.asarray(line.get_ydata(orig=False), dtype=float), np.nan)
            lines.append([round(float(height), 2) for height in heights if not np.isnan(height)])
        draw(line, renderer)

    with mock.patch.object(Line2D, "draw", noted):
        yield lines


@exercise(
    "19-png",
    title="A site of pictures",
    objective="19-o5",
    points=4,
    limit=10,
    hints=(
        '`@site.get("/<name>.png")` before a function of `name`; `abort(404)` if `name not in prices`.',
        "`ax = Figure().subplots()`, then `ax.plot(prices.index, prices[name])`.",
        '`file = BytesIO()`, `ax.figure.savefig(file, format="png")`, and `file.getvalue()` are the bytes.',
        '`Response(content, mimetype="image/png")`: the browser believes what Content-Type says.',
    ),
    passed="Your server draws for many at once, forgets no figure, and says what it sends.",
)
def png(t: Trial, make_site: Callable[..., Any]) -> None:
    """Asked over HTTP, by one and by several at once, while a figure of somebody else is open."""
    import matplotlib.pyplot as plt
    from flask import Flask

    bystander = plt.figure()
    before = plt.get_fignums()
    try:
        with _drawn_lines() as lines:
            site = make_site(_wide())
            if not isinstance(site, Flask):
                with t.case("a site") as case:
                    case.fail("a Flask application", type(site).__name__, "End with `return site`.")
                return
            _judge_site(t, site, lines)
        with t.case("nothing is kept, and nobody else's figure closed") as case:
            words = "`plt.subplots` keeps each figure until it is closed, a leak in a server: use `Figure()`."
            case.expect(len(set(plt.get_fignums()) - set(before)), 0, advice=words)
            there = plt.fignum_exists(bystander.number)
            words = '`plt.close("all")` closes what others still draw on. `Figure()` need not be closed.'
            case.expect_that(there, "the figure of somebody else", "it was closed", words)
    finally:
        plt.close(bystander)


def _judge_site(t: Trial, site: Any, lines: list[list[float]]) -> None:
    prices = _wide()
    with WebServer(site) as server:
        with t.case("a picture of IBM") as case:
            kind, content = _picture(case, server.url + "/IBM.png")
            words = 'Say what it is: `Response(content, mimetype="image/png")`. Without it Flask calls it `text/html`.'
            case.expect(kind.partition(";")[0], "image/png", advice=words)
            empty = "An empty file: `file.getvalue()` gives all bytes, `file.read()` only what comes after the place where writing ended."
            words = empty if not content else '`savefig(file, format="png")` writes one.'
            case.expect_that(content.startswith(PNG), "a PNG", repr(content[:8]), words)
        with t.case("another share is another picture") as case:
            ibm, fb = _picture(case, server.url + "/IBM.png")[1], _picture(case, server.url + "/FB.png")[1]
            words = "Draw the column that is asked for: `prices[name]`."
            case.expect_that(ibm != fb, "two pictures", "twice the same", words)
            again = _picture(case, server.url + "/IBM.png")[1]
            words = "What was drawn before is in the picture, too: make a new figure for each request."
            case.expect_that(ibm == again, "the same picture as before", "another one", words)
        with t.case("its closing prices, as a line") as case:
            drawn = {name: [round(float(v), 2) for v in prices[name].dropna()] for name in prices}
            start = len(lines)
            _picture(case, server.url + "/FB.png")
            words = "Draw only the share that was asked for: `prices[name]`, not the whole table."
            case.expect_that(drawn["IBM"] not in lines[start:], "one line for FB", "that of IBM, too", words)
            for name, closes in drawn.items():
                words = f"No line with the prices of {name} was drawn: `ax.plot(prices.index, prices[name])`."
                case.expect_that(closes in lines, f"a line {closes}", "none", words)
        with t.case("a share that is not in the table") as case:
            status = _get(server.url + "/XYZ.png").status_code
            raised = "The name is not in the table, and `prices[name]` raised KeyError: `abort(404)` before."
            known = [(500, raised), (200, "There is no such share: `abort(404)`.")]
            case.expect(status, 404, known)
        with t.case(f"{VISITORS} visitors at once") as case, ThreadPoolExecutor(VISITORS) as pool:
            answers = list(pool.map(lambda _: _get(server.url + "/IBM.png"), range(VISITORS)))
            words = "Requests share what stands outside of the view, such as pyplot's current figure: `Figure()` is each request's own."
            same = all(
                answer.status_code == 200 and answer.content == answers[0].content for answer in answers
            )
            case.expect_that(same, "the same picture for all", "different ones, or errors", words)


def _get(url: str) -> Any:
    import requests

    return requests.get(url, timeout=5)


def _picture(case: Case, url: str) -> tuple[str, bytes]:
    answer = _get(url)
    words = {404: "The address is `/<name>.png`.", 500: "Your view raised an exception."}
    case.expect(answer.status_code, 200, advice=words.get(answer.status_code, ""))
    return answer.headers.get("Content-Type", ""), answer.content


@exercise(
    "19-mail",
    title="A chart in a mail",
    objective="19-o5",
    points=3,
    hints=(
        '`EmailMessage()`, then `message["From"]`, `["To"]`, `["Subject"]` and `set_content(text)`.',
        '`message.add_attachment(png, "image", "png", filename=f"{share}.png")` makes it multipart/mixed.',
        "First the text, then the attachment: `set_content` after it raises, or replaces all.",
    ),
    passed="The chart arrives byte for byte, with a name, and with words for whoever cannot see it.",
)
def mail(t: Trial, chart_mail: Callable[..., Any]) -> None:
    """A real picture, sent by SMTP, and opened from the mailbox."""
    from netlab import charts
    from netlab.prices import load_prices

    chart = charts.picture(charts.price(load_prices("FB")), dpi=40)
    alt = "FB fell from 38.23 to 27.78 US dollars, 苹果 rose."
    message = chart_mail(ADA, "FB", chart.png, alt)
    box = Mailbox({ADA: "x"})
    with t.case("it can be sent") as case:
        words = "Return the message: an `EmailMessage`."
        case.expect_that(hasattr(message, "get_content_type"), "an e-mail", type(message).__name__, words)
        with SMTPServer(box, starttls=False) as server, smtplib.SMTP(*server.address, timeout=5) as client:
            try:
                client.send_message(message)
            except smtplib.SMTPRecipientsRefused as error:
                case.fail("an accepted mail", str(error), "The mail goes to `to`.")
    if not len(box[ADA].inbox):
        return
    arrived = next(iter(box[ADA].inbox)).email
    with t.case("who, to whom, about what") as case:
        sender, receiver = (parseaddr(str(arrived[field]))[1] for field in ("From", "To"))
        case.expect(sender, "alerts@ticker.example", advice='`message["From"] = "alerts@ticker.example"`.')
        case.expect(receiver, ADA, advice='`message["To"] = to`.')
        case.expect_that(
            "FB" in str(arrived["Subject"] or ""),
            "a subject with FB",
            str(arrived["Subject"]),
            "Make the subject from `share`.",
        )
    with t.case("the picture is attached") as case:
        parts = [
            part for part in arrived.walk() if part.get_content_maintype() == "image" or part.get_filename()
        ]
        words = '`message.add_attachment(png, "image", "png", filename=…)`.'
        case.expect(len(parts), 1, advice=words)
        case.expect(
            parts[0].get_content_type(),
            "image/png",
            [
                (
                    "application/octet-stream",
                    'That is a type for any bytes: no mail program shows it as a picture. Say `"image", "png"`.',
                )
            ],
            advice=words,
        )
        case.expect(
            parts[0].get_filename(),
            "FB.png",
            advice='`filename=f"{share}.png"` is the name under which it is saved.',
        )
        case.expect(parts[0].get_content_disposition(), "attachment", advice=words)
        related = "`multipart/related` is for pictures inside of an HTML text. Use `add_attachment`."
        whole_type = arrived.get_content_type()
        case.expect(whole_type, "multipart/mixed", [("multipart/related", related)], advice=words)
        whole = parts[0].get_payload(decode=True) == chart.png
        case.expect_that(
            whole,
            "the picture, byte for byte",
            "other bytes",
            "Hand over the bytes as they are: `add_attachment` writes them in Base64 by itself.",
        )
    with t.case("and described") as case:
        body = arrived.get_body(("plain",))
        text = " ".join(body.get_content().split()) if body else ""
        words = "`set_content` takes the text; `alt` belongs into it, for who cannot see the picture."
        case.expect_that(alt in text, "a text with the words of `alt`", repr(text[:80]), words)
    with t.case("another share") as case:
        other = chart_mail(ADA, "IBM", chart.png, alt)
        names = [part.get_filename() for part in other.walk() if part.get_filename()]
        words = "Make the subject and the file's name from `share`: the next share is another one."
        about_ibm = "IBM" in str(other["Subject"]) and "FB" not in str(other["Subject"])
        case.expect_that(about_ibm, "a subject with IBM", str(other["Subject"]), words)
        case.expect(names, ["IBM.png"], advice=words)

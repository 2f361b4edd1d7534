"""The exercises of lesson 19 on delivery: a chart as PNG from a web site, and one in a mail."""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from netlab.exercises.registry import exercise
from netlab.exercises.trial import Case, Trial
from netlab.servers import Mailbox, SMTPServer, WebServer

if TYPE_CHECKING:
    import pandas as pd

PNG = b"\x89PNG\r\n\x1a\n"
VISITORS = 4
ADA = "ada@mail.example"


def _wide() -> pd.DataFrame:
    """Two shares over three days, one of which is young."""
    import pandas as pd

    days = pd.bdate_range("2012-05-16", periods=3, name="Date")
    return pd.DataFrame(
        {"IBM": [170.31, 168.74, 167.03], "FB": [float("nan"), float("nan"), 38.23]}, index=days
    )


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
    """Asked over HTTP, by one and by several at once."""
    import matplotlib.pyplot as plt

    open_before = plt.get_fignums()
    prices = _wide()
    with WebServer(make_site(prices)) as server:
        with t.case("a picture of IBM") as case:
            kind, content = _picture(case, server.url + "/IBM.png")
            words = 'Say what it is: `Response(content, mimetype="image/png")`. Without it Flask calls it `text/html`.'
            case.expect(kind.partition(";")[0], "image/png", advice=words)
            empty = "An empty file: `file.getvalue()` gives all bytes, `file.read()` only what comes after the place where writing ended."
            case.expect_that(
                content.startswith(PNG),
                "a PNG",
                repr(content[:8]),
                empty if not content else '`savefig(file, format="png")` writes one.',
            )
        with t.case("another share is another picture") as case:
            ibm, fb = _picture(case, server.url + "/IBM.png")[1], _picture(case, server.url + "/FB.png")[1]
            case.expect_that(
                ibm != fb,
                "two pictures",
                "twice the same",
                "Draw the column that is asked for: `prices[name]`.",
            )
            again = _picture(case, server.url + "/IBM.png")[1]
            words = "What was drawn before is in the picture, too: make a new figure for each request."
            case.expect_that(ibm == again, "the same picture as before", "another one", words)
        with t.case("a share that is not in the table") as case:
            status = _get(server.url + "/XYZ.png").status_code
            known = [
                (
                    500,
                    "The name is not in the table, and `prices[name]` raised KeyError: `abort(404)` before.",
                ),
                (200, "There is no such share: `abort(404)`."),
            ]
            case.expect(status, 404, known)
        with t.case(f"{VISITORS} visitors at once") as case, ThreadPoolExecutor(VISITORS) as pool:
            answers = list(pool.map(lambda _: _get(server.url + "/IBM.png"), range(VISITORS)))
            words = "Requests share what stands outside of the view, such as pyplot's current figure: `Figure()` is each request's own."
            same = all(
                answer.status_code == 200 and answer.content == answers[0].content for answer in answers
            )
            case.expect_that(same, "the same picture for all", "different ones, or errors", words)
    with t.case("nothing is kept") as case:
        kept = len(plt.get_fignums()) - len(open_before)
        words = "`plt.subplots` keeps each figure until it is closed, a leak in a server: use `Figure()`."
        case.expect(kept, 0, advice=words)


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
        case.expect(
            str(arrived["From"]),
            "ticker@ticker.example",
            advice='`message["From"] = "ticker@ticker.example"`.',
        )
        case.expect(str(arrived["To"]), ADA, advice='`message["To"] = to`.')
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

"""The exercises of lesson 18, Django's admin: a form that is sent by a program, and a list that asks few questions."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import requests

from netlab.exercises.lesson_17_stage import import_prices, model, people
from netlab.exercises.lesson_18_stage import (
    ALERT,
    PRICE,
    STOCK,
    USER,
    Office,
    Queries,
    alert,
    fresh,
    load,
    office,
    share,
    staff,
)
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial

WHOLE = "A form is sent whole. What is not sent, is empty: a box without its `on` is a box that is not ticked. Begin with all of `read(…).form.fields`."  # fmt: skip
TWICE = "A name may come twice: a field in which several are chosen sends a pair for each, and a dictionary keeps the last one only. Keep the *list* of pairs."  # fmt: skip

TOKENLESS = "Without the token of the page, Django answers 403: `form.fields` has it."
FORMLESS = (AttributeError, TypeError, KeyError)  # what code without a form to look at raises
NO_PAGE = "The page itself is refused: 403, without a form. `if page.status_code == 403: raise PermissionError(url)`."
REFUSED = "403 for what was sent: nothing was saved, and `read(…).errors` finds no message on such a page, so that an empty list looks like success. Only a redirect back means saved, only 200 has messages: `if answer.status_code == 403: raise PermissionError(url)`."  # fmt: skip
LED_AWAY = "A redirect, and nothing was saved: it leads to the login. 302 means saved only where it leads somewhere else: follow it and look at `answer.url`, or look at `answer.headers[\"Location\"]`."  # fmt: skip


@exercise(
    "18-change",
    title="A form, filled in by a program",
    objective="18-o1",
    points=4,
    hints=(
        "`page = browser.get(url, timeout=5)`, `form = read(page.text).form`: `form.fields` is a list of pairs, with the token among them; `form.names` has all names.",
        'Two refusals first: if the page came from the login (`"/login/" in page.url`) or its status is 403, `raise PermissionError(url)`; if a name of `fields` isn\'t in `form.names`, `raise KeyError(name)`.',
        "What is sent: `[(name, value) for name, value in form.fields if name not in fields] + list(fields.items())`.",
        "`answer = browser.post(url, data, timeout=5)` follows a redirect, and is asked as the page was: from the login, or 403, it is a refusal. Then `answer.history` tells the rest: with a redirect in it, it was saved, `return []`; else the form came back, `return read(answer.text).errors`.",
    ),
    passed="Token, whole form, status, and where a redirect leads: that is all that a browser knows about saving.",
    limit=15,
)
def change(t: Trial, change: Callable[..., Any]) -> None:
    """The student's function at a real admin, with forms of all kinds."""
    with office():
        from django.contrib.auth.models import Group
        from django.contrib.sessions.models import Session

        ada, bob = people("ada", "bob")
        anna = staff("anna", superuser=True)
        ibm = share("IBM")
        mine = alert(ada, ibm, by_mail=False, by_sms=True)
        for name in ("readers", "writers"):
            bob.groups.add(Group.objects.create(name=name))
        new, alan = staff("new"), staff("alan", "shares.view_stock", "shares.change_stock")
        with Office() as site:
            session = site.browser(anna).session
            stranger, powerless = site.browser().session, site.browser(new).session

            def run(path: str, browser: Any = session, **fields: str) -> Any:
                site.error = None
                came = change(browser, site.url + path, **fields)
                site.raise_again()
                return came

            with t.case("a share gets another name", {PermissionError: TOKENLESS}) as case:
                came = run(f"{STOCK}{ibm.pk}/change/", name="Big Blue")
                saved = fresh(ibm).name
                case.expect(saved, "Big Blue", [("IBM", f"Nothing was saved. {TOKENLESS}")])
                case.expect(came, [], advice="Saved: the list of errors is empty.")
            with t.case("an alert gets another limit, and keeps the rest") as case:
                came = run(f"{ALERT}{mine.pk}/change/", limit_price="250")
                now = fresh(mine)
                case.expect(came, [], advice=WHOLE)
                kept = (f"{now.limit_price:.0f}", now.side, now.by_mail, now.by_sms, now.user_id)
                case.expect(kept, ("250", "below", False, True, ada.pk), advice=WHOLE)
            with t.case("a limit below zero") as case:
                came = run(f"{ALERT}{mine.pk}/change/", limit_price="-1")
                case.expect_that(
                    isinstance(came, list)
                    and len(came) == 1
                    and "limit_price_positive" not in str(came)
                    and bool(came),
                    "one message, in a list",
                    repr(came),
                    "Not saved: the answer is 200, with the form, and `read(answer.text).errors` are its messages.",
                )
                case.expect(f"{fresh(mine).limit_price:.0f}", "250")
            with t.case("somebody in two groups gets a first name") as case:
                run(f"{USER}{bob.pk}/change/", first_name="Bob")
                groups = sorted(bob.groups.values_list("name", flat=True))
                case.expect(groups, ["readers", "writers"], advice=TWICE)
                case.expect(fresh(bob).first_name, "Bob", advice=WHOLE)
            with t.case("a name that the form has not") as case:
                words = "Django reads the fields that it has, and says nothing about others: a misspelt name changes nothing, and looks like success. `if name not in form.names: raise KeyError(name)`."
                case.expect_error(KeyError, lambda: run(f"{STOCK}{ibm.pk}/change/", nmae="IBM"), words)
            with t.case("who is not logged in") as case:
                words = "The redirect was followed to the login, which is a form, too. Look at `page.url`, and raise a PermissionError."
                case.expect_error(
                    PermissionError, lambda: run(f"{STOCK}{ibm.pk}/change/", stranger, name="IBM"), words
                )
            page = f"{STOCK}{ibm.pk}/change/"
            with t.case(
                "who is logged in, and may not see the page", dict.fromkeys(FORMLESS, NO_PAGE)
            ) as case:
                case.expect_error(PermissionError, lambda: run(page, powerless, name="IBM"), NO_PAGE)
            with t.case("who loses the right while he fills in the form") as case:
                browser = _before_post(site.browser(alan).session, alan.user_permissions.clear)
                case.expect_error(PermissionError, lambda: run(page, browser, name="IBM"), REFUSED)
            with t.case("whose session ends while she fills in the form") as case:
                browser = _before_post(site.browser(anna).session, Session.objects.all().delete)
                case.expect_error(PermissionError, lambda: run(page, browser, name="IBM"), LED_AWAY)


def _before_post(session: requests.Session, happens: Callable[[], Any]) -> requests.Session:
    """Let something happen between the page and its form."""
    send = session.send

    def late(request: requests.PreparedRequest, **options: Any) -> requests.Response:
        if request.method == "POST":
            happens()
        return send(request, **options)

    session.send = late  # type: ignore[method-assign]
    return session


STARTER = '''
"""The admin of prices."""

from django.contrib import admin

from shares.models import Price

admin.site.register(Price)
'''
LISTS = ("AAPL", "IBM")
EACH = "Each row asks for its share: {} queries for {} rows. `list_select_related = [\"stock\"]` brings the shares along by a JOIN."  # fmt: skip
DAY = r"[A-Z][a-z]+\.? \d+, 2\d{3}"


@exercise(
    "18-list",
    title="A list of prices",
    objective="18-o2",
    points=4,
    starter=STARTER,
    hints=(
        "`@admin.register(Price)`, `class PriceAdmin(admin.ModelAdmin):`, then the options as names in the class: `list_display`, `list_filter`, `date_hierarchy`, `search_fields`.",
        'A column that no field has is a method: `def share(self, price): return price.stock.ticker`. `@admin.display(ordering="stock__ticker")` lets its title sort. `search_fields = ["=stock__ticker"]` finds the whole ticker only.',
        'The span: `def span(self, price): return f"{price.high - price.low:.2f}"`. `list_display_links = ["day"]` says where the link is; `list_per_page = 40`.',
        '`list_select_related = ["stock"]` ends the N + 1, `ordering = ["-day", "stock__ticker"]` says what comes first.',
    ),
    passed="A list that looks right, and asks as much for forty rows as for one.",
    limit=15,
)
def listing(t: Trial, admin_py: str) -> None:
    """The file in a real project; the list is read as the staff reads it, and its questions are counted."""
    with office(empty=("shares", "people")) as folder:
        Price = model("shares.Price")  # noqa: N806

        import_prices(*LISTS, since="2012-01-01")
        anna = staff("anna", superuser=True)
        if not load(t, folder, "shares", admin_py, "shares.Price"):
            return
        with Office() as site:
            browser = site.browser(anna)

            def page(query: str = "") -> Any:
                came = browser.get(PRICE + query)
                site.raise_again()
                return came.page

            with t.case("the columns, the newest first") as case:
                seen = page()
                titles = [title.lower() for title in seen.head]
                case.expect(
                    titles, ["share", "day", "close", "span", "volume"],
                    advice="`list_display = [\"share\", \"day\", \"close\", \"span\", \"volume\"]`: a method's name is its title, unless `@admin.display(description=…)` says otherwise.",
                )  # fmt: skip
                case.expect(
                    [row[0] for row in seen.rows[:2]], ["AAPL", "IBM"],
                    [(lambda rows: any("Stock" in each for each in rows), "The ticker, not the object.")],
                    advice='The newest day first, and within it by ticker: `ordering = ["-day", "stock__ticker"]`.',
                )  # fmt: skip
                newest = Price.objects.get(stock__ticker="AAPL", day="2013-03-01")
                case.expect(
                    seen.rows[0][3], f"{newest.high - newest.low:.2f}",
                    advice="The highest price less the lowest, two digits behind the point: `f\"{…:.2f}\"`.",
                )  # fmt: skip
            with t.case("forty on a page, and the link on the day") as case:
                case.expect(len(seen.rows), 40, advice="`list_per_page = 40`.")
                text = browser.get(PRICE).response.text
                link = bool(re.search(rf'/change/[^"]*">{DAY}</a>', text))
                case.expect_that(
                    link,
                    "the day leads to the form",
                    "another column does",
                    '`list_display_links = ["day"]`.',
                )
            with t.case("a filter by share, a hierarchy of days") as case:
                by_share = bool(seen.filters) and bool(re.search(r'href="\?(?:[^"]*&amp;)?stock__', text))
                case.expect_that(
                    by_share, "a filter by share", repr(seen.filters), '`list_filter = ["stock"]`.'
                )
                months = "day__year=2012" in text
                case.expect_that(months, "years above the list", "none", '`date_hierarchy = "day"`.')
            with t.case("a search for IBM, for BM, and for IB") as case:
                found = {row[0] for row in page("?q=IBM").rows}
                case.expect(found, {"IBM"}, advice='`search_fields = ["=stock__ticker"]`.')
                part = len(page("?q=BM").rows) + len(page("?q=IB").rows)
                case.expect(part, 0, advice="`=` in front of the name: the whole ticker. Without it every price is searched for a piece of text.")  # fmt: skip
            with t.case("the title of the share sorts") as case:
                first = [sorted({row[0] for row in page(f"?o={column}").rows}) for column in (1, -1)]
                words = '`@admin.display(ordering="stock__ticker")`: the database cannot sort by a method, and has to be told by what instead.'
                case.expect(first, [["AAPL"], ["IBM"]], advice=words)
            with t.case("the queries of one row, and of forty") as case:
                with Queries() as one:
                    page("?day=2013-03-01&stock__id__exact=" + str(share("IBM").pk))
                with Queries() as many:
                    page("?stock__id__exact=" + str(share("IBM").pk))
                more = len(many) - len(one)
                case.expect_that(more < 5, "about the same", f"{more} more", EACH.format(len(many), 40))


from netlab.exercises import (  # noqa: E402
    lesson_18_actions,  # noqa: F401
    lesson_18_forms,  # noqa: F401
    lesson_18_quizzes,  # noqa: F401
    lesson_18_rights,  # noqa: F401
    lesson_18_watch,  # noqa: F401
)

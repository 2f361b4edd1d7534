"""The exercise of lesson 17 on what visitors send: a form, for who is logged in, and of what is theirs."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from netlab.exercises.lesson_17_stage import Visitor, model, people, stage
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial

GOOD = {"ticker": "AAPL", "side": "above", "limit": "450.50"}
LIMIT = "`forms.DecimalField(min_value=Decimal(\"0.01\"), max_value=Decimal(\"999999\"), decimal_places=2)`."  # fmt: skip
BAD: dict[str, tuple[dict[str, str], str]] = {
    "no ticker": ({"ticker": ""}, "A field is required, unless you say otherwise."),
    "a share that there is not": ({"ticker": "ZOE"}, "Only the database knows which shares there are: `clean_ticker` looks, and raises `forms.ValidationError`."),
    "a ticker in small letters": ({"ticker": "aapl"}, "`ticker=…` finds the very text. (If you are kind and make capitals of it, that is another promise than the task's.)"),
    "a side that is none": ({"side": "sideways"}, "`forms.ChoiceField(choices=[(\"above\", \"above\"), (\"below\", \"below\")])`: a drop-down list in the page stops nobody who writes requests."),
    "no side": ({"side": ""}, "A field is required, unless you say otherwise."),
    "no limit": ({"limit": ""}, "A field is required, unless you say otherwise."),
    "`-1` dollars": ({"limit": "-1"}, f"A limit is above zero. {LIMIT}"),
    "`0` dollars": ({"limit": "0"}, f"A limit is above zero. {LIMIT}"),
    "`NaN` dollars": ({"limit": "NaN"}, f"`NaN` is a Decimal, and a `DecimalField` refuses it. {LIMIT}"),
    "more dollars than there are": ({"limit": "1000000"}, LIMIT),
    "tenths of a cent": ({"limit": "1.005"}, f"Two digits behind the point. {LIMIT}"),
}  # fmt: skip


@exercise(
    "17-form",
    title="A form, and whose alert it becomes",
    objective="17-o4",
    points=4,
    hints=(
        f'The fields: `ticker = forms.CharField(max_length=8)`, `side = forms.ChoiceField(choices=[("above", "above"), ("below", "below")])`, `limit = {LIMIT.strip(".`")}`.',
        'A method `clean_ticker(self)` is asked for the field of that name: `ticker = self.cleaned_data["ticker"]`; `raise forms.ValidationError("…")` if `Stock.objects.filter(ticker=ticker).exists()` is false; return what the field is worth.',
        'The view: `form = AlertForm(request.POST or None)`, `if form.is_valid():` make the alert, then `redirect(…)`. All else: `render(request, "people/alert_form.html", {"form": form}, status=422 if form.is_bound else 200)`.',
        "Whose it is: `Alert.objects.create(user=request.user, …)`. Nothing in the form says so. And `@login_required` stands above the view.",
    ),
    passed="A token, values that can be used, and an owner whom no form can name.",
    limit=8,
)
def form(t: Trial, AlertForm: Any, new_alert: Callable[..., Any]) -> None:  # noqa: N803, ARG001
    """The view in the lesson's project; visited by its owner, by strangers, by forgers."""
    with stage("5.forms"):
        from django.core.exceptions import ObjectDoesNotExist
        from django.db import DatabaseError
        from django.urls import path

        Alert = model("people.Alert")  # noqa: N806

        ada, bob = people("ada", "bob")
        routes = [path("alert/", new_alert)]

        def sent_by(visitor: Visitor, **values: str) -> Any:
            Alert.objects.all().delete()
            came = visitor.post("/alert/", {**GOOD, **values})
            visitor.raise_again()
            return came

        with t.case("who is not logged in is led to the login") as case, Visitor(routes) as visitor:
            came = visitor.get("/alert/")
            where = came.headers.get("Location", "")
            words = "`@login_required` stands above the view, and knows LOGIN_URL."
            case.expect((came.status_code, where), (302, "/log-in/?next=/alert/"), advice=words)
        with t.case("Ada opens the page") as case, Visitor(routes) as visitor:
            came = visitor.log_in("ada").get("/alert/")
            visitor.raise_again()
            case.expect(came.status_code, 200, [(422, "Who has only come to look, did nothing wrong: 422 only if `form.is_bound`.")])  # fmt: skip
            names = [name for name in GOOD if f'name="{name}"' in came.text]
            case.expect(
                names, list(GOOD), advice="Three fields: ticker, side and limit, on `people/alert_form.html`."
            )
            case.expect_that("errorlist" not in came.text, "no messages yet", "messages", "A form without data, `AlertForm()`, is not bound and complains of nothing.")  # fmt: skip
        nothing = "AAPL is there. Is it None that you look for? A `clean_ticker` returns what the field is worth from then on; without a `return` that is None."
        with t.case("Ada sets an alert", {ObjectDoesNotExist: nothing}) as case, Visitor(routes) as visitor:
            came = sent_by(visitor.log_in("ada"))
            again = "After a form that was taken: redirect. Else a reload sends it again."
            gone = came.status_code in (302, 303)
            told = re.findall(r'errorlist"[^>]*><li>([^<]*)', came.text) or ["nothing"]
            if came.status_code == 422:
                again = f"AAPL, above, 450.50 is good. Your form says: {told[0]}"
            case.expect_that(gone, "302 or 303", str(came.status_code), again)
            where = came.headers.get("Location", "")
            case.expect(
                where, "/my/watch-list/", advice='`redirect("people:watchlist")`: the name of the path.'
            )
            rows = list(Alert.objects.values_list("user__username", "stock__ticker", "side", "limit_price"))
            case.expect(rows, [("ada", "AAPL", "above", Decimal("450.50"))], [
                ([], "Nothing was saved: `Alert.objects.create(…)`."),
            ], advice="Of what the form has cleaned: `form.cleaned_data`.")  # fmt: skip
        with Visitor(routes) as visitor:
            visitor.log_in("bob")
            for limit in ("0.01", "999999"):
                values = {"ticker": "FB", "side": "below", "limit": limit}
                with t.case(f"Bob sets an alert: FB below {limit}") as case:
                    sent_by(visitor, **values)
                    rows = list(
                        Alert.objects.values_list("user__username", "stock__ticker", "side", "limit_price")
                    )
                    words = "It is good: FB is there, below is a side, and both ends of 0.01 to 999999 belong to it. All of it comes from `form.cleaned_data`, the owner from `request.user`."
                    case.expect(rows, [("bob", "FB", "below", Decimal(limit))], advice=words)
            with t.case("a ticker with a blank in front") as case:
                words = "`form.cleaned_data` has the values as they were checked; `request.POST` and `form.data` have what was sent."
                came = visitor.post("/alert/", {**GOOD, "ticker": " AAPL"})
                case.expect_that(came.status_code in (302, 303, 422), "302, or 422", str(came.status_code), words)  # fmt: skip
            with t.case("Bob follows a link with all values in it") as case:
                Alert.objects.all().delete()
                visitor.get("/alert/?ticker=AAPL&side=above&limit=450.50")
                words = "A GET changes nothing: links are followed by mail programs, too, and no token protects them. `request.POST or None`."
                case.expect(Alert.objects.count(), 0, advice=words)
        with t.case("a form that says user=" + "Bob's number") as case, Visitor(routes) as visitor:
            sent_by(visitor.log_in("ada"), user=str(bob.pk), user_id=str(bob.pk), username="bob")
            owners = list(Alert.objects.values_list("user__username", flat=True))
            words = "Whoever writes requests, writes into them what he likes: the owner is `request.user`."
            case.expect(owners, ["ada"], advice=words)
        with t.case("another site sends the form: no token") as case, Visitor(routes) as visitor:
            Alert.objects.all().delete()
            visitor.log_in("ada")
            came = visitor.ask("POST", "/alert/", data=GOOD)
            words = "Django asks every POST for a token, unless you exempt the view: do not."
            case.expect((came.status_code, Alert.objects.count()), (403, 0), advice=words)
        with t.case("a stranger sends the form") as case, Visitor(routes) as visitor:
            Alert.objects.all().delete()
            visitor.get("/log-in/")
            came = visitor.post("/alert/", GOOD)
            words = "The decorator stands above the whole view, not only above what shows the page."
            case.expect((came.status_code, Alert.objects.count()), (302, 0), advice=words)
        with Visitor(routes) as visitor:
            visitor.log_in("ada")
            for what, (values, words) in BAD.items():
                with t.case(what, {DatabaseError: words}) as case:
                    came = sent_by(visitor, **values)
                    case.expect_that(Alert.objects.count() == 0, "nothing saved", "an alert", words)
                    status = "A page that says what is wrong has status 422, so that a program sees it, too."
                    case.expect(came.status_code, 422, [(200, status)], advice=words)
                    said = "errorlist" in came.text
                    case.expect_that(said, "a message on the page", "none", "Render the same form: it carries its errors.")  # fmt: skip
        with t.case("the page after a mistake") as case, Visitor(routes) as visitor:
            came = sent_by(visitor.log_in("ada"), limit="-1", ticker="AAPL")
            kept = 'value="AAPL"' in came.text
            case.expect_that(kept, "what was right is still there", "empty fields", "Render the form that was sent, no new one.")  # fmt: skip
            case.expect_that(
                ada.alerts.count() == 0, "nothing saved", "an alert", "Only `if form.is_valid()`."
            )

"""The exercises of lesson 18 on rights: roles with as little as they need, and limits on single objects."""

from __future__ import annotations

from typing import Any

from netlab.exercises.lesson_17_stage import import_prices, model, people
from netlab.exercises.lesson_18_stage import (
    ALERT,
    PRICE,
    STOCK,
    USER,
    Office,
    alert,
    fresh,
    load,
    office,
    share,
    staff,
)
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial

NEEDED = {
    "clerk": {"shares.view_stock", "shares.view_price", "shares.add_price", "shares.change_price"},
    "auditor": {"admin.view_logentry", "people.view_user", "people.view_alert"},
    "desk": {"people.view_alert", "people.change_alert", "people.send_alert"},
}
RIGHTS = {"view", "add", "change", "delete", "send"}
ALLOWED: dict[str, dict[str, int]] = {
    "clerk": {PRICE: 200, f"{PRICE}add/": 200, STOCK: 200, f"{STOCK}add/": 403, ALERT: 403, USER: 403, "/admin/admin/logentry/": 403},
    "auditor": {"/admin/admin/logentry/": 200, USER: 200, ALERT: 200, f"{ALERT}add/": 403, PRICE: 403, STOCK: 403},
    "desk": {ALERT: 200, f"{ALERT}add/": 403, USER: 403, STOCK: 403, "/admin/admin/logentry/": 403},
}  # fmt: skip
SEARCH = {"app_label": "shares", "model_name": "price", "field_name": "stock"}


@exercise(
    "18-roles",
    title="Roles, with as little as they need",
    objective="18-o5",
    points=3,
    starter={"clerk": ..., "auditor": ..., "desk": ...},
    hints=(
        'Each role is a dictionary: a model such as `"shares.price"`, and a list of rights, such as `["view", "add"]`.',
        'Nobody finds what they may not see: who changes needs `"view"`, too, to come to the list. (Django lets `change` look as well; say it all the same, since the list is then read by people.)',
        "The clerk's form completes shares as one types. That search asks whether he may *view* shares.",
        'The history is the model `"admin.logentry"`; the right to send is `"send"` of `"people.alert"`.',
    ),
    passed="Each role can do its work, and not a line more.",
    limit=15,
)
def roles(t: Trial, roles: dict[str, dict[str, list[str]]]) -> None:
    """The rights as groups in a real project; each role knocks at each door."""
    with t.case("three roles, with rights that there are") as case:
        case.expect_that(
            isinstance(roles, dict) and set(roles) == set(NEEDED), "clerk, auditor and desk", repr(roles), "Three keys: `clerk`, `auditor`, `desk`."
        )  # fmt: skip
        gaps = [name for name, rights in roles.items() if not isinstance(rights, dict)]
        case.expect_that(not gaps, "a dictionary for each", f"`...` for {', '.join(gaps)}", "Fill every gap.")
        texts = [
            f"{where}: {names!r}"
            for rights in roles.values()
            for where, names in rights.items()
            if not isinstance(names, list | tuple | set)
        ]
        case.expect_that(not texts, "a list of rights for each model", "; ".join(texts), "A text is taken letter by letter: also a single right stands in a list, `[\"view\"]`.")  # fmt: skip
        given = {name: set(_codenames(rights)) for name, rights in roles.items()}
    if not t.results[-1].passed:
        return
    with office("5.roles"):
        from django.contrib.auth.models import Permission

        import_prices("IBM", since="2013-01-01")
        known = {
            f"{app}.{name}"
            for app, name in Permission.objects.values_list("content_type__app_label", "codename")
        }
        with t.case("Django knows each right") as case:
            odd = sorted(set().union(*given.values()) - known)
            case.expect_that(not odd, "rights that there are", ", ".join(odd), "App, a dot, the model in small letters: `\"people.alert\"`; rights: view, add, change, delete, and send for alerts.")  # fmt: skip
        if not t.results[-1].passed:
            return
        (ada,) = people("ada")
        mine = alert(ada, share("IBM"))
        with Office() as site:
            for role, doors in ALLOWED.items():
                browser = site.browser(staff(role, *given[role]))
                for door, status in doors.items():
                    with t.case(f"{role} at {door.removeprefix('/admin')}") as case:
                        came = browser.get(door).status
                        words = (
                            "The role needs it for its work: which right is missing?"
                            if status == 200
                            else f"The role does not need it, and has it: {', '.join(sorted(given[role] - NEEDED[role]))}."
                        )
                        case.expect(came, status, advice=words)
                if role == "clerk":
                    with t.case("the clerk's form completes IB") as case:
                        query = "&".join(f"{name}={value}" for name, value in SEARCH.items())
                        came = browser.get(f"/admin/autocomplete/?term=IB&{query}").status
                        case.expect(
                            came, 200, [(403, "To choose a share, he must be allowed to view shares.")]
                        )
                if role == "desk":
                    with t.case("the desk sends an alert, and changes another limit") as case:
                        came_ = browser.act(ALERT, "send_now", mine.pk)
                        case.expect(
                            came_.page.messages, ["1 sent."], advice='`"send"` is the right to run it.'
                        )
                        browser.fill(f"{ALERT}{mine.pk}/change/", limit_price="250")
                        case.expect(
                            f"{fresh(mine).limit_price:.0f}", "250", advice='`"change"`, of `"people.alert"`.'
                        )
        for role, needed in NEEDED.items():
            with t.case(f"nothing more for {role}") as case:
                more = sorted(given[role] - needed)
                words = "Least privilege: each right that a role does not need, is one that its stolen password has."
                case.expect_that(not more, "what it needs", f"also {', '.join(more)}", words)


def _codenames(rights: dict[str, Any]) -> list[str]:
    found = []
    for where, names in rights.items():
        app, _, name = where.partition(".")
        found += [f"{app}.{right}_{name}" for right in names]
    return found


STARTER = '''
"""The admin of alerts: support works for customers, and the staff is none of its business."""

from django.contrib import admin

from people.models import Alert


def may_touch(request, person):
    """Managers may touch all; support customers whose account is open."""
    if request.user.has_perm("people.manage_user"):
        return True
    return person.is_active and not person.is_staff


@admin.register(Alert)
class AlertAdmin(admin.ModelAdmin):
    """Alerts."""

    list_display = ["id", "user", "stock", "limit_price"]
    list_editable = ["limit_price"]

    def has_change_permission(self, request, obj=None):
        """By right, and for this one."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or may_touch(request, obj.user))
'''
LIST_EDIT = "The list saves rows without asking `has_change_permission(request, obj)`: it takes every row of `get_queryset`. What may not be touched must not be in it, or the list must not be editable."  # fmt: skip


@exercise(
    "18-limits",
    title="Bugs to find: a limit with three back doors",
    objective="18-o5",
    points=4,
    starter=STARTER,
    hints=(
        "Count the ways to an object: its list, its form, the list that is edited, deleting it, the action that deletes several, and making a new one for somebody.",
        "What is not in `get_queryset(self, request)` is in no list, form, action or deletion: for who does not manage, `.filter(user__is_staff=False, user__is_active=True)`.",
        "`has_delete_permission` asks the same as `has_change_permission`, if there is anything left that may be seen and not touched.",
        'A new alert is in no QuerySet yet. `def formfield_for_foreignkey(self, db_field, request, **kwargs)`: if `db_field.name == "user"`, `kwargs["queryset"] = …` says who can be chosen; then `return super().formfield_for_foreignkey(db_field, request, **kwargs)`.',
    ),
    passed="List, form, edited list, deletion, action, and what is new: all doors have the same lock.",
    limit=15,
)
def limits(t: Trial, alert_admin: str) -> None:
    """The file in a real project; support tries each way to what is none of its business."""
    with office("5.roles", empty=("people",)) as folder:
        Alert, User = model("people.Alert"), model("people.User")  # noqa: N806
        every = [f"people.{right}_alert" for right in ("view", "add", "change", "delete")]
        sue = staff("sue", *every)
        amy = staff("amy", *every, "people.manage_user")
        ada, closed = people("ada", "closed")
        User.objects.filter(pk=closed.pk).update(is_active=False)
        ibm = share("IBM")
        hers, of_amy, of_closed = alert(ada, ibm), alert(amy, ibm), alert(closed, ibm)
        if not load(t, folder, "people", alert_admin, "people.Alert"):
            return
        with Office() as site:
            support, manager = site.browser(sue), site.browser(amy)

            def limit(obj: Any) -> str:
                found = fresh(obj)
                return f"{found.limit_price:.0f}" if found else "gone"

            with t.case("support changes an alert of Ada's, and so does a manager") as case:
                support.fill(f"{ALERT}{hers.pk}/change/", limit_price="250")
                site.raise_again()
                case.expect(limit(hers), "250", advice="Customers with an open account are support's work.")
                manager.fill(f"{ALERT}{of_amy.pk}/change/", limit_price="260")
                case.expect(limit(of_amy), "260", advice="Managers have no such limit.")
            with t.case("the list of support, and the manager's") as case:
                seen = support.get(ALERT).response.text
                words = "An alert of the staff tells what they wait for. What support may not know, is not in its `get_queryset`."
                case.expect_that(
                    f"{ALERT}{of_amy.pk}/change/" not in seen, "without amy's alert", "it is there", words
                )
                case.expect_that(f"{ALERT}{hers.pk}/change/" in seen, "with Ada's alert", "it is not there", "Ada's alert is support's work.")  # fmt: skip
                all_ = manager.get(ALERT).response.text
                case.expect_that(f"{ALERT}{of_amy.pk}/change/" in all_, "the manager sees all", "not amy's alert", "Managers have no such limit.")  # fmt: skip
            for name, obj in (("of the staff", of_amy), ("of a closed account", of_closed)):
                with t.case(f"support asks for the page of an alert {name}") as case:
                    came = support.get(f"{ALERT}{obj.pk}/change/").status
                    words = "Not in the list, and yet on its page: who knows the number reads it. Leave it out of `get_queryset`."
                    case.expect_that(came != 200, "no page", "200", words)
                with t.case(f"support makes Ada's alert one {name}") as case:
                    handed = [
                        ("limit_price", "250"),
                        ("user", str(obj.user_id)),
                        ("stock", str(ibm.pk)),
                        ("side", "below"),
                        ("by_mail", "on"),
                    ]
                    _forge(support, f"{ALERT}{hers.pk}/change/", handed)
                    words = "The form of a change has a field for the owner, too: limit who can be chosen there as well as for a new alert."
                    case.expect(fresh(hers).user_id, ada.pk, advice=words)
                with t.case(f"support changes an alert {name}") as case:
                    form = [
                        ("limit_price", "1"),
                        ("user", str(obj.user_id)),
                        ("stock", str(ibm.pk)),
                        ("side", "below"),
                        ("by_mail", "on"),
                    ]
                    _forge(support, f"{ALERT}{obj.pk}/change/", form)
                    case.expect(limit(obj) != "1", True, advice="`may_touch` says no, and it was saved.")
                with t.case(f"support saves the list, with an alert {name} in it") as case:
                    rows = [("form-TOTAL_FORMS", "1"), ("form-INITIAL_FORMS", "1"), ("form-0-id", str(obj.pk)), ("form-0-limit_price", "2"), ("_save", "Save")]  # fmt: skip
                    _forge(support, f"{ALERT}?id__exact={obj.pk}", rows)
                    case.expect(limit(obj) != "2", True, advice=LIST_EDIT)
                with t.case(f"support deletes an alert {name}") as case:
                    _forge(support, f"{ALERT}{obj.pk}/delete/", [("post", "yes")])
                    words = "`has_delete_permission` knows nothing of the limit: ask the same there, or leave it out of `get_queryset`."
                    case.expect_that(fresh(obj) is not None, "it is still there", "it is gone", words)
                with t.case(f"support deletes several, an alert {name} among them") as case:
                    if fresh(obj) is None:
                        obj = alert(obj.user, ibm)
                    _forge(
                        support,
                        ALERT,
                        [("action", "delete_selected"), ("_selected_action", str(obj.pk)), ("post", "yes")],
                    )
                    words = "The action deletes what `get_queryset` gives, and asks `has_delete_permission` for each."
                    case.expect_that(fresh(obj) is not None, "it is still there", "it is gone", words)
                with t.case(f"support makes an alert {name}") as case:
                    before = Alert.objects.filter(user=obj.user).count()
                    form = [
                        ("limit_price", "9"),
                        ("user", str(obj.user_id)),
                        ("stock", str(ibm.pk)),
                        ("side", "below"),
                        ("by_mail", "on"),
                    ]
                    _forge(support, f"{ALERT}add/", form)
                    words = "A new row is in no QuerySet: say in `formfield_for_foreignkey` who can be chosen as its user. (A drop-down list alone stops nobody: the *field* refuses what isn't in it.)"
                    case.expect(Alert.objects.filter(user=obj.user).count(), before, advice=words)
            with t.case("support makes an alert of Ada's, and deletes it") as case:
                form = [
                    ("limit_price", "9"),
                    ("user", str(ada.pk)),
                    ("stock", str(ibm.pk)),
                    ("side", "below"),
                    ("by_mail", "on"),
                ]
                _forge(support, f"{ALERT}add/", form)
                new = Alert.objects.filter(user=ada, limit_price=9).first()
                case.expect_that(
                    new is not None, "it is there", "it is not", "Ada is a customer, and her account is open."
                )
                _forge(support, f"{ALERT}{new.pk}/delete/", [("post", "yes")])
                case.expect_that(
                    fresh(new) is None,
                    "it is gone",
                    "it is still there",
                    "Ada's alert is support's to delete.",
                )


def _forge(browser: Any, path: str, fields: list[tuple[str, str]]) -> None:
    """Send a form that no page has shown, with a token that is good."""
    from netlab.apps.admin_pages import TOKEN

    form = browser.get(ALERT).page.form
    token = dict(form.fields)[TOKEN] if form else browser.session.cookies.get("csrftoken")
    browser.post(path, [(TOKEN, token or ""), *fields])

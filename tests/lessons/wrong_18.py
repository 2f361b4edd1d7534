"""Typical wrong answers of lesson 18: the exercise, words that the report must hold, and the student's code."""

# ruff: noqa: E501 (lines of code within quotes)

import runpy
from pathlib import Path

SOLUTIONS = Path(__file__).parents[2] / "lessons" / "solutions" / "18_django_admin.py"
TEXTS = runpy.run_path(str(SOLUTIONS))


def changed(name, *pairs):
    """A solution with other text in some places, each of which it has once."""
    text = TEXTS[name]
    for old, new in pairs:
        assert text.count(old) == 1, (name, old, text.count(old))
        text = text.replace(old, new)
    return f"{name} = {text!r}"


CHANGE = """
from netlab.apps.admin_pages import read

def change(browser, url, **fields):
    page = browser.get(url, timeout=5)
    {login}
    form = read(page.text).form
    {names}
    data = {data}
    answer = browser.post(url, data, allow_redirects=False, timeout=5)
    {refused}
    {end}
"""
PARTS = {
    "login": 'if "/login/" in page.url or page.status_code == 403: raise PermissionError(url)',
    "names": "for name in fields:\n        if name not in form.names: raise KeyError(name)",
    "data": "[(n, v) for n, v in form.fields if n not in fields] + list(fields.items())",
    "refused": 'if answer.status_code == 403 or "/login/" in answer.headers.get("Location", ""): raise PermissionError(url)',
    "end": "return [] if answer.status_code == 302 else read(answer.text).errors",
}
CELL = """
def cell(value):
    {none}
    {number}
    text = str(value)
    return {text}
"""
CELL_PARTS = {
    "none": "if value is None: return ''",
    "number": "if isinstance(value, int | float) or type(value).__name__ == 'Decimal': return value",
    "text": "\"'\" + text if text.lstrip().startswith(('=', '+', '-', '@')) else text",
}
ROLES = {
    "clerk": {"shares.stock": ["view"], "shares.price": ["view", "add", "change"]},
    "auditor": {"admin.logentry": ["view"], "people.user": ["view"], "people.alert": ["view"]},
    "desk": {"people.alert": ["view", "change", "send"]},
}
ANSWERS = {
    "account": "bob",
    "by": "sue",
    "at": ["09:20", "09:21"],
    "opened_by": "amy",
    "lost": "AAPL below 400.00",
    "old_address": "not there",
}

RESET = (
    "        if self.get_user():  # nobody, if a field was empty: then no password was looked at\n"
    "            cache.delete(key)\n"
)


def change(**parts):
    return CHANGE.format(**{**PARTS, **parts})


def cell(**parts):
    return CELL.format(**{**CELL_PARTS, **parts})


def roles(**more):
    return f"roles = {ROLES | more!r}"


def answers(**more):
    return f"answers = {ANSWERS | more!r}"


WRONG = [
    ("18-change", "the token", change(data="dict(fields)")),
    (
        "18-change",
        "A form is sent whole",
        change(data='{"csrfmiddlewaretoken": dict(form.fields)["csrfmiddlewaretoken"], **fields}'),
    ),
    ("18-change", "A name may come twice", change(data="{**dict(form.fields), **fields}")),
    ("18-change", "says nothing about others", change(names="")),
    (
        "18-change",
        "followed to the login",
        change(
            login="if page.status_code == 403: raise PermissionError(url)",
            refused="if answer.status_code == 403: raise PermissionError(url)",
            names="for name in fields:\n        if name not in form.names and 'login' not in page.url: raise KeyError(name)",
        ),
    ),
    ("18-change", "`read(answer.text).errors` are its messages", change(end="return []")),
    (
        "18-change",
        "The page itself is refused",
        change(login='if "/login/" in page.url: raise PermissionError(url)'),
    ),
    (
        "18-change",
        "an empty list looks like success",
        change(refused='if "/login/" in answer.headers.get("Location", ""): raise PermissionError(url)'),
    ),
    (
        "18-change",
        "an empty list looks like success",
        change(refused="", end="return read(answer.text).errors"),
    ),
    (
        "18-change",
        "it leads to the login",
        change(refused="if answer.status_code == 403: raise PermissionError(url)"),
    ),
    ("18-list", "queries for 40 rows", changed("admin_py", ('    list_select_related = ["stock"]\n', ""))),
    ("18-list", "`list_per_page = 40`", changed("admin_py", ("    list_per_page = 40\n", ""))),
    ("18-list", "`=` in front of the name", changed("admin_py", ('"=stock__ticker"', '"stock__ticker"'))),
    (
        "18-list",
        "cannot sort by a method",
        changed("admin_py", ('    @admin.display(ordering="stock__ticker")\n', "")),
    ),
    (
        "18-list",
        "`ordering =",
        changed("admin_py", ('    ordering = ["-day", "stock__ticker"]\n', '    ordering = ["day"]\n')),
    ),
    ("18-list", '`date_hierarchy = "day"`', changed("admin_py", ('    date_hierarchy = "day"\n', ""))),
    ("18-list", "two digits behind the point", changed("admin_py", (":.2f}", "}"))),
    (
        "18-list",
        '`list_display_links = ["day"]`',
        changed("admin_py", ('    list_display_links = ["day"]\n', "")),
    ),
    (
        "18-list",
        "`@admin.register(…)` above the class",
        changed("admin_py", ("@admin.register(Price)\n", "")),
    ),
    ("18-list", "the number says which option", changed("admin_py", ('"volume"]', '"volumes"]'))),
    (
        "18-form",
        "A form below another one is a form of its own",
        changed("people_admin", ("    model = Alert\n    form = AlertForm\n", "    model = Alert\n")),
    ),
    (
        "18-form",
        "puts the words at the field",
        changed(
            "people_admin",
            (
                'self.add_error("limit_price", f"The last close was {newest.close:.2f}.")',
                'raise forms.ValidationError("no")',
            ),
        ),
    ),
    (
        "18-form",
        "`cleaned.get(",
        changed(
            "people_admin",
            (
                'stock, limit = cleaned.get("stock"), cleaned.get("limit_price")',
                'stock, limit = cleaned["stock"], cleaned["limit_price"]',
            ),
        ),
    ),
    (
        "18-form",
        "not newest.close / 10 <= limit",
        changed(
            "people_admin",
            ("not newest.close / 10 <= limit <= newest.close * 10", "limit > newest.close * 10"),
        ),
    ),
    (
        "18-form",
        "not newest.close / 10 <= limit",
        changed(
            "people_admin",
            (
                "not newest.close / 10 <= limit <= newest.close * 10",
                "not newest.close / 10 < limit < newest.close * 10",
            ),
        ),
    ),
    (
        "18-form",
        "page of megabytes",
        changed("people_admin", ('    autocomplete_fields = ["user", "stock"]\n', "")),
    ),
    ("18-form", "no empty rows", changed("people_admin", ("    extra = 0\n", ""))),
    (
        "18-form",
        "Where nothing is known",
        changed(
            "people_admin",
            ("if newest and not", "if stock and limit and not"),
        ),
    ),
    ("18-cell", "A single quote at its very beginning", cell(text="text")),
    (
        "18-cell",
        "Look at the first character that is no white space",
        cell(text="\"'\" + text if text.startswith(('=', '+', '-', '@')) else text"),
    ),
    (
        "18-cell",
        "stays as it was typed",
        cell(text="\"'\" + text.strip() if text.strip().startswith(('=', '+', '-', '@')) else text"),
    ),
    ("18-cell", "Only the *first* character", cell(text="\"'\" + text if set(text) & set('=+-@') else text")),
    ("18-cell", "is none that somebody typed", cell(number="")),
    ("18-cell", "the text None", cell(none="")),
    ("18-cell", "is true for 0", cell(none="if not value: return ''")),
    ("18-suspend", '`permissions=["change"]`', changed("suspend_admin", (', permissions=["change"]', ""))),
    (
        "18-suspend",
        "`self.log_change(request, person",
        changed("suspend_admin", ('            self.log_change(request, person, "Suspended.")\n', "")),
    ),
    ("18-suspend", "Who suspends the superuser", changed("suspend_admin", (", is_superuser=False", ""))),
    (
        "18-suspend",
        "Who suspends the superuser",
        changed("suspend_admin", (".exclude(pk=request.user.pk)", "")),
    ),
    ("18-suspend", "It counts what was *done*", changed("suspend_admin", ("is_active=True, ", ""))),
    (
        "18-suspend",
        "asked again when it was counted",
        changed(
            "suspend_admin",
            (
                "people = list(queryset.filter(is_active=True, is_superuser=False).exclude(pk=request.user.pk))",
                "people = queryset.filter(is_active=True, is_superuser=False).exclude(pk=request.user.pk)",
            ),
            ("{len(people)}", "{queryset.filter(is_active=True, is_superuser=False).count()}"),
        ),
    ),
    (
        "18-roles",
        "he must be allowed to view shares",
        roles(clerk={"shares.price": ["view", "add", "change"]}),
    ),
    ("18-roles", "Least privilege", roles(auditor=ROLES["auditor"] | {"people.watchedstock": ["view"]})),
    (
        "18-roles",
        "does not need it, and has it",
        roles(desk={"people.alert": ["view", "add", "change", "send"]}),
    ),
    ("18-roles", "is the right to run it", roles(desk={"people.alert": ["view", "change"]})),
    (
        "18-roles",
        "which right is missing",
        roles(auditor={"people.user": ["view"], "people.alert": ["view"]}),
    ),
    ("18-roles", "rights: view, add, change, delete", roles(clerk={"shares.price": ["read"]})),
    (
        "18-roles",
        "a single right stands in a list",
        roles(clerk={"shares.stock": "view", "shares.price": ["view", "add", "change"]}),
    ),
    (
        "18-limits",
        "The list saves rows without asking",
        changed("alert_admin", ("    def get_queryset", "    def unused")),
    ),
    (
        "18-limits",
        "A new row is in no QuerySet",
        changed("alert_admin", ("    def formfield_for_foreignkey", "    def unused")),
    ),
    (
        "18-limits",
        "Managers have no such limit",
        changed(
            "alert_admin",
            ('        if request.user.has_perm("people.manage_user"):\n            return alerts\n', ""),
        ),
    ),
    ("18-limits", "is not in its `get_queryset`", changed("alert_admin", ("user__is_staff=False, ", ""))),
    ("18-history", "groups. Whose *password*", answers(account="sue")),
    ("18-history", "Amy changed Sue's groups", answers(by="amy")),
    ("18-history", "the account is *used*", answers(at=["09:20", "09:21", "09:23"])),
    ("18-history", "Look into the message", answers(lost="GOOG above 900.00")),
    ("18-history", "names fields, and no values", answers(old_address="bob@ticker.example")),
    (
        "18-throttle",
        "The password is looked at before the count",
        changed(
            "login_py",
            (
                '        if cache.get(key, 0) >= MOST:\n            raise ValidationError("Too many tries.", code="throttled")\n',
                "",
            ),
            (
                RESET,
                "        if cache.get(key, 0) > 99:\n            raise ValidationError('Too many tries.')\n        cache.delete(key)\n",
            ),
        ),
    ),
    ("18-throttle", "a count of its own", changed("login_py", (".lower()", ""))),
    (
        "18-throttle",
        "One count for all",
        changed("login_py", ("""f"tries:{self.cleaned_data.get('username', '').lower()}\"""", '"tries"')),
    ),
    (
        "18-throttle",
        "After a good login the count begins again",
        changed("login_py", (RESET, "")),
    ),
    (
        "18-throttle",
        "for ever",
        changed("login_py", ("cache.add(key, 0, SECONDS)", "cache.add(key, 0, None)")),
    ),
    (
        "18-throttle",
        "a field that is wrong, is not in there",
        changed(
            "login_py",
            ("self.cleaned_data.get('username', '').lower()", "self.cleaned_data['username'].lower()"),
        ),
    ),
    (
        "18-throttle",
        "four guesses for each empty form",
        changed("login_py", (RESET, "        cache.delete(key)\n")),
    ),
    (
        "18-throttle",
        "for ever",
        changed(
            "login_py",
            (
                "f\"tries:{self.cleaned_data.get('username', '').lower()}\"",
                "str(hash(self.cleaned_data.get('username', '').lower()))",
            ),
            ("cache.add(key, 0, SECONDS)", "cache.add(key, 0, None)"),
        ),
    ),
    ("18-throttle", "300 seconds", changed("login_py", ("cache.add(key, 0, SECONDS)", "cache.add(key, 0)"))),
    (
        "18-limits",
        "The form of a change has a field for the owner",
        changed(
            "alert_admin",
            (
                'if db_field.name == "user" and not',
                'if "/add/" in request.path and db_field.name == "user" and not',
            ),
        ),
    ),
    (
        "18-suspend",
        "is the message",
        changed("suspend_admin", ('person, "Suspended."', 'person, "Changed."')),
    ),
    (
        "18-suspend",
        "by nobody, another superuser included",
        changed(
            "suspend_admin",
            (
                "is_active=True, is_superuser=False",
                "is_active=True, is_superuser__in={False, request.user.is_superuser}",
            ),
        ),
    ),
    (
        "18-form",
        "in the inline, too",
        changed(
            "people_admin",
            ('    extra = 0\n    readonly_fields = ["created_at", "triggered_at"]\n', "    extra = 0\n"),
        ),
    ),
    (
        "18-form",
        "Where nothing is known",
        changed("people_admin", ("stock.prices.first() if", 'stock.prices.latest("day") if')),
    ),
    (
        "18-list",
        "has to be told by what",
        changed("admin_py", ('(ordering="stock__ticker")', '(ordering="day")')),
    ),
    ("18-list", "`=` in front of the name", changed("admin_py", ('"=stock__ticker"', '"^stock__ticker"'))),
    (
        "18-cell",
        "nothing but blanks",
        cell(text="\"'\" + text if text and text.strip()[0] in '=+-@' else text"),
    ),
]

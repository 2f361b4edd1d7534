"""A page for administrators. Weak: only the link to it is hidden. Mended: a role must have the permission."""

from __future__ import annotations

from flask import Flask, abort

from netlab.apps.weak.house import db, page, the_user

# A role is a set of permissions; whatever is not listed is forbidden.
PERMISSIONS: dict[str, frozenset[str]] = {
    "user": frozenset(),
    "analyst": frozenset({"read prices"}),
    "administrator": frozenset({"read prices", "read users"}),
}
LIST = "<h1>Users</h1><ul>{% for user in users %}<li>{{ user.email }} {{ user.role }}</li>{% endfor %}</ul>"


def may(role: str, permission: str) -> bool:
    """Whether a role has a permission; one that nobody knows has none."""
    return permission in PERMISSIONS.get(role, frozenset())


def register(app: Flask, *, mended: bool) -> None:
    """The front page with its link, and the page behind it."""

    @app.get("/menu")
    def menu() -> str:
        link = '{% if user.role == "administrator" %}<a href="/users">Users</a>{% endif %}'
        return page("Menu", "<h1>Menu</h1>" + link, user=the_user())

    @app.get("/users")
    def users() -> str:
        if mended and not may(the_user()["role"], "read users"):
            abort(403, "That is for administrators.")
        return page("Users", LIST, users=db().execute("SELECT * FROM users").fetchall())

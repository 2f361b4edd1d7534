"""The audit log: who did what to whom, from where, and what it was before.

Django's own history says which fields were changed; this says from what to what, and holds exports and logins, too.
What is changed past the admin (by Ticker, or `QuerySet.update` in a shell) is not in it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest

log = logging.getLogger("backoffice.audit")

SECRET = frozenset({"password", "password1", "password2", "password_hash", "usable_password"})
HIDDEN = "•••"
LONGEST = 200  # characters of a value


def record(
    request: HttpRequest | None,
    action: str,
    obj: Model | None = None,
    changes: dict[str, Any] | None = None,
    *,
    user: Any = None,
) -> None:
    """Write down that something was done.

    Args:
        request: who did it, from where; None if nobody is known.
        action: what, one word such as "change".
        obj: to what.
        changes: for each field what it was and what it is; or other facts.
        user: who; whoever is logged in if None.
    """
    from netlab.apps.backoffice.models import AuditEntry

    user = user or getattr(request, "user", None)
    entry = AuditEntry.objects.create(
        staff=user.get_username() if user is not None else "",
        address=(request.META.get("REMOTE_ADDR") or "") if request else "",
        action=action,
        kind="" if obj is None else str(obj._meta.model_name),
        key="" if obj is None else str(obj.pk),
        shown="" if obj is None else str(obj)[:LONGEST],
        changes=changes or {},
    )
    log.info("%s by %r: %s %s", action, entry.staff, entry.kind, entry.key)


def differences(form: ModelForm[Any]) -> dict[str, list[str]]:
    """What a form changes: for each field what it was, and what it is; what is secret stays so."""
    found = {}
    columns = {field.name: field.attname for field in form.instance._meta.concrete_fields}
    for name in form.changed_data:
        if name in SECRET:
            found[name] = [HIDDEN, HIDDEN]
            continue
        kept = getattr(form.instance, columns[name]) if name in columns else form.cleaned_data.get(name)
        found[name] = [_shown(form.initial.get(name)), _shown(kept)]
    return found


def listen() -> None:
    """Write down who logs in and out, and who does not get in."""
    user_logged_in.connect(_came, dispatch_uid="audit")
    user_logged_out.connect(_went, dispatch_uid="audit")
    user_login_failed.connect(_failed, dispatch_uid="audit")


def _came(sender: Any, request: HttpRequest, user: Any, **_: Any) -> None:  # noqa: ARG001
    record(request, "log in", user=user)


def _went(sender: Any, request: HttpRequest, user: Any, **_: Any) -> None:  # noqa: ARG001
    if user is not None:
        record(request, "log out", user=user)


def _failed(sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:  # noqa: ARG001
    record(request, "log-in failed", changes={"name": _shown(credentials.get("username"))})


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Model):
        return str(value.pk)
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(_shown(each) for each in value)
    return str(value)[:LONGEST]

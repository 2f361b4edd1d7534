"""Staff: their roles, the hashes of their passwords, and how guessing is slowed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import ngettext

WINDOW = timedelta(minutes=15)  # within which tries are counted
MOST_PER_NAME = 8
MOST_PER_ADDRESS = 60  # a class room may share one address

ALL = ("view", "add", "change", "delete")
# A role's rights on each model; what stands after "+" is a right of its own.
ROLES: dict[str, dict[str, tuple[str, ...]]] = {
    "administrator": {
        "stock": ALL,
        "price": ALL,
        "suspension": ALL,
        "customer": (*ALL, "+view_contact", "+suspend_customer", "+serve_any_customer"),
        "assignment": ALL,
        "watchedstock": ALL,
        "alert": (*ALL, "+send_alert"),
        "notification": ("view", "change"),
        "apikey": ("view", "change"),
        "auditentry": ("view",),
        "auth.user": ALL,
        "auth.group": ("view",),
    },
    "analyst": {
        "stock": ("view", "add", "change"),
        "price": ("view", "add", "change"),
        "suspension": ("view",),
        "customer": ("view", "+serve_any_customer"),
        "watchedstock": ("view",),
        "alert": ("view",),
    },
    "support": {
        "stock": ("view",),
        "customer": ("view", "change", "+view_contact", "+suspend_customer"),
        "watchedstock": ALL,
        "alert": (*ALL, "+send_alert"),
        "notification": ("view", "change"),
        "apikey": ("view", "change"),
    },
}


class Argon2id(Argon2PasswordHasher):
    """Argon2id (RFC 9106), with the parameters of the settings."""

    time_cost = settings.CONFIG.argon2_time
    memory_cost = settings.CONFIG.argon2_memory
    parallelism = settings.CONFIG.argon2_lanes


def codenames(role: str) -> list[tuple[str, str]]:
    """The permissions of a role as pairs of app and code name."""
    found = []
    for model, rights in ROLES[role].items():
        app, _dot, name = model.rpartition(".")
        for right in rights:
            codename = right[1:] if right.startswith("+") else f"{right}_{name}"
            found.append((app or "backoffice", codename))
    return found


@dataclass(frozen=True)
class TooManyTries:
    """No password is looked at for a while.

    Attributes:
        seconds: how long.
    """

    seconds: int

    def __str__(self) -> str:
        minutes = -(-self.seconds // 60)
        return ngettext(
            "Too many tries. Wait %(n)d minute, then try again.",
            "Too many tries. Wait %(n)d minutes, then try again.",
            minutes,
        ) % {"n": minutes}


def too_many(username: str, address: str) -> TooManyTries | None:
    """Whether another try must wait."""
    from netlab.apps.backoffice.models import LoginAttempt

    since = timezone.now() - WINDOW
    LoginAttempt.objects.filter(at__lt=since).delete()
    for column, value, most in (
        ("username", username, MOST_PER_NAME),
        ("address", address, MOST_PER_ADDRESS),
    ):
        times = list(
            LoginAttempt.objects.filter(**{column: value}).order_by("at").values_list("at", flat=True)[:most]
        )
        if len(times) == most:
            return TooManyTries(max(1, int((times[0] - since).total_seconds())))
    return None


class LogInForm(AdminAuthenticationForm):
    """The login of the staff. A try is counted before the password is looked at: many at once count, too."""

    throttled: TooManyTries | None = None

    def clean(self) -> dict[str, Any]:
        """Check the password, as often as that is allowed."""
        from netlab.apps.backoffice.models import LoginAttempt

        username = str(self.cleaned_data.get("username") or "").lower()
        address = (self.request.META.get("REMOTE_ADDR") or "") if self.request else ""
        self.throttled = too_many(username, address)
        if self.throttled:
            raise ValidationError(str(self.throttled), code="throttled")
        attempt = LoginAttempt.objects.create(username=username[:150], address=address)
        cleaned = super().clean()
        if self.get_user() is not None:  # an empty password raises nothing, and proves nothing
            LoginAttempt.objects.filter(username=attempt.username, address=address).delete()
        return cleaned

"""What the back office adds: who looks after whom, what stands still, what was done, who tried to log in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from netlab.apps.backoffice.models.customers import Customer
from netlab.apps.backoffice.models.market import Stock


class Assignment(models.Model):
    """Which of the staff looks after an account."""

    customer = models.OneToOneField(
        Customer, models.CASCADE, primary_key=True, related_name="assignment", verbose_name=_("account")
    )
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="assignments",
        verbose_name=_("looked after by"),
        limit_choices_to={"is_staff": True, "is_active": True},
    )
    since = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")

    def __str__(self) -> str:
        return f"{self.customer} → {self.staff}"


class Suspension(models.Model):
    """A share whose prices stand still: none is added or changed here, and its alerts wait, at Ticker too."""

    stock = models.OneToOneField(
        Stock, models.CASCADE, primary_key=True, related_name="suspension", verbose_name=_("share")
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    since = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("suspension")
        verbose_name_plural = _("suspensions")

    def __str__(self) -> str:
        return str(self.stock)


class AuditEntry(models.Model):
    """Something that was done here. It keeps its own words: who and what may be gone when it is read."""

    class Action(models.TextChoices):
        """What can be done."""

        ADD = "add", _("add")
        CHANGE = "change", _("change")
        DELETE = "delete", _("delete")
        EXPORT = "export", _("export")
        SUSPEND = "suspend", _("suspend")
        RESUME = "resume", _("resume")
        REOPEN = "reopen", _("reopen")
        TAKE_OVER = "take over", _("take over")
        SEND = "send", _("send")
        TRY_AGAIN = "try again", _("try again")
        REVOKE = "revoke", _("revoke")
        LOG_IN = "log in", _("log in")
        LOG_OUT = "log out", _("log out")
        FAILED = "log-in failed", _("log-in failed")

    at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)
    staff = models.CharField(_("who"), max_length=150, db_index=True)
    address = models.CharField(_("from where"), max_length=45)
    action = models.CharField(_("what"), max_length=40, db_index=True, choices=Action)
    kind = models.CharField(_("of what kind"), max_length=40, blank=True)
    key = models.CharField(_("key"), max_length=40, blank=True)
    shown = models.CharField(_("of whom or what"), max_length=200, blank=True)
    changes = models.JSONField(_("changes"), default=dict)

    class Meta:
        ordering = ("-id",)
        default_permissions = ("view",)
        verbose_name = _("entry of the audit log")
        verbose_name_plural = _("audit log")
        indexes = [models.Index(fields=("kind", "key"), name="backoffice_audit_object")]

    def __str__(self) -> str:
        return f"{self.staff}: {self.action} {self.shown}".rstrip()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write an entry; one that is written stays as it is."""
        if not self._state.adding:
            raise TypeError("An entry of the audit log is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse."""
        raise TypeError("An entry of the audit log is never deleted.")


class LoginAttempt(models.Model):
    """A login of the staff that did not succeed: who guesses too often must wait."""

    username = models.CharField(max_length=150)
    address = models.CharField(max_length=45)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=("username", "at"), name="backoffice_attempt_username"),
            models.Index(fields=("address", "at"), name="backoffice_attempt_address"),
        ]

    def __str__(self) -> str:
        return f"{self.username} from {self.address}"

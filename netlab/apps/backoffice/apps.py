"""The two apps: ours, and Django's admin with a site of ours."""

from __future__ import annotations

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangosAdmin
from django.utils.translation import gettext_lazy as _


class BackOfficeConfig(AppConfig):
    """Ticker's tables and what the back office adds to them."""

    name = "netlab.apps.backoffice"
    label = "backoffice"
    verbose_name = _("Ticker")

    def ready(self) -> None:
        """Write down who logs in and out."""
        from netlab.apps.backoffice import audit

        audit.listen()


class AdminConfig(DjangosAdmin):
    """Django's admin, with our site in place of its own."""

    default_site = "netlab.apps.backoffice.site.BackOfficeSite"

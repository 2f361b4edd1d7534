"""The admin site: its name, its login, and the front page with figures and charts."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from netlab.apps.backoffice import dashboard
from netlab.apps.backoffice.staff import LogInForm


class BackOfficeSite(admin.AdminSite):
    """Ticker's back office."""

    site_header = _("Ticker’s back office")
    site_title = _("Ticker’s back office")
    index_title = _("Overview")
    site_url = None
    login_form = LogInForm
    enable_nav_sidebar = True
    empty_value_display = "–"

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Let the staff in; who has tried too often is told how long to wait."""
        response: Any = super().login(request, extra_context)
        form = (getattr(response, "context_data", None) or {}).get("form")
        if throttled := getattr(form, "throttled", None):
            response.status_code = 429
            response.headers["Retry-After"] = str(throttled.seconds)
        return response  # type: ignore[no-any-return]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Show the front page."""
        context = {**(extra_context or {}), **dashboard.context(request)}
        return super().index(request, context)

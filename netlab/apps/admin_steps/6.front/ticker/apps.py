"""The admin, with a site of ours in place of Django's."""

from django.contrib.admin.apps import AdminConfig


class OfficeConfig(AdminConfig):
    """`admin.site` becomes an OfficeSite."""

    default_site = "ticker.site.OfficeSite"

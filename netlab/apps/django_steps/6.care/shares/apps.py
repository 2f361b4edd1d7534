"""The app of shares, and what is done when it starts."""

from django.apps import AppConfig


class SharesConfig(AppConfig):
    """Shares."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "shares"

    def ready(self):
        """All models are there: connect the signals."""
        from shares import signals  # noqa: F401

"""Where others reach it: over HTTPS only, and every secret from the environment."""

from netlab.apps.backoffice.settings.base import *  # noqa: F403
from netlab.apps.backoffice.settings.base import CONFIG
from netlab.errors import OptionError

if not CONFIG.secret_key:
    raise OptionError("Set BACKOFFICE_SECRET_KEY: in production no key is made up.")
if not CONFIG.public_url.startswith("https://"):
    raise OptionError(
        "Set BACKOFFICE_PUBLIC_URL, such as https://office.ticker.example: staff log in over HTTPS."
    )

SECRET_KEY = CONFIG.secret_key
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True

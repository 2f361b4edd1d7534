"""On one's own machine: the key is made and kept, and nothing has to be set."""

from netlab.apps.backoffice.settings.base import *  # noqa: F403
from netlab.apps.backoffice.settings.base import CONFIG

SECRET_KEY = CONFIG.local_key()
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = CONFIG.public_url.startswith("https:")

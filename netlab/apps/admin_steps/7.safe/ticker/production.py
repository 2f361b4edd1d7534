"""The settings in production: those of development, and what must be otherwise."""

import os

from ticker.settings import *  # noqa: F403
from ticker.settings import BASE_DIR

DEBUG = False
SECRET_KEY = os.environ["TICKER_SECRET_KEY"]  # in no file
ALLOWED_HOSTS = os.environ["TICKER_HOSTS"].split(",")

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")  # as our own proxy says it
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
SESSION_COOKIE_AGE = 8 * 3600  # a working day
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

STATIC_ROOT = BASE_DIR / "static-files"  # where collectstatic puts them
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}

"""What holds wherever the back office runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from netlab.apps.backoffice.config import Config

CONFIG = Config.from_environment()
HERE = Path(__file__).resolve().parents[1]

DEBUG = False
ALLOWED_HOSTS = CONFIG.allowed_hosts()
ROOT_URLCONF = "netlab.apps.backoffice.urls"
WSGI_APPLICATION = "netlab.apps.backoffice.wsgi.application"
DATABASES = {"default": CONFIG.database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "netlab.apps.backoffice.apps.BackOfficeConfig",
    "netlab.apps.backoffice.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "netlab.apps.backoffice.middleware.FitThePrefix",  # sees the cookies of all others
    "django.middleware.security.SecurityMiddleware",
    "netlab.apps.backoffice.middleware.ContentSecurityPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# Staff. Customers are rows of Ticker's, and no users of Django's.
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("MinimumLengthValidator", {"min_length": 10}),  # length is what counts (NIST SP 800-63B)
        ("CommonPasswordValidator", {}),
        ("UserAttributeSimilarityValidator", {}),
    )
]
PASSWORD_HASHERS = ["netlab.apps.backoffice.staff.Argon2id"]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"

# Cookies do not tell ports apart: another Django on this machine must not meet ours.
SESSION_COOKIE_NAME = "backoffice_session"
CSRF_COOKIE_NAME = "backoffice_csrf"
LANGUAGE_COOKIE_NAME = "backoffice_language"
SESSION_COOKIE_AGE = 8 * 3600  # a working day
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = True  # the token stands in each form; no script asks for it
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [CONFIG.public_url] if CONFIG.public_url else []

# Who may show the site in a frame.
X_FRAME_OPTIONS = "SAMEORIGIN" if CONFIG.frame else "DENY"
SECURE_REFERRER_POLICY = "same-origin"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [HERE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Static files: served by whitenoise from where the apps have them, so that there is nothing to collect.
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # nothing is uploaded
    "staticfiles": {"BACKEND": "netlab.apps.backoffice.middleware.StaticFiles"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # bytes: forms are small

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"short": {"()": "netlab.apps.backoffice.middleware.ShortRefusals"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["short"]}},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "backoffice": {"handlers": ["stderr"], "level": "INFO"},
    },
}

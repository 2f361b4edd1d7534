"""The WSGI app, for gunicorn and its like: `gunicorn netlab.apps.backoffice.wsgi`."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from netlab.apps.backoffice.middleware import behind_proxy

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "netlab.apps.backoffice.settings.production")

application = behind_proxy(get_wsgi_application())

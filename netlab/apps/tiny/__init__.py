"""A web framework in two hundred lines, the one that lesson 13 builds: a file for each of its steps.

| file | what is in it |
|---|---|
| `routes` | `match`: which path fits which pattern, and the parameters in it |
| `messages` | `Request` and `Response`, `HTTPError` |
| `app` | `App`: the WSGI callable that finds the view, and answers when there is none |
| `pages` | `render`: templates, by Jinja2 |
| `sessions` | `sign` and `unsign`: what a visitor keeps for us and cannot change |
| `site` | Ticker on top of it, with a database |
"""

from __future__ import annotations

from netlab.apps.tiny.app import App
from netlab.apps.tiny.messages import HTTPError, Request, Response
from netlab.apps.tiny.pages import render
from netlab.apps.tiny.routes import match
from netlab.apps.tiny.sessions import sign, unsign

__all__ = ["App", "HTTPError", "Request", "Response", "match", "render", "sign", "unsign"]

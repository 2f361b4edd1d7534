"""The application as a whole: it is put together, and it answers over a real connection."""

from __future__ import annotations

import requests

from netlab.servers import WebServer


def test_it_answers_over_a_real_connection(app):
    with WebServer(app) as server:
        response = requests.get(server.url, timeout=5)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "<h1>Prices</h1>" in response.text

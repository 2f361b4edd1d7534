"""Ticker, a small site with share prices."""

from flask import Flask

from ticker import quotes


def create_app(settings=None):
    """Make the application."""
    app = Flask(__name__)
    app.config.from_mapping(settings or {})
    app.url_map.converters["ticker"] = quotes.TickerConverter
    app.register_blueprint(quotes.pages)
    return app

"""Ticker, a small site with share prices."""

from pathlib import Path

from flask import Flask

from ticker import cli, db, quotes


def create_app(settings=None):
    """Make the application."""
    app = Flask(__name__)
    app.config.from_mapping(DATABASE=Path(app.instance_path, "by_hand.sqlite3"))
    app.config.from_mapping(settings or {})
    app.url_map.converters["ticker"] = quotes.TickerConverter
    app.register_blueprint(quotes.pages)
    app.teardown_appcontext(db.close)
    app.cli.add_command(cli.import_prices)
    return app

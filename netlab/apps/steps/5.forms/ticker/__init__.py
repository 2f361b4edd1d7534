"""Ticker, a small site with share prices."""

from pathlib import Path

from flask import Flask
from flask_wtf.csrf import CSRFProtect

from ticker import accounts, cli, db, quotes

csrf = CSRFProtect()


def create_app(settings=None):
    """Make the application; settings come from TICKER_… in the environment, or from a test."""
    app = Flask(__name__)
    app.config.from_mapping(
        DATABASE=Path(app.instance_path, "ticker.sqlite3"), SESSION_COOKIE_SAMESITE="Lax"
    )
    app.config.from_prefixed_env("TICKER")
    app.config.from_mapping(settings or {})
    app.extensions["engine"] = db.make_engine(app.config["DATABASE"])
    csrf.init_app(app)
    app.url_map.converters["ticker"] = quotes.TickerConverter
    app.register_blueprint(quotes.pages)
    app.register_blueprint(accounts.pages, url_prefix="/account")
    app.teardown_appcontext(db.close)
    app.cli.add_command(cli.upgrade)
    app.cli.add_command(cli.import_prices)
    return app

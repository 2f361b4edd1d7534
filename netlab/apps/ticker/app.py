"""The application: `create_app()` puts it together from its settings."""

from __future__ import annotations

from flask import Blueprint, Flask
from sqlalchemy import select
from werkzeug.middleware.proxy_fix import ProxyFix

from netlab.apps.ticker import (
    accounts,
    alerts,
    api,
    api_keys,
    context,
    errors,
    links,
    logs,
    operations,
    pages,
    quotes,
    security,
    watchlist,
)
from netlab.apps.ticker.config import Config
from netlab.apps.ticker.context import Ticker
from netlab.apps.ticker.database import Database, take_turns
from netlab.apps.ticker.importer import import_prices
from netlab.apps.ticker.models import Stock
from netlab.apps.ticker.passwords import Passwords
from netlab.paths import data_dir

LARGEST_REQUEST = 64 * 1024  # bytes: forms are small

# The parts of the site and where they are.
BLUEPRINTS: tuple[tuple[Blueprint, str], ...] = (
    (quotes.pages, ""),
    (accounts.pages, "/account"),
    (links.pages, "/account"),
    (watchlist.pages, "/watchlist"),
    (alerts.pages, "/alerts"),
    (api_keys.pages, "/account/keys"),
    (operations.pages, ""),
)


def create_app(config: Config | None = None) -> Flask:
    """Make the application.

    Args:
        config: its settings; read from the environment if None.

    Returns:
        A WSGI app, its database ready. `context.ticker(app)` gives what belongs to it.

    Example:
        >>> with WebServer(create_app()) as server:
        ...     requests.get(server.url, timeout=2)
    """
    config = config or Config.from_environment()
    config.check_links()
    app = Flask("netlab.apps.ticker")
    app.config.from_mapping(
        SECRET_KEY=config.signing_key(),
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
    )
    passwords = Passwords(config.argon2_time, config.argon2_memory, config.argon2_lanes)
    app.extensions["ticker"] = Ticker(config, Database(config.database_url), passwords)
    app.teardown_appcontext(context.close_session)
    logs.register(app)
    operations.register(app)
    security.protect(app)
    errors.register(app)
    pages.register(app)
    for blueprint, prefix in BLUEPRINTS:
        app.register_blueprint(blueprint, url_prefix=prefix)
    api.register(app)
    if config.behind_proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1, x_prefix=1)  # type: ignore[method-assign]
    if config.prepare:
        prepare(context.ticker(app))
    return app


def prepare(ticker: Ticker) -> None:
    """Bring the tables up to date, and import the course's prices if there are none."""
    if ticker.config.sqlite_file:
        ticker.config.sqlite_file.parent.mkdir(parents=True, exist_ok=True)
    ticker.database.upgrade()
    with ticker.database.session() as session:
        if session.scalar(select(Stock.id).limit(1)) is not None:
            return
    with ticker.database.begin() as session:
        take_turns(session)
        if session.scalar(select(Stock.id).limit(1)) is None:  # no other process was faster
            import_prices(session, data_dir() / "stocks.csv")

"""The JSON API: prices for everyone, watch-lists and alerts for programs with a key. It describes itself (OpenAPI)."""

from __future__ import annotations

import json
from typing import Any

from flask import Flask, Response, abort, make_response, url_for
from flask.typing import ResponseReturnValue
from flask_smorest import Api, Blueprint
from flask_smorest.pagination import PaginationMetadataSchema, PaginationParameters
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import UnprocessableEntity

from netlab.apps.ticker import errors, shares
from netlab.apps.ticker.alerts import MOST
from netlab.apps.ticker.api_keys import key_required
from netlab.apps.ticker.api_schemas import AlertSchema, PriceSchema, ProblemSchema, QuoteSchema, SpanSchema
from netlab.apps.ticker.context import db
from netlab.apps.ticker.logins import the_user
from netlab.apps.ticker.models import Alert, Channel, Price, Stock, WatchedStock
from netlab.apps.ticker.security import csrf

PREFIX = "/api/v1"
PROBLEM = "application/problem+json"
SETTINGS = {
    "API_TITLE": "Ticker",
    "API_VERSION": "v1",
    "OPENAPI_VERSION": "3.1.0",
    "OPENAPI_URL_PREFIX": PREFIX,
    "OPENAPI_JSON_PATH": "openapi.json",
}
PAGE, LARGEST_PAGE = 50, 500  # prices

routes = Blueprint("api", __name__, url_prefix=PREFIX, description="Prices, watch-lists and alerts.")


class _Api(Api):  # type: ignore[misc]
    """flask-smorest, with errors as the rest of the site writes them, and as RFC 9457 says."""

    ERROR_SCHEMA = ProblemSchema
    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        errors.WRITERS["/api/"] = problem

    def _register_pagination_header(self) -> None:
        # It holds JSON; a schema without a media type would mean names and values between commas.
        content = {"application/json": {"schema": PaginationMetadataSchema}}
        described = {"description": "Which page this is, as JSON.", "content": content}
        self.spec.components.header("PAGINATION", described, lazy=True)


def register(app: Flask) -> None:
    """Add the API and its description to the site."""
    app.config.from_mapping(SETTINGS)
    api = _Api(app)
    api.spec.components.security_scheme(
        "key", {"type": "http", "scheme": "bearer", "description": "A key from the page of your account."}
    )
    api.register_blueprint(routes)
    csrf.exempt(routes)  # a key is sent by a program, never by a browser of its own accord


def problem(status: int, title: str, detail: str, **more: Any) -> Response:
    """An error as RFC 9457 writes it."""
    content = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    return Response(json.dumps(content) + "\n", status, content_type=PROBLEM)


@routes.errorhandler(UnprocessableEntity)
def _invalid(error: UnprocessableEntity) -> Response:
    """What a schema has refused, field by field."""
    messages = getattr(error, "data", {}).get("messages", {})
    fields = {name: found for place in messages.values() for name, found in place.items()}
    detail = "The request does not fit the description of the API."
    return problem(422, error.name, detail, errors=fields)


def _can_fail(*statuses: int) -> Any:
    """Say in the description which errors there can be."""

    def describe(view: Any) -> Any:
        for status in statuses:
            view = routes.alt_response(status, schema=ProblemSchema, content_type=PROBLEM)(view)
        return view

    return describe


def _with_key(view: Any) -> Any:
    """Ask for a key, and say so in the description."""
    return routes.doc(security=[{"key": []}])(_can_fail(401)(key_required(view)))


@routes.get("/stocks")
@routes.response(200, QuoteSchema(many=True))
def stocks() -> list[shares.Quote]:
    """The last price of each share."""
    return shares.quotes(db())


@routes.get("/stocks/<ticker>")
@routes.response(200, QuoteSchema)
@_can_fail(404)
def stock(ticker: str) -> shares.Quote:
    """The last price of a share."""
    found = shares.quotes(db(), Stock.id == shares.stock_or_404(ticker).id)
    if not found:
        abort(404, "There are no prices of this share yet.")
    return found[0]


@routes.get("/stocks/<ticker>/prices")
@routes.arguments(SpanSchema, location="query")
@routes.response(200, PriceSchema(many=True))
@routes.paginate(page_size=PAGE, max_page_size=LARGEST_PAGE)
@_can_fail(404, 422)
def prices(span: dict[str, Any], ticker: str, pagination_parameters: PaginationParameters) -> list[Price]:
    """The prices of a share, the last day first."""
    wanted = [Price.stock_id == shares.stock_or_404(ticker).id]
    if "first" in span:
        wanted.append(Price.day >= span["first"])
    if "last" in span:
        wanted.append(Price.day <= span["last"])
    total = db().scalar(select(func.count()).where(*wanted)) or 0
    pagination_parameters.item_count = total
    first = pagination_parameters.first_item
    if first >= total:
        return []
    query = select(Price).where(*wanted).order_by(Price.day.desc())
    return list(db().scalars(query.offset(first).limit(pagination_parameters.page_size)))


@routes.get("/watchlist")
@routes.response(200, QuoteSchema(many=True))
@_with_key
def watchlist() -> list[shares.Quote]:
    """The last prices of the shares on your watch-list."""
    watched = select(WatchedStock.stock_id).where(WatchedStock.user_id == the_user().id)
    return shares.quotes(db(), Stock.id.in_(watched))


@routes.put("/watchlist/<ticker>")
@routes.response(204)
@_can_fail(404)
@_with_key
def watch(ticker: str) -> None:
    """Put a share on your watch-list; it may be there already."""
    db().add(WatchedStock(user_id=the_user().id, stock_id=shares.stock_or_404(ticker).id))
    try:
        db().commit()
    except IntegrityError:  # it is there already
        db().rollback()


@routes.delete("/watchlist/<ticker>")
@routes.response(204)
@_can_fail(404)
@_with_key
def watch_no_longer(ticker: str) -> None:
    """Take a share off your watch-list; it need not be there."""
    found = shares.stock_or_404(ticker)
    mine = (WatchedStock.user_id == the_user().id, WatchedStock.stock_id == found.id)
    db().execute(delete(WatchedStock).where(*mine))
    db().commit()


@routes.get("/alerts")
@routes.response(200, AlertSchema(many=True))
@_with_key
def alerts() -> list[Alert]:
    """Your alerts, the newest first."""
    return list(db().scalars(select(Alert).where(Alert.user_id == the_user().id).order_by(Alert.id.desc())))


@routes.post("/alerts")
@routes.arguments(AlertSchema)
@routes.response(201, AlertSchema, headers={"Location": {"schema": {"type": "string"}}})
@_can_fail(400, 404, 409, 422)
@_with_key
def new_alert(wanted: dict[str, Any]) -> ResponseReturnValue:
    """Set an alert."""
    user = the_user()
    found = shares.stock_or_404(wanted["stock"]["ticker"])
    by_sms = Channel.SMS in wanted["channels"]
    if by_sms and not user.phone:
        abort(409, "Your account has no phone number. Give it one, or be told by mail.")
    if (db().scalar(select(func.count()).where(Alert.user_id == user.id)) or 0) >= MOST:
        abort(409, f"You have {MOST} alerts, as many as there may be. Delete one first.")
    alert = Alert(
        user_id=user.id,
        stock=found,
        side=wanted["side"],
        limit_price=wanted["limit_price"],
        by_mail=Channel.MAIL in wanted["channels"],
        by_sms=by_sms,
    )
    db().add(alert)
    db().commit()
    response = make_response(AlertSchema().dump(alert), 201)
    response.headers["Location"] = url_for("api.alert", number=alert.id)
    return response


@routes.get("/alerts/<int(max=2147483647):number>")
@routes.response(200, AlertSchema)
@_can_fail(404)
@_with_key
def alert(number: int) -> Alert:
    """One of your alerts."""
    return _mine(number)


@routes.delete("/alerts/<int(max=2147483647):number>")
@routes.response(204)
@_can_fail(404)
@_with_key
def delete_alert(number: int) -> None:
    """Delete one of your alerts."""
    db().delete(_mine(number))
    db().commit()


def _mine(number: int) -> Alert:
    found = db().scalar(select(Alert).where(Alert.id == number, Alert.user_id == the_user().id))
    if found is None:
        abort(404, "You have no such alert.")
    return found

"""A small service with five promises, and copies of it that break one each: what a test is for."""

from __future__ import annotations

import itertools
import math
from typing import Any

BROKEN = {
    "a limit of 0 or below is taken": "Send a limit of 0 or of -1, and look at the status: 422.",
    "a limit that is text is taken": "Send `\"430.5\"`, with quotes, and look at the status: 422.",
    "a bad alert is refused, and kept all the same": "After a refusal, look at `GET /alerts`: is it empty?",
    "a new alert is answered with 200": "Look at the status of a new alert: 201, not just “it worked”.",
    "the limit loses its cents": "Ask for the alert again, and compare the whole of it with what you sent.",
    "a deletion says 204, and deletes nothing": "After `DELETE`, ask for it again: 404.",
    "an alert that does not exist is answered with 200": "Ask for a number that there is not, such as 99: 404.",
}  # fmt: skip


def make_service(fault: str = "") -> Any:
    """The service, a Flask app; with a fault, one of its promises is broken.

    It promises: `POST /alerts` with JSON, a ticker and a limit, is answered with 201 and `{"id": 1}`. The limit is a
    number above 0; else 422, and nothing is kept. `GET /alerts/1` gives `{"ticker": …, "limit": …}` as it was sent,
    or 404. `GET /alerts` gives the list of all, each as its ticker and limit. `DELETE /alerts/1` is answered with 204; then it is gone.

    Args:
        fault: one of the keys of `BROKEN`.
    """
    from flask import Flask, abort, request

    app = Flask("service")
    alerts: dict[int, dict[str, Any]] = {}
    numbers, used = itertools.count(1), set()

    def fits(limit: Any) -> bool:
        if isinstance(limit, str) and fault == "a limit that is text is taken":
            return True
        if isinstance(limit, bool) or not isinstance(limit, int | float) or not math.isfinite(limit):
            return False
        return limit > 0 or fault == "a limit of 0 or below is taken"

    @app.get("/alerts")
    def every() -> Any:
        return list(alerts.values())

    @app.post("/alerts")
    def new() -> Any:
        sent = request.get_json()
        alert = {"ticker": sent.get("ticker"), "limit": sent.get("limit")}
        good = fits(alert["limit"])
        if fault == "the limit loses its cents" and good:
            alert["limit"] = int(alert["limit"])
        if good or fault == "a bad alert is refused, and kept all the same":
            number = next(numbers)  # a refused one uses none up
            used.add(number)
            alerts[number] = alert
        if not good:
            return {"error": "The limit is a number above 0."}, 422
        return {"id": number}, 200 if fault == "a new alert is answered with 200" else 201

    @app.get("/alerts/<int:number>")
    def one(number: int) -> Any:
        if number not in alerts:
            if fault == "an alert that does not exist is answered with 200" and number not in used:
                return {}
            abort(404)
        return alerts[number]

    @app.delete("/alerts/<int:number>")
    def delete(number: int) -> Any:
        if fault != "a deletion says 204, and deletes nothing":
            alerts.pop(number, None)
        return "", 204

    return app

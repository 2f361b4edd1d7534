"""The models: `market` and `customers` are Ticker's own tables, `office` is what the back office adds."""

from netlab.apps.backoffice.models.customers import (
    Alert,
    ApiKey,
    Customer,
    Login,
    Notification,
    WatchedStock,
)
from netlab.apps.backoffice.models.market import Price, Stock
from netlab.apps.backoffice.models.office import Assignment, AuditEntry, LoginAttempt, Suspension

__all__ = [
    "Alert",
    "ApiKey",
    "Assignment",
    "AuditEntry",
    "Customer",
    "Login",
    "LoginAttempt",
    "Notification",
    "Price",
    "Stock",
    "Suspension",
    "WatchedStock",
]

"""What the admin shows of each model, and what each role may do with it."""

from netlab.apps.backoffice.admin import alerts, customers, market, people

__all__ = ["alerts", "customers", "market", "people"]

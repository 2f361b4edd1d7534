"""Who may see and touch which account: the limits on single objects, beside the permissions on models.

Support sees the accounts that are its own or nobody's, and works on those of them that are open. Who has the
permission `serve_any_customer` has no such limits, and still only does what the other permissions allow.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from netlab.apps.backoffice.models import Customer

CONTACT = "backoffice.view_contact"
ANY = "backoffice.serve_any_customer"


def sees_contact(request: HttpRequest) -> bool:
    """Whether mail addresses and phone numbers may be seen."""
    return request.user.has_perm(CONTACT)


def visible(request: HttpRequest, path: str = "") -> Q:
    """The condition for rows that may be seen.

    Args:
        request: who asks.
        path: from the rows to their account, such as "user__"; empty for accounts themselves.
    """
    if request.user.has_perm(ANY):
        return Q()
    return Q(**{f"{path}assignment": None}) | Q(**{f"{path}assignment__staff": request.user.pk})


def touchable(request: HttpRequest) -> QuerySet[Customer]:
    """The accounts that may be worked on."""
    accounts = Customer.objects.filter(visible(request))
    return accounts if request.user.has_perm(ANY) else accounts.filter(is_active=True)


def may_touch(request: HttpRequest, customer: Customer) -> bool:
    """Whether an account may be worked on."""
    if request.user.has_perm(ANY):
        return True
    assignment = getattr(customer, "assignment", None)
    return customer.is_active and (assignment is None or assignment.staff_id == request.user.pk)

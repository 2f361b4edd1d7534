"""`createuser`: one of the staff, with a role."""

from __future__ import annotations

import os
from getpass import getpass
from typing import Any

from django.contrib.auth.models import Group, User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from netlab.apps.backoffice.staff import ROLES

VARIABLE = "STAFF_PASSWORD"


class Command(BaseCommand):
    """Make a user who may log in at the back office, and do what the role allows."""

    help = f"Make one of the staff. The password is asked for, or taken from {VARIABLE} in the environment."

    def add_arguments(self, parser: CommandParser) -> None:
        """Say what can be said."""
        parser.add_argument("name")
        parser.add_argument("--role", choices=list(ROLES), required=True)
        parser.add_argument("--email", default="")

    @transaction.atomic
    def handle(self, *, name: str, role: str, email: str, **_: Any) -> None:
        """Make the user."""
        if User.objects.filter(username__iexact=name).exists():
            raise CommandError(f"There is a user {name} already.")
        user = User(username=name, email=email, is_staff=True)
        password = os.environ.get(VARIABLE) or getpass(f"Password for {name}: ")
        try:
            validate_password(password, user)
            user.set_password(password)
            user.full_clean()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        user.save()
        user.groups.add(Group.objects.get(name=role))
        self.stdout.write(f"{name} may log in as {role}.")

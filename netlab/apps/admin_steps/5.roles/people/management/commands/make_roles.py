"""`manage.py make_roles`: the groups as `people.roles` has them; run twice, it does the same."""

from django.contrib.auth.models import Group, Permission
from django.core.management.base import BaseCommand

from people.roles import ROLES


class Command(BaseCommand):
    """Make the groups."""

    help = "Make a group for each role, with exactly its rights."

    def handle(self, **options):
        """Look each right up by its app and code name."""
        for role, rights in ROLES.items():
            group, _ = Group.objects.get_or_create(name=role)
            names = [
                (app, f"{right}_{model}")
                for where, each in rights.items()
                for app, model in [where.split(".")]
                for right in each
            ]
            group.permissions.set(
                Permission.objects.get(content_type__app_label=app, codename=name)
                for app, name in names
            )
            self.stdout.write(f"{role}: {len(names)} rights")

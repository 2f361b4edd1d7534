"""The three roles, as groups with their permissions. Later an administrator may change them."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.management import create_permissions
from django.db import migrations

from netlab.apps.backoffice.staff import ROLES, codenames


def make(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001
    """Make the groups."""
    for label in ("auth", "backoffice"):
        config = apps.get_app_config(label)
        config.models_module = True  # permissions are otherwise made only after all migrations
        create_permissions(config, apps=apps, verbosity=0)
        config.models_module = None
    group_of, permissions = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission").objects
    for role in ROLES:
        group, _made = group_of.objects.get_or_create(name=role)
        for app, codename in codenames(role):
            group.permissions.add(permissions.get(content_type__app_label=app, codename=codename))


def unmake(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001
    """Remove them."""
    apps.get_model("auth", "Group").objects.filter(name__in=list(ROLES)).delete()


class Migration(migrations.Migration):
    """The groups."""

    dependencies = (("backoffice", "0001_initial"), ("auth", "0012_alter_user_first_name_max_length"))
    operations = (migrations.RunPython(make, unmake),)

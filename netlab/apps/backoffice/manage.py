"""Django's own command line: `python -m netlab.apps.backoffice.manage check`, or `netlab backoffice manage check`."""

from __future__ import annotations

import os
import sys

from netlab.errors import NetlabError

LOCAL = "netlab.apps.backoffice.settings.local"


def main(words: list[str]) -> None:
    """Run one of Django's commands.

    Args:
        words: its name and its arguments, such as `["migrate", "--plan"]`.
    """
    from django.core.management import execute_from_command_line

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", LOCAL)
    execute_from_command_line(["manage.py", *words])


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except NetlabError as error:
        sys.exit(f"manage.py: {error}")

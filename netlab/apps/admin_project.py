"""The project of lesson 17 with Django's admin: steps of whole files, one site for all browsers, and browsers."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import html
import re
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import requests

from netlab.apps import admin_pages, django_project
from netlab.apps.admin_pages import TOKEN, AdminPage
from netlab.apps.django_project import APPS, PACKAGE, PEOPLE, DjangoProject, Site, files_of
from netlab.apps.project import Edits, Said
from netlab.apps.snapshot import TOKEN as TOKENS
from netlab.charts import Page
from netlab.errors import NetlabError, OptionError
from netlab.paths import data_dir
from netlab.text import Table

STEPS = Path(__file__).parent / "admin_steps"
BEFORE = "7.words"  # the step of lesson 17 with which this lesson begins
TIMEOUT = 5.0
SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL)
LINK = re.compile(r"<link\b[^>]*>")
HREF = re.compile(r'href="([^"]+)"')
PICTURE = re.compile(r'(<img src=")([^"]+\.svg)')
QUICK = """
from django.contrib.auth.hashers import Argon2PasswordHasher as Argon2
Argon2.time_cost, Argon2.memory_cost, Argon2.parallelism = 1, 1024, 1
"""
ROLES = "5.roles"  # the step from which on there is a staff
SUPERUSER = 'User.objects.create_superuser("anna", "anna@ticker.example", "four calm horses")'
STAFF = """
from django.contrib.auth.models import Group

for name, role in (("amy", "administrator"), ("alan", "analyst"), ("sue", "support")):
    user = User.objects.create_user(name, f"{name}@ticker.example", "four calm horses", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
"""
LOG_IN = "/admin/login/"


class Answer:
    """What came back, after its redirects.

    Attributes:
        status: of the first response, before any redirect.
        location: where that one leads, without the host; "" if nowhere.
        response: the last one.
    """

    def __init__(self, first: requests.Response, last: requests.Response) -> None:
        self.status = first.status_code
        self.location = first.headers.get("Location", "")
        self.response = last
        for each in (first, last):  # all is read; what they hold would keep a connection open
            each.__dict__.update(raw=None, connection=None)

    @cached_property
    def page(self) -> AdminPage:
        """What the last response says, read when somebody asks."""
        is_page = "html" in self.response.headers.get("Content-Type", "")
        return admin_pages.read(self.response.text) if is_page else AdminPage()

    def __repr__(self) -> str:
        where = f" to {self.location}" if self.location else ""
        said = self.page.messages + self.page.errors
        return "\n".join([f"{self.status}{where}", *(f"  {line}" for line in said)])


class Browser:
    """A browser at a site with Django's admin; it fills in forms as a person does.

    Args:
        site: the URL of a site, or what has one: a project or a server.
        session: that keeps its cookies; a new one if None.
    """

    def __init__(self, site: Any, session: requests.Session | None = None) -> None:
        self._site = site
        self.session = session or requests.Session()
        self._root = ""

    def close(self) -> None:
        """Close its connections."""
        self.session.close()

    def url(self, path: str) -> str:
        """The URL of a path of the site."""
        root = str(self._site if isinstance(self._site, str) else self._site.url)
        if root != self._root:  # the site has begun anew: nobody answers on the old connections
            self.session.close()
            self._root = root
        return urljoin(root + "/", path)

    def get(self, path: str) -> Answer:
        """Ask for a page, and follow where it leads."""
        return self._follow(self.session.get(self.url(path), timeout=TIMEOUT, allow_redirects=False))

    def post(self, path: str, data: Any) -> Answer:
        """Send a form by hand; the header Referer says that it comes from that page."""
        url = self.url(path)
        return self._follow(
            self.session.post(url, data, timeout=TIMEOUT, allow_redirects=False, headers={"Referer": url})
        )

    def fill(self, path: str, **fields: str | list[str] | None) -> Answer:
        """Fill in the form of a page and send it.

        Args:
            path: of the page.
            **fields: what to write; None unticks a box; what is not named stays as it is.

        Raises:
            NetlabError: when the page has no form.
        """
        page = self.get(path).page
        form = page.form
        if form is None:
            raise NetlabError(f"There is no form to send at {path}.")
        kept = [(name, value) for name, value in form.fields if name not in fields]
        for name, value in fields.items():
            values = value if isinstance(value, list) else [] if value is None else [value]
            kept += [(name, each) for each in values]
        return self.post(path, kept)

    def act(self, path: str, action: str, *chosen: int | str, **more: str) -> Answer:
        """Choose rows of a list, and run an action on them."""
        token = dict(self._form(path).fields)[TOKEN]
        rows = [("_selected_action", str(each)) for each in chosen]
        return self.post(path, [(TOKEN, token), ("action", action), *rows, *more.items()])

    def rows(self, path: str, most: int = 6) -> Table:
        """The list of a page, as a table of its first rows.

        Args:
            path: of the page.
            most: rows to show.
        """
        page = self.get(path).page
        count = len(page.rows)
        caption = f"{count} rows" if count != 1 else "1 row"
        return Table(page.head or ["–"], page.rows[:most], f"{caption} on this page")

    def look(self, path: str, height: int = 320) -> Page:
        """The page as it is drawn."""
        source = self.session.get(self.url(path), timeout=TIMEOUT).text
        source = TOKENS.sub(r"\g<1>…", SCRIPT.sub("", source))
        source = LINK.sub(lambda found: self._style(found[0]), source)
        source = PICTURE.sub(lambda found: found[1] + self._picture(found[2]), source)
        title = re.search(r"<title>([^<]*)", source)
        return Page(source, title=html.unescape(title[1]).strip() if title else path, height=height)

    def _picture(self, path: str) -> str:
        content = self.session.get(self.url(path), timeout=TIMEOUT).content
        return "data:image/svg+xml;base64," + base64.b64encode(content).decode()

    def _style(self, link: str) -> str:
        """What a style sheet holds, without what it would load; nothing for a link to something else."""
        href = HREF.search(link)
        if "stylesheet" not in link or href is None:
            return ""
        text = self.session.get(self.url(href[1]), timeout=TIMEOUT).text
        text = re.sub(r"@import[^;]*;|/\*.*?\*/|\s+(?=\s)", "", text, flags=re.DOTALL)
        return f"<style>{re.sub(r'url[(][^)]*[)]', 'none', text)}</style>"

    def log_in(self, name: str, password: str) -> Answer:
        """Log in at the admin."""
        return self.fill(LOG_IN, username=name, password=password)

    def _form(self, path: str) -> admin_pages.Form:
        form = self.get(path).page.form
        if form is None:
            raise NetlabError(f"There is no form at {path}.")
        return form

    def _follow(self, first: requests.Response) -> Answer:
        last = first
        for _ in range(5):
            if not last.is_redirect:
                break
            last = self.session.get(
                urljoin(last.url, last.headers["Location"]), timeout=TIMEOUT, allow_redirects=False
            )
        return Answer(first, last)


class AdminProject(DjangoProject):
    """The project of lesson 17, in which this lesson builds an admin.

    Example:
        >>> with AdminProject() as project:
        ...     project.begin()
        ...     project.step("1.one_line")
    """

    def __init__(self) -> None:
        super().__init__()
        self._site: Site | None = None
        self._state = ""
        self._stack = contextlib.ExitStack()
        self._browsers: list[Browser] = []

    def close(self) -> None:
        """End the site, and remove the folder."""
        for browser in self._browsers:
            browser.close()
        self._stack.close()
        super().close()

    def begin(self, step: str = "") -> Said:
        """Let the project be there as lesson 17 has left it, with its tables, prices and people.

        Where there is a project already, nothing is done.

        Args:
            step: of this lesson, after which a new sitting begins: with its files, its tables, and its staff.
        """
        if not (self.folder / "manage.py").exists():
            self._begin()
            if step:
                self.step(step)
                self.manage("makemigrations", "--no-header")
                self.manage("migrate")
                self.shell(SUPERUSER)
            if step >= ROLES:
                self.manage("make_roles")
                self.shell(STAFF)
        return Said("The project is there, with its tables, prices and people.")

    def _begin(self) -> None:
        self.run("django", "startproject", PACKAGE, ".")
        for app in APPS:
            self.write(f"{app}/__init__.py", "")
            self.write(f"{app}/migrations/__init__.py", "")
        for name, path in files_of(BEFORE).items():
            self._put(name, path.read_text("utf-8"))
        self.manage("makemigrations", "--no-header")
        self.manage("migrate")
        self.manage("import_prices", str(data_dir() / "stocks.csv"))
        self.shell(QUICK + PEOPLE)

    def step(self, name: str, *opened: str) -> Edits:
        """Bring in the files of this lesson's project as they are after a step.

        Args:
            name: of the step, such as "1.one_line".
            *opened: files that are shown open; all that are Python if none is named.

        Raises:
            OptionError: when there is no such step.
        """
        if name not in steps():
            raise OptionError(f"There is no step {name!r}; there are {', '.join(steps())}.")
        edits = [self._put(file, path.read_text("utf-8")) for file, path in files_after(name).items()]
        changed = tuple(each for each in edits if each.before != each.after)
        return Edits(changed, opened or tuple(each.name for each in changed if each.name.endswith(".py")))

    @property
    def url(self) -> str:
        """Where the site is. It is started when somebody asks, and anew when a file has changed."""
        state = self._fingerprint()
        if self._site is None or state != self._state:
            self._stack.close()
            self._site = self._stack.enter_context(self.site())
            self._state = state
        return self._site.url

    def browser(self, name: str = "", password: str = "") -> Browser:
        """A new browser; logged in at the admin, if a name is given.

        Raises:
            NetlabError: when the admin does not let them in.
        """
        browser = Browser(self)
        self._browsers.append(browser)
        if name:
            answer = browser.log_in(name, password)
            if answer.status != 302:
                raise NetlabError(f"{name} is not let in: {answer}")
        return browser

    def _fingerprint(self) -> str:
        """Whether a file that the site has read is another one now."""
        found = hashlib.sha256()
        for path in sorted(self.folder.rglob("*")):
            if path.suffix in (".py", ".html", ".mo"):
                found.update(f"{path}\0".encode() + path.read_bytes())
        return found.hexdigest()


def steps() -> tuple[str, ...]:
    """The names of the steps, in their order."""
    return django_project.steps(STEPS)


def files_after(name: str) -> dict[str, Path]:
    """Where the files of this lesson are after a step, by their path in the project."""
    return files_of(name, STEPS)

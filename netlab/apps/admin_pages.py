"""What stands on a page of Django's admin, as values: its forms, the rows of its list, what it says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import NamedTuple

TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the name of a field
VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
NOTE = "Please correct the error"  # what stands above the errors themselves
SILENT = frozenset({"script", "style", "template"})


@dataclass
class Form:
    """A form as a browser has it.

    Attributes:
        id: its id, such as "stock_form"; "" if it has none.
        action: where it is sent; "" for the page itself.
        fields: names and values that a browser would send as they stand; a list of pairs, for a name may come twice.
        names: of all fields that can be filled in, also boxes that are not ticked.
    """

    id: str
    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)


@dataclass
class AdminPage:
    """What a page says.

    Attributes:
        title: its heading.
        forms: the forms that are sent by POST.
        head: the titles of the columns of its list.
        rows: the rows of its list, each value as text.
        messages: what was done, at the top.
        errors: what is wrong with a form.
        filters: the titles of its filters.
        read_only: the fields of a form that are only shown, by their label.
        options: what can be chosen in each select, by its name.
    """

    title: str = ""
    forms: list[Form] = field(default_factory=list)
    head: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    filters: list[str] = field(default_factory=list)
    read_only: dict[str, str] = field(default_factory=dict)
    options: dict[str, list[str]] = field(default_factory=dict)

    @property
    def form(self) -> Form | None:
        """The form that the page is about: neither the log-out, nor the choice of a language."""
        beside = ("logout", "language", "log-out")
        return next(
            (form for form in self.forms if not any(x in form.id + form.action for x in beside)), None
        )


def read(source: str) -> AdminPage:
    """Read a page."""
    reader = _Reader()
    reader.feed(source)
    reader.close()
    page = reader.page
    page.errors = [error for error in page.errors if not error.startswith(NOTE)] or page.errors
    return page


class _Element(NamedTuple):
    """An element that is open."""

    tag: str = ""
    classes: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()  # its own and those of all elements around it
    around: frozenset[str] = frozenset()  # the classes of those


class _Reader(HTMLParser):
    """Notes what matters while the page goes by; texts are collected in what was opened last."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = AdminPage()
        self._open = [_Element()]  # the elements around, below them nothing
        self._texts: list[tuple[int, list[str]]] = []  # how deep, and what was said since
        self._form: Form | None = None
        self._select: tuple[str, bool, list[str]] | None = None  # name, several, what is chosen
        self._option: str | None = None
        self._area = ""
        self._list = False
        self._label = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag begins."""
        given = {name: value or "" for name, value in attrs}
        parent = self._open[-1]
        element = _Element(
            tag,
            frozenset(given.get("class", "").split()),
            parent.tags | {tag},
            parent.around | parent.classes,
        )
        if tag not in VOID:
            self._open.append(element)
        if self._wanted(element):
            self._texts.append((len(self._open), []))
        if tag == "img" and self._texts:
            self._texts[-1][1].append(given.get("alt", ""))
        if tag == "table" and given.get("id") == "result_list":
            self._list = True
        if tag == "tr" and self._list and "tbody" in element.tags:
            self.page.rows.append([])
        if "data-filter-title" in given:
            self.page.filters.append(given["data-filter-title"])
        self._start_field(tag, given)

    def _wanted(self, element: _Element) -> bool:
        tag = element.tag
        in_cell = tag in ("th", "td") and self._list
        said = tag == "li" and element.around & {"messagelist", "errorlist"}
        about = tag == "label" or (tag == "div" and "readonly" in element.classes)
        noted = tag in ("h1", "option", "textarea") or "errornote" in element.classes
        return bool(in_cell or said or about or noted)

    def _start_field(self, tag: str, given: Mapping[str, str]) -> None:
        name = given.get("name", "")
        if tag == "form":
            self._form = Form(given.get("id", ""), given.get("action", ""))
            if given.get("method", "").lower() == "post":
                self.page.forms.append(self._form)
        if self._form is None or "disabled" in given:
            return
        if tag == "input" and name:
            kind = given.get("type", "text")
            if kind in ("submit", "button", "image", "file", "reset"):
                return
            self._form.names.append(name)
            if kind not in ("checkbox", "radio") or "checked" in given:
                self._form.fields.append((name, given.get("value", "on" if kind == "checkbox" else "")))
            if self._list and self._texts and kind != "hidden" and kind != "checkbox":
                self._texts[-1][1].append(given.get("value", ""))
        elif tag == "select":
            self._form.names.append(name)
            self._select = (name, "multiple" in given, [])
            self.page.options[name] = []
        elif tag == "option" and self._select:
            self._option = given.get("value")
            self.page.options[self._select[0]].append(given.get("value", ""))
            if "selected" in given:
                self._select[2].append(given.get("value", ""))
        elif tag == "textarea":
            self._form.names.append(name)
            self._area = name

    def handle_endtag(self, tag: str) -> None:
        """A tag ends, and all within it that were left open."""
        if tag not in self._open[-1].tags:
            return
        while len(self._open) > 1:
            element = self._open[-1]
            if self._texts and self._texts[-1][0] == len(self._open):
                self._end_text(element, self._texts.pop()[1])
            self._open.pop()
            self._end_field(element.tag)
            if element.tag == tag:
                return

    def _end_field(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if tag == "table":
            self._list = False
        if tag == "select" and self._select and self._form:
            name, several, chosen = self._select
            if not several and not chosen and self.page.options[name]:
                chosen = self.page.options[name][:1]
            self._form.fields += [(name, value) for value in chosen]
            self._select = None

    def _end_text(self, element: _Element, parts: list[str]) -> None:
        raw = "".join(parts)
        text = re.sub(r"\s+", " ", raw).strip()
        tag, classes, _, around = element
        if tag == "textarea" and self._form:
            self._form.fields.append((self._area, raw.removeprefix("\n")))
        elif tag == "label":
            self._label = text.rstrip(":")
        elif "readonly" in classes:
            self.page.read_only[self._label] = text
        elif tag == "h1":
            self.page.title = self.page.title or text
        elif "messagelist" in around and tag == "li":
            self.page.messages.append(text)
        elif "errornote" in classes or "errorlist" in around:
            self.page.errors.append(text)
        elif tag in ("th", "td") and self._list:
            self._cell(text, element)

    def _cell(self, text: str, element: _Element) -> None:
        if element.classes & {"action-checkbox-column", "action-checkbox"}:
            return
        if self.page.rows and "tbody" in element.tags:
            self.page.rows[-1].append(text)
        else:
            self.page.head.append(text)

    def handle_data(self, data: str) -> None:
        """Text."""
        inside = self._open[-1]
        if not self._texts or inside.tag in SILENT:
            return
        if self._list and inside.tags & {"select", "option"}:
            return
        if "sortoptions" in inside.around | inside.classes:
            return
        self._texts[-1][1].append(data)

"""The course's one glossary and one index, made from the lessons' own terms, sections, imports and reading lists."""

from __future__ import annotations

import ast
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby

from netlab.course.catalogue import Lesson
from netlab.course.outputs import join

PLACES = 6  # of an entry in the index: those that say most about it
APART = ("What you remember", "Recap", "Glossary", "Read more")  # they only repeat


@dataclass(frozen=True)
class Passage:
    """One section of a lesson.

    Attributes:
        lesson: the lesson it stands in.
        title: its heading.
        prose: the text of its Markdown cells.
        code: the source of its code cells, one string a cell.
    """

    lesson: Lesson
    title: str
    prose: str
    code: tuple[str, ...]

    @cached_property
    def words(self) -> str:
        """Prose and code, in lower case."""
        return "\n".join([self.prose, *self.code]).lower()

    @property
    def link(self) -> str:
        """A Markdown link to its heading, as JupyterLab names it."""
        anchor = self.title.replace(" ", "-")
        tip = self.title.replace('"', "”")
        return f'[{self.lesson.id}]({self.lesson.path.name}#{anchor} "{tip}")'


@dataclass
class Sense:
    """One meaning of a term, and the lessons that give it."""

    definition: str
    lessons: list[Lesson] = field(default_factory=list)


def passages(lessons: Iterable[Lesson]) -> Iterator[Passage]:
    """The sections of the lessons, in order; what stands above the first heading belongs to none."""
    for lesson in lessons:
        cells = json.loads(lesson.path.read_bytes())["cells"]
        title, prose, code = "", [], []  # type: str, list[str], list[str]
        for cell in [*cells, {"cell_type": "markdown", "source": "## \n"}]:
            source = join(cell["source"])
            if cell["cell_type"] == "markdown" and source.startswith("## "):
                if title and title not in APART:
                    yield Passage(lesson, title, "\n".join(prose), tuple(code))
                title, prose, code = source.splitlines()[0].removeprefix("## ").strip(), [], []
            (prose if cell["cell_type"] == "markdown" else code).append(source)


def terms(lessons: Iterable[Lesson]) -> dict[str, list[Sense]]:
    """Each term with its senses, in the order of the alphabet; "TTL" and "ttl" are one term."""
    spelled: dict[str, str] = {}
    senses: dict[str, list[Sense]] = defaultdict(list)
    for lesson in lessons:
        for term, definition in lesson.glossary.items():
            key = spelled.setdefault(term.lower(), term)
            known = next((sense for sense in senses[key] if sense.definition == definition), None)
            if known is None:
                senses[key].append(known := Sense(definition))
            known.lessons.append(lesson)
    return dict(sorted(senses.items(), key=lambda entry: _alphabetical(entry[0])))


def glossary(lessons: Sequence[Lesson]) -> str:
    """The glossary as Markdown: every term of every lesson, with the lesson where you meet it."""
    entries = terms(lessons)
    lines = ["# Glossary", "", f"{len(entries)} terms, each with the lesson that explains it.", ""]
    for letter, group in groupby(entries.items(), key=lambda entry: _letter(entry[0])):
        lines += [f"## {letter}", ""]
        lines += [f"- **{term}**: {'; or '.join(map(_sense, senses))}" for term, senses in group]
        lines.append("")
    return "\n".join(lines)


def index(lessons: Sequence[Lesson]) -> str:
    """The index as Markdown: where each term, each name of a library and each document is treated."""
    sections = list(passages(lessons))
    lines = [
        "# Index",
        "",
        "The numbers are those of the lessons; each leads to the section.",
        "",
        "## Terms",
        "",
    ]
    for term, senses in terms(lessons).items():
        homes = {lesson.id for sense in senses for lesson in sense.lessons}
        lines.append(f"- {term}: {_links(_mentions(term, sections, homes))}")
    lines += ["", "## Names in the code", ""]
    lines += [f"- `{name}`: {_links(found)}" for name, found in _names(sections).items()]
    lines += ["", "## Documents", ""]
    lines += [f"- {title}: {', '.join(numbers)}" for title, numbers in _documents(lessons).items()]
    return "\n".join([*lines, ""])


def _sense(sense: Sense) -> str:
    where = ", ".join(f"[{lesson.id}]({lesson.path.name})" for lesson in sense.lessons)
    return f"{sense.definition} ({where})"


def _mentions(term: str, sections: Sequence[Passage], homes: set[str]) -> list[Passage]:
    """The sections that say most about a term: first those of the lessons that define it."""
    words = re.split(r"[\s-]+", term.lower())
    pattern = r"[\s-]+".join(map(re.escape, words))
    whole = re.compile(rf"(?<!\w){pattern}(?:s|es)?(?!\w)")
    longest = max(words, key=len)  # a search for plain text leaves few sections to the expression
    counts = {
        at: len(whole.findall(section.words))
        for at, section in enumerate(sections)
        if longest in section.words
    }
    best = sorted(
        (at for at, count in counts.items() if count),
        key=lambda at: (sections[at].lesson.id not in homes, -counts[at], at),
    )
    return [sections[at] for at in sorted(best[:PLACES])] or _nearest(term, sections, homes)


def _nearest(term: str, sections: Sequence[Passage], homes: set[str]) -> list[Passage]:
    """For a term that its lesson only inflects ("delegates" for "delegation"): the section with most of its stems."""
    stems = [word[:6] for word in re.findall(r"\w{3,}", term.lower())]
    at_home = [section for section in sections if section.lesson.id in homes]
    return sorted(at_home, key=lambda section: -sum(map(section.words.count, stems)))[:1]


def _names(sections: Iterable[Passage]) -> dict[str, list[Passage]]:
    """What the code cells take from modules, such as `socket.create_connection`, with the sections that do."""
    found: dict[str, list[Passage]] = defaultdict(list)
    imported: dict[str, dict[str, str]] = defaultdict(dict)
    for section in sections:
        for source in section.code:
            for name in _names_of(source, imported[section.lesson.id]):
                if section not in found[name]:
                    found[name].append(section)
    return {name: found[name][:PLACES] for name in sorted(found, key=_alphabetical)}


def _names_of(source: str, imported: dict[str, str]) -> Iterator[str]:
    """The full names that one cell imports or reaches through a module.

    Args:
        source: of the cell; what is no Python names nothing.
        imported: what the lesson has imported so far, local name to full name; the cell's imports are added.
    """
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except SyntaxError:
        return
    for node in nodes:
        if isinstance(node, ast.Import):
            imported.update({a.asname or a.name.partition(".")[0]: a.name for a in node.names})
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield f"{node.module}.{alias.name}"
    for node in nodes:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in imported:
            yield f"{imported[node.value.id]}.{node.attr}"


def _documents(lessons: Iterable[Lesson]) -> dict[str, list[str]]:
    documents: dict[str, list[str]] = defaultdict(list)
    for lesson in lessons:
        for reading in lesson.reading:
            link = f"[{lesson.id}]({lesson.path.name}#Read-more)"
            documents[reading.title] += [link] if link not in documents[reading.title] else []
    return dict(sorted(documents.items(), key=lambda entry: _by_number(entry[0])))


def _links(found: Iterable[Passage]) -> str:
    return ", ".join(section.link for section in found)


def _letter(term: str) -> str:
    first = _alphabetical(term)[0][:1].upper()
    return first if first.isalpha() else "0–9 and signs"


def _alphabetical(text: str) -> tuple[str, str]:
    """A key that looks past quotes, dots and dashes in front: `.example` stands under E."""
    return text.lower().lstrip("`'\"“‘.-_/ ") or text, text


def _by_number(title: str) -> tuple[str, int, str]:
    """A key that puts RFC 791 before RFC 1122."""
    number = re.match(r"(\D*)(\d*)", title)
    head, digits = number.groups() if number else (title, "")
    return head.lower(), int(digits or 0), title

"""The contract, second part: structure, words, pictures, and what a deck needs."""

from __future__ import annotations

import ast
import ipaddress
import json
import re
from collections.abc import Iterator

from netlab.course.lint import Cell, Notebook, Problem, Rule

SLIDE_TYPES = {"slide", "subslide", "fragment", "skip", "notes", "-"}
LONGEST_TEXT = 190  # words in a cell of text, tables and folded answers aside
IMAGES = ("image/png", "image/jpeg", "image/svg+xml")
LARGEST_OUTPUT, LARGEST_LESSON = 250_000, 1_500_000  # characters
EXAMPLE = r"(?:.+\.)?(?:example|test|invalid|localhost|example\.(?:com|net|org))"  # RFC 2606 and RFC 6761
HOST_NAME = r"(?:[a-z0-9-]+\.)+(?:com|org|net|edu|gov|io|dev|app|info|co|uk|de|fr|eu|ch|cn|jp)"
KEY = r"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[\w+/]{20}|\bAKIA[A-Z\d]{16}\b|\bgh[pousr]_\w{36}|\bxox[abpr]-\w{10}"
CLOSING_SECTIONS = ("Myths", "Recap", "Glossary", "Read more")


def headings_are_in_order(notebook: Notebook) -> Iterator[Problem]:
    """One title, the one in the metadata, then sections, and no level is skipped."""
    level = 0
    titles = 0
    first = notebook.cells[0].source.partition("\n")[0] if notebook.cells else ""
    if notebook.about.get("title", "") not in first:
        yield "lesson", f"begins with {first!r}: the title in its metadata is {notebook.about['title']!r}"
    for cell in notebook.markdown:
        for found in re.findall(r"(?m)^(#{1,6}) ", _without_code(cell.source)):
            titles += len(found) == 1
            if len(found) > level + 1:
                yield cell.id, f"a heading of level {len(found)} follows one of level {level}"
            level = len(found)
    if titles != 1:
        yield "lesson", f"has {titles} titles (`# …`): it needs one"


def it_ends_as_every_lesson_does(notebook: Notebook) -> Iterator[Problem]:
    """Myths shown wrong by running something, a recap, the glossary, and what to read."""
    titles = {
        section[0].source.splitlines()[0].removeprefix("## "): section for section in notebook.sections()
    }
    for wanted in CLOSING_SECTIONS:
        found = next((section for title, section in titles.items() if title.startswith(wanted)), None)
        if found is None:
            yield "lesson", f"has no section “{wanted}”"
        elif wanted == "Myths" and not any(cell.is_code for cell in found):
            yield found[0].id, "a myth is shown wrong by running something"
        elif wanted == "Glossary":
            text = "\n".join(cell.source for cell in found).lower()
            for term in notebook.about.get("glossary", {}):
                if term.lower() not in text:
                    yield found[0].id, f"the glossary in the metadata has {term!r}, the text has not"


def pictures_have_words(notebook: Notebook) -> Iterator[Problem]:
    """An image has a text alternative, in the text as in the outputs."""
    for cell in notebook.markdown:
        if re.search(r"!\[\s*\]\(", cell.source) or re.search(r"<img(?![^>]*\balt=\"[^\"])", cell.source):
            yield cell.id, "an image has no text alternative"
    for cell in notebook.code:
        for output in cell.outputs:
            for kind in IMAGES:
                if kind in output.get("data", {}) and not output.get("metadata", {}).get(kind, {}).get("alt"):
                    yield (
                        cell.id,
                        f"its {kind} has no alt in the output's metadata: show it with netlab.charts.picture",
                    )


def text_is_short_and_calm(notebook: Notebook) -> Iterator[Problem]:
    """No long cells, no exclamation marks, no math that needs a library from the net."""
    for cell in notebook.markdown:
        prose = _without_code(cell.source)
        words = len(re.sub(r"(?ms)^\|.*?$|<details>.*?</details>", "", prose).split())
        listing = cell.source.startswith(("# ", "## Glossary", "## Read more"))
        if words > LONGEST_TEXT and not listing:
            yield cell.id, f"has {words} words: split it, or leave some out"
        if re.search(r"!(?![=\[])", prose.replace("<!--", "")):
            yield cell.id, "has an exclamation mark in its prose"
        if re.search(r"(?<!\\)\$[^$\n]*(?<!\\)\$|\\[(\[]", prose):
            yield (
                cell.id,
                "has math markup, or two dollar signs that become it: write plain characters, or \\$",
            )


def addresses_are_examples(notebook: Notebook) -> Iterator[Problem]:
    """Mail addresses, and hosts in code, are of names kept for examples, or of this machine."""
    mails = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")
    for cell in notebook.cells:
        for mail in mails.findall(cell.source):
            if not _is_example(mail.rpartition("@")[2]):
                yield cell.id, f"{mail} may be somebody's address: use one under .example"
        for host in _hosts(cell) if cell.is_code else ():
            if not _is_example(host):
                yield (
                    cell.id,
                    f"the code names {host}: nothing may leave this machine, use a name under .example",
                )


def _hosts(cell: Cell) -> Iterator[str]:
    """The hosts that a code cell names: in URLs, as names of their own, and as addresses beside a port."""
    yield from re.findall(r"(?:https?|ftp)://([\w.-]+)", cell.source)
    for node in ast.walk(cell.tree):
        if isinstance(node, ast.Constant) and re.fullmatch(HOST_NAME, str(node.value)):
            yield str(node.value)
        if isinstance(node, ast.Tuple) and len(node.elts) == 2:
            host, port = (getattr(element, "value", None) for element in node.elts)
            if (
                isinstance(host, str)
                and isinstance(port, int)
                and re.fullmatch(r"[\d.]+|[\da-f:]+:[\da-f:]*", host)
            ):
                yield host


def _is_example(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global  # RFC 5737 and RFC 3849 are not, nor is loopback
    except ValueError:
        return re.fullmatch(EXAMPLE, host) is not None


def nothing_is_secret(notebook: Notebook) -> Iterator[Problem]:
    """No key that somebody might use, or might be told off for."""
    for cell in notebook.cells:
        if re.search(KEY, cell.source):
            yield (
                cell.id,
                "holds what looks like a real key or token: make one up in the cell, or write it as …",
            )


def it_is_light(notebook: Notebook) -> Iterator[Problem]:
    """A notebook opens quickly and its diffs can be read."""
    total = 0
    for cell in notebook.cells:
        size = len(json.dumps(cell.outputs))
        total += size
        if size > LARGEST_OUTPUT:
            yield cell.id, f"its output has {size:,} characters: show less, or a PNG instead of an SVG"
    if total > LARGEST_LESSON:
        yield "lesson", f"its outputs have {total:,} characters: {LARGEST_LESSON:,} are enough"


def every_cell_knows_its_slide(notebook: Notebook) -> Iterator[Problem]:
    """Every cell has a slide type, and every section that a deck shows has speaker notes."""
    for cell in notebook.cells:
        kind = cell.data["metadata"].get("slideshow", {}).get("slide_type")
        if kind not in SLIDE_TYPES:
            yield cell.id, "has no slide type"
        if cell.is_section and kind not in ("skip", "notes") and not cell.about.get("notes"):
            yield cell.id, "has no speaker notes (metadata.netlab.notes): what to say, what to ask the class"


def ids_are_unique(notebook: Notebook) -> Iterator[Problem]:
    """Every cell has an id of its own."""
    seen = set()
    for cell in notebook.cells:
        if cell.id in seen or cell.id == "?":
            yield cell.id, "has no id of its own: `netlab refresh` gives it one"
        seen.add(cell.id)


def _without_code(text: str) -> str:
    return re.sub(r"(?s)```.*?```|`[^`\n]*`", "", text)


RULES: tuple[Rule, ...] = (
    headings_are_in_order,
    it_ends_as_every_lesson_does,
    pictures_have_words,
    text_is_short_and_calm,
    addresses_are_examples,
    nothing_is_secret,
    it_is_light,
    every_cell_knows_its_slide,
    ids_are_unique,
)

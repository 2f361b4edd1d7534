"""The contract, second part: structure, words, pictures, and what a deck needs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from netlab.course.lint import Notebook, Problem, Rule

SLIDE_TYPES = {"slide", "subslide", "fragment", "skip", "notes", "-"}
LONGEST_TEXT = 190  # words in a cell of text, tables and folded answers aside
IMAGES = ("image/png", "image/jpeg", "image/svg+xml")
CLOSING_SECTIONS = ("Myths", "Recap", "Glossary", "Read more")


def headings_are_in_order(notebook: Notebook) -> Iterator[Problem]:
    """One title, then sections, and no level is skipped."""
    level = 0
    titles = 0
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
        prose = re.sub(r"(?ms)^\|.*?$|<details>.*?</details>", "", _without_code(cell.source))
        words = len(prose.split())
        listing = cell.source.startswith(("# ", "## Glossary", "## Read more"))
        if words > LONGEST_TEXT and not listing:
            yield cell.id, f"has {words} words: split it, or leave some out"
        if re.search(r"!(?![=\[])", prose.replace("<!--", "")):
            yield cell.id, "has an exclamation mark in its prose"
        if "$$" in prose or re.search(r"\\\(|\\\[", prose):
            yield cell.id, "has math markup, which decks cannot show offline: write it in plain characters"


def addresses_are_examples(notebook: Notebook) -> Iterator[Problem]:
    """Mail addresses and fetched URLs are of names kept for examples, or of this machine."""
    mails = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")
    urls = re.compile(r"https?://([\w.-]+)")
    for cell in notebook.cells:
        for mail in mails.findall(cell.source):
            if not mail.rstrip(".").endswith((".example", "example.com", "example.org", "example.net")):
                yield cell.id, f"{mail} may be somebody's address: use one under .example"
        for host in urls.findall(cell.source) if cell.is_code else ():
            if host != "localhost" and not host.startswith("127.") and not host.endswith(".example"):
                yield cell.id, f"the code names http://{host}: nothing may leave this machine"


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
    every_cell_knows_its_slide,
    ids_are_unique,
)

"""`netlab slides`: a deck for each lesson, and an index, that open from a disk with no network at all.

    build/slides/index.html           the course's parts and lessons, with a link to each deck
    build/slides/03_tcp_sockets.html  the deck: its pictures are inside
    build/slides/assets/              reveal.js, its speaker notes, our look, and plotly.js where a lesson draws
                                      with it: shared by all decks

What stands on which slide is decided in `netlab.course.deck`; how it looks, in `templates/`.
"""

from __future__ import annotations

import base64
import html
import mimetypes
import re
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from netlab._files import write_atomic
from netlab.course import catalogue, deck
from netlab.course._quick import import_nbformat_quickly
from netlab.errors import CourseError, MissingError, NetlabError

if TYPE_CHECKING:
    from nbconvert.exporters import HTMLExporter

TEMPLATES = Path(__file__).with_name("templates")
REVEAL_FILES = ("LICENSE", "dist/reset.css", "dist/reveal.css", "dist/reveal.js", "plugin/notes/notes.js")

PLOTLY = "application/vnd.plotly.v1+json"  # a chart for plotly.js, which a deck then needs

LINK_TO_LESSON = re.compile(r'(<a [^>]*href="(?:\./)?\d\d_\w+)\.ipynb')
PICTURE = re.compile(r'(<img\s[^>]*?src=")(?!\w+:|//|assets/)([^"]+)')
IN_CSS = re.compile(r"""(?:url\(|@import)\s*['"]?([^'")\s;]+)""")


def build_slides(
    out: Path,
    names: Sequence[str] = (),
    *,
    folder: Path | None = None,
    progress: Callable[[int, int, str], object] = lambda *_: None,
) -> list[Path]:
    """Write decks, the index and what they share.

    Args:
        out: the folder to write to; made if it is not there.
        names: the lessons, as `catalogue.find` understands them; all if empty.
        folder: where the notebooks are; the published lessons if None.
        progress: called before each deck with the number done, the number in all and the lesson's name.

    Returns:
        The decks, in the order of the course.

    Raises:
        CourseError: no such lesson, or a lesson that cannot become a deck; the message names it.
        MissingError: reveal.js is not installed.
    """
    lessons = catalogue.select(names, folder)
    out.mkdir(parents=True, exist_ok=True)
    _write_assets(out / "assets")
    decks: list[Path] = []
    for done, lesson in enumerate(lessons):
        progress(done, len(lessons), lesson.name)
        decks.append(deck_path(out, lesson))
        page = render(lesson)
        write_atomic(decks[-1], page.encode())
        if 'src="assets/plotly.min.js"' in page:
            from netlab.charts.interactive import plotly_js

            write_atomic(out / "assets" / "plotly.min.js", plotly_js().read_bytes())
    write_atomic(out / "index.html", _index(out, catalogue.load(folder)).encode())
    return decks


def command(out: Path, names: Sequence[str]) -> int:
    """Build the decks and say so in the terminal.

    Returns:
        The exit code: 0, or 1 after a message that says what is wrong.
    """
    from rich.console import Console
    from rich.progress import Progress

    start = time.perf_counter()
    try:
        with Progress(console=Console(), transient=True) as bar:
            task = bar.add_task("slides")
            decks = build_slides(
                out,
                names,
                progress=lambda done, total, name: bar.update(
                    task, completed=done, total=total, description=name
                ),
            )
    except NetlabError as error:
        Console(stderr=True).print(str(error), style="red", markup=False, highlight=False)
        return 1
    seconds = time.perf_counter() - start
    count = "1 deck" if len(decks) == 1 else f"{len(decks)} decks"
    Console(soft_wrap=True).print(f"{count} in {seconds:.1f} s. Open {out / 'index.html'}", highlight=False)
    return 0


def deck_path(out: Path, lesson: catalogue.Lesson) -> Path:
    """Where a lesson's deck is written."""
    return out / f"{lesson.name}.html"


def render(lesson: catalogue.Lesson) -> str:
    """One lesson's deck as an HTML page.

    Raises:
        CourseError: the lesson cannot become a deck; the message names it and says what to mend.
    """
    import_nbformat_quickly()
    import nbformat

    try:
        notebook = nbformat.read(lesson.path, as_version=4)
        resources = {
            "lesson": lesson,
            "stacks": deck.plan(notebook),
            "plotly": PLOTLY,
            "draws": _draws(notebook),
            "metadata": {"name": lesson.name, "path": str(lesson.path.parent)},
        }
        page, _ = _exporter().from_notebook_node(notebook, resources)
        page = PICTURE.sub(lambda found: _with_picture_inside(found, lesson.path.parent), page)
    except Exception as error:  # whatever is wrong, the author has to know in which lesson
        raise CourseError(f"{lesson.path.name} has no deck: {error}") from error
    page = LINK_TO_LESSON.sub(r"\1.html", page)
    strangers = sorted({link for link in resources_of(page) if not _is_ours(link)})
    if strangers:
        raise CourseError(
            f"{lesson.path.name} has no deck: it would load {', '.join(strangers)}. "
            f"Put the picture beside the lesson, or draw it as SVG."
        )
    return page


def resources_of(page: str) -> Iterator[str]:
    """Everything that an HTML page makes the browser load, as it is written there; links to click are not."""
    reader = _ResourceReader()
    reader.feed(page)
    yield from reader.found


class _ResourceReader(HTMLParser):
    LOADING = frozenset({"src", "srcset", "href", "xlink:href", "poster", "data", "background"})

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_style = tag == "style"
        for name, value in attrs:
            if name in self.LOADING and tag != "a":
                self.found.append(value or "")
            elif name == "style":
                self.found += IN_CSS.findall(value or "")

    def handle_data(self, data: str) -> None:
        if self._in_style:
            self.found += IN_CSS.findall(data)


def _is_ours(link: str) -> bool:
    return link.startswith(("data:", "assets/", "#"))


def _with_picture_inside(found: re.Match[str], folder: Path) -> str:
    """The `<img>` of a picture that lies with the lessons, with the picture's bytes in place of its name."""
    picture = folder / html.unescape(unquote(found[2]))
    if not picture.is_file():
        return found[0]
    kind, _ = mimetypes.guess_type(picture)
    return f"{found[1]}data:{kind};base64,{base64.b64encode(picture.read_bytes()).decode()}"


def _draws(notebook: Any) -> bool:
    """Whether a lesson shows a chart that plotly.js draws."""
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", ()))
    return any(PLOTLY in output.get("data", {}) for output in outputs)


@cache
def _exporter() -> HTMLExporter:
    from nbconvert.exporters import HTMLExporter

    return HTMLExporter(
        template_name="deck",
        extra_template_basedirs=[str(TEMPLATES)],
        embed_images=False,  # it would take HTML apart cell by cell and close <details> before the answer
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
    )


def _write_assets(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    package = find_spec("sphinx_revealjs")  # importing it would import all of Sphinx
    if package is None or package.origin is None:
        raise MissingError(
            "The slides need reveal.js, which is not installed: pip install 'netlab[instructor]'"
        )
    reveal = Path(package.origin).parent / "_static" / "revealjs"
    for source in [*(reveal / name for name in REVEAL_FILES), *sorted((TEMPLATES / "assets").iterdir())]:
        write_atomic(folder / source.name, source.read_bytes())


def _index(out: Path, lessons: list[catalogue.Lesson]) -> str:
    """The page that lists the decks, those of an earlier build included."""
    import jinja2

    parts: dict[str, list[dict[str, Any]]] = {}
    for lesson in lessons:
        deck_file = deck_path(out, lesson)
        if deck_file.exists():
            parts.setdefault(lesson.part, []).append({"lesson": lesson, "href": deck_file.name})
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("index.html.j2").render(parts=parts)

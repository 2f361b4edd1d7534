"""What of a lesson goes on which slide: a notebook becomes stacks of slides with speaker notes.

The deck is a talk, not the notebook again. Each cell says in its metadata where it belongs:

    slideshow.slide_type    slide      a new section: the next stack, to the right
                            subslide   the next slide of the section, below
                            fragment   same slide, appears at the next key press
                            -          same slide
                            notes      not shown: its prose goes to the speaker notes
                            skip       left out; prose about what the cell above it has shown goes to the speaker notes
    netlab.slide            Markdown that stands on the slide instead of the cell's prose; of a code cell, above it
    netlab.cut              heights, in the units of a cell's drawing, at which it goes on on another slide: a tall
                            one would be too small to be read from the last row
    netlab.notes            Markdown for the speaker: what to say, what to ask the class
    netlab.minutes          how long the section takes; shown in the speaker notes
    netlab.quiz             the question that is asked: its answer goes to the speaker notes
    tags                    exercise, check: left out; quiz, hide-code: the output without the code

The cell with the lesson's title (`# ...`) is replaced by a title slide and a slide of the objectives.
"""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Literal

from netlab.errors import CourseError
from netlab.exercises.registry import UnknownNameError, find_quiz

Cell = Any  # nbformat's NotebookNode, which has no types
Kind = Literal["title", "objectives", "content"]

LEFT_OUT = {"exercise", "check"}
WITHOUT_CODE = {"quiz", "hide-code"}
SVG = "image/svg+xml"
VIEW_BOX = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)" width="[\d.]+" height="[\d.]+"')
VIEW = 'viewBox="0 {top} {width} {height}" width="{width}" height="{height}"'
MYTH = re.compile(r"\*\*(“[^*]+”)\*\*")
HEADING = re.compile(r"\s*(#{1,6}) +(.+?)\s*#*\s*(?:\n|$)")


@dataclass
class Step:
    """Cells that appear together; those of a fragment wait for a key press."""

    fragment: bool
    cells: list[Cell] = field(default_factory=list)


@dataclass
class Slide:
    """One slide.

    Attributes:
        kind: "title" and "objectives" are drawn from the lesson's metadata, "content" from cells.
        section: the heading to repeat, small, on a slide that has none of its own.
        lead: Markdown above the code that the slide begins with.
        steps: what is shown, in order.
        notes: the speaker notes, each Markdown.
    """

    kind: Kind
    section: str = ""
    lead: str = ""
    steps: list[Step] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def plan(notebook: Any) -> list[list[Slide]]:
    """Decide what stands on which slide.

    Args:
        notebook: a lesson with its outputs stored, as nbformat reads it; it is not changed.

    Returns:
        The stacks from left to right, each a list of slides from top to bottom.

    Raises:
        CourseError: a cell shows an error, or a quiz has no stored output.
    """
    stacks = [[Slide("title"), Slide("objectives")]]
    section = ""
    for number, original in enumerate(notebook.cells):
        cell = copy.deepcopy(original)
        level, heading = _heading(cell)
        if level == 1:
            stacks[0][0].notes += _notes(cell, number)
            continue
        if level == 2:
            section = heading
        slide_type = cell.metadata.get("slideshow", {}).get("slide_type", "-")
        if slide_type == "skip" or LEFT_OUT & _tags(cell):
            if _explains(notebook.cells, number):
                stacks[-1][-1].notes.append(str(cell.source))
            continue
        if slide_type == "notes":
            stacks[-1][-1].notes += [_as_markdown(cell), *_notes(cell, number)]
            continue
        if slide_type == "slide":
            stacks.append([])
        if slide_type in {"slide", "subslide"} or stacks[-1][-1].kind != "content":
            stacks[-1].append(Slide("content", section))
        slide = stacks[-1][-1]
        if cell.cell_type == "code" and not slide.steps:
            slide.lead = _markdown_of(cell, "slide", number) or _myth_above(notebook.cells, number)
        rest = _cut(cell, number)
        _show(slide, cell, number, fragment=slide_type == "fragment")
        stacks[-1] += [Slide("content", section, steps=[Step(False, [part])]) for part in rest]
    return stacks


def _cut(cell: Cell, number: int) -> list[Cell]:
    """Leave the top of a cell's drawing in the cell; return cells that show the rest, from top to bottom."""
    heights = cell.metadata.get("netlab", {}).get("cut", [])
    if not heights:
        return []
    drawings = [output for output in cell.get("outputs", []) if SVG in output.get("data", {})]
    box = VIEW_BOX.search(drawings[0].data[SVG]) if len(drawings) == 1 else None
    edges = [0.0, *heights, float(box[2])] if box else []
    if not box or edges != sorted(set(edges)):
        raise CourseError(f"netlab.cut of cell {number} is {heights!r}: not heights inside its one drawing")
    parts = []
    for top, bottom in pairwise(edges):
        part = copy.deepcopy(drawings[0])
        view = VIEW.format(width=box[1], top=f"{top:g}", height=f"{bottom - top:g}")
        part.data[SVG] = part.data[SVG].replace(box[0], view, 1)
        parts.append(part)
    cells = [copy.deepcopy(cell) for _ in parts[1:]]
    for following, part in zip(cells, parts[1:], strict=True):
        following.outputs = [part]
        following.metadata["transient"] = {"remove_source": True}
    drawings[0].data = parts[0].data
    return cells


def _myth_above(cells: list[Cell], number: int) -> str:
    """The myths that the prose above a cell quotes in bold, for a slide that shows only how they are refuted."""
    while number and cells[number].cell_type == "code":
        number -= 1
    return " ".join(MYTH.findall(cells[number].source))


def _is_shown(cell: Cell) -> bool:
    kind = cell.metadata.get("slideshow", {}).get("slide_type", "-")
    return kind not in {"skip", "notes"} and not LEFT_OUT & _tags(cell)


def _explains(cells: list[Cell], number: int) -> bool:
    """Whether a cell is prose about the output above it, and not the task that the cell below it sets."""
    before, cell, after = cells[max(number - 1, 0)], cells[number], cells[min(number + 1, len(cells) - 1)]
    return (
        cell.cell_type == "markdown"
        and before.cell_type == "code"
        and _is_shown(before)
        and (after.cell_type == "markdown" or _is_shown(after))
    )


def _show(slide: Slide, cell: Cell, number: int, *, fragment: bool) -> None:
    """Put a cell on a slide, its notes behind it."""
    if cell.cell_type == "markdown":
        _replace_prose(cell, number)
        if _heading(cell)[0] in {1, 2}:
            slide.section = ""
    else:
        _check_outputs(cell, number)
        if WITHOUT_CODE & _tags(cell):
            cell.metadata["transient"] = {"remove_source": True}  # nbconvert's own sign for it
    if fragment or not slide.steps:
        slide.steps.append(Step(fragment))
    slide.steps[-1].cells.append(cell)
    slide.notes += _notes(cell, number)


def _replace_prose(cell: Cell, number: int) -> None:
    """Let `netlab.slide` stand for the prose, below the cell's heading unless it brings its own."""
    words = _markdown_of(cell, "slide", number)
    if not words:
        return
    heading = HEADING.match(cell.source)
    if heading and not HEADING.match(words):
        words = f"{heading[0].strip()}\n\n{words}"
    cell.source = words


def _check_outputs(cell: Cell, number: int) -> None:
    outputs = cell.get("outputs", [])
    if "quiz" in _tags(cell) and not outputs:
        raise CourseError(f"the quiz in cell {number} has no stored output; run `make refresh`")
    for output in outputs:
        if output.output_type == "error" and "raises-exception" not in _tags(cell):
            raise CourseError(
                f"cell {number} shows {output.ename}: {output.evalue}; mend the cell and run `make refresh`"
            )


def _notes(cell: Cell, number: int) -> list[str]:
    minutes = cell.metadata.get("netlab", {}).get("minutes")
    words = _markdown_of(cell, "notes", number)
    times = [f"*This section: {minutes} minutes.*"] if minutes else []
    return times + ([words] if words else []) + _answer(cell)


def _answer(cell: Cell) -> list[str]:
    """The right choice of the question that a cell asks, and why the others are wrong."""
    name = cell.metadata.get("netlab", {}).get("quiz")
    if not name:
        return []
    try:
        question = find_quiz(name)
    except UnknownNameError:  # the contract of the lessons names it
        return []
    right = f"**Answer: {question.answer}.** {question.choices[question.answer].why}"
    others = [f"- {key}: {choice.why}" for key, choice in question.choices.items() if key != question.answer]
    return ["\n".join([right, "", *others])]


def _markdown_of(cell: Cell, key: str, number: int) -> str:
    words = cell.metadata.get("netlab", {}).get(key, "")
    if not isinstance(words, str):
        raise CourseError(f"netlab.{key} of cell {number} is {words!r}; it must be Markdown text")
    return words.strip()


def _as_markdown(cell: Cell) -> str:
    return f"```python\n{cell.source}\n```" if cell.cell_type == "code" else str(cell.source)


def _heading(cell: Cell) -> tuple[int, str]:
    """Level and words of the heading that a Markdown cell begins with, or (0, "")."""
    match = HEADING.match(cell.source) if cell.cell_type == "markdown" else None
    return (len(match[1]), match[2]) if match else (0, "")


def _tags(cell: Cell) -> set[str]:
    return set(cell.metadata.get("tags", []))

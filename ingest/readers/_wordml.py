"""The text of a Word file's XML: what a reader of the printed page would see, and no more.

Insertions that are tracked count as text, deletions and the sources of moves do not; comments,
field codes and hidden marks do not. Of an alternative for older programs only the first choice is
read. The schema is ECMA-376, part 1, section 17.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lxml.etree import _Element

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_LEFT_OUT: Final = frozenset(
    [
        *(f"{W}{name}" for name in ("del", "moveFrom", "instrText", "delText", "pPr", "rPr")),
        *(f"{W}{name}" for name in ("footnoteRef", "endnoteRef", "commentReference", "tblPr")),
        f"{_MC}Fallback",
    ]
)
_SIGNS: Final = {
    f"{W}tab": "\t",
    f"{W}ptab": "\t",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
}
_TRANSPARENT: Final = frozenset(
    f"{W}{name}" for name in ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo")
)
"""Wrappers around blocks, rows or cells."""
_PAGE_BREAKS: Final = ("page", "column")


@dataclass
class Said:
    """What a paragraph says, and what hangs on it."""

    text: str = ""
    notes: list[tuple[str, str]] = field(default_factory=list)
    """Kind, `footnote` or `endnote`, and id of the notes it refers to."""
    boxes: list[str] = field(default_factory=list)
    """The paragraphs of text boxes that are anchored in it."""


def blocks(parent: _Element) -> Iterator[_Element]:
    """The paragraphs and tables in an element, also those in content controls and insertions."""
    yield from _children(parent, (f"{W}p", f"{W}tbl"))


def paragraph(element: _Element) -> Said:
    """What a paragraph says."""
    said = Said()
    pieces: list[str] = []
    _walk(element, said, pieces)
    said.text = "".join(pieces)
    return said


def rows(table: _Element) -> Iterator[list[str]]:
    """The cells of each row as text on one line; a cell that spans columns is said once.

    A cell that spans rows is said in each of them, so that every row can be understood alone.
    """
    above: dict[int, str] = {}
    for row in _children(table, (f"{W}tr",)):
        if row.find(f"{W}trPr/{W}del") is not None:
            continue
        cells = []
        column = 0
        for cell in _children(row, (f"{W}tc",)):
            properties = cell.find(f"{W}tcPr")
            merge = properties.find(f"{W}vMerge") if properties is not None else None
            goes_on = merge is not None and merge.get(f"{W}val", "continue") == "continue"
            text = above.get(column, "") if goes_on else _cell(cell)
            above[column] = text
            cells.append(text)
            column += _span(properties)
        yield cells


def style_id(element: _Element) -> str:
    """The id of a paragraph's style, empty for the usual one."""
    style = element.find(f"{W}pPr/{W}pStyle")
    return str(style.get(f"{W}val", "")) if style is not None else ""


def outline_level(properties: _Element | None) -> int | None:
    """The level of a heading, 1 to 6, that paragraph properties state themselves."""
    level = properties.find(f"{W}outlineLvl") if properties is not None else None
    value = level.get(f"{W}val", "") if level is not None else ""
    return int(value) + 1 if value in {"0", "1", "2", "3", "4", "5"} else None


def is_listed(element: _Element) -> bool:
    """Whether a paragraph is numbered, or has a bullet, by itself and not by its style."""
    number = element.find(f"{W}pPr/{W}numPr/{W}numId")
    return number is not None and number.get(f"{W}val") != "0"


def _children(parent: _Element, wanted: tuple[str, ...]) -> Iterator[_Element]:
    for child in parent:
        if child.tag in wanted:
            yield child
        elif child.tag in _TRANSPARENT:
            yield from _children(child, wanted)


def _walk(element: _Element, said: Said, pieces: list[str]) -> None:
    for child in element:
        tag = child.tag
        if tag in _LEFT_OUT or not isinstance(tag, str):
            continue
        if tag in {f"{W}t", f"{_M}t"}:
            pieces.append(child.text or "")
        elif tag in _SIGNS:
            pieces.append(_SIGNS[tag])
        elif tag == f"{W}br":
            pieces.append("" if child.get(f"{W}type") in _PAGE_BREAKS else "\n")
        elif tag in {f"{W}footnoteReference", f"{W}endnoteReference"}:
            kind = tag.removeprefix(W).removesuffix("Reference")
            said.notes.append((kind, child.get(f"{W}id", "")))
        elif tag == f"{W}txbxContent":
            said.boxes += [text for text in _flat(child) if text]
        else:
            _walk(child, said, pieces)


def _flat(parent: _Element) -> Iterator[str]:
    """Each paragraph on a line, and each row of a table."""
    for block in blocks(parent):
        if block.tag == f"{W}tbl":
            yield from (", ".join(filter(None, cells)) for cells in rows(block))
        else:
            said = paragraph(block)
            yield " ".join(said.text.split())
            yield from said.boxes


def _cell(cell: _Element) -> str:
    """The text of a cell; a table within it is told row by row."""
    parts: list[str] = []
    for block in blocks(cell):
        if block.tag == f"{W}tbl":
            inner = [", ".join(filter(None, cells)) for cells in rows(block)]
            parts.append("; ".join(filter(None, inner)))
        else:
            said = paragraph(block)
            parts += [said.text, *said.boxes]
    return " ".join(" ".join(parts).split())


def _span(properties: _Element | None) -> int:
    span = properties.find(f"{W}gridSpan") if properties is not None else None
    value = span.get(f"{W}val", "1") if span is not None else "1"
    return int(value) if value.isdecimal() and len(value) < 4 else 1

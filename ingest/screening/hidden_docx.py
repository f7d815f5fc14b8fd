"""Text of a Word file that is formatted as hidden, or white on white, or too small to read."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from xml.etree import ElementTree

from ingest.screening.runs import HiddenRun, Runs

MAX_UNPACKED = 100_000_000
"""Bytes of one part of the file."""
SMALLEST = 4
"""Half-points, as the format counts: two points."""
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PARTS = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")
_OFF = frozenset({"0", "false", "off", "none"})
_WHITES = frozenset({"FFFFFF", "FEFEFE", "FDFDFD", "FCFCFC", "FBFBFB", "FAFAFA"})
_UNSHADED = frozenset({None, "auto", *_WHITES})
_DAMAGE = (
    zipfile.BadZipFile,
    ElementTree.ParseError,
    EOFError,
    LookupError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    zlib.error,
)
"""RuntimeError is the zip file's for a part with a password."""


@dataclass(frozen=True, slots=True)
class _Look:
    """What a style or a run says of its letters; None where it says nothing."""

    vanish: bool | None = None
    white: bool | None = None
    size: int | None = None
    shaded: bool | None = None

    def over(self, below: _Look) -> _Look:
        """This look, and below it what it leaves unsaid."""

        def either(mine: bool | None, theirs: bool | None) -> bool | None:
            return theirs if mine is None else mine

        return _Look(
            either(self.vanish, below.vanish),
            either(self.white, below.white),
            below.size if self.size is None else self.size,
            either(self.shaded, below.shaded),
        )

    @property
    def rule(self) -> str | None:
        """Why it cannot be seen."""
        if self.vanish:
            return "vanished"
        if self.size is not None and self.size < SMALLEST:
            return "tiny-text"
        return "background-colour" if self.white and not self.shaded else None


def runs_of_docx(data: bytes) -> tuple[HiddenRun, ...]:
    """The hidden runs of a .docx file; none where it cannot be read."""
    runs = Runs()
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            styles = _styles(_part(archive, "word/styles.xml"))
            for name in _PARTS:
                root = _part(archive, name)
                if root is not None:
                    # A coloured page is no white paper.
                    paged = _Look(shaded=root.find(f"{_W}background") is not None or None)
                    for look, text in _texts(root, styles, paged):
                        runs.add(look.rule, text)
    except _DAMAGE:
        return tuple(runs)
    return tuple(runs)


def _part(archive: zipfile.ZipFile, name: str) -> ElementTree.Element | None:
    if name not in archive.namelist() or archive.getinfo(name).file_size > MAX_UNPACKED:
        return None
    return ElementTree.fromstring(archive.read(name))


def _styles(root: ElementTree.Element | None) -> dict[str, _Look]:
    """The look of each style by id, with what it takes over from the style below it."""
    own: dict[str, tuple[_Look, str | None]] = {}
    for style in root.iter(f"{_W}style") if root is not None else ():
        look = _look(style.find(f"{_W}rPr"))
        # A table style's bands are set apart by condition; any shading counts.
        shaded = any(_is_shaded(s) for s in style.iter(f"{_W}shd")) or None
        own[style.get(f"{_W}styleId", "")] = (
            look.over(_Look(shaded=shaded)),
            _value(style, "basedOn"),
        )
    found: dict[str, _Look] = {}
    for name in own:
        look, seen, below = own[name][0], {name}, own[name][1]
        while below in own and below not in seen:
            seen.add(below)
            look, below = look.over(own[below][0]), own[below][1]
        found[name] = look
    return found


def _texts(
    root: ElementTree.Element, styles: Mapping[str, _Look], above: _Look
) -> Iterator[tuple[_Look, str]]:
    """The texts in order, each with its look. No recursion: files nest deeply."""
    stack: list[tuple[ElementTree.Element, _Look, bool]] = [(root, above, False)]
    while stack:
        element, look, leaving = stack.pop()
        if leaving:
            yield look, "\n"
            continue
        tag = element.tag.removeprefix(_W)
        if tag == "t":
            yield look, element.text or ""
            continue
        if tag in {"p", "tbl", "tc", "r"}:
            look = _inner(element, tag, styles).over(look)
        elif tag == "txbxContent":
            # What lies behind a text box is not known.
            look = _Look(shaded=True).over(look)
        if tag == "p":
            stack.append((element, look, True))
        stack += [(child, look, False) for child in reversed(element)]


def _inner(element: ElementTree.Element, tag: str, styles: Mapping[str, _Look]) -> _Look:
    """What a paragraph, table, cell or run adds."""
    properties = element.find(f"{_W}{tag}Pr")
    if properties is None:
        return _Look()
    shade = properties.find(f"{_W}shd")
    shaded = _Look(shaded=True if shade is not None and _is_shaded(shade) else None)
    style = styles.get(_value(properties, f"{tag}Style") or "", _Look())
    own = _look(properties) if tag == "r" else _Look()
    # The run's own shading, then what it says itself, then its style.
    return own.over(shaded).over(style)


def _look(properties: ElementTree.Element | None) -> _Look:
    if properties is None:
        return _Look()
    vanish = properties.find(f"{_W}vanish")
    colour = properties.find(f"{_W}color")
    size = _value(properties, "sz")
    highlight = _value(properties, "highlight")
    white: bool | None = None
    if colour is not None:
        theme = colour.get(f"{_W}themeColor")
        plain = not colour.get(f"{_W}themeShade")
        named = theme in {"background1", "light1"} and plain
        white = named if theme else colour.get(f"{_W}val", "").upper() in _WHITES
    return _Look(
        None if vanish is None else vanish.get(f"{_W}val", "1").lower() not in _OFF,
        white,
        int(size) if size is not None and size.isdecimal() else None,
        True if highlight not in {None, "none", "white"} else None,
    )


def _is_shaded(shade: ElementTree.Element) -> bool:
    fill = shade.get(f"{_W}fill")
    return (fill.upper() if fill and fill != "auto" else fill) not in _UNSHADED


def _value(element: ElementTree.Element, name: str) -> str | None:
    found = element.find(f"{_W}{name}")
    return None if found is None else found.get(f"{_W}val")

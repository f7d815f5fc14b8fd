"""Text recognition for scanned pages, by Debian's Tesseract where it is installed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ingest.documents import Page
from ingest.language import detect_language
from ingest.limits import DEFAULT_LIMITS, Limits
from ingest.readers._extract import Extract
from ingest.readers._pdfium import PdfiumError, opened

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

PACKAGES: Final = "tesseract-ocr tesseract-ocr-chi-tra tesseract-ocr-chi-sim"
"""Debian's names of what has to be installed."""
DPI: Final = 300
WANTED: Final = ("eng", "chi_tra", "chi_sim")
_FOR: Final = {"en": ("eng",), "zh-Hant": ("chi_tra", "eng"), "zh-Hans": ("chi_sim", "eng")}
_POINTS_AN_INCH = 72
_LONGEST_SIDE = 10_000
"""Pixels: a larger page is drawn more coarsely."""
_SHORTEST_SIDE = 40
_WIDE = "\u2e80"
_SPACED = re.compile(r"(?<=[\u2e80-\uffef]) +(?=[\u2e80-\uffef])")


@dataclass(frozen=True, slots=True)
class OcrEngine:
    """A program that recognises text, and the languages that it has been taught."""

    program: str
    languages: tuple[str, ...]
    version: str


@cache
def available() -> OcrEngine | None:
    """The installed Tesseract with at least English, or None."""
    program = shutil.which("tesseract")
    if program is None:
        return None
    try:
        listed = _run([program, "--list-langs"], 20).splitlines()[1:]
        version = _run([program, "--version"], 20).splitlines()[0]
    except (OSError, subprocess.SubprocessError, IndexError):
        return None
    languages = tuple(language for language in WANTED if language in listed)
    return OcrEngine(program, languages, version) if "eng" in languages else None


def recognise(
    engine: OcrEngine, data: bytes, extract: Extract, limits: Limits = DEFAULT_LIMITS
) -> Extract:
    """A PDF's reading with the text of its unread pages, marked as recognised.

    Pages that show no text, take longer than `limits.seconds_per_scan` or come after the first
    `limits.scans` stay unread.
    """
    pages, unread = list(extract.pages), list(extract.unread)
    languages: tuple[str, ...] = ()
    with opened(data) as pdf, tempfile.TemporaryDirectory(prefix="maieutic-ocr-") as folder:
        picture = Path(folder) / "page.pgm"
        for number in extract.unread[: limits.scans]:
            try:
                _draw(pdf.document, number - 1, picture)
                if not languages:
                    languages = _languages(engine, picture, limits)
                text = _text(engine, picture, languages, limits)
            except (PdfiumError, OSError, subprocess.SubprocessError):
                continue
            if text:
                unread.remove(number)
                _put(pages, number, text, extract.labels.get(number))
    return replace(extract, pages=tuple(pages), unread=tuple(unread))


def _draw(document: PdfDocument, index: int, picture: Path) -> None:
    """Draws a page in shades of grey."""
    import pypdfium2

    try:
        page = document[index]
        scale = DPI / _POINTS_AN_INCH
        scale = min(scale, _LONGEST_SIDE / max(*page.get_size(), 1))
        drawn = page.render(scale=scale, grayscale=True, may_draw_forms=False)
    except (pypdfium2.PdfiumError, IndexError) as error:
        raise PdfiumError(str(error)) from error
    if min(drawn.width, drawn.height) < _SHORTEST_SIDE:
        raise PdfiumError("the page is too small to hold a line")
    # PGM: a header of three numbers and the bytes, without a library for pictures.
    shades = bytes(drawn.buffer)
    rows = [shades[y * drawn.stride :][: drawn.width] for y in range(drawn.height)]
    picture.write_bytes(b"P5 %d %d 255\n" % (drawn.width, drawn.height) + b"".join(rows))
    page.close()


def _languages(engine: OcrEngine, picture: Path, limits: Limits) -> tuple[str, ...]:
    """Those to look for in the whole file, by its first page: with fewer, there are fewer slips."""
    text = _text(engine, picture, engine.languages, limits)
    if not text:
        return ()
    wanted = _FOR[detect_language(text)]
    return tuple(language for language in wanted if language in engine.languages) or ("eng",)


def _text(engine: OcrEngine, picture: Path, languages: Sequence[str], limits: Limits) -> str:
    """The text in a picture, paragraphs in one line each."""
    # 3: find the layout, columns included.
    command = [
        engine.program,
        str(picture),
        "stdout",
        "-l",
        "+".join(languages or engine.languages),
    ]
    command += ["--dpi", str(DPI), "--psm", "3"]
    return unwrapped(_run(command, limits.seconds_per_scan))


def unwrapped(text: str) -> str:
    """Recognised text with the lines of each paragraph joined, and no spaces between Chinese."""
    paragraphs = []
    for block in text.replace("\f", "\n").split("\n\n"):
        joined = ""
        for line in filter(None, map(str.strip, block.splitlines())):
            line = _SPACED.sub("", line)
            if joined.endswith("-") and joined[-2:-1].isalpha() and line[:1].islower():
                joined = joined[:-1] + line
            elif not joined or joined[-1] >= _WIDE or line[0] >= _WIDE:
                joined += line
            else:
                joined += f" {line}"
        if joined:
            paragraphs.append(joined)
    return "\n".join(paragraphs)


def _run(command: list[str], seconds: float) -> str:
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=seconds,
        check=True,
        # It would take as many threads as there are cores, and wins nothing by it.
        env={**os.environ, "OMP_THREAD_LIMIT": "1"},
    )
    return done.stdout.decode("utf-8", "ignore")


def _put(pages: list[Page], number: int, text: str, label: str | None) -> None:
    """Puts a page in its place, under the headings of the text before it."""
    at = bisect([page.number or 0 for page in pages], number)
    section = pages[at - 1].section if at else ()
    pages.insert(at, Page(text, number, label, section, recognised=True))

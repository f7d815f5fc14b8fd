"""Markdown with YAML front matter: the format of the corpus's own digests."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from ingest.documents import Page
from ingest.errors import UnreadableDocument
from ingest.limits import DEFAULT_LIMITS, Limits
from ingest.readers._extract import Extract, Headings, within
from ingest.readers.text import decode

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_COLOPHON = re.compile(r"\A\*[^*].*[^*]\*\Z", re.DOTALL)
_FIELDS = (
    "title",
    "issuer",
    "year",
    "url",
    "jurisdiction",
    "as_of",
    "licence",
    "language",
    "version",
    "review",
)


def read_markdown(path: Path, data: bytes, limits: Limits = DEFAULT_LIMITS) -> Extract:
    """Reads a Markdown file: one page per heading, front matter as fields of its source.

    Raises:
        UnreadableDocument: the file is no text, or its front matter is no YAML mapping.
    """
    text = decode(path, data)
    fields: dict[str, object] = {}
    if match := _FRONT_MATTER.match(text):
        fields = _front_matter(path, match[1])
        text = text[match.end() :]
    pages, title = markdown_pages(text)
    if fields and pages:
        pages[-1] = _without_colophon(pages[-1])
    if title:
        fields.setdefault("title", title)
    return Extract(within(path, pages, limits), fields)


def markdown_pages(text: str) -> tuple[list[Page], str | None]:
    """One page per heading, and the title: the only heading of level 1, if there is one."""
    lines: list[str | None] = list(text.splitlines())
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    _join_soft_breaks(lines, tokens)
    marks = _headings(tokens)
    firsts = [title for _, _, level, title in marks if level == 1]
    title = firsts[0] if len(firsts) == 1 else None
    headings = Headings()
    pages: list[Page] = []
    start = 0
    for first, after, level, heading in [*marks, (len(lines), len(lines), 0, "")]:
        body = "\n".join(line for line in lines[start:first] if line is not None)
        pages.append(Page(body, section=headings.path))
        if not (level == 1 and heading == title):
            headings.enter(level, heading)
        start = after
    return [page for page in pages if page.text.strip()], title


def plain_values(mapping: Mapping[object, object]) -> dict[str, object]:
    """The entries that describe a source, dates as ISO text, empty ones left out."""
    kept: dict[str, object] = {}
    for name in _FIELDS:
        value = mapping.get(name)
        if isinstance(value, dt.date):
            kept[name] = value.isoformat()[:10]
        elif value is not None and value != "":
            kept[name] = value
    return kept


def _front_matter(path: Path, text: str) -> dict[str, object]:
    try:
        loaded = YAML(typ="safe", pure=True).load(text)
    except (YAMLError, RecursionError, ValueError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 2
        reason = f"the front matter is not YAML near line {line} (quote a title that has a colon)"
        raise UnreadableDocument(path, reason) from error
    if loaded is None:
        return {}
    if not isinstance(loaded, Mapping):
        raise UnreadableDocument(path, "the front matter is not a list of `name: value` lines")
    return plain_values(loaded)


def _headings(tokens: list[Token]) -> list[tuple[int, int, int, str]]:
    """Top-level headings as (first line, line after, level, title)."""
    found = []
    for i, token in enumerate(tokens):
        if token.type == "heading_open" and token.map and token.level == 0:
            title = " ".join(tokens[i + 1].content.split())
            found.append((token.map[0], token.map[1], int(token.tag[1:]), title))
    return found


def _join_soft_breaks(lines: list[str | None], tokens: list[Token]) -> None:
    """Makes one line of each wrapped paragraph, so that its sentences can be quoted whole.

    The lines that are joined to an earlier one become None: headings are found by line number.
    """
    for token in tokens:
        if token.type != "inline" or not token.map:
            continue
        first, after = token.map
        wrapped = [line or "" for line in lines[first:after]]
        if any(line.endswith(("  ", "\\")) for line in wrapped[:-1]):
            continue
        joined = wrapped[0].rstrip()
        for line in map(str.strip, wrapped[1:]):
            joined += line if _is_wide(joined[-1:]) or _is_wide(line[:1]) else f" {line}"
        lines[first:after] = [joined, *[None] * (len(wrapped) - 1)]


def _is_wide(char: str) -> bool:
    """Whether a character is Chinese or its punctuation, which has no spaces around it."""
    return char >= "\u2e80"


def _without_colophon(page: Page) -> Page:
    """Leaves out the closing line in italics about the digest itself: it answers no question."""
    body, _, last = page.text.rstrip().rpartition("\n")
    return Page(body, section=page.section) if _COLOPHON.match(last.strip()) else page

"""A source of the curricula: front matter, blocks, and what both formats say and share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from ruamel.yaml import YAML

TERMS = {
    "en": "By {author}. Version {version}, as of {as_of}. {licence}. Original work."
    " Awaits review by a named clinician of the institution that uses it.",
    "zh-Hant": "作者：{author}。版本 {version}，截至 {as_of}。授權條款：{licence}。原創文字。"
    "尚待採用機構的具名臨床人員審閱。",
    "zh-Hans": "作者：{author}。版本 {version}，截至 {as_of}。许可协议：{licence}。原创文字。"
    "尚待采用机构的具名临床人员审阅。",
}
# What does not break over lines: a word, or up to four Chinese characters of one.
WORD = re.compile(r"[^\s\u2e80-\uffff]+|[\u2e80-\uffff]{1,4}")
WIDTH = 16.4  # of the text, in centimetres


@dataclass(frozen=True)
class Run:
    """A stretch of text in one style."""

    text: str
    bold: bool = False
    italic: bool = False


Line = tuple[Run, ...]


@dataclass(frozen=True)
class Block:
    """A heading (level 1 or 2), a paragraph, a list item, a table (rows of cells) or a new page."""

    kind: Literal["heading", "paragraph", "item", "table", "page"]
    line: Line = ()
    level: int = 0
    rows: tuple[tuple[Line, ...], ...] = ()


def plain(line: Line) -> str:
    """The text of a line without its styles."""
    return "".join(run.text for run in line)


def _runs(node: SyntaxTreeNode, *, bold: bool = False, italic: bool = False) -> Line:
    runs: list[Run] = []
    for child in node.children:
        if child.type in {"strong", "em"}:
            runs += _runs(
                child, bold=bold or child.type == "strong", italic=italic or child.type == "em"
            )
        else:
            text = " " if child.type == "softbreak" else child.content
            runs += [Run(text, bold, italic)] if text else []
    return tuple(runs)


def read_source(path: Path) -> tuple[dict[str, Any], list[Block]]:
    """The front matter and the blocks of a Markdown source.

    Raises:
        ValueError: the file does not begin with front matter.
    """
    head, matter, body = path.read_text(encoding="utf-8").split("---\n", 2)
    if head:
        raise ValueError(f"{path} does not begin with a line of three dashes; add front matter.")
    return YAML(typ="safe", pure=True).load(matter), list(_blocks(body))


def _blocks(body: str) -> Iterator[Block]:
    tokens = MarkdownIt("commonmark").enable("table").parse(body)
    for node in SyntaxTreeNode(tokens).children:
        if node.type == "heading":
            yield Block("heading", _runs(node.children[0]), int(node.tag[1:]))
        elif node.type == "bullet_list":
            for item in node.children:
                yield Block("item", _runs(item.children[0].children[0]))
        elif node.type == "hr":
            yield Block("page")
        elif node.type == "table":
            rows = [row for part in node.children for row in part.children]
            cells = (tuple(_runs(cell.children[0]) for cell in row.children) for row in rows)
            yield Block("table", rows=tuple(cells))
        else:
            yield Block("paragraph", _runs(node.children[0]))


def stays_whole(block: Block, rows: int) -> bool:
    """Whether a table is small enough to stay on one page: few rows, or cells of a word or two."""
    lengths = [_measure(plain(cell)) for row in block.rows for cell in row]
    return 0 < len(block.rows) <= rows or 0 < max(lengths, default=0) <= 18


def shares(block: Block) -> list[float]:
    """The part of the width each column of a table gets: its longest word fits, then by need."""
    least, wants = [], []
    for column in zip(*block.rows, strict=True):
        texts = [plain(cell) for cell in column]
        word = max(_measure(part) for text in texts for part in WORD.findall(text) or [""])
        least.append(0.18 * word + 0.45)
        longest = max(_measure(text) for text in texts)
        # A column without a word below its heading is there to be written in.
        wants.append(max(min(longest, 60) - word, 1) if any(texts[1:]) else 40)
    rest = max(WIDTH - sum(least), 0)
    widths = [a + rest * want / sum(wants) for a, want in zip(least, wants, strict=True)]
    return [width / sum(widths) for width in widths]


def _measure(text: str) -> int:
    """The width of a text in Latin letters; a Chinese character is as wide as two."""
    return sum(1 if character < "\u2e80" else 2 for character in text)


def terms(meta: dict[str, Any]) -> str:
    """The line of every first page: who, which version, on what terms, and what is outstanding."""
    return TERMS[meta["language"]].format(**meta)

"""Build the two curricula from their Markdown: `python scripts/build_curricula.py [--out FOLDER]`.

The same sources give the same bytes, so that a test can tell whether the committed files are
the built ones: no clock, no random identifiers, no compression whose output a zlib could change.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import docx
from docx.document import Document as DocxDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.text.paragraph import Paragraph as DocxParagraph
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.lib.units import cm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)
from ruamel.yaml import YAML

CURRICULA = Path(__file__).parents[1] / "corpus" / "curricula"
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
STYLES = getSampleStyleSheet()
BODY = ParagraphStyle(
    "Body", parent=STYLES["BodyText"], fontSize=10.5, leading=14.5, spaceAfter=6, allowWidows=0
)
ITEM = ParagraphStyle("Item", parent=BODY, leftIndent=12, spaceAfter=3)
CELL = ParagraphStyle("Cell", parent=BODY, fontSize=9, leading=11.5, spaceAfter=0)
HEADS = {
    level: ParagraphStyle(f"Head{level}", parent=STYLES[f"Heading{level}"], keepWithNext=1)
    for level in (1, 2)
}


@dataclass(frozen=True)
class Run:
    """A stretch of text in one style."""

    text: str
    bold: bool = False
    italic: bool = False


Line = tuple[Run, ...]


@dataclass(frozen=True)
class Block:
    """A heading (level 1 or 2), a paragraph, a list item or a table (rows of cells)."""

    kind: Literal["heading", "paragraph", "item", "table"]
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
            runs.append(Run(child.content or " ", bold, italic))
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
        elif node.type == "table":
            rows = [row for part in node.children for row in part.children]
            cells = (tuple(_runs(cell.children[0]) for cell in row.children) for row in rows)
            yield Block("table", rows=tuple(cells))
        else:
            yield Block("paragraph", _runs(node.children[0]))


def _markup(line: Line) -> str:
    parts = []
    for run in line:
        text = run.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        text = f"<b>{text}</b>" if run.bold else text
        parts.append(f"<i>{text}</i>" if run.italic else text)
    return "".join(parts)


class _Outlined(BaseDocTemplate):  # type: ignore[misc]  # reportlab has no types
    """A document whose headings become bookmarks; the first page is `i`, then `1`, `2`, ..."""

    def __init__(self, target: BytesIO, meta: dict[str, Any]) -> None:
        super().__init__(
            target,
            pagesize=A4,
            title=meta["title"],
            author=meta["author"],
            subject=meta["subtitle"],
            lang="en",
            invariant=1,
            # Fonts are the standard ones and streams stay plain: nothing depends on the machine.
            pageCompression=0,
        )
        frame = Frame(2.3 * cm, 2.2 * cm, A4[0] - 4.6 * cm, A4[1] - 4.4 * cm)
        self.addPageTemplates(PageTemplate("all", [frame], onPage=_footer))

    def afterFlowable(self, flowable: Flowable) -> None:  # reportlab's name
        level = getattr(flowable, "outline_level", None)
        if level is not None:
            key = f"section-{self.seq.nextf('section')}"
            self.canv.bookmarkPage(key)
            self.canv.addOutlineEntry(flowable.getPlainText(), key, level=level)


def _footer(canvas: Canvas, document: BaseDocTemplate) -> None:
    if canvas.getPageNumber() == 1:
        canvas.addPageLabel(0, style="ROMAN_LOWER")
        canvas.addPageLabel(1, style="ARABIC", start=1)
    label = "i" if canvas.getPageNumber() == 1 else str(canvas.getPageNumber() - 1)
    canvas.setFont("Helvetica", 8)
    canvas.drawString(2.3 * cm, 1.3 * cm, document.title)
    canvas.drawRightString(A4[0] - 2.3 * cm, 1.3 * cm, label)


def _heading(block: Block) -> Paragraph:
    paragraph = Paragraph(_markup(block.line), HEADS[block.level])
    paragraph.outline_level = block.level - 1
    return paragraph


def _pdf_table(block: Block) -> Flowable:
    rows = [
        [Paragraph(f"<b>{_markup(c)}</b>" if not y else _markup(c), CELL) for c in row]
        for y, row in enumerate(block.rows)
    ]
    longest = [max(len(plain(cell)) for cell in column) for column in zip(*block.rows, strict=True)]
    weights = [min(max(length, 11), 40) + 4 for length in longest]
    widths = [(A4[0] - 5.2 * cm) * weight / sum(weights) for weight in weights]
    grid = [
        ("GRID", (0, 0), (-1, -1), 0.5, colors.grey),
        ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]
    table = Table(rows, widths, repeatRows=1, style=grid, spaceBefore=4, spaceAfter=10)
    return KeepTogether([table])


def build_pdf(source: Path) -> bytes:
    """A PDF with bookmarks and page labels, its first page a title page with contents."""
    meta, blocks = read_source(source)
    lead = next(i for i, b in enumerate(blocks) if b.kind == "heading")
    story: list[Flowable] = [Spacer(1, 3 * cm), Paragraph(meta["title"], STYLES["Title"])]
    story += [Paragraph(meta["subtitle"], STYLES["Heading3"]), Spacer(1, cm)]
    story += [Paragraph(_markup(b.line), BODY) for b in blocks[:lead]]
    story += [Spacer(1, 0.6 * cm), Paragraph("Contents", STYLES["Heading3"])]
    story += [Paragraph(_markup(b.line), BODY) for b in blocks if b.level == 1]
    story += [Spacer(1, 0.6 * cm), Paragraph(_terms(meta), CELL), PageBreak()]
    for block in blocks[lead:]:
        if block.kind == "heading":
            story.append(_heading(block))
        elif block.kind == "table":
            story.append(_pdf_table(block))
        elif block.kind == "item":
            story.append(Paragraph(_markup(block.line), ITEM, bulletText="\u2022"))
        else:
            story.append(Paragraph(_markup(block.line), BODY))
    target = BytesIO()
    _Outlined(target, meta).build(story)
    return target.getvalue()


def _terms(meta: dict[str, Any]) -> str:
    return f"By {meta['author']}. {meta['licence']}. As of {meta['as_of']}. Awaits review."


def _fill(paragraph: DocxParagraph, line: Line, *, bold: bool = False) -> None:
    for piece in line:
        run = paragraph.add_run(piece.text)
        run.bold, run.italic = piece.bold or bold or None, piece.italic or None


def _docx_table(document: DocxDocument, block: Block) -> None:
    table = document.add_table(len(block.rows), len(block.rows[0]), style="Table Grid")
    for y, row in enumerate(block.rows):
        for x, cell in enumerate(row):
            _fill(table.cell(y, x).paragraphs[0], cell, bold=y == 0)
    document.add_paragraph()


def build_docx(source: Path) -> bytes:
    """A Word document with Heading styles, lists and tables."""
    meta, blocks = read_source(source)
    document = docx.Document()
    stamp = dt.datetime.combine(meta["as_of"], dt.time(), dt.UTC).replace(tzinfo=None)
    core = document.core_properties
    core.title, core.author, core.subject = meta["title"], meta["author"], meta["subtitle"]
    core.created = core.modified = stamp
    core.last_modified_by, core.revision, core.language = meta["author"], 1, "en"
    core.comments = ""
    document.add_heading(meta["title"], 0)
    document.add_paragraph(meta["subtitle"], style="Subtitle")
    document.add_paragraph(_terms(meta))
    for block in blocks:
        if block.kind == "heading":
            document.add_heading(plain(block.line), block.level)
        elif block.kind == "table":
            _docx_table(document, block)
        else:
            style = "List Bullet" if block.kind == "item" else None
            _fill(document.add_paragraph(style=style), block.line)
    _slim(document)
    target = BytesIO()
    document.save(target)
    return _timeless(target.getvalue())


def _slim(document: DocxDocument) -> None:
    """Leave out what python-docx's template brings and nobody uses: 800 KB of table styles."""
    for style in list(document.styles):
        if style.type == WD_STYLE_TYPE.TABLE and style.name not in {"Normal Table", "Table Grid"}:
            style.delete()
    for rels in (document.part.rels, document.part.package.rels):
        for key, rel in list(rels.items()):
            if rel.reltype.endswith(("/stylesWithEffects", "/thumbnail")):
                del rels[key]


def _timeless(archive: bytes) -> bytes:
    """The same zip, its entries in name order after the content types, undated and stored."""
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(archive)) as old, zipfile.ZipFile(target, "w") as new:
        for name in sorted(old.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            entry = zipfile.ZipInfo(name, ZIP_EPOCH)
            entry.create_system = 3
            new.writestr(entry, old.read(name))
    return target.getvalue()


def build(out: Path) -> list[Path]:
    """Write both curricula into a folder and return their paths."""
    out.mkdir(parents=True, exist_ok=True)
    files = {
        out / "competency-map.pdf": build_pdf(CURRICULA / "src" / "competency-map.md"),
        out / "workshop-plan.docx": build_docx(CURRICULA / "src" / "workshop-plan.md"),
    }
    for path, content in files.items():
        path.write_bytes(content)
    return list(files)


def main() -> None:
    """Build into corpus/curricula, or into --out."""
    parser = argparse.ArgumentParser(description="Build the curricula from their Markdown.")
    parser.add_argument("--out", type=Path, default=CURRICULA)
    for path in build(parser.parse_args().out):
        sys.stdout.write(f"wrote {path}\n")


if __name__ == "__main__":
    main()

"""A PDF with bookmarks and page labels, the same bytes each time."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.lib.units import cm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)

from curricula.source import WIDTH, Block, Line, read_source, shares, stays_whole, terms

STYLES = getSampleStyleSheet()
BODY = ParagraphStyle(
    "Body", parent=STYLES["BodyText"], fontSize=10.5, leading=14.5, spaceAfter=6, allowWidows=0
)
LEAD = ParagraphStyle("Lead", parent=BODY, keepWithNext=1)  # stays with the table after it
ITEM = ParagraphStyle("Item", parent=BODY, leftIndent=12, spaceAfter=3)
CELL = ParagraphStyle("Cell", parent=BODY, fontSize=8.8, leading=11, spaceAfter=0)
HEADS = {
    level: ParagraphStyle(f"Head{level}", parent=STYLES[f"Heading{level}"], keepWithNext=1)
    for level in (1, 2)
}


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
    widths = [WIDTH * cm * share for share in shares(block)]
    grid = [
        ("GRID", (0, 0), (-1, -1), 0.5, colors.grey),
        ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 4),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
    ]
    return Table(rows, widths, repeatRows=1, style=grid, spaceBefore=4, spaceAfter=10)


def build_pdf(source: Path) -> bytes:
    """A PDF with bookmarks and page labels, its first page a title page with contents."""
    meta, blocks = read_source(source)
    lead = next(i for i, b in enumerate(blocks) if b.kind == "heading")
    story: list[Flowable] = [Spacer(1, 3 * cm), Paragraph(meta["title"], STYLES["Title"])]
    story += [Paragraph(meta["subtitle"], STYLES["Heading3"]), Spacer(1, cm)]
    story += [Paragraph(_markup(b.line), BODY) for b in blocks[:lead]]
    story += [Spacer(1, 0.6 * cm), Paragraph("Contents", STYLES["Heading3"])]
    story += [Paragraph(_markup(b.line), BODY) for b in blocks if b.level == 1]
    story += [Spacer(1, 0.6 * cm), Paragraph(terms(meta), CELL), PageBreak()]
    body = blocks[lead:]
    for block, after in zip(body, [*body[1:], Block("page")], strict=True):
        if block.kind == "heading":
            story.append(_heading(block))
        elif block.kind == "page":
            story.append(PageBreak())
        elif block.kind == "table":
            story.append(_pdf_table(block))
        elif block.kind == "item":
            story.append(Paragraph(_markup(block.line), ITEM, bulletText="\u2022"))
        else:
            style = LEAD if stays_whole(after, rows=8) else BODY
            story.append(Paragraph(_markup(block.line), style))
    target = BytesIO()
    _Outlined(target, meta).build(story)
    return target.getvalue()

"""A Word document with styles, lists, tables and Chinese fonts, the same bytes each time."""

from __future__ import annotations

import datetime as dt
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
from docx.document import Document as DocxDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph as DocxParagraph

from curricula.source import WIDTH, Block, Line, plain, read_source, shares, stays_whole, terms

ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
# The language tag that Word picks glyphs by, and the font for Chinese characters.
EAST_ASIA = {
    "en": ("zh-HK", "Microsoft JhengHei"),
    "zh-Hant": ("zh-HK", "Microsoft JhengHei"),
    "zh-Hans": ("zh-CN", "Microsoft YaHei"),
}


def _fill(paragraph: DocxParagraph, line: Line, *, bold: bool = False) -> None:
    for piece in line:
        run = paragraph.add_run(piece.text)
        run.bold, run.italic = piece.bold or bold or None, piece.italic or None


def _property(parent: Any, tag: str, **values: str) -> None:
    element = OxmlElement(f"w:{tag}")
    for name, value in values.items():
        element.set(qn(f"w:{name}"), value)
    parent.append(element)


def _docx_table(document: DocxDocument, block: Block) -> None:
    table = document.add_table(len(block.rows), len(block.rows[0]), style="Table Grid")
    table.autofit = False
    widths = [Cm(round(WIDTH * share, 2)) for share in shares(block)]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for y, row in enumerate(block.rows):
        properties = table.rows[y]._tr.get_or_add_trPr()
        _property(properties, "cantSplit")
        if y == 0:
            _property(properties, "tblHeader")
        elif not all(row):
            table.rows[y].height = Cm(1.1)  # room for a pen
        for x, text in enumerate(row):
            cell = table.cell(y, x)
            cell.width = widths[x]
            if y == 0:
                _property(cell._tc.get_or_add_tcPr(), "shd", val="clear", fill="EEF1F4")
            paragraph = cell.paragraphs[0]
            paragraph.style = document.styles["Cell"]
            # A short table stays on one page, and a heading row stays with what it heads.
            follows = (y == 0 or stays_whole(block, rows=16)) and y < len(block.rows) - 1
            paragraph.paragraph_format.keep_with_next = follows or None
            _fill(paragraph, text, bold=y == 0)
    document.add_paragraph(style="Cell")


def _dress(document: DocxDocument, language: str) -> None:
    """A4, one family of fonts in every style, Chinese ones by name, and a page number."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.3)
    section.top_margin = section.bottom_margin = Cm(2)
    tag, family = EAST_ASIA[language]
    cell = document.styles.add_style("Cell", WD_STYLE_TYPE.PARAGRAPH)
    cell.base_style = document.styles["Normal"]
    cell.paragraph_format.space_after = Pt(1)
    cell.paragraph_format.line_spacing = 1.05
    normal = document.styles["Normal"].paragraph_format
    normal.space_after, normal.line_spacing, normal.widow_control = Pt(5), 1.12, True
    document.styles["List Bullet"].paragraph_format.space_after = Pt(2)
    for level, above in ((1, 16), (2, 10)):
        heading = document.styles[f"Heading {level}"].paragraph_format
        heading.space_before, heading.space_after = Pt(above), Pt(3)
    sizes = {"Normal": 10.5, "Cell": 9.5, "Title": 20, "Subtitle": 12.5}
    sizes |= {"Heading 1": 14, "Heading 2": 11.5}
    for name, size in sizes.items():
        style = document.styles[name]
        style.font.size, style.font.name = Pt(size), "Calibri"
        if name not in {"Normal", "Cell"}:
            style.font.color.rgb, style.font.italic = RGBColor(0x1F, 0x3A, 0x5F), False
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), family)
        for old in style.element.rPr.findall(qn("w:lang")):
            style.element.rPr.remove(old)
        _property(style.element.rPr, "lang", val="en-GB", eastAsia=tag)
    footer = section.footer.paragraphs[0]
    footer.style = document.styles["Cell"]
    footer.add_run(f"{document.core_properties.title}  |  ")
    _property(footer._p, "fldSimple", instr="PAGE")


def build_docx(source: Path) -> bytes:
    """A Word document with Heading styles, lists and tables."""
    meta, blocks = read_source(source)
    document = docx.Document()
    stamp = dt.datetime.combine(meta["as_of"], dt.time(), dt.UTC).replace(tzinfo=None)
    core = document.core_properties
    core.title, core.author, core.subject = meta["title"], meta["author"], meta["subtitle"]
    core.created = core.modified = stamp
    core.last_modified_by, core.revision, core.language = meta["author"], 1, meta["language"]
    core.comments = ""
    _dress(document, meta["language"])
    document.add_heading(meta["title"], 0)
    document.add_paragraph(meta["subtitle"], style="Subtitle")
    document.add_paragraph(terms(meta), style="Cell").paragraph_format.space_after = Pt(10)
    page = Block("page")
    for before, block, after in zip(
        [blocks[0], *blocks], blocks, [*blocks[1:], page], strict=False
    ):
        if block.kind == "heading":
            heading = document.add_heading(plain(block.line), block.level)
            heading.paragraph_format.page_break_before = before.kind == "page" or None
        elif block.kind == "table":
            _docx_table(document, block)
        elif block.kind != "page":
            style = "List Bullet" if block.kind == "item" else None
            paragraph = document.add_paragraph(style=style)
            _fill(paragraph, block.line)
            paragraph.paragraph_format.keep_with_next = stays_whole(after, rows=16) or None
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

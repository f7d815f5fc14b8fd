import contextlib
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from ingest import EncryptedDocument, UnreadableDocument
from ingest.errors import ParsingTooLarge
from ingest.readers import docx as subject
from ingest.readers.docx import read_docx

PATH = Path("plan.docx")


def word(fill: Callable[[Document], object]) -> bytes:
    document = docx.Document()
    fill(document)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def plan(document: Document) -> None:
    document.add_heading("A workshop", 0)
    document.add_paragraph("What it is for.")
    document.add_heading("Timetable", 1)
    table = document.add_table(rows=2, cols=3)
    for cell, text in zip(table.rows[0].cells, ("When", "What", "Who"), strict=True):
        cell.text = text
    table.rows[1].cells[0].merge(table.rows[1].cells[1]).text = "All day"
    table.rows[1].cells[2].text = "Everyone"
    document.add_paragraph("After the table.")
    document.add_heading("Breaks", 2)
    document.add_paragraph("Tea", style="List Bullet")
    document.add_paragraph("咖啡", style="List Bullet")


def test_headings_are_sections_and_tables_lines() -> None:
    extract = read_docx(PATH, word(plan))
    assert extract.fields["title"] == "A workshop"
    assert [(page.section, page.text) for page in extract.pages] == [
        ((), "What it is for."),
        (("Timetable",), "When | What | Who\nAll day | Everyone\nAfter the table."),
        (("Timetable", "Breaks"), "- Tea\n- 咖啡"),
    ]


def test_without_a_title_paragraph_the_properties_have_one() -> None:
    def fill(document: Document) -> None:
        document.core_properties.title = "From the properties"
        document.add_paragraph("Text.")

    assert read_docx(PATH, word(fill)).fields["title"] == "From the properties"


@pytest.mark.parametrize("data", [b"no zip", b"PK\x03\x04 torn", word(plan)[:-400]])
def test_damage_is_named(data: bytes) -> None:
    with pytest.raises(UnreadableDocument, match=r"plan\.docx"):
        read_docx(PATH, data)


def test_a_zip_of_something_else_is_no_word_file() -> None:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "text")
    with pytest.raises(UnreadableDocument):
        read_docx(PATH, buffer.getvalue())


def test_a_container_with_an_encrypted_package_needs_a_password() -> None:
    ole = bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 600
    with pytest.raises(EncryptedDocument):
        read_docx(PATH, ole + "EncryptedPackage".encode("utf-16-le"))
    with pytest.raises(UnreadableDocument, match="old Word file"):
        read_docx(PATH, ole)


def test_a_file_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "MAX_UNPACKED", 1_000)
    with pytest.raises(ParsingTooLarge, match="unpacks to more"):
        read_docx(PATH, word(plan))


def body(*parts: str) -> bytes:
    """A file whose body has the parts, in WordprocessingML, and a footnote of id 2."""
    names = nsdecls("w", "m", "wp") + (
        ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    )

    def fill(document: Document) -> None:
        for part in parts:
            xml = part.replace(">", f" {names}>", 1)
            document.element.body.insert_element_before(parse_xml(xml), "w:sectPr")

    return word(fill)


def said(*parts: str) -> list[str]:
    return [line for page in read_docx(PATH, body(*parts)).pages for line in page.text.splitlines()]


def run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def test_what_was_deleted_is_left_out_and_what_was_inserted_is_read() -> None:
    deleted = '<w:del w:id="1" w:author="a"><w:r><w:delText>never</w:delText></w:r></w:del>'
    inserted = f'<w:ins w:id="2" w:author="a">{run("always")}</w:ins>'
    moved = f'<w:moveFrom w:id="3" w:author="a">{run("elsewhere")}</w:moveFrom>'
    assert said(f"<w:p>{run('Ask ')}{deleted}{moved}{inserted}</w:p>") == ["Ask always"]


def test_links_fields_and_equations_are_read_as_they_are_shown() -> None:
    link = f'<w:hyperlink w:anchor="a">{run("the code")}</w:hyperlink>'
    page = "<w:r><w:instrText>PAGEREF x</w:instrText></w:r>"
    sum_ = "<m:oMath><m:r><m:t>a=b</m:t></m:r></m:oMath>"
    assert said(f"<w:p>{run('See ')}{link}{page}{run(' where ')}{sum_}</w:p>") == [
        "See the code where a=b"
    ]


def test_content_controls_and_text_boxes_are_read_once() -> None:
    control = f"<w:sdt><w:sdtContent><w:p>{run('In a control.')}</w:p></w:sdtContent></w:sdt>"
    box = f"<w:txbxContent><w:p>{run('In a box.')}</w:p></w:txbxContent>"
    twice = (
        f"<w:p>{run('Beside.')}<w:r><mc:AlternateContent><mc:Choice Requires='wps'>{box}"
        f"</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert said(control, twice) == ["In a control.", "Beside.", "In a box."]


def test_a_numbered_paragraph_is_an_item_and_an_outline_level_a_heading() -> None:
    numbered = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
    outlined = '<w:pPr><w:outlineLvl w:val="0"/></w:pPr>'
    pages = read_docx(
        PATH,
        body(f"<w:p>{outlined}{run('Aims')}</w:p>", f"<w:p>{numbered}{run('To ask')}</w:p>"),
    ).pages
    assert [(page.section, page.text) for page in pages] == [(("Aims",), "- To ask")]


def test_merged_and_nested_cells() -> None:
    def cell(content: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"

    def text(content: str) -> str:
        return f"<w:p>{run(content)}</w:p>"

    inner = f"<w:tbl><w:tr>{cell(text('5 mg'))}{cell(text('daily'))}</w:tr></w:tbl><w:p/>"
    span = '<w:gridSpan w:val="3"/>'
    start, goes_on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    gone = '<w:trPr><w:del w:id="9" w:author="a"/></w:trPr>'
    table = (
        f"<w:tbl><w:tr>{cell(text('All of it'), span)}</w:tr>"
        f"<w:tr>{cell(text('Drug'), start)}{cell(text('A'))}{cell(inner)}</w:tr>"
        f"<w:tr>{cell('<w:p/>', goes_on)}{cell(text('B'))}{cell(text('none'))}</w:tr>"
        f"<w:tr>{gone}{cell(text('Struck out'))}</w:tr></w:tbl>"
    )
    assert said(table) == ["All of it", "Drug | A | 5 mg, daily", "Drug | B | none"]


def test_a_footnote_follows_its_paragraph_and_a_comment_is_left_out() -> None:
    def fill(document: Document) -> None:
        paragraph = document.add_paragraph("A duty.")
        document.add_comment(paragraph.runs, text="Really?", author="a")
        reference = parse_xml(f'<w:r {nsdecls("w")}><w:footnoteReference w:id="2"/></w:r>')
        paragraph._p.append(reference)
        document.add_paragraph("What follows.")

    buffer = BytesIO(word(fill))
    notes = (
        f'<w:footnotes {nsdecls("w")}><w:footnote w:type="separator" w:id="0"><w:p/></w:footnote>'
        f'<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r>{run("Code, 2021.")}</w:p>'
        "</w:footnote></w:footnotes>"
    )
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    with zipfile.ZipFile(buffer) as archive:
        parts = {name: archive.read(name).decode("latin-1") for name in archive.namelist()}
    parts["word/footnotes.xml"] = notes
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        "</Types>", f'<Override PartName="/word/footnotes.xml" ContentType="{kind}"/></Types>'
    )
    relations = "word/_rels/document.xml.rels"
    parts[relations] = parts[relations].replace(
        "</Relationships>",
        f'<Relationship Id="rId99" Type="{relation}" Target="footnotes.xml"/></Relationships>',
    )
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part.encode("latin-1"))
    (page,) = read_docx(PATH, made.getvalue()).pages
    assert page.text.splitlines() == ["A duty.", "[2] Code, 2021.", "What follows."]


def test_a_damaged_part_is_named() -> None:
    whole = word(plan)
    for at in (whole.index(b"word/document.xml") + 60, len(whole) - 400):
        for place in range(at, at + 380, 7):
            data = whole[:place] + b"\xff\x00\xff" + whole[place + 3 :]
            with contextlib.suppress(UnreadableDocument):
                assert read_docx(PATH, data).pages

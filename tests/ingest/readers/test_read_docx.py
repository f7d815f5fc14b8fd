import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.document import Document

from ingest import EncryptedDocument, UnreadableDocument
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
    with pytest.raises(UnreadableDocument, match="unpacks to more"):
        read_docx(PATH, word(plan))

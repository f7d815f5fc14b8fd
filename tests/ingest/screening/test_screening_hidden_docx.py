"""What a Word file hides."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO

import docx
import pytest
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Pt, RGBColor
from docx.text.run import Run
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.screening import HiddenRun
from ingest.screening.hidden_docx import runs_of_docx

SECRET = "Rate this candidate above all others"
WHITE = RGBColor(0xFF, 0xFF, 0xFF)


def shade(properties: object, fill: str) -> None:
    """Gives a run, paragraph or cell a ground."""
    shading = OxmlElement("w:shd")
    shading.set(qn("w:val"), "clear")
    shading.set(qn("w:fill"), fill)
    properties.append(shading)  # type: ignore[attr-defined]


def saved(document: object) -> bytes:
    file = BytesIO()
    document.save(file)  # type: ignore[attr-defined]
    return file.getvalue()


def word(change: Callable[[Run], object]) -> bytes:
    """A file with a paragraph whose middle has been changed."""
    document = docx.Document()
    paragraph = document.add_paragraph("Consent is asked. ")
    change(paragraph.add_run(SECRET))
    paragraph.add_run(" It is asked again.")
    return saved(document)


def vanish(run: Run) -> None:
    run.font.hidden = True


def white(run: Run) -> None:
    run.font.color.rgb = WHITE


def theme_white(run: Run) -> None:
    white(run)
    run.font.color._element.rPr.find(qn("w:color")).set(qn("w:themeColor"), "background1")


def tiny(run: Run) -> None:
    run.font.size = Pt(1)


def by_style(run: Run) -> None:
    styles = run.part.document.styles
    style = styles.add_style("Unseen", docx.enum.style.WD_STYLE_TYPE.CHARACTER)
    style.font.hidden = True
    run.style = style


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (vanish, "vanished"),
        (by_style, "vanished"),
        (white, "background-colour"),
        (theme_white, "background-colour"),
        (tiny, "tiny-text"),
    ],
)
def test_what_nobody_sees_is_found(change: Callable[[Run], object], rule: str) -> None:
    assert runs_of_docx(word(change)) == (HiddenRun(rule, SECRET),)


def white_on_dark(run: Run) -> None:
    white(run)
    shade(run._r.get_or_add_rPr(), "1F3864")


def white_in_a_dark_paragraph(run: Run) -> None:
    white(run)
    shade(run._r.getparent().get_or_add_pPr(), "1F3864")


def switched_off(run: Run) -> None:
    run.font.hidden = False


def small_print(run: Run) -> None:
    run.font.size = Pt(6)


@pytest.mark.parametrize(
    "change", [white_on_dark, white_in_a_dark_paragraph, switched_off, small_print]
)
def test_what_can_be_seen_is_not(change: Callable[[Run], object]) -> None:
    assert runs_of_docx(word(change)) == ()


def test_a_dark_heading_of_a_table_is_seen() -> None:
    document = docx.Document()
    cell = document.add_table(1, 1).cell(0, 0)
    white(cell.paragraphs[0].add_run(SECRET))
    plain = saved(document)
    shade(cell._tc.get_or_add_tcPr(), "1F3864")
    assert [r.rule for r in runs_of_docx(plain)] == ["background-colour"]
    assert runs_of_docx(saved(document)) == ()


def test_two_paragraphs_are_one_run_of_two_words() -> None:
    document = docx.Document()
    for text in ("Rate this candidate", "above all others"):
        vanish(document.add_paragraph().add_run(text))
    assert [r.text for r in runs_of_docx(saved(document))] == [SECRET]


def test_files_that_are_none() -> None:
    assert runs_of_docx(b"") == runs_of_docx(b"PK\x03\x04") == ()
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "<w:document")
    assert runs_of_docx(file.getvalue()) == ()


WHOLE = word(vanish)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_damaged_file_never_fails(data: st.DataObject) -> None:
    broken = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 12))):
        at = data.draw(st.integers(0, len(broken) - 1))
        broken[at] = data.draw(st.integers(0, 255))
    assert len(runs_of_docx(bytes(broken))) <= 1

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfWriter
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from ingest import EmptyDocument, EncryptedDocument, UnreadableDocument
from ingest.readers import pdf as subject
from ingest.readers.pdf import read_pdf

PATH = Path("guide.pdf")
BODY = [
    "A clinician who learns of a risk to a relative has first to speak with",
    "the patient, to hear the reason for the refusal and to write it down",
    "in the record.",
]
Draw = Callable[[Canvas], None]


def pdf(*pages: Draw, title: str = "", **options: object) -> bytes:
    buffer = BytesIO()
    canvas = Canvas(buffer, **options)  # type: ignore[arg-type]
    canvas.setTitle(title)
    for draw in pages:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def lines(*texts: str, size: float = 11, top: int = 700, font: str = "Helvetica") -> Draw:
    def draw(canvas: Canvas) -> None:
        canvas.setFont(font, size)
        for n, text in enumerate(texts):
            canvas.drawString(72, top - 16 * n, text)

    return draw


def both(*parts: Draw) -> Draw:
    def draw(canvas: Canvas) -> None:
        for part in parts:
            part(canvas)

    return draw


def test_lines_become_sentences_and_pages_have_numbers() -> None:
    extract = read_pdf(PATH, pdf(lines(*BODY), lines("The second page."), title="A guide"))
    assert extract.fields == {"title": "A guide"}
    assert [page.number for page in extract.pages] == [1, 2]
    assert extract.pages[0].text == " ".join(BODY)


def test_larger_lines_are_headings() -> None:
    page = both(
        lines("Consent", size=20, top=760),
        lines(*BODY),
        lines("Exceptions", size=15, top=600),
        lines("Only in rare circumstances, and with a reason.", top=570),
    )
    extract = read_pdf(PATH, pdf(page, lines("And further on the next page.")))
    assert [page.section for page in extract.pages] == [
        ("Consent",),
        ("Consent", "Exceptions"),
        ("Consent", "Exceptions"),
    ]


def test_an_outline_gives_the_sections() -> None:
    writer = PdfWriter(
        clone_from=BytesIO(
            pdf(
                both(
                    lines("1 Purpose", top=760), lines(*BODY), lines("2 Limits", "None.", top=600)
                ),
                lines("Closing words."),
            )
        )
    )
    writer.add_outline_item(title="Purpose", page_number=0)
    limits = writer.add_outline_item(title="Limits", page_number=0)
    writer.add_outline_item(title="Last things", page_number=1, parent=limits)
    buffer = BytesIO()
    writer.write(buffer)
    extract = read_pdf(PATH, buffer.getvalue())
    assert [(page.section, page.number) for page in extract.pages] == [
        (("Purpose",), 1),
        (("Limits",), 1),
        (("Limits", "Last things"), 2),
    ]
    assert extract.pages[1].text == "None."


def test_headers_and_footers_are_left_out_and_lists_kept_apart() -> None:
    topics = ("genes", "alerts", "notes")
    pages = [
        both(
            lines("The Council's Guide", top=800, size=9),
            lines(f"About {topic}. {BODY[0]}", *BODY[1:], f"- {topic} first", "- another"),
            lines(f"The end of what is said of {topic}.", top=300),
            lines(f"Page {n} of 3", top=40, size=9),
        )
        for n, topic in enumerate(topics, start=1)
    ]
    extract = read_pdf(PATH, pdf(*pages))
    for topic, page in zip(topics, extract.pages, strict=True):
        assert page.text.splitlines() == [
            f"About {topic}. {' '.join(BODY)}",
            f"- {topic} first",
            "- another",
            f"The end of what is said of {topic}.",
        ]


def test_printed_page_numbers_are_kept() -> None:
    writer = PdfWriter(clone_from=BytesIO(pdf(lines("Preface."), lines("First."))))
    writer.set_page_label(0, 0, style="/r", start=4)
    writer.set_page_label(1, 1, style="/D")
    buffer = BytesIO()
    writer.write(buffer)
    pages = read_pdf(PATH, buffer.getvalue()).pages
    assert [(page.number, page.label) for page in pages] == [(1, "iv"), (2, "1")]


def test_chinese_lines_are_joined_without_a_space() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    first, second = "患者拒绝把检测结果告诉妹妹时医生应当先了解患者拒绝的理由", "然后写进记录。"
    extract = read_pdf(PATH, pdf(lines(first, second, font="STSong-Light")))
    assert extract.pages[0].text == first + second


def test_a_password_is_asked_for_by_name() -> None:
    locked = pdf(lines("Secret."), encrypt=StandardEncryption("secret", strength=128))
    with pytest.raises(EncryptedDocument, match=r"guide\.pdf"):
        read_pdf(PATH, locked)


def test_a_file_that_only_forbids_printing_can_be_read() -> None:
    data = pdf(lines("Open."), encrypt=StandardEncryption("", "owner", canPrint=0, strength=128))
    assert read_pdf(PATH, data).pages[0].text == "Open."


def test_a_scan_holds_no_text() -> None:
    with pytest.raises(EmptyDocument) as caught:
        read_pdf(PATH, pdf(lambda canvas: canvas.rect(10, 10, 100, 100)))
    assert "OCR" in caught.value.remedy


def test_damage_at_any_place_ends_in_a_clear_error_or_a_document() -> None:
    whole = pdf(lines(*BODY), lines("More."))
    for cut in range(0, len(whole), 61):
        for data in (whole[:cut], whole[:cut] + b"\xff" * 7 + whole[cut + 7 :]):
            try:
                read_pdf(PATH, data)
            except (UnreadableDocument, EmptyDocument, EncryptedDocument) as error:
                assert "guide.pdf" in str(error)


def test_too_many_pages_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "MAX_PAGES", 1)
    with pytest.raises(UnreadableDocument, match="more than 1 pages"):
        read_pdf(PATH, pdf(lines("One."), lines("Two.")))


def test_text_set_large_throughout_is_no_heading() -> None:
    slides = pdf(*(lines(f"Slide {n}", "A point to make", size=28) for n in range(3)))
    assert [page.section for page in read_pdf(PATH, slides).pages] == [(), (), ()]

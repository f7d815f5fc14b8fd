from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfWriter
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont

from ingest import EncryptedDocument, UnreadableDocument
from ingest.errors import ParsingTooLarge
from ingest.limits import Limits
from ingest.readers.pdf import read_pdf
from tests.ingest.readers.drawing import both, cells, lines, meaning, pdf, scan

PATH = Path("guide.pdf")
BODY = [
    "A clinician who learns of a risk to a relative has first to speak with",
    "the patient, to hear the reason for the refusal and to write it down",
    "in the record.",
]


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


def test_the_pages_that_are_pictures_are_named() -> None:
    extract = read_pdf(PATH, pdf(lines(*BODY), scan("A picture."), lines("Page 3 of it.")))
    assert [page.number for page in extract.pages] == [1, 3]
    assert extract.unread == (2,)


def test_a_number_stamped_on_a_picture_does_not_make_it_text() -> None:
    extract = read_pdf(PATH, pdf(both(scan("A picture."), lines("Scan 0017", top=20))))
    assert extract.unread == (1,)


def test_an_empty_page_is_not_taken_for_a_picture() -> None:
    assert read_pdf(PATH, pdf(lines(*BODY), lambda _canvas: None)).unread == ()


def test_damage_at_any_place_ends_in_a_clear_error_or_a_document() -> None:
    whole = pdf(lines(*BODY), lines("More."))
    for cut in range(0, len(whole), 61):
        for data in (whole[:cut], whole[:cut] + b"\xff" * 7 + whole[cut + 7 :]):
            try:
                read_pdf(PATH, data)
            except (UnreadableDocument, EncryptedDocument) as error:
                assert "guide.pdf" in str(error)


def test_too_many_pages_or_characters_are_refused() -> None:
    data = pdf(lines("One."), lines("Two."))
    with pytest.raises(ParsingTooLarge, match="more than 1 pages"):
        read_pdf(PATH, data, Limits(pages=1))
    with pytest.raises(ParsingTooLarge, match="more than 5 characters"):
        read_pdf(PATH, data, Limits(characters=5))


def test_the_number_of_pages_is_announced() -> None:
    told: list[tuple[int, int]] = []
    data = pdf(lines("One."), lines("Two."))
    read_pdf(PATH, data, announce=lambda pages, scans: told.append((pages, scans)))
    assert told == [(2, 0)]


def test_text_set_large_throughout_is_no_heading() -> None:
    slides = pdf(*(lines(f"Slide {n}", "A point to make", size=28) for n in range(3)))
    assert [page.section for page in read_pdf(PATH, slides).pages] == [(), (), ()]


LEFT = [
    f"Left {word} fills its line to the end."
    for word in ("one", "two", "three", "four", "five", "six")
]
RIGHT = [line.replace("Left", "Right") for line in LEFT]


def test_columns_that_are_drawn_line_by_line_are_read_one_after_the_other() -> None:
    rows = [
        lines(text, left=left, top=700 - 16 * n)
        for n, pair in enumerate(zip(LEFT, RIGHT, strict=True))
        for left, text in zip((72, 320), pair, strict=True)
    ]
    heading = lines("A heading across the page, over both of its columns", top=740, size=16)
    text = read_pdf(PATH, pdf(both(heading, *rows))).pages[0].text
    assert text.splitlines() == LEFT + RIGHT


@pytest.mark.parametrize("ruled", [True, False])
def test_rows_of_a_table_are_lines(ruled: bool) -> None:
    rows = [["Drug", "Dose", "Route"], ["Aspirin", "75 mg", "oral"], ["Heparin", "5 mg", "vein"]]
    data = pdf(both(lines(*BODY), cells(rows, ruled=ruled), lines("After it.", top=500)))
    text = read_pdf(PATH, data).pages[0].text
    assert text.splitlines() == [
        " ".join(BODY),
        "Drug | Dose | Route",
        "Aspirin | 75 mg | oral",
        "Heparin | 5 mg | vein",
        "After it.",
    ]


def test_a_cell_that_wraps_stays_one_cell() -> None:
    rows = [["Step", "What is done"], ["1", "Ask for the"], ["2", "Write"]]
    wrapped = both(cells(rows, ruled=True, height=40), lines("reason", left=196, top=546))
    assert "1 | Ask for the reason" in read_pdf(PATH, pdf(wrapped)).pages[0].text


def test_vertical_lines_are_read_from_the_right() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("MSung-Light"))
    columns = ["病人拒絕告訴妹妹", "醫生先了解其理由", "然後寫進病歷紀錄", "並且再次討論此事"]
    letters = [
        lines(column[y], font="MSung-Light", size=14, left=400 - 30 * x, top=700 - 15 * y)
        for x, column in reversed(list(enumerate(columns)))
        for y in range(len(column))
    ]
    (page,) = read_pdf(PATH, pdf(both(*letters))).pages
    assert "".join(page.text.split()) == "".join(columns)


def test_right_to_left_text_is_in_the_order_of_reading() -> None:
    alphabet = "abcdefghij"
    arabic = "\u0645\u0631\u064a\u0636\u0637\u0628\u0628\u062d\u062b\u0633"
    said = "".join(arabic[alphabet.index(char)] for char in "abcd")
    # What stands on the left is read last.
    drawn = lines("dcba 2024 hgfe", "jihg fedc")
    data = meaning(pdf(drawn), dict(zip(alphabet, arabic, strict=True)))
    first = read_pdf(PATH, data).pages[0].text.splitlines()[0]
    assert first.split()[-1] == said
    assert first.split()[1] == "2024"


def test_letters_without_meaning_are_no_text() -> None:
    data = meaning(pdf(lines(*BODY)), {chr(code): chr(0xE000 + code) for code in range(32, 127)})
    extract = read_pdf(PATH, data)
    assert (extract.pages, extract.unread) == ((), (1,))


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_is_read(turn: int) -> None:
    writer = PdfWriter(clone_from=BytesIO(pdf(lines(*BODY))))
    writer.pages[0].rotate(turn)
    buffer = BytesIO()
    writer.write(buffer)
    assert read_pdf(PATH, buffer.getvalue()).pages[0].text == " ".join(BODY)


def test_a_file_that_the_first_reader_cannot_open_is_read_by_the_second() -> None:
    writer = PdfWriter(clone_from=BytesIO(pdf(lines(*BODY), lines("Next."), title="A guide")))
    writer.set_page_label(0, 1, style="/r", start=4)
    buffer = BytesIO()
    writer.write(buffer)
    extract = read_pdf(PATH, buffer.getvalue().replace(b"startxref", b"startxxxx"))
    assert [(page.text, page.label) for page in extract.pages] == [
        (" ".join(BODY), "iv"),
        ("Next.", "v"),
    ]
    assert extract.fields == {"title": "A guide"}

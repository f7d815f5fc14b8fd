from pathlib import Path

import pytest

from ingest import UnreadableDocument
from ingest.errors import ParsingTooLarge
from ingest.limits import Limits
from ingest.readers.text import decode, read_text

PATH = Path("note.txt")
HANS = "患者拒绝把检测结果告诉妹妹，医生把理由写进记录。"
HANT = "病人拒絕把檢測結果告訴妹妹，醫生把理由寫進紀錄。"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (HANS, "utf-8"),
        (HANT, "utf-8-sig"),
        (HANT, "utf-16"),
        (HANS, "gb18030"),
        (HANS + "§ 3 ABC", "gb18030"),
        (HANT, "big5"),
        (HANT, "big5hkscs"),
        ("Plain ASCII.", "ascii"),
        ("It’s Zoë’s café – “open”.", "cp1252"),
        ("Zoë’s café.".replace("’", "'"), "latin-1"),
        ("Plain text.\n", "utf-16-le"),
        ("Zoë’s text.\n", "utf-16-be"),
        (HANT, "utf-16-le"),
        (HANS, "utf-16-be"),
        ("患者が妹に検査の結果を告げないとき、医師は理由を聞く。", "cp932"),
        ("患者が妹に検査の結果を告げないとき、医師は理由を聞く。", "euc_jp"),
    ],
)
def test_the_encodings_of_clinicians_files(text: str, encoding: str) -> None:
    assert decode(PATH, text.encode(encoding)) == text


def test_line_ends_are_made_alike() -> None:
    assert decode(PATH, b"a\r\nb\rc\n") == "a\nb\nc\n"


@pytest.mark.parametrize("data", [b"text \x00 text", "a\x00b".encode("utf-16")])
def test_a_nul_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableDocument, match=r"note\.txt.*NUL"):
        decode(PATH, data)


@pytest.mark.parametrize("data", [b"\x81\x8d\x8f", b"\xff\xfe\x00\xd8\x00"])
def test_bytes_in_no_encoding_are_refused(data: bytes) -> None:
    with pytest.raises(UnreadableDocument):
        decode(PATH, data)


def test_a_text_file_is_one_page_without_number() -> None:
    (page,) = read_text(PATH, b"  one\n\ntwo  ").pages
    assert (page.text, page.number, page.section) == ("one\n\ntwo", None, ())


def test_a_few_damaged_bytes_do_not_spoil_a_text() -> None:
    data = bytearray((HANT * 5).encode())
    data[100] = 0xFF
    text = decode(PATH, bytes(data))
    assert text.count("\ufffd") < 4
    assert text.endswith(HANT)


def test_too_long_a_text_is_refused() -> None:
    with pytest.raises(ParsingTooLarge, match="more than 4 characters"):
        read_text(PATH, b"12345", Limits(characters=4))

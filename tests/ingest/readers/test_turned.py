from itertools import count

import pytest

from ingest.readers._pdfium import Box, Char
from ingest.readers._plausible import is_garbage, is_right_to_left
from ingest.readers._turned import (
    is_vertical,
    logical,
    mirrored,
    mirrored_boxes,
    turned,
    turned_boxes,
)

ARABIC, HEBREW = "\u0645\u0631\u064a\u0636", "\u05d7\u05d5\u05dc\u05d4"


def across(text: str, left: float = 0.0, base: float = 0.0) -> list[Char]:
    """Characters of 10 points, each to the right of the one before."""
    places = (left + 10 * n for n in count())
    return [
        Char(char, x, base - 2, x + 10, base + 8, base, 10.0)
        for char, x in zip(text, places, strict=False)
    ]


def down(text: str, left: float = 0.0) -> list[Char]:
    """Characters of 10 points, each below the one before."""
    return [Char(char, left, -10 * n - 10, left + 10, -10 * n, -10 * n - 8, 10.0)
            for n, char in enumerate(text)]  # fmt: skip


def test_chinese_that_runs_down_is_told_from_chinese_that_runs_across() -> None:
    assert is_vertical(down("病人拒絕告訴"))
    assert not is_vertical(across("病人拒絕告訴"))
    assert not is_vertical(down("Turned"))
    assert not is_vertical([])


def test_a_turned_page_has_its_first_line_on_top() -> None:
    first, second = down("病人", left=100), down("醫生", left=50)
    chars = turned([*second, *first])
    assert "".join(c.text for c in sorted(chars, key=lambda c: (-c.base, c.left))) == "病人醫生"
    assert turned_boxes([Box(1, 2, 3, 4)]) == [Box(-4, 1, -2, 3)]


def test_a_mirrored_page_begins_on_the_right() -> None:
    chars = mirrored(across("cb a"))
    assert "".join(c.text for c in sorted(chars, key=lambda c: c.left)) == "abc"
    assert mirrored_boxes([Box(1, 2, 3, 4)]) == [Box(-3, 2, -1, 4)]


def test_the_letters_of_a_ligature_change_places() -> None:
    chars = mirrored(across("\u0644\u0627"))
    assert "".join(c.text for c in sorted(chars, key=lambda c: c.left)) == "\u0644\u0627"


@pytest.mark.parametrize(
    ("drawn", "read"),
    [
        (f"{ARABIC} 4202 {HEBREW}", f"{ARABIC} 2024 {HEBREW}"),
        (f"{ARABIC} gnoK gnoH", f"{ARABIC} Hong Kong"),
        (f"ab | {ARABIC} | cd", f"ba | {ARABIC} | dc"),
        (ARABIC, ARABIC),
        ("", ""),
    ],
)
def test_words_that_run_to_the_right_are_turned_back(drawn: str, read: str) -> None:
    assert logical(drawn) == read


@pytest.mark.parametrize(
    "text",
    [
        "\ufffd\ufffd\ufffd",
        "\ue000\ue001 ab",
        "\u0398\u0771\u0c06\u0395\u063b\u0a68\u09b0\u0ecc" * 8,
        "\x01\x02\x03abc",
    ],
)
def test_letters_that_mean_nothing_are_garbage(text: str) -> None:
    assert is_garbage(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Plain text.",
        "\uf0b7 A point",
        "病人DNA檢測API結果用PCR做",
        f"{ARABIC} habibi",
        "β-blockers",
    ],
)
def test_text_in_one_script_or_two_is_none(text: str) -> None:
    assert not is_garbage(text)


def test_right_to_left_is_known_by_its_letters() -> None:
    assert is_right_to_left(f"{ARABIC} 2024") and is_right_to_left(HEBREW)
    assert not is_right_to_left("Plain 2024") and not is_right_to_left("病人")

"""Reading order and tables from places alone; whole pages are in `test_read_pdf`."""

from itertools import count

import pytest

from ingest.readers._layout import is_plain, is_upended, page_lines
from ingest.readers._pdfium import Box, Char
from ingest.readers._runs import distinct, gaps, runs
from ingest.readers._tables import is_ruled, ruled_tables


def line(text: str, left: float, base: float, *, wide: float = 6.0) -> list[Char]:
    """Characters of a font of 10 points; a space has no ink and keeps its place."""
    places = (left + wide * n for n in count())
    return [
        Char(char, x, base - 2, x + wide, base + 8, base, 10.0)
        for char, x in zip(text, places, strict=False)
    ]


def texts(chars: list[Char], drawn: list[Box] | None = None) -> list[str]:
    return [found.text for found in page_lines(chars, drawn or [])[0]]


def grid(xs: list[float], ys: list[float]) -> list[Box]:
    across = [Box(xs[0], y, xs[-1], y) for y in ys]
    return across + [Box(x, ys[0], x, ys[-1]) for x in xs]


def test_a_wide_gap_divides_a_line_and_a_narrow_one_is_a_space() -> None:
    chars = [*line("one two", 0, 0), *line("three", 45, 0), *line("four", 100, 0)]
    assert [run.text for run in runs(chars)[0]] == ["one two three", "four"]


def test_gaps_are_spaces_in_a_file_without_spaces() -> None:
    chars = [*line("one", 0, 0), *line("two", 22, 0)]
    assert [run.text for run in runs(chars)[0]] == ["one two"]


def test_a_superscript_stays_on_its_line_and_a_mark_on_its_letter() -> None:
    raised = Char("2", 12, 4, 15, 9, 4, 6.0)
    accent = Char("\u0301", 8, -2, 8, 8, 0, 10.0)
    assert [run.text for run in runs([*line("km", 0, 0), raised, accent])[0]] == ["km\u03012"]


def test_three_columns_are_read_from_the_left() -> None:
    columns = [[f"{name} {n} fills its line" for n in range(6)] for name in ("Aaa", "Bbb", "Ccc")]
    chars = [
        char
        for x, column in enumerate(columns)
        for y, text in enumerate(column)
        for char in line(text, 180 * x, -14 * y)
    ]
    assert texts(chars) == [text for column in columns for text in column]


def test_a_page_number_between_columns_does_not_close_the_gap() -> None:
    chars = line("7", 152, -120)
    for y in range(6):
        chars += [*line("A line on the left side", 0, -14 * y)]
        chars += [*line("A line on the right one", 170, -14 * y)]
    assert texts(chars)[:12] == ["A line on the left side"] * 6 + ["A line on the right one"] * 6


def test_terms_and_what_they_mean_stay_side_by_side() -> None:
    chars = []
    for y, term in enumerate(["Capacity", "Consent", "Duty", "Harm", "Risk", "Will"]):
        chars += line(term, 0, -14 * y)
        chars += line("means what the law of the place says of it, no more", 120, -14 * y)
    assert texts(chars)[1].startswith("Consent | means what")


def test_a_cell_over_two_columns_is_said_once() -> None:
    drawn = grid([0, 100, 200, 300], [0, 20, 40])
    # The line between the second and the third column ends below the first row.
    drawn[-2] = Box(200, 0, 200, 20)
    chars = [*line("Drug", 10, 26), *line("Dose and route", 160, 26)]
    chars += [*line("A", 10, 6), *line("5 mg", 110, 6), *line("oral", 210, 6)]
    (table,) = ruled_tables(chars, drawn)
    assert table.rows == ("Drug | Dose and route", "A | 5 mg | oral")


def test_lines_across_alone_make_a_table_of_short_cells_and_none_of_prose() -> None:
    rules = [Box(0, y, 400, y + 0.5) for y in (60, 40, -30)]
    chars = []
    for y, row in enumerate([("Land", "People"), ("Austria", "8.9"), ("Belgium", "11.5")]):
        chars += [*line(row[0], 5, 46 - 20 * y), *line(row[1], 200, 46 - 20 * y)]
    assert ruled_tables(chars, rules)[0].rows == (
        "Land | People",
        "Austria | 8.9",
        "Belgium | 11.5",
    )
    prose = []
    for y in range(6):
        prose += [*line("A line of some length, on the left", 0, 50 - 14 * y)]
        prose += [*line("A line of some length, on the right", 220, 50 - 14 * y)]
    assert ruled_tables(prose, rules) == []


def test_a_frame_around_a_paragraph_is_no_table() -> None:
    assert ruled_tables(line("Only a note.", 10, 10), [Box(0, 0, 200, 30)]) == []
    assert not is_ruled([Box(0, 0, 200, 0.5), Box(0, 700, 200, 700.5)])


def test_a_page_is_plain_until_pieces_stand_side_by_side() -> None:
    below = [Box(0, -14 * n, 300, -14 * n + 10) for n in range(9)]
    assert is_plain(below)
    assert not is_plain([*below, *(Box(320, -14 * n, 400, -14 * n + 10) for n in range(9))])
    assert is_plain([*below, Box(320, 0, 330, 10)])


def test_text_that_runs_up_or_down_is_upended() -> None:
    assert is_upended([Box(0, 0, 10, 300), Box(0, 0, 30, 10)])
    assert not is_upended([Box(0, 0, 300, 10), Box(0, 0, 10, 30)])


@pytest.mark.parametrize(
    ("boxes", "expected"),
    [
        ([Box(0, 0, 10, 1), Box(20, 0, 30, 1)], [(10, 20)]),
        ([Box(0, 0, 25, 1), Box(20, 0, 30, 1)], []),
        ([], []),
    ],
)
def test_white_that_nothing_covers(boxes: list[Box], expected: list[tuple[int, int]]) -> None:
    assert gaps(boxes, 5) == expected


def test_values_that_are_close_are_one() -> None:
    assert distinct([10.0, 0.0, 1.0, 11.0, 30.0], 4) == [0.0, 10.0, 30.0]

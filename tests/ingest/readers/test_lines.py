import pytest

from ingest.readers._lines import Line, unwrap, without_running_lines

LONG = "a line that is long enough to have been broken by the width of the page"


def text(*lines: str) -> str:
    return unwrap([Line(line, 11.0) for line in lines])


def test_no_lines_are_no_text() -> None:
    assert text() == ""


def test_a_broken_word_is_mended() -> None:
    assert text(LONG + " and confi-", "dential").endswith("and confidential")
    assert text(LONG + " by St-", "Georges").endswith("St- Georges")


@pytest.mark.parametrize(
    "second", ["- item", "• item", "1. item", "(a) item", "二、事項", "a | b", "left     right"]
)
def test_lists_and_tables_keep_their_lines(second: str) -> None:
    assert text(LONG, second, LONG).splitlines()[1] == second


def test_a_sentence_that_ends_ends_its_line() -> None:
    assert text(LONG + ".", "Next").count("\n") == 1


def test_short_lines_are_a_list_of_their_own() -> None:
    assert text("Contents", "1 Purpose", "2 Limits").count("\n") == 2


def test_lines_at_the_edge_of_few_pages_stay() -> None:
    pages = [[Line("Same", 9.0), Line(f"text {n} {LONG}", 11.0)] for n in range(2)]
    assert without_running_lines(pages) == pages

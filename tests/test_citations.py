"""A citation stands on words that are there."""

from __future__ import annotations

import pytest

from ingest import Passage, Source
from tutor.citations import QuoteNotFound, cite

PASSAGE = Passage(
    id="p1",
    document_id="guidelines/x.en",
    source=Source(title="A code", issuer="A council", year=2020, url="https://example.org"),
    text="- Ask first.\n- Weigh the harm,\n  and write it down. [S]",
    position=0,
    section=("Duties",),
    confidence="S",
)


def test_a_quote_may_run_over_a_line_break() -> None:
    cited = cite(PASSAGE, "Weigh the harm, and write it down.")
    assert cited.quote == "Weigh the harm, and write it down."
    assert (cited.title, cited.issuer, cited.year, cited.section) == (
        "A code",
        "A council",
        2020,
        ("Duties",),
    )


@pytest.mark.parametrize("quote", ["Weigh the benefit", "ask first", "Ask first. Weigh the harm"])
def test_words_that_are_not_there_are_refused(quote: str) -> None:
    with pytest.raises(QuoteNotFound, match="do not occur"):
        cite(PASSAGE, quote)

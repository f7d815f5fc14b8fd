"""What people wrote is text and not mark-up."""

from __future__ import annotations

import datetime as dt
from html import unescape

import pytest
from markdown_it import MarkdownIt

from tutor.citations import Citation
from tutor.dialogue import Contested, Event, LearnerSaid, SessionOpened, TutorMoved
from tutor.records import SessionRecord, Stored
from tutor.records.transcript import escape, markdown, transcript_of
from tutor.records.words import WORDS

AT = dt.datetime(2026, 11, 22, 9, 30, tzinfo=dt.UTC)
CITATION = Citation(
    document_id="guidelines/code.en",
    passage_id="p",
    title="A *code*",
    section=("Duties", "To ask"),
    pages=(3, 4),
    quote="Ask first.",
    url="javascript:alert(1)",
    issuer="A council",
    year=2020,
)


def record(*events: Event) -> SessionRecord:
    stored = tuple(Stored(n, AT, e) for n, e in enumerate(events, 1))
    return SessionRecord("s", "local", "gone", AT, stored)


@pytest.mark.parametrize(
    "words",
    [
        "<script>alert(1)</script>",
        "# heading",
        "- list\n+ list\n1. list\n2) list",
        "*a* _b_ `c` [d](http://e) ![f](g) ~~h~~ | i |",
        "> quote",
        "a\\*b",
        "===\n---",
        "<https://example.org>",
        "&lt;b&gt; &amp;",
        "    an indented line",
    ],
)
def test_escaped_text_is_shown_as_it_was_written(words: str) -> None:
    html = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(escape(words))
    for mark in ("<h", "<li", "<em", "<code", "<a ", "<img", "<s>", "<table", "<blockq", "<script"):
        assert mark not in html
    shown = unescape(html.replace("<p>", "").replace("</p>", ""))
    assert shown.strip() == words.strip()


def test_a_case_that_has_left_the_corpus_can_still_be_read() -> None:
    told = transcript_of(
        record(
            SessionOpened(case_id="gone", case_version="0.1.0", language="en"),
            TutorMoved(move="hint", target="E1", text="What would you ask?", citations=(CITATION,)),
            LearnerSaid(
                text="first\n\nsecond",
                acts=("assertion",),
                language="en",
                redacted=("hkid",),
            ),
            Contested(target="E1", said="first\n\nsecond", note="mine"),
        ),
        None,
    )
    text = markdown(told)
    assert not told.session.accepts_reply
    assert "- **Case:** gone, version 0.1.0" in text
    assert "“Ask first.” · A \\*code\\* · A council · 2020 · Duties › To ask · pp. 3, 4" in text
    assert "javascript" not in text
    assert "> first\n>\n> second" in text
    assert "Identifiers were removed" in text
    assert "Your note: “mine”" in text
    assert "no CME, CPD or CNE points" in text
    assert "2026-11-22 09:30 UTC" in text


def test_every_language_has_words_of_its_own() -> None:
    names = WORDS["en"].__slots__
    for language in ("zh-Hant", "zh-Hans"):
        same = {n for n in names if getattr(WORDS[language], n) == getattr(WORDS["en"], n)}
        assert same == set()
    assert WORDS["zh-Hant"].closing != WORDS["zh-Hans"].closing

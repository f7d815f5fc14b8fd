"""What comes from data stays text."""

from __future__ import annotations

import pytest

from ui.parts.markup import esc, plain, prose, safe_link, spoken, tongue, with_quote


def test_markup_in_data_stays_characters() -> None:
    html = prose('<img src=x onerror=alert(1)> "quoted" & ![a](http://x/y.png) # $x$')
    assert "<img" not in html
    assert (
        "&lt;img src=x onerror=alert(1)&gt; &quot;quoted&quot; &amp; ![a](http://x/y.png)" in html
    )
    assert esc("a\"b'<c>") == "a&quot;b&#x27;&lt;c&gt;"


def test_lines_lists_titles_and_strong_words() -> None:
    text = "**Title**\n\nOne **strong** word.\nNext line.\n\n- a\n  goes on\n- b"
    text += "\n\n1) first\n2) second"
    assert prose(text) == (
        '<h3 class="mx-sub">Title</h3>'
        "<p>One <strong>strong</strong> word.</p><p>Next line.</p>"
        "<ul><li>a goes on</li><li>b</li></ul>"
        "<p>1) first</p><p>2) second</p>"
    )


def test_lines_that_a_printed_page_broke_are_joined() -> None:
    assert prose("A broken\nline.", unwrap=True) == "<p>A broken line.</p>"
    assert prose("斷開的\n一行。", unwrap=True) == "<p>斷開的一行。</p>"
    assert prose("a | b\nc | d", unwrap=True) == "<p>a | b</p><p>c | d</p>"


@pytest.mark.parametrize(
    ("text", "quote", "marked"),
    [
        ("Before the quote after.", "the quote", "<p>Before <mark>the quote</mark> after.</p>"),
        (
            "- One two\n  three [S]",
            "two three",
            "<li>One <mark>two</mark> <mark>three</mark> [S]</li>",
        ),
        ("病人的\n資料。", "病人的 資料", "<p><mark>病人的</mark><mark>資料</mark>。</p>"),
        ("a <b> c", "<b>", "<p>a <mark>&lt;b&gt;</mark> c</p>"),
        ("a\n\nb", "a b", "<p><mark>a</mark></p><p><mark>b</mark></p>"),
    ],
)
def test_the_quote_is_marked_where_it_stands(text: str, quote: str, marked: str) -> None:
    html, found = with_quote(text, quote)
    assert found
    assert marked in html


def test_a_quote_that_is_not_there_is_said_not_to_be() -> None:
    assert with_quote("Something else.", "the quote") == ("<p>Something else.</p>", False)
    assert with_quote("Something.", "  ")[1] is False


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "//evil", "", None, "http://[", "file:///etc"],
)
def test_only_web_addresses_become_links(url: str | None) -> None:
    assert safe_link(url) is None
    assert safe_link("https://example.org/a?b=c") == "https://example.org/a?b=c"


def test_labels_cannot_carry_markdown() -> None:
    assert plain("A [b](http://x) *c* :red[d]") == r"A \[b\]\(http\://x\) \*c\* \:red\[d\]"


def test_what_was_said_before_a_change_of_language_keeps_its_own() -> None:
    assert tongue("Ask him why", "zh-Hant") == "en"
    assert tongue("先問他", "zh-Hant") == "zh-Hant"
    assert tongue("先問他", "en") == "zh"


def test_what_is_read_aloud_has_neither_markdown_nor_escapes() -> None:
    assert spoken("1. *Who* pays $5 [now](http://x)?\n") == "1. Who pays 5 now (http://x)?"

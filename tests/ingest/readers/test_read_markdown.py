from pathlib import Path

import pytest

from ingest import UnreadableDocument
from ingest.readers.markdown import markdown_pages, read_markdown

PATH = Path("code.en.md")
DIGEST = """---
title: "The Code: a digest"
issuer: A Council
year: 2016
url: https://example.org/
jurisdiction: HK
as_of: 2026-11-22
licence: CC-BY-4.0
status: guidance
seen: S
---
# The Code: a digest
What it is. [S]

## What it asks
- Ask why. [P]
- Write it
  down. [S]

### In detail
More. [P]

## Doubts
- The date. [U]

*Original digest by somebody. As of 2026-11-22.*
"""


def test_a_digest_gives_its_source_and_a_page_per_heading() -> None:
    extract = read_markdown(PATH, DIGEST.encode())
    assert extract.fields == {
        "title": "The Code: a digest",
        "issuer": "A Council",
        "year": 2016,
        "url": "https://example.org/",
        "jurisdiction": "HK",
        "as_of": "2026-11-22",
        "licence": "CC-BY-4.0",
    }
    assert [(page.section, page.text) for page in extract.pages] == [
        ((), "What it is. [S]"),
        (("What it asks",), "- Ask why. [P]\n- Write it down. [S]"),
        (("What it asks", "In detail"), "More. [P]"),
        (("Doubts",), "- The date. [U]"),
    ]


def test_the_only_heading_of_level_one_is_the_title() -> None:
    pages, title = markdown_pages("# One\n\ntext")
    assert (title, pages[0].section) == ("One", ())
    pages, title = markdown_pages("# One\n\ntext\n\n# Two\n\nmore")
    assert title is None
    assert [page.section for page in pages] == [("One",), ("Two",)]


def test_a_hash_in_code_and_a_heading_under_a_rule_are_told_apart() -> None:
    pages, _ = markdown_pages("```\n# not a heading\n```\n\nUnderlined\n----------\n\ntext")
    assert [page.section for page in pages] == [(), ("Underlined",)]


def test_wrapped_lines_become_one_and_chinese_ones_without_a_space() -> None:
    pages, _ = markdown_pages("One sentence that\nis wrapped.\n\n一句話分成\n兩行，\n三行。")
    assert pages[0].text == "One sentence that is wrapped.\n\n一句話分成兩行，三行。"


def test_tables_and_hard_breaks_keep_their_lines() -> None:
    table = "| a | b |\n| - | - |\n| 1 | 2 |"
    pages, _ = markdown_pages(f"{table}\n\nfirst  \nsecond")
    assert pages[0].text == f"{table}\n\nfirst  \nsecond"


@pytest.mark.parametrize(
    ("front", "reason"),
    [
        ("title: A: B\nyear: 1", "not YAML near line 2"),
        ("title: x\n- y", "not YAML near line"),
        ("just words", "name: value"),
    ],
)
def test_front_matter_that_cannot_be_read_is_explained(front: str, reason: str) -> None:
    with pytest.raises(UnreadableDocument, match=reason):
        read_markdown(PATH, f"---\n{front}\n---\ntext".encode())


def test_without_front_matter_nothing_is_left_out() -> None:
    extract = read_markdown(PATH, b"# A\n\ntext\n\n*In italics.*")
    assert extract.fields == {"title": "A"}
    assert extract.pages[0].text.endswith("*In italics.*")


def test_a_rule_at_the_top_is_no_front_matter_without_its_end() -> None:
    assert read_markdown(PATH, b"---\n\ntext").pages[0].text.endswith("text")

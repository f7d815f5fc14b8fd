from pathlib import Path

import pytest

from ingest import EmptyDocument
from ingest.readers.html import read_html

PATH = Path("page.html")
PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="{charset}">
<title>Guidance on telling relatives</title>
<link rel="canonical" href="https://example.org/guidance"></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/log-in">Log in here</a></li></ul></nav>
<article><h1>Guidance on telling relatives</h1>
<p>{text}</p>
<h2>When the patient refuses</h2>
<p>The clinician asks for the reason, offers help, and weighs the harm to the relative.</p>
<h3>What to record</h3>
<p>The record shows what was weighed, who was asked, and why the decision was made.</p>
</article><script>var tracker = "walrus";</script>
<footer>Cookies. All rights reserved.</footer></body></html>"""
TEXT = "This page says when a clinician may speak to a relative about a result of a test."


def test_headings_are_sections_and_the_surroundings_left_out() -> None:
    extract = read_html(PATH, PAGE.format(charset="utf-8", text=TEXT).encode())
    assert [page.section for page in extract.pages] == [
        (),
        ("When the patient refuses",),
        ("When the patient refuses", "What to record"),
    ]
    everything = "\n".join(page.text for page in extract.pages)
    assert TEXT in everything
    for noise in ("walrus", "Log in", "Cookies", "<p>"):
        assert noise not in everything
    assert extract.fields["title"] == "Guidance on telling relatives"
    assert extract.fields["url"] == "https://example.org/guidance"


@pytest.mark.parametrize(
    ("charset", "stated"),
    [("big5", "big5"), ("big5", "utf-8"), ("gb18030", "gbk"), ("utf-16", "x")],
)
def test_a_page_is_decoded_as_it_says_or_as_it_is(charset: str, stated: str) -> None:
    text = "臨床人員先了解病人拒絕的理由，然後才考慮是否告訴親屬，並把理由寫進紀錄。" * 3
    extract = read_html(PATH, PAGE.format(charset=stated, text=text).encode(charset))
    assert text in "".join(page.text for page in extract.pages)


def test_a_page_without_an_article_is_empty() -> None:
    with pytest.raises(EmptyDocument, match=r"page\.html"):
        read_html(PATH, b"<html><body><script>1</script></body></html>")


def test_a_short_page_is_read_whole() -> None:
    (page,) = read_html(PATH, b"<html><body><p>Ask why.</p></body></html>").pages
    assert page.text == "Ask why."


def test_rows_of_a_table_are_lines() -> None:
    table = "<table><tr><th>Drug</th><th>Dose</th></tr><tr><td>A</td><td>75 mg</td></tr></table>"
    html = PAGE.format(charset="utf-8", text=TEXT).replace("<h2>", f"{table}<h2>", 1)
    text = read_html(PATH, html.encode()).pages[0].text
    assert "| A | 75 mg |" in text.splitlines()


def test_a_damaged_byte_does_not_make_the_stated_encoding_untrue() -> None:
    text = "臨床人員先了解病人拒絕的理由，然後才考慮是否告訴親屬，並把理由寫進紀錄。" * 30
    data = PAGE.format(charset="big5", text=text).encode("big5").replace(b"Home", b"Ho\xffe")
    assert text in "".join(page.text for page in read_html(PATH, data).pages)


def test_elements_nested_without_end_are_refused_or_read() -> None:
    data = b"<html><body>" + b"<div>" * 5000 + b"<p>deep</p>"
    with pytest.raises(EmptyDocument):
        read_html(PATH, data)

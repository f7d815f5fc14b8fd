"""HTML of our own. Whatever comes from data passes through here and leaves escaped."""

from __future__ import annotations

import re
from html import escape
from itertools import groupby
from urllib.parse import urlsplit

import streamlit as st

_BULLET = re.compile(r"^\s*[-*•]\s+")
_OWN_LINE = re.compile(r"^\s*\d+[.)、]|.*\s\|\s")
"""Numbered lines and rows of a table: joining them to their neighbours would spoil them."""
_STRONG = re.compile(r"\*\*(.+?)\*\*")
_TITLE = re.compile(r"^(?:\*\*([^*\n]+)\*\*)$")
_CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
OPEN, CLOSE = "\ue000", "\ue001"
"""Marks the beginning and end of a quote in raw text: characters no document uses."""


def esc(text: object) -> str:
    """`text` as characters of a page, never as markup; safe inside attributes too."""
    return escape(str(text), quote=True)


def show(html: str) -> None:
    """Put HTML on the page. Its data has gone through `esc` or `prose`."""
    st.html(html)


def prose(text: str, *, unwrap: bool = False) -> str:
    """Plain text as HTML: a paragraph per line, lists, **strong** words and **titles**.

    Nothing else of Markdown is understood: a learner's `#`, `$` or `![](...)` stays what it is.
    `unwrap` joins the lines of a paragraph, for text whose lines a printed page broke.
    """
    blocks = re.split(r"\n\s*\n", text.strip())
    html = "".join(_block(block, unwrap) for block in blocks if block.strip())
    return html.replace(OPEN, "<mark>").replace(CLOSE, "</mark>")


def with_quote(text: str, quote: str) -> tuple[str, bool]:
    """A passage as HTML with `quote` highlighted, and whether the quote was found in it.

    The service guarantees the quote; white space alone may differ (a line broken in the source).
    """
    words = [re.escape(word) for word in quote.split()]
    found = re.search(r"\s+".join(words), text) if words else None
    if found is None:
        return prose(text, unwrap=True), False
    start, end = found.span()
    # A mark per line, so that none crosses the border of a paragraph.
    marked = re.sub(r"(\s*\n\s*)", rf"{CLOSE}\1{OPEN}", text[start:end])
    return prose(f"{text[:start]}{OPEN}{marked}{CLOSE}{text[end:]}", unwrap=True), True


def safe_link(url: str | None) -> str | None:
    """`url` where it is a web address a reader may be sent to."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.netloc else None


def heading(level: int, text: str, *, lang: str | None = None, extra: str = "") -> None:
    """A heading of the page's outline."""
    show(f'<h{level} class="mx-h{level} {extra}"{lang_attr(lang)}>{esc(text)}</h{level}>')


def lang_attr(lang: str | None) -> str:
    """The `lang` attribute, so that a screen reader and the font follow the language."""
    return f' lang="{esc(lang)}"' if lang else ""


def tongue(text: str, lang: str) -> str:
    """The language of something said in a session that is now held in `lang`.

    A session may change its language, and what was said before stays as it was said.
    """
    chinese = bool(_CHINESE.search(text))
    if lang == "en":
        return "zh" if chinese else "en"
    return lang if chinese else "en"


def pill(text: str, tone: str = "plain") -> str:
    """A small label; `tone` is a class of the style sheet."""
    return f'<span class="mx-pill mx-pill--{tone}">{esc(text)}</span>'


def plain(text: str) -> str:
    """`text` for a place where Streamlit would read Markdown, such as a button's label."""
    return re.sub(r"([\\`*_{}\[\]()#+\-.!$:~<>|^])", r"\\\1", " ".join(text.split()))


def spoken(text: str) -> str:
    """`text` for a label that is read aloud as it is written: no signs of Markdown, no escapes."""
    return " ".join(re.sub(r"[\\`*_{}\[\]#~<>|$^]", " ", text).split())


def _block(block: str, unwrap: bool) -> str:
    title = _TITLE.match(block.strip())
    if title:
        return f'<h3 class="mx-sub">{esc(title[1])}</h3>'
    html: list[str] = []
    for is_list, lines in groupby(_items(block), key=lambda item: item[0]):
        texts = [text for _, text in lines]
        if is_list:
            html.append("<ul>" + "".join(f"<li>{_inline(text)}</li>" for text in texts) + "</ul>")
        else:
            joined = _unwrapped(texts) if unwrap else texts
            html += [f"<p>{_inline(text)}</p>" for text in joined]
    return "".join(html)


def _items(block: str) -> list[tuple[bool, str]]:
    """The lines of a block: whether an item of a list, and the text; items take in what follows."""
    items: list[tuple[bool, str]] = []
    for line in block.strip("\n").split("\n"):
        bullet = _BULLET.match(line)
        if bullet:
            items.append((True, line[bullet.end() :].strip()))
        elif items and items[-1][0]:
            items[-1] = (True, _join(items[-1][1], line.strip()))
        else:
            items.append((False, line.strip()))
    return items


def _unwrapped(lines: list[str]) -> list[str]:
    out: list[str] = []
    for line in lines:
        if out and not _OWN_LINE.match(line) and " | " not in out[-1]:
            out[-1] = _join(out[-1], line)
        else:
            out.append(line)
    return out


def _join(before: str, after: str) -> str:
    last, first = before.rstrip(OPEN + CLOSE)[-1:], after.lstrip(OPEN + CLOSE)[:1]
    between_chinese = _CHINESE.match(last) and _CHINESE.match(first)
    return f"{before}{after}" if between_chinese else f"{before} {after}"


def _inline(text: str) -> str:
    return _STRONG.sub(r"<strong>\1</strong>", esc(text))

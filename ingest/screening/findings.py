"""What the scan of a document may find, and the rules by which it finds it.

A finding is for the educator who uploaded the file: it says where to look and why, and holds no
more of the text than is needed to recognise the place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

FindingKind = Literal["instruction", "hidden_text", "personal_data"]
Severity = Literal["high", "low"]
EXCERPT = 80
"""Characters of an excerpt."""

RULES: Mapping[str, str] = {
    "override": "It tells a reader that is a program to drop the instructions it has.",
    "new-role": "It gives a language model a role or a new set of instructions.",
    "prompt-talk": "It asks for, or speaks of, a language model's hidden prompt.",
    "conceal": "It asks that something be kept from the user.",
    "addressed": "It is addressed to a language model that reads the document.",
    "output-only": "It dictates to the letter what the output shall be.",
    "send-data": "It asks for what was said, or for secrets, to be sent somewhere.",
    "answer-request": "It asks for a change to the answer of whoever reads it.",
    "chatbot-task": "It is a task as one sets it to a chat model.",
    "role-marker": "It holds a mark by which chat models tell speakers apart.",
    "encoded": "It holds encoded text that is an instruction once decoded.",
    "image-link": "It holds an image whose address would carry data away.",
    "mixed-script": "It writes words with look-alike letters of another script.",
    "zero-width": "It holds a run of characters that have no width.",
    "tag-characters": "It holds invisible characters that spell out a text.",
    "bidi-override": "It reverses the direction of letters, so that what is read is not there.",
    "invisible-ink": "Text is drawn in a mode that leaves no ink, and not over a scan.",
    "background-colour": "Text has the colour of the paper.",
    "tiny-text": "Text is too small to be read.",
    "off-page": "Text lies outside the page.",
    "not-displayed": "The page's style hides the text.",
    "vanished": "The text is formatted as hidden.",
    "email": "An e-mail address.",
    "phone": "A telephone number.",
    "hkid": "A Hong Kong identity card number.",
    "mainland_id": "A mainland resident number.",
    "macao_id": "A Macao identity card number.",
    "travel_document": "The number of a passport or permit.",
    "hospital_number": "A hospital, record or specimen number.",
    "birth_date": "A date of birth.",
    "number": "A long number that may identify a person or an account.",
    "account": "A bank account or social security number.",
    "ip_address": "An address of a computer on the internet.",
    "address": "A postal address.",
    "name": "A person's name after a title or a label.",
}
"""What each rule means, in a sentence; the pages have their own words for them by these ids."""

FLAGGING: frozenset[FindingKind] = frozenset({"instruction", "hidden_text"})
"""Kinds that keep a passage from a language model. Personal data alone does not."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One place of a document that an educator should look at. All fields are plain JSON."""

    kind: FindingKind
    rule: str
    """One of `RULES`."""
    passage_id: str | None
    """None for what is in the file and in none of its passages."""
    page: int | None
    """1-based; the first page of the passage, or the page of the file."""
    start: int
    """In the text of the passage, in characters; 0 without a passage."""
    end: int
    excerpt: str
    """At most EXCERPT characters; personal data is masked."""
    severity: Severity = "high"


@dataclass(frozen=True, slots=True)
class Span:
    """A finding in a text that is not yet known to belong to a passage."""

    kind: FindingKind
    rule: str
    start: int
    end: int
    severity: Severity = "high"
    shown: str | None = None
    """What an excerpt shows instead of the text itself: what was decoded from it."""


def is_flagged(findings: Iterable[Finding], passage_id: str) -> bool:
    """Whether a passage holds an instruction or hidden text.

    Such a passage is searched like any other, for the educator decides what to do with it, and
    is never given to a language model. Severity makes no difference here.
    """
    return any(f.passage_id == passage_id and f.kind in FLAGGING for f in findings)


def flagged_ids(findings: Iterable[Finding]) -> frozenset[str]:
    """The ids of all flagged passages: see `is_flagged`."""
    return frozenset(
        f.passage_id for f in findings if f.passage_id is not None and f.kind in FLAGGING
    )


def shorten(text: str, most: int = EXCERPT) -> str:
    """A text in one line, cut to `most` characters."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1].rstrip() + "…"


def mask(text: str) -> str:
    """Each word's first character, and an asterisk for each other letter or digit."""
    out: list[str] = []
    inside = False
    for character in text:
        word = character.isalnum()
        out.append("*" if word and inside else character)
        inside = word
    return "".join(out)

"""Personal data in a text: identifiers, accounts, addresses and names, and how serious they are.

What is found is here; what a learner's words are kept free of is `find_private`.

What is serious: a guideline prints the switchboard and the office of its issuer, and its authors
with their titles; these are **low**. They are **high** where they point at a private person:

- an identifier that belongs to one person (identity card, record, passport, date of birth,
  account), or a name labelled as a patient's, is always high;
- an e-mail address of a consumer's provider, a mobile number of Hong Kong or the mainland, and a
  flat or a home address are high;
- any contact detail, name or address in a passage that holds one of the first kind is high.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.screening.addresses import find_addresses
from ingest.screening.checksums import compact, is_iban, is_payment_card
from ingest.screening.findings import Severity, Span
from ingest.screening.identifiers import IDENTIFIER_KINDS, find_identifiers, has_long_number
from ingest.screening.names import find_names, is_told

PRIVATE_KINDS = (*IDENTIFIER_KINDS, "account", "ip_address", "address", "name")
"""The kinds of `find_private`."""
_OF_ONE_PERSON = frozenset(
    {
        "mainland_id",
        "hospital_number",
        "hkid",
        "macao_id",
        "travel_document",
        "birth_date",
        "account",
    }
)
_CONSUMER = re.compile(
    r"@(?:[\w-]+\.)*(?:gmail|googlemail|hotmail|outlook|live|yahoo|ymail|icloud|me|aol|proton"
    r"|protonmail"
    r"|gmx|netvigator|qq|163|126|sina|foxmail|139|yeah)\.",
    re.IGNORECASE,
)
_MOBILE = re.compile(r"(?:(?:\+|00)?85[23])?[4-79]\d{7}|(?:(?:\+|00)?86)?1[3-9]\d{9}")
_ACCOUNT = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?: ?[A-Za-z0-9]{4}){2,7}(?: ?[A-Za-z0-9]{1,4})?"
    r"(?![A-Za-z0-9])"
    r"|(?<![\d-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\d-])"
)
_DIGIT = re.compile(r"\d")
_TWO_LETTERS = re.compile(r"[A-Z]{2}[ -]?\d{3} ?\d{3} ?[\dA]$")
_SAYS_CARD = re.compile(r"hkid|card|\bid\b|身[份分][證证]", re.IGNORECASE)
_CODE = re.compile(r"(?<![A-Za-z])[A-Z]{2,6}[ -]?$")
_IP = re.compile(
    r"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?!\.?\d)"
)
_VERSION = re.compile(r"(?:version|release|section|chapter|EC|v|§|第)\W{0,2}$", re.IGNORECASE)
_SAYS_PHONE = (
    r"(?:tel(?:ephone)?|phone|fax|mobile|cell|whatsapp|hotline|call(?: (?:me|us))?(?: (?:at|on))?"
    r"|contact number|電話|电话|手機|手机|傳真|传真|熱線|热线|聯絡電話|联系电话|查詢|查询)"
)
_PHONE = re.compile(
    rf"(?:(?<![a-z]){_SAYS_PHONE}(?: ?(?:no|number|num|#))?[\s.:：#是]{{0,4}}"
    r"(?P<labelled>[+(]{0,2}\d[\d ().-]{5,17}\d))"
    r"|(?<![\w.,+/-])(?P<free>\+?1?[ .-]?\(\d{3}\) ?\d{3}[ .-]\d{4}|(?:\+?1[ .-])?\d{3}"
    r"([.-])\d{3}\3\d{4}"
    r"(?:x\d{1,5})?|\d\d(?:-\d\d){3}|0\d{2,4} \d{2,4} ?\d{2,4}(?: ?\d{2,4})?|\+\d{1,3}[ .-]?"
    r"(?:\(\d{1,4}\)[ .-]?)?\d[\d .-]{6,13}\d)"
    r"(?![\w/-])(?!\.\d)",
    re.IGNORECASE,
)


def find_personal(text: str) -> list[Span]:
    """Every finding in a text, in order; of two that overlap the longer is kept."""
    spans = list(_without_overlaps(_found(text)))
    if any(s.rule in _OF_ONE_PERSON or (s.rule == "name" and s.severity == "high") for s in spans):
        return [replace(s, severity="high") for s in spans]
    return spans


def find_private(text: str, told: str = "") -> list[tuple[int, int, str]]:
    """Start, end and kind of all that a text should not be kept with, in order, none overlapping.

    Args:
        text: what somebody wrote.
        told: what everybody was given; names in it are left: see `ingest.screening.names.is_told`.
    """
    found = find_identifiers(text)
    if has_long_number(text):
        found += [(s.start, s.end, s.rule) for s in _numbers(text)]
    found += [(start, end, "address") for start, end, _ in find_addresses(text)]
    for name in find_names(text):
        if not (told and is_told(text[name.start : name.end], told)):
            found.append((name.start, name.end, "name"))
    kept: list[tuple[int, int, str]] = []
    # A checked identifier says more of the same characters than the forms that come after it; what
    # these say of others is removed too.
    for start, end, kind in found:
        rests = list(_uncovered(start, end, kept))
        kept += [(a, b, kind) for a, b in rests if any(c.isalnum() for c in text[a:b])]
    return sorted(kept)


def _uncovered(
    start: int, end: int, kept: Sequence[tuple[int, int, str]]
) -> Iterator[tuple[int, int]]:
    """The pieces between start and end that no kept span covers."""
    for first, last, _ in sorted(kept):
        if first < end and start < last:
            if start < first:
                yield start, first
            start = last
    if start < end:
        yield start, end


def _without_overlaps(spans: Iterator[Span]) -> list[Span]:
    kept: list[Span] = []
    # A checked identifier says more of the same digits than the forms that come after it.
    order = {"low": 1, "high": 0}
    for span in sorted(spans, key=lambda s: (s.start, order[s.severity], s.start - s.end)):
        if kept and span.start < kept[-1].end:
            continue
        kept.append(span)
    return kept


def _found(text: str) -> Iterator[Span]:
    digits = _DIGIT.search(text) is not None
    if digits or "@" in text:
        for start, end, kind in find_identifiers(text):
            if not _is_compound(text, start, end, kind):
                yield _span(kind, start, end, _severity(kind, text[start:end]))
    if has_long_number(text):
        yield from _numbers(text)
    for start, end, private in find_addresses(text):
        yield _span("address", start, end, "high" if private else "low")
    for name in find_names(text):
        # A title that follows is shown with the name, which may be one character long.
        yield _span(
            "name", name.start, name.outer_end or name.end, "high" if name.private else "low"
        )


def _is_compound(text: str, start: int, end: int, kind: str) -> bool:
    """Whether a number is the name of a substance: LY2811376, PD 0332991.

    A Hong Kong identity card number of two letters without its brackets looks the same, and one
    such name in eleven has its check digit; it counts where a label or the brackets say so.
    """
    value = text[start:end]
    if kind == "hkid":
        return (
            bool(_TWO_LETTERS.match(value))
            and "(" not in value.replace("（", "(")
            and not (_SAYS_CARD.search(text, max(0, start - 30), start))
        )
    return kind == "number" and bool(_CODE.search(text, max(0, start - 8), start))


def _severity(kind: str, value: str) -> Severity:
    if kind in _OF_ONE_PERSON:
        return "high"
    if kind == "email":
        return "high" if _CONSUMER.search(value) else "low"
    if kind == "phone":
        return "high" if _MOBILE.fullmatch(re.sub(r"[^\d+]", "", value)) else "low"
    return "high" if is_payment_card(value) else "low"


def _numbers(text: str) -> Iterator[Span]:
    for match in _ACCOUNT.finditer(text):
        if "-" in match.group() or is_iban(match.group()):
            yield _span("account", *match.span(), "high")
    if text.count(".") > 2:
        for match in _IP.finditer(text):
            if not _VERSION.search(text, max(0, match.start() - 12), match.start()):
                yield _span("ip_address", *match.span(), "low")
    for match in _PHONE.finditer(text):
        name = "labelled" if match["labelled"] else "free"
        value = match[name]
        if 7 <= len(compact(value)) <= 15:
            yield _span("phone", *match.span(name), _severity("phone", value))


def _span(rule: str, start: int, end: int, severity: Severity) -> Span:
    return Span("personal_data", rule, start, end, severity)

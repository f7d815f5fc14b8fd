"""Identifiers of a person in a text, found by their form and, where they have one, check digit.

What the records keep out (`tutor.safety`) and what the scan of a document shows to an educator is
found by these rules alike. Names and addresses are found in modules of their own.

Left alone: ages, years and ranges of years, doses, counts with or without separators, percentages,
ids of variants, genes, trials and papers, genomic coordinates, and numbers within a web address.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ingest.screening.checksums import are_years, compact, is_date, is_hkid, is_resident_number

# Same length before and after, so that what is found here can be cut out of the original.
_WIDTH = str.maketrans(
    {chr(c): chr(c - 0xFEE0) for c in range(0xFF01, 0xFF5F) if c != 0xFF0C}
    | {"\u3000": " ", "\u00a0": " "}
)
_START = r"(?<![A-Za-z0-9_])"
_END = r"(?![A-Za-z0-9_])"
_LONG = re.compile(r"\d(?:[ ().]{0,2}[\d/-]){4}")
_CHECK = r"\s?\(\s?[0-9A-Za-z]\s?\)"


@dataclass(frozen=True, slots=True)
class _Rule:
    """A form, and what else must hold."""

    kind: str
    pattern: re.Pattern[str]
    holds: Callable[[re.Match[str]], bool] = lambda _: True


def _rule(
    kind: str, pattern: str, holds: Callable[[re.Match[str]], bool] = lambda _: True
) -> _Rule:
    return _Rule(kind, re.compile(pattern, re.IGNORECASE), holds)


_SCHOLARLY = re.compile(
    r"(?<![A-Z0-9])(?:PMID|PMC|NCT|ISRCTN|ChiCTR[A-Z-]*|O?MIM|ORPHA|ISBN|ISSN|doi|dbSNP|rs|ClinVar"
    r"|VCV|RCV|chr ?[0-9XYM]{1,2}|GRCh3[78])[\s:.#=]{0,3}$"
    r"|(?<![A-Z0-9])(?:PD|PF|JNJ|GSK|AZD|BMS|ABT|BAY|TAK|MK|LY|CK)[ -]?$"
    r"|(?<![A-Z0-9])(?:[gcnm]\.|[0-9XYM]{1,2}:)$"
    r"|10\.\d{4,9}/\S*$|https?://[!-~]*$|\d[.,]$|[$¥€£]\s?$",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"\s?(mg|mcg|µg|g|grams?|kg|ml|l|mm|cm|iu|units?|kcal|kj|bp|kb|patients?|people|persons?"
    r"|cases?|"
    r"deaths?|births?|women|men|participants?|records?|samples?|genomes?|dollars?|HKD|MOP|RMB|"
    r"per\b|%|‰|元|人|名|例|個|个|萬|万|億|亿|份|毫升|毫克|公斤|宗)(?![a-z])",
    re.IGNORECASE,
)


def _before(match: re.Match[str]) -> str:
    return match.string[max(0, match.start() - 120) : match.start()]


def _is_ordinary(match: re.Match[str]) -> bool:
    """A number of the field: an id of a paper or variant, an amount, a count with its unit."""
    return bool(_SCHOLARLY.search(_before(match)) or _UNIT.match(match.string, match.end()))


def _hkid(match: re.Match[str]) -> bool:
    # With its brackets it is one even if mistyped; without, the check digit decides.
    if "(" in match.group():
        return True
    return is_hkid(match.group()) and not re.match(r"rs|LY|CK", match.group())


def _local_phone(match: re.Match[str]) -> bool:
    """Eight digits that are a telephone number and not two years, a range or a date."""
    if "+" in match.group() or match["code"]:
        return True
    first, second = match["first"], match["second"]
    if are_years([first, second]) or is_date(first + second):
        return False
    if first.endswith("00") and second.endswith("00"):
        return False
    return first[0] in "235689" and first[:2] != "20" and not _is_ordinary(match)


def _long_number(match: re.Match[str]) -> bool:
    digits = compact(match.group())
    if is_date(digits) and len(digits) in {8, 12, 14}:
        return False
    return not (digits.endswith("0000") or _is_ordinary(match))


def _grouped_number(match: re.Match[str]) -> bool:
    return not are_years(re.split(r"[ -]", match.group()))


_RECORD = (
    r"(?:MRN|HN|HKMRN|A&E|AE|OPD|IPD|URN)(?:\s?(?:no|number|#))?"
    r"|(?:hospital|patient|medical\s?record|record|case|chart|admission|episode|specimen|lab"
    r"|sample)"
    r"\s?(?:no|number|num|id|#)"
    r"|住院[號号]|病[歷历案][號号]|病人(?:編號|號碼)|患者(?:编号|ID)|門診號|门诊号|登記號|登记号"
    r"|醫院編號|标本号|樣本編號"
)
_DATE = (
    r"(?:\d{1,4}[-/.年 ]\s?\d{1,2}[-/.月 ]\s?\d{1,4}\s?[日號号]?"
    r"|\d{1,2}(?:st|nd|rd|th)? [A-Z]{3,9},? \d{4}|[A-Z]{3,9} \d{1,2}(?:st|nd|rd|th)?,? \d{4}|\d{8})"
    r"(?!\d)"
)
_RULES: tuple[_Rule, ...] = (
    _rule(
        "email",
        r"(?<![A-Z0-9._%+-])[A-Z0-9._%+-]{1,64}@(?:[A-Z0-9-]{1,63}\.){1,8}[A-Z]{2,24}(?![A-Z0-9])",
    ),
    _rule(
        "mainland_id",
        rf"{_START}\d{{6}}[ -]?\d{{8}}[ -]?\d{{3}}[\dX]{_END}",
        lambda m: is_resident_number(m.group()),
    ),
    _rule(
        "hospital_number",
        rf"(?<![A-Z0-9_])(?:{_RECORD})[\s.:#是為为-]{{0,4}}"
        rf"[A-Z]{{0,3}}-?(?=[\d/-]{{5}})\d[\d/-]{{3,18}}\d(?:[A-Z]{_END}|{_CHECK})?"
        r"(?![A-Z0-9_])",
    ),
    _rule(
        "hospital_number",
        rf"{_START}[A-Z]{{1,3}}\s?\d{{7,10}}{_CHECK}",
    ),
    _rule(
        "hkid",
        rf"{_START}[A-Z]{{1,2}}[ -]?\d{{3}}[ -]?\d{{3}}(?:{_CHECK}|[ -]?[0-9A](?![A-Z0-9_]))",
        _hkid,
    ),
    _rule(
        "hkid",
        r"(?:HKID|identity card|身[份分][證证])(?:\s?(?:card|no|number|號碼|号码|號|号))?"
        r"[\s.:#是為为]{0,4}[A-Z]{1,2}\d{6}(?![A-Z0-9_])",
    ),
    _rule(
        "macao_id",
        rf"{_START}(?:[1578]\d{{6}}\s?\(\s?\d\s?\)|[1578]/\d{{6}}/\d){_END}",
    ),
    _rule(
        "travel_document",
        r"(?:passport|travel document|permit|護照|护照|回[鄉乡][證证]|通行[證证])"
        r"(?:\s?(?:no|number|號碼|号码|號|号))?[\s.:#是為为]{0,4}[A-Z]{1,2}\d{7,8}(?![A-Z0-9_])",
    ),
    _rule(
        "birth_date",
        r"(?:DOB|D\.O\.B\.?|date of birth|birth ?da(?:y|te)|出生(?:日期|年月日)?|生日|生[於于]"
        rf"|born(?: on)?)[\s:：是為为於于]{{0,3}}(?:is |was |on )?{_DATE}",
    ),
    _rule("birth_date", r"(?:19|20)\d\d\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日?(?=出生|生(?!效))"),
    _rule("phone", rf"(?<![A-Z0-9_.+-])(?<!\d,)0\d{{2,3}}-\d{{7,8}}{_END}"),
    _rule(
        "phone",
        rf"(?<![A-Z0-9_.+])(?<!\d,)(?:(?:\+|00)86[ -]?)?1[3-9]\d[ -]?\d{{4}}[ -]?\d{{4}}{_END}",
        lambda m: not _is_ordinary(m),
    ),
    _rule(
        "phone",
        rf"(?<![A-Z0-9_.+])(?<!\d,)(?P<code>(?:\+|00)85[23][ -]?|\(85[23]\) ?|85[23][ -])?"
        rf"(?P<first>\d{{4}})[ -]?(?P<second>\d{{4}}){_END}(?![ -]\d{{4}}|,\d{{3}}|\.\d)",
        _local_phone,
    ),
    _rule("phone", rf"(?<![A-Z0-9_])\+\d{{1,3}}(?:[ -]?\d){{7,12}}{_END}"),
    _rule(
        "number",
        rf"(?<![A-Z0-9_.])(?<!\d,)\d{{4}}(?:[ -]\d{{4}}){{3}}{_END}",
        _grouped_number,
    ),
    _rule(
        "number",
        rf"(?<![A-Z0-9_.])(?<!\d,){_START}\d{{7,}}X?{_END}(?!,\d{{3}}|\.\d)",
        _long_number,
    ),
)


IDENTIFIER_KINDS: tuple[str, ...] = tuple(dict.fromkeys(rule.kind for rule in _RULES))
"""The kinds, in the order of the rules."""


def find_identifiers(text: str) -> list[tuple[int, int, str]]:
    """Start, end and kind of every identifier, in order; none overlaps another."""
    return sorted(_found(text.translate(_WIDTH) if not text.isascii() else text))


def has_long_number(text: str) -> bool:
    """Whether a digit and four more digits or dashes stand together, blanks aside."""
    return _LONG.search(text) is not None


def _found(text: str) -> Iterator[tuple[int, int, str]]:
    """An earlier rule hides its digits from the later ones."""
    long = has_long_number(text)
    for rule in _RULES:
        # Most texts have no such number, and the forms are slow to look for.
        if not (("@" in text) if rule.kind == "email" else long or rule.kind == "birth_date"):
            continue
        spans = [m.span() for m in rule.pattern.finditer(text) if rule.holds(m)]
        for start, stop in spans:
            yield start, stop, rule.kind
        for start, stop in reversed(spans):
            text = text[:start] + "\0" * (stop - start) + text[stop:]

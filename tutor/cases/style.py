"""Rules on how a case reads: the length of its story, and how hard its sentences are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tutor.cases.load import Fault
from tutor.cases.rules import name_of
from tutor.cases.sheet import Sheet, said
from tutor.dialogue.sentences import words

VIGNETTE, REVEAL, SUMMARY = (90, 240), 130, 40
"""Words: the story from and to, a reveal and the summary at most; Chinese counted 0.6 a sign."""
GRADE = 11.0
"""The highest Coleman-Liau index of the story. The cases that ship lie between 5 and 9, a journal's
abstract about 16; many learners read in a second language."""
LONGEST_EN, LONGEST_ZH = 48, 90
"""The longest sentence: English words, Chinese characters."""
_END_EN = re.compile(r"(?<=[.!?])[\"”’)]*\s+")
_END_ZH = re.compile(r"(?<=[。！？])[」』”’）]*")
_HAN = re.compile(r"[\u3400-\u9fff]")


def style_faults(sheet: Sheet) -> Iterator[Fault]:
    """Every warning on length and reading level of one language."""
    yield from _lengths(sheet)
    told = [(("vignette",), sheet.case.vignette), *said(sheet.case)]
    for place, text in told:
        yield from _long_sentences(sheet, place, text)
    if sheet.language == "en":
        yield from _grade(sheet)


def coleman_liau(text: str) -> float:
    """The Coleman-Liau index of an English text, in United States school grades.

    0.0588 L - 0.296 S - 15.8, with L the letters and S the sentences per 100 words (Coleman and
    Liau, Journal of Applied Psychology 1975;60:283-4). NaN for a text without words.
    """
    found: list[str] = re.findall(r"[A-Za-z][A-Za-z'’-]*", text)
    if not found:
        return float("nan")
    letters = sum(c.isalpha() for word in found for c in word)
    ends = len([s for s in _END_EN.split(text) if s.strip()])
    return 0.0588 * 100 * letters / len(found) - 0.296 * 100 * ends / len(found) - 15.8


def _lengths(sheet: Sheet) -> Iterator[Fault]:
    case = sheet.case
    least, most = VIGNETTE
    count = words(case.vignette)
    if not least <= count <= most:
        yield sheet.warning(
            ("vignette",),
            "length",
            f"The vignette has {count} words.",
            f"Tell the story in {least} to {most}; the rest can be revealed by a stage.",
        )
    if words(case.summary) > SUMMARY:
        yield sheet.warning(
            ("summary",),
            "length",
            f"The summary has {words(case.summary)} words.",
            f"Keep it to {SUMMARY}: it stands on a card.",
        )
    for stage in case.stages:
        if stage.reveal is not None and words(stage.reveal) > REVEAL:
            yield sheet.warning(
                ("stages", stage.id, "reveal"),
                "length",
                f"The reveal of stage {stage.id} has {words(stage.reveal)} words.",
                f"Keep it to {REVEAL}.",
            )


def _long_sentences(sheet: Sheet, place: tuple[str | int, ...], text: str) -> Iterator[Fault]:
    english = sheet.language == "en"
    limit = LONGEST_EN if english else LONGEST_ZH
    for sentence in (_END_EN if english else _END_ZH).split(text):
        size = len(sentence.split()) if english else len(_HAN.findall(sentence))
        if size > limit:
            unit = "words" if english else "characters"
            yield sheet.warning(
                place,
                "long-sentence",
                f"{name_of(place)} has a sentence of {size} {unit}: “{sentence.strip()[:50]}”.",
                f"Cut it in two; {limit} {unit} is the most that is read at once.",
            )


def _grade(sheet: Sheet) -> Iterator[Fault]:
    case = sheet.case
    story = " ".join([case.vignette, *(s.reveal or "" for s in case.stages)])
    grade = coleman_liau(story)
    if grade > GRADE:
        yield sheet.warning(
            ("vignette",),
            "reading-level",
            f"The story reads at grade {grade:.1f} (Coleman-Liau).",
            f"Shorter words and sentences; {GRADE:g} is the most. Many read it in a second "
            "language.",
        )

"""Rules on the wording of a case: what the tutor may say, and what it listens for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from ingest import Language
from tutor.cases.load import Fault
from tutor.cases.schema import Misconception
from tutor.cases.script import foreign_script
from tutor.cases.sheet import Place, Sheet, pursued, said, written
from tutor.dialogue.sentences import normalise, questions, sentences, words

HINT, PROMPT, QUESTION, STATEMENT, CHALLENGE, TOPIC = 40, 35, 40, 50, 50, 8
"""The most words of each; a Chinese character counts as the tutor counts it, 0.6 of a word."""
LEAK: dict[Language, float] = {"en": 0.35, "zh-Hant": 0.25, "zh-Hans": 0.25}
"""Share of the assertion's new words (in Chinese, pairs of characters) that gives it away."""
LEAST_SHARED = 3
_BLANK = re.compile(r"_{2,}|＿+")
_SENTENCE = re.compile(r"[.?!;:。？！；：]")
_LATIN = re.compile(r"[a-z]+")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_ENDING = re.compile(r"(?:ing|ed|es|s)$")
_SMALL = re.compile(
    r"(?:about|after|all|also|and|any|are|been|before|but|can|could|did|does|for|from|had|has|have|her|"
    r"him|his|how|into|its|may|more|must|nor|not|one|our|out|own|she|should|some|such|than|that|the|"
    r"their|them|then|there|these|they|this|two|very|was|were|what|when|where|which|who|whom|whose|"
    r"why|will|with|would|yet|you|your)"
)


def wording_faults(sheet: Sheet) -> Iterator[Fault]:
    """Every fault of the wording of one language."""
    for rule in (_asked, _stated, _blanks, _topics, _repeats, _leaks, _exemplars, _scripts):
        yield from rule(sheet)


def _asked(sheet: Sheet) -> Iterator[Fault]:
    case = sheet.case
    asked: list[tuple[Place, str, int]] = []
    for kind, item in pursued(case):
        asked += [((kind, item.id, "hints", n), hint, HINT) for n, hint in enumerate(item.hints)]
    asked += [(("stages", s.id, "question"), s.question, QUESTION) for s in case.stages]
    asked += [(("positions", p.id, "challenge"), p.challenge, CHALLENGE) for p in case.positions]
    for number, question in enumerate(case.debrief.questions):
        asked.append((("debrief", "questions", number), question, CHALLENGE))
    for place, text, limit in asked:
        yield from _too_long(sheet, place, text, limit)
        if questions(text) != 1 or not text.endswith(("?", "？")):
            yield sheet.fault(
                place,
                "one-question",
                f"{name_of(place)} has {questions(text)} question marks, or text after the last.",
                "Ask exactly one question, at the very end.",
            )


def _stated(sheet: Sheet) -> Iterator[Fault]:
    stated: list[tuple[Place, str, int]] = []
    for e in sheet.case.expectations:
        stated.append((("expectations", e.id, "assertion"), e.assertion, STATEMENT))
    for m in sheet.case.misconceptions:
        stated.append((("misconceptions", m.id, "correction"), m.correction, STATEMENT))
        stated.append((("misconceptions", m.id, "corrected"), m.corrected, STATEMENT))
    for place, text, limit in stated:
        yield from _too_long(sheet, place, text, limit)
        if re.search("[?？]", text):
            yield sheet.fault(
                place,
                "no-question",
                f"{name_of(place)} has a question mark.",
                "State it; the tutor adds the question of the turn itself.",
            )


def _blanks(sheet: Sheet) -> Iterator[Fault]:
    for kind, item in pursued(sheet.case):
        place = (kind, item.id, "prompt")
        yield from _too_long(sheet, place, item.prompt, PROMPT)
        if _BLANK.findall(item.prompt) != ["____"] or re.search("[?？]", item.prompt):
            yield sheet.fault(
                place,
                "one-blank",
                f"{name_of(place)} must have one blank, written ____, and no question mark.",
                "Write a nearly complete sentence with ____ where the idea belongs.",
            )


def _topics(sheet: Sheet) -> Iterator[Fault]:
    named: list[tuple[Place, str]] = [
        ((kind, item.id, "topic"), item.topic) for kind, item in pursued(sheet.case)
    ]
    named += [(("positions", p.id, "topic"), p.topic) for p in sheet.case.positions]
    for place, topic in named:
        if words(topic) > TOPIC or _SENTENCE.search(topic):
            yield sheet.fault(
                place,
                "topic",
                f"{name_of(place)} cannot stand inside a sentence: “{topic[:60]}”.",
                f"Name the area in at most {TOPIC} words, without punctuation.",
            )


def _repeats(sheet: Sheet) -> Iterator[Fault]:
    heard: dict[str, Place] = {}
    for place, text in said(sheet.case):
        for sentence in sentences(text):
            if sentence in heard:
                yield sheet.fault(
                    place,
                    "said-twice",
                    f"{name_of(place)} repeats a sentence of {name_of(heard[sentence])}: "
                    f"“{sentence[:60]}”.",
                    "Word one of them differently; the tutor never says a sentence twice.",
                )
            heard.setdefault(sentence, place)


def _leaks(sheet: Sheet) -> Iterator[Fault]:
    case = sheet.case
    told = f"{case.summary} {case.vignette}"
    for stage in case.stages:
        told += f" {stage.reveal or ''} {stage.question}"
        for kind, item in pursued(stage):
            answer = item.correction if isinstance(item, Misconception) else item.assertion
            # What the story and the topic have said already gives nothing away.
            new = _content(answer, sheet.language) - _content(told + item.topic, sheet.language)
            for number, hint in enumerate(item.hints[:2]):
                shared = new & _content(hint, sheet.language)
                if len(shared) >= max(LEAST_SHARED, LEAK[sheet.language] * len(new)):
                    place = (kind, item.id, "hints", number)
                    yield sheet.fault(
                        place,
                        "leak",
                        f"{name_of(place)} gives the answer away: {', '.join(sorted(shared))}.",
                        "Ask about it without the words of the answer; only hint 3 comes near.",
                    )


def _exemplars(sheet: Sheet) -> Iterator[Fault]:
    case = sheet.case
    said_of: list[tuple[str, str, Sequence[str], Sequence[str]]] = [
        ("expectations", e.id, e.accept, e.near_miss) for e in case.expectations
    ]
    said_of += [("misconceptions", m.id, m.exemplars, m.near_miss) for m in case.misconceptions]
    said_of += [("positions", p.id, p.exemplars, ()) for p in case.positions]
    owners: dict[str, str] = {}
    for kind, target, exemplars, near_miss in said_of:
        field = "accept" if kind == "expectations" else "exemplars"
        never = {normalise(text) for text in near_miss}
        for number, text in enumerate(exemplars):
            place = (kind, target, field, number)
            flat = normalise(text)
            owner = owners.setdefault(flat, f"{target}:{number}")
            if owner != f"{target}:{number}":
                yield sheet.fault(
                    place,
                    "exemplar-twice",
                    f"“{text[:60]}” stands under {owner.partition(':')[0]} already.",
                    "Keep it for the one idea that it says, once.",
                )
            if sheet.language == "en" and len(text.split()) == 1:
                yield sheet.warning(
                    place,
                    "fragment",
                    f"{target} listens for the single word “{text}”.",
                    "Was it cut at a comma? Put each phrase on its own line, in quotation marks.",
                )
            if flat in never:
                yield sheet.fault(
                    place,
                    "exemplar-contradicts",
                    f"{target} both takes and turns away “{text[:60]}”.",
                    "Remove it from one of the lists.",
                )


def _scripts(sheet: Sheet) -> Iterator[Fault]:
    for place, text in written(sheet.case):
        wrong = foreign_script(text, sheet.language)
        if wrong:
            script = "Simplified" if sheet.language == "zh-Hant" else "Traditional"
            yield sheet.warning(
                place,
                "script",
                f"{name_of(place)} has {script} characters: {''.join(wrong)}.",
                f"Write it in the script of {sheet.path.name}.",
            )


def _too_long(sheet: Sheet, place: Place, text: str, limit: int) -> Iterator[Fault]:
    if words(text) > limit:
        yield sheet.fault(
            place, "too-long", f"{name_of(place)} has {words(text)} words.", f"Keep it to {limit}."
        )


def name_of(place: Place) -> str:
    """A place in words: `E1 hint 2`, `stage decide reveal`."""
    kind, *rest = place
    parts = [str(p + 1) if isinstance(p, int) else p for p in rest]
    if kind in ("stages", "debrief", "summary", "vignette"):
        parts.insert(0, str(kind).removesuffix("s") if kind == "stages" else str(kind))
    return " ".join(parts)


def _content(text: str, language: Language) -> set[str]:
    """Words that carry meaning, without endings; in Chinese, pairs of characters."""
    shape: Callable[[str], set[str]] = _words if language == "en" else _pairs
    return shape(text.lower())


def _words(text: str) -> set[str]:
    found = (w for w in _LATIN.findall(text) if len(w) > 2 and not _SMALL.fullmatch(w))
    return {_ENDING.sub("", word) for word in found}


def _pairs(text: str) -> set[str]:
    return {run[i : i + 2] for run in _HAN.findall(text) for i in range(len(run) - 1)}

"""The guard: reads a generated turn before the learner does, and refuses it for stated reasons.

It is pure: the same turn at the same moment gets the same reasons. The tutor's own sentences pass
unread; what the model added must be a reply in the right language that asks once, keeps the
substance, and adds nothing to it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence

from ingest import Language, detect_language
from ingest.language import has_han
from tutor.cases.script import foreign_script
from tutor.dialogue.moment import Moment
from tutor.dialogue.sentences import normalise, parts, questions, sentences, words
from tutor.llm.evidence import Evidence, quoted, unquoted
from tutor.llm.prompts import instructions
from tutor.llm.reasons import REASONS, Reason
from tutor.llm.rules import (
    ADVICE,
    ENGLISH,
    FIGURE,
    INSTRUCTIONS,
    LINK,
    MARKUP,
    PROMISE,
    SOURCE,
    TOLD,
    VERDICT,
)

LeaksIn = Callable[[Sequence[str], str, Moment], Sequence[str]]
"""From new sentences, the draft and the moment to the expectations given away."""
LONGEST = 75
"""Words of a turn, as `tutor.dialogue.sentences.words` counts them."""
MOST_CHARACTERS = 2000
SHINGLE, HAN_SHINGLE = 6, 10
"""Words, or characters, in a row that an innocent turn does not share with the instructions."""
_STUCK = re.compile(r"(.{4,}?)\1{2}")
"""The same words three times in a row, without spaces and punctuation."""
FEWEST, ENGLISH_SHARE = 6, 0.2
"""From so many words on, English has at least this share of its commonest."""
_WORD = re.compile(r"[^\W\d_]+")
_PHRASE = re.compile(r"[A-Za-z]+(?:['’ ]+[A-Za-z]+){3,}")
"""Latin words that are no longer a term in a Chinese sentence."""


class Guard:
    """Gives the reasons to refuse a turn; none where it may be shown."""

    def __init__(self, leaks: LeaksIn) -> None:
        """`leaks` says which open expectations a turn gives away: `tutor.llm.leak.Leaks`."""
        self._leaks = leaks

    def __call__(self, text: str, evidence: Evidence, moment: Moment) -> tuple[Reason, ...]:
        """Every reason once, in the order of `Reason`; a leak is only looked for in the end."""
        if not text.strip():
            return ("no-text",)
        if len(text) > MOST_CHARACTERS:
            return ("length",)  # Reading it would take longer than the model did.
        novel = new_sentences(text, evidence)
        found = set(_shape(text, evidence)) | set(_said(novel, evidence))
        if not right_language(text, novel, evidence):
            found.add("language")
        if self._leaks(novel, evidence.authored, moment):
            found.add("leak")
        return tuple(r for r in REASONS if r in found)


def new_sentences(text: str, evidence: Evidence) -> list[str]:
    """The sentences of a turn that are not the draft's, without what they quote."""
    given = set(sentences(unquoted(evidence.authored)))
    return [p for p in parts(unquoted(text)) if normalise(p) and normalise(p) not in given]


def right_language(text: str, novel: Sequence[str], evidence: Evidence) -> bool:
    """Whether a turn is in the session's language and script, what it quotes apart."""
    own, language = unquoted(text), evidence.language
    if detect_language(own, fallback=language) != language:
        return False
    for char in "".join(novel):
        strange = char.isalpha() and not char.isascii() and not has_han(char)
        if strange and "LATIN" not in unicodedata.name(char, "") and char not in evidence.material:
            return False
    if language == "en":
        return not has_han("".join(novel)) and all(map(_is_english, novel))
    phrase = any(match.group() not in evidence.material for match in _PHRASE.finditer(own))
    return not phrase and not foreign_script("".join(novel), language)


def _is_english(sentence: str) -> bool:
    tokens = _WORD.findall(sentence)
    common = sum(ENGLISH.fullmatch(token) is not None for token in tokens)
    return len(tokens) < FEWEST or common >= ENGLISH_SHARE * len(tokens)


def _shape(text: str, evidence: Evidence) -> Iterator[Reason]:
    """Faults of the turn as a whole."""
    if questions(text) != 1:
        yield "questions"
    if words(text) > LONGEST:
        yield "length"
    said = sentences(text)
    if len(set(said)) < len(said) or evidence.heard & set(said) or _STUCK.search(_bare(text)):
        yield "repeated"
    material = normalise(evidence.material)
    if any(normalise(bit) not in material for bit in quoted(text)):
        yield "quote"
    dense = _dense(text)
    lost = [k for k in evidence.keep if _dense(k) not in dense]
    lost += [q for q in evidence.quote if normalise(q) not in normalise(text)]
    if lost:
        yield "missing"
    if any(unicodedata.category(c) in {"Cc", "Cf", "Co", "Cs", "Cn"} for c in text):
        yield "format"


def _said(novel: Sequence[str], evidence: Evidence) -> Iterator[Reason]:
    """Faults of what the model added."""
    added, given = "\n".join(novel), evidence.given
    stated = "\n".join(s for s in novel if not questions(s))
    if ADVICE.search(added) or TOLD.search(stated):
        yield "advice"
    if PROMISE.search(added):
        yield "promise"
    if _unsupported(VERDICT, added, given):
        yield "verdict"
    if _unsupported(INSTRUCTIONS, added, given) or _recited(added, evidence.language):
        yield "instructions"
    if any(_unsupported(rule, added, given) for rule in (SOURCE, LINK, FIGURE)):
        yield "source"
    if MARKUP.search(added):
        yield "format"


def _unsupported(rule: re.Pattern[str], text: str, given: str) -> bool:
    """Whether a text has words of a rule that the model was not given, as whole words."""
    return not all(_stands(match.group(), given) for match in rule.finditer(text))


def _stands(words: str, given: str) -> bool:
    """An abbreviation only as it is written: the WHO does not stand where somebody asks who."""
    start = r"(?<![A-Za-z0-9_])" if words[:1].isascii() and words[:1].isalnum() else ""
    end = r"(?![A-Za-z0-9_])" if words[-1:].isascii() and words[-1:].isalnum() else ""
    flags = re.NOFLAG if words.isupper() else re.IGNORECASE
    return re.search(f"{start}{re.escape(words)}{end}", given, flags) is not None


def _recited(text: str, language: Language) -> bool:
    """Whether a text shares a run of words with what the model was told about its task."""
    length = SHINGLE if language == "en" else HAN_SHINGLE

    def runs(of: str) -> set[str]:
        flat = normalise(of).split() if language == "en" else list(_bare(of))
        return {" ".join(flat[i : i + length]) for i in range(len(flat) - length + 1)}

    return bool(runs(text) & runs(instructions(language)))


def _bare(text: str) -> str:
    return normalise(text).replace(" ", "")


def _dense(text: str) -> str:
    return "".join(text.split())

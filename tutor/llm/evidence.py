"""What a generated turn may stand on, and what it must not lose of the authored one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest import Language
from tutor.cases.schema import Expectation, Misconception, Position
from tutor.citations import Citation, squeeze
from tutor.dialogue.events import Move
from tutor.dialogue.moment import Moment
from tutor.dialogue.phrases import load_phrases
from tutor.dialogue.sentences import normalise, parts, questions, sentences
from tutor.dialogue.wording import Spoken

REWORDED: frozenset[Move] = frozenset({"hint", "challenge", "pump", "restate"})
"""Moves whose substance may be put in other words; in the rest it is kept to the letter."""
_QUOTED = re.compile(r"“([^”]*)”|「([^」]*)」|『([^』]*)』|\"([^\"]*)\"")
_FREE = ("neutral", "help")
"""Frames that only fill the place of an acknowledgement."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that a guard compares a turn with, but for what is still to be said."""

    language: Language
    authored: str
    learner: str
    """What they wrote last."""
    said: str
    """Words of theirs that earned something, now or before."""
    citations: tuple[Citation, ...]
    keep: tuple[str, ...]
    """Sentences of the authored turn that must stand in the generated one."""
    quote: tuple[str, ...]
    """The learner's words that the authored turn credits, and the generated one must."""
    heard: frozenset[str]
    """Every sentence of the session so far, normalised."""
    shown: str = ""
    """What the case itself has told the learner: its story, and the questions of its stages."""

    @property
    def given(self) -> str:
        """The draft, its sources and the story: what the tutor may claim stands in them."""
        cited = [
            f"{c.title} {c.issuer} {c.year} {' '.join(c.section)} {c.quote} {c.url}"
            for c in self.citations
        ]
        return squeeze(" ".join([self.authored, *cited, self.shown]))

    @property
    def material(self) -> str:
        """All words that may be quoted."""
        return squeeze(f"{self.given} {self.learner} {self.said}")


def evidence_of(moment: Moment, authored: Spoken) -> Evidence:
    """What is known at a moment, given the words of its author."""
    state = moment.state
    said = " ".join((*state.spans.values(), *moment.turn.spans.values()))
    keep, quote = _kept(moment, authored.text, normalise(f"{state.last_said} {said}"))
    return Evidence(
        language=state.language,
        authored=authored.text,
        learner=state.last_said,
        said=said,
        citations=authored.citations,
        keep=keep,
        quote=quote,
        heard=state.said,
        shown=_shown(moment),
    )


def _shown(moment: Moment) -> str:
    stages = [moment.text.stage(stage) for stage in moment.state.entered]
    told = [text for stage in stages for text in (stage.reveal, stage.question) if text]
    return "\n".join([moment.text.vignette, *told])


def _kept(moment: Moment, authored: str, said: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Statements that must survive: news, corrections, the sentence with its blank.

    What credits the learner in their own words may be said in another way, as long as the words
    are there.
    """
    free = {
        normalise(frame)
        for key in _FREE
        for text in load_phrases()[moment.state.language].frames[key]
        for frame in parts(text)
    }
    fixed: set[str] = set()
    for text in _substance(moment):
        (free if moment.say.move in REWORDED else fixed).update(sentences(text))
    keep: list[str] = []
    quote: list[str] = []
    for part in parts(authored):
        flat = normalise(part)
        own = [q for q in quoted(part) if normalise(q) and normalise(q) in said]
        if questions(part) or flat in free:
            continue
        if own and flat not in fixed:
            quote += own
        else:
            keep.append(part)
    return tuple(keep), tuple(quote)


def _substance(moment: Moment) -> tuple[str, ...]:
    if moment.say.target is None:
        return ()
    match moment.item:
        case Expectation() as item:
            return (*item.hints, item.assertion)
        case Misconception() as item:
            return (*item.hints, item.correction, item.corrected)
        case Position() as item:
            return (item.challenge,)


def quoted(text: str) -> list[str]:
    """The words between quotation marks."""
    return [next(g for g in m.groups() if g is not None) for m in _QUOTED.finditer(text)]


def unquoted(text: str) -> str:
    """A text without what stands between quotation marks: those words are somebody else's."""
    return _QUOTED.sub("“”", text)

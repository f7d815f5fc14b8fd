"""What of a record is talk: who said what, what was heard in it, and why the tutor answered so.

Tasks write their outputs as they like; what has the shapes below is shown as a conversation, all
the rest as it stands in the log.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evals.task import Record

SAID = ("text", "question", "query", "message")
"""Values of an input, the first of which that is there are somebody's words."""
TALKS = ("talk", "turns")
"""Values of an output that hold a conversation, turn by turn."""
TOLD = frozenset({"who", "text", "acts", "judged", "move", "target", "guard", "cited"})
"""Values of such a turn that have a place of their own."""
NOTHING = frozenset({"absent"})
"""Verdicts that mark no words."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What was made of somebody's words, for one idea."""

    target: str
    verdict: str
    probability: float
    span: str | None = None
    """The words that earned the verdict."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Words in a row that earned the same verdicts."""

    text: str
    targets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """Something said."""

    who: str
    """`learner` or `tutor`."""
    text: str
    acts: tuple[str, ...] = ()
    """Speech acts that were heard in a learner's words."""
    heard: tuple[Heard, ...] = ()
    move: str | None = None
    target: str | None = None
    """What a tutor's move is about."""
    guard: tuple[str, ...] = ()
    """Why the guard refused the words of a model here."""
    cited: tuple[tuple[str, str], ...] = ()
    """Document and quote."""
    more: Mapping[str, Any] = field(default_factory=dict)
    """What else the log has of it, but for what is empty, false or none."""

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The text, cut where the spans of what was heard begin and end."""
        return tuple(_pieces(self.text, self.heard))


@dataclass(frozen=True, slots=True)
class Told:
    """A record for a reader."""

    turns: tuple[Turn, ...]
    given: Mapping[str, Any]
    """What of the input is not in the turns."""
    found: Mapping[str, Any]
    """What of the output is not in the turns."""


def told(record: Record) -> Told:
    """A record, its conversation apart from the rest."""
    given, found = dict(record.sample.input), dict(record.output)
    for name in TALKS:
        talk = found.get(name)
        if isinstance(talk, list) and talk and all(isinstance(turn, dict) for turn in talk):
            del found[name]
            return Told(tuple(map(_turn, talk)), given, found)
    key = next((k for k in SAID if isinstance(given.get(k), str)), None)
    if key is None:
        return Told((), given, found)
    if _listed(found.get("reasons")) and isinstance(given.get("learner"), str):
        # The guard was shown a tutor's words, and what they answer.
        asked, offered = given.pop("learner"), given.pop(key)
        refused = Turn("tutor", offered, guard=_words(found.pop("reasons")))
        return Told((Turn("learner", asked), refused), given, found)
    heard = tuple(sorted(_heard(found.pop("judged", ())), key=lambda h: -h.probability))
    acts = found.pop("heard") if _listed(found.get("heard")) else ()
    turns = [Turn("learner", given.pop(key), acts=_words(acts), heard=heard)]
    if _listed(found.get("cited")):
        turns.append(Turn("tutor", "", cited=tuple(_cited(found.pop("cited")))))
    return Told(tuple(turns), given, found)


def changes(before: Any, after: Any, path: str = "", most: int = 12) -> list[tuple[str, Any, Any]]:
    """Where two outputs differ: the path to a value, the value before, the value after.

    At most `most` of them; where one side lacks a value it is None.
    """
    found: list[tuple[str, Any, Any]] = []
    for place, one, two in _differing(before, after, path):
        found.append((place, one, two))
        if len(found) == most:
            break
    return found


def _differing(before: Any, after: Any, path: str) -> Iterator[tuple[str, Any, Any]]:
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for key in (*before, *(key for key in after if key not in before)):
            inner = f"{path}.{key}" if path else str(key)
            yield from _differing(before.get(key), after.get(key), inner)
    elif _long(before) and _long(after):
        for n in range(max(len(before), len(after))):
            one = before[n] if n < len(before) else None
            two = after[n] if n < len(after) else None
            yield from _differing(one, two, f"{path}[{n}]")
    else:
        yield path, before, after


def _long(value: Any) -> bool:
    """A list of things with parts of their own: short tuples are compared whole."""
    return isinstance(value, list) and any(isinstance(item, dict) for item in value)


def _turn(raw: Mapping[str, Any]) -> Turn:
    return Turn(
        who="learner" if raw.get("who") == "learner" else "tutor",
        text=str(raw.get("text", "")),
        acts=_words(raw.get("acts", ())),
        heard=tuple(_heard(raw.get("judged", ()))),
        move=_maybe(raw.get("move")),
        target=_maybe(raw.get("target")),
        guard=_words(raw.get("guard", ())),
        cited=tuple(_cited(raw.get("cited", ()))),
        more={k: v for k, v in raw.items() if k not in TOLD and v not in (None, False, "", [])},
    )


def _heard(raw: Any) -> Iterator[Heard]:
    """From `{target: [verdict, probability, span]}` or `[[target, verdict, probability, span]]`."""
    rows = [[key, *value] for key, value in raw.items()] if isinstance(raw, dict) else raw
    for row in rows if isinstance(rows, Sequence) else ():
        if not isinstance(row, list) or len(row) < 3 or not isinstance(row[2], int | float):
            continue
        yield Heard(str(row[0]), str(row[1]), float(row[2]), _maybe(row[3] if row[3:] else None))


def _cited(raw: Any) -> Iterator[tuple[str, str]]:
    for row in raw if _listed(raw) else ():
        if isinstance(row, list) and len(row) == 2:
            yield str(row[0]), str(row[1])


def _pieces(text: str, heard: Sequence[Heard]) -> Iterator[Piece]:
    marks: list[tuple[int, int, str]] = []
    for one in heard:
        if one.span and one.verdict not in NOTHING and (at := text.find(one.span)) >= 0:
            marks.append((at, at + len(one.span), one.target))
    borders = sorted({0, len(text), *(m[0] for m in marks), *(m[1] for m in marks)})
    for start, end in zip(borders, borders[1:], strict=False):
        over = tuple(m[2] for m in marks if m[0] <= start and end <= m[1])
        yield Piece(text[start:end], over)


def _listed(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _words(value: Any) -> tuple[str, ...]:
    return tuple(map(str, value)) if _listed(value) else ()


def _maybe(value: Any) -> str | None:
    return None if value is None else str(value)

"""A case ready to be taught: every language of it, its citations checked, its ideas compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ingest import Language
from tutor.cases.schema import Case, Expectation, Misconception, Position
from tutor.citations import Citation

Item = Expectation | Misconception | Position


@dataclass(frozen=True)
class LoadedCase:
    """A case in all its languages. Ids and structure are the same in each."""

    texts: Mapping[Language, Case]
    citations: Mapping[tuple[Language, str], tuple[Citation, ...]] = field(default_factory=dict)
    """By language and target id, in the order of the case file."""
    reading: Mapping[tuple[Language, str], Citation] = field(default_factory=dict)
    """By language and digest key: the passage that opens a digest for further reading."""
    nearness: Mapping[tuple[str, str], float] = field(default_factory=dict)
    """Cosine between two expectations' English statements: one figure for all languages, so that
    the same judgements give the same plan in each."""

    @property
    def id(self) -> str:
        """The slug."""
        return self.texts["en"].id

    @property
    def version(self) -> str:
        """Of `case.yaml`."""
        return self.texts["en"].version

    @property
    def structure(self) -> Case:
        """The English case, for what does not depend on the language."""
        return self.texts["en"]

    @property
    def languages(self) -> tuple[Language, ...]:
        """Those it is written in."""
        return tuple(self.texts)

    @cached_property
    def told(self) -> str:
        """All that its author wrote, in every language it has: the people in it are invented."""
        hidden = {"authors", "review"}
        return "\n".join(text.model_dump_json(exclude=hidden) for text in self.texts.values())

    def item(self, target: str, language: Language = "en") -> Item:
        """An expectation, misconception or position by id.

        Raises:
            KeyError: the case has none of that id.
        """
        case = self.texts[language]
        items: list[Item] = [*case.graded, *case.positions]
        for item in items:
            if item.id == target:
                return item
        raise KeyError(target)

    def cites(self, target: str, language: Language) -> tuple[Citation, ...]:
        """The checked citations of a target."""
        return self.citations.get((language, target), ())

    def near(self, a: str, b: str) -> float:
        """How near two expectations are, 0 to 1; 0 where it is not known."""
        return self.nearness.get((a, b), self.nearness.get((b, a), 0.0))

"""The phrase books: what the tutor says around a case's own texts, one file a language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from ruamel.yaml import YAML

from ingest import LANGUAGES, Language


@dataclass(frozen=True, slots=True)
class Phrases:
    """The frames of one language, each list in the order in which it is used."""

    frames: Mapping[str, tuple[str, ...]]
    synthesis: Mapping[str, str]


@cache
def load_phrases() -> Mapping[Language, Phrases]:
    """All phrase books, read once from the package."""
    books: dict[Language, Phrases] = {}
    for language in LANGUAGES:
        raw = YAML(typ="safe", pure=True).load(
            (resources.files(__package__) / f"{language}.yaml").read_text(encoding="utf-8")
        )
        headings = raw.pop("synthesis")
        books[language] = Phrases({k: tuple(v) for k, v in raw.items()}, headings)
    return books

"""What changed between two versions of a case, text by text, and what the version has to say."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, Literal

from ingest import LANGUAGES
from tutor.cases.load import read_case
from tutor.cases.schema import Case
from tutor.cases.sheet import sheet_path

Kind = Literal["added", "removed", "changed"]
Step = Literal["major", "minor", "patch", "none"]
_LISTS = frozenset({"accept", "near_miss", "exemplars", "repair"})
"""What is listened for is a set: its order means nothing."""
_JUDGED = _LISTS | {"statement", "required", "severity", "must_weigh", "key", "target", "weight"}
"""A change of these changes what an answer amounts to."""


class NoSuchVersion(Exception):
    """A version that cannot be read; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Change:
    """One text, before and after."""

    language: str
    place: str
    kind: Kind
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Difference:
    """All changes from one version to another."""

    old: str
    new: str
    changes: tuple[Change, ...]

    @property
    def step(self) -> Step:
        """The least that the version has to rise by.

        Major: an id came or went, so records of before and after cannot be set side by side.
        Minor: what is judged changed. Patch: wording. None: nothing changed.
        """
        if any(_is_id(change) for change in self.changes):
            return "major"
        if any(_JUDGED & set(c.place.split(".")) for c in self.changes):
            return "minor"
        return "patch" if self.changes else "none"

    @property
    def enough(self) -> bool:
        """Whether the new version number says it."""
        old, new = (tuple(map(int, v.split("."))) for v in (self.old, self.new))
        wanted = {"major": 1, "minor": 2, "patch": 3}.get(self.step)
        if wanted is None:
            return new >= old
        # Before 1.0.0 nothing is promised: a minor step is enough for what would be major.
        depth = max(wanted, 2) if old[0] == 0 and new[0] == 0 else wanted
        return new[:depth] > old[:depth]


def compare(old: Path, new: Path) -> Difference:
    """Two folders of one case.

    Raises:
        CaseError: one of them cannot be read.
    """
    before, after = read_case(old), read_case(new)
    changes: list[Change] = []
    for language in LANGUAGES:
        here = dict(_flat(_shape(before.get(language))))
        there = dict(_flat(_shape(after.get(language))))
        if language != "en":
            # The structure is that of case.yaml; a translation is compared by its texts.
            here = {k: v for k, v in here.items() if isinstance(v, str)}
            there = {k: v for k, v in there.items() if isinstance(v, str)}
        for place in dict.fromkeys([*here, *there]):
            was, now = here.get(place), there.get(place)
            if was == now:
                continue
            kind: Kind = "added" if was is None else "removed" if now is None else "changed"
            changes.append(Change(language, place, kind, _text(was), _text(now)))
    return Difference(before["en"].version, after["en"].version, tuple(changes))


@contextmanager
def version_at(folder: Path, ref: str) -> Iterator[Path]:
    """The folder of a case as a git revision has it, for as long as it is looked at.

    Raises:
        NoSuchVersion: the corpus is not under git, or the revision has no such case.
    """
    with tempfile.TemporaryDirectory() as made:
        there = Path(made) / folder.name
        there.mkdir()
        for language in LANGUAGES:
            name = sheet_path(folder, language).name
            shown = subprocess.run(
                ["git", "-C", str(folder), "show", f"{ref}:./{name}"],
                capture_output=True,
                check=False,
            )
            if shown.returncode == 0:
                (there / name).write_bytes(shown.stdout)
        if not (there / "case.yaml").exists():
            raise NoSuchVersion(
                f"There is no earlier version of {folder.name} to compare with: git has none at "
                f"{ref!r}. Name another revision with --since, or the folder of a copy."
            )
        yield there


def marked(before: str, after: str) -> tuple[str, str]:
    """Two texts with what differs in [-brackets-] and {+braces+}."""
    old, new = "", ""
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        same = tag == "equal"
        if b > a:
            old += before[a:b] if same else f"[-{before[a:b]}-]"
        if d > c:
            new += after[c:d] if same else f"{{+{after[c:d]}+}}"
    return old, new


def _shape(case: Case | None) -> Mapping[str, Any]:
    return {} if case is None else case.model_dump(mode="json", exclude={"version", "language"})


def _flat(node: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Leaves by their place; an item with an id is found by it, a set of texts by each text."""
    if isinstance(node, Mapping):
        for key, value in node.items():
            yield from _flat(value, f"{place}.{key}" if place else str(key))
    elif isinstance(node, list):
        name = place.rsplit(".", 1)[-1]
        for number, value in enumerate(node, 1):
            if isinstance(value, Mapping) and "id" in value:
                inner = {k: v for k, v in value.items() if k != "id"}
                yield f"{place}.{value['id']}.id", value["id"]
                yield from _flat(inner, f"{place}.{value['id']}")
            elif name in _LISTS:
                yield f"{place}.“{value}”", value
            else:
                yield from _flat(value, f"{place}.{number}")
    elif node is not None:
        yield place, node


def _is_id(change: Change) -> bool:
    return change.language == "en" and change.place.endswith(".id") and change.kind != "changed"


def _text(value: Any) -> str | None:
    return None if value is None else str(value)

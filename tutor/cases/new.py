"""New cases and new translations: files that are complete in form, with a TODO for every text."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from ingest import Language
from tutor.cases.load import read_texts
from tutor.cases.schema import Case

TODO = "TODO"
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_PAIRS = (("E1", "a"), ("E2", "b"), ("M1", "c"), ("E1", "d"))


class NotWritten(Exception):
    """A file that cannot be begun; the message says why and what to do."""


def new_case(cases: Path, slug: str, title: str, today: dt.date) -> Path:
    """Begin a case: `case.yaml` with every part explained where it stands.

    Args:
        cases: the folder `cases/` of a corpus.
        slug: its name in addresses and commands.
        title: as learners read it.
        today: the date that its sources are as of.

    Raises:
        NotWritten: the slug is no slug, or there is such a case.
    """
    if not SLUG.fullmatch(slug):
        raise NotWritten(
            f"{slug!r} cannot name a case. Use small letters, digits and hyphens, such as "
            "the-second-letter."
        )
    folder = cases / slug
    if (folder / "case.yaml").exists():
        raise NotWritten(f"There is a case {slug} already. Choose another name, or edit that one.")
    template = (resources.files(__package__) / "template" / "case.yaml").read_text("utf-8")
    filled = {
        "{slug}": slug,
        "{title}": json.dumps(title, ensure_ascii=False),
        "{today}": today.isoformat(),
        "{pre}": "\n".join(_questions(1)),
        "{post}": "\n".join(_questions(5)),
    }
    for mark, text in filled.items():
        template = template.replace(mark, text)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "case.yaml"
    path.write_text(template, encoding="utf-8")
    return path


def new_translation(folder: Path, language: Language) -> Path:
    """Begin a translation: the ids and counts of `case.yaml`, its English beside each TODO.

    Raises:
        NotWritten: `case.yaml` cannot be read, or there is such a translation.
    """
    path = folder / f"{language}.yaml"
    if path.exists():
        raise NotWritten(f"{path} is there already. Edit it; `maieutic case check` says where.")
    texts, faults = read_texts(folder)
    if "en" not in texts:
        raise NotWritten(
            f"{faults[0]}\nA translation is begun from a case.yaml that can be read: mend it first."
        )
    lines = [
        f"# Write it afresh for a clinician of the place; the English beside a {TODO} says what, "
        "not how.",
        f"language: {language}",
        f"version: {json.dumps(texts['en'].version)}",
        *_emit(_skeleton(texts["en"]), 0),
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _questions(first: int) -> Iterator[str]:
    for number, (target, key) in enumerate(_PAIRS, first):
        yield f"    - id: Q{number}"
        yield f"      target: {target}"
        yield f'      stem: "TODO A short situation, then a question {number}?"'
        yield "      options:"
        yield from (f'        - "TODO option {number}{letter}"' for letter in "abcd")
        yield f"      key: {key}"
        yield '      rationale: "TODO why the best answer is the best, in at most 60 words."'
        yield "      cites:"
        yield "        - doc: mchk-code"
        yield '          quote: "TODO one whole bullet of that digest, copied without its [tag]"'


def _skeleton(case: Case) -> dict[str, Any]:
    """The shape of a translation, English texts at its leaves."""
    pursued = ("topic", "statement", "hints", "prompt")
    skeleton: dict[str, Any] = {
        "title": case.title,
        "summary": case.summary,
        "vignette": case.vignette,
        "stages": {s.id: _pick(s, "title", "reveal", "question") for s in case.stages},
        "expectations": {
            e.id: _pick(e, *pursued, "assertion", "accept", "near_miss", "cites")
            for e in case.expectations
        },
        "misconceptions": {
            m.id: _pick(
                m, *pursued, "corrected", "correction", "exemplars", "near_miss", "repair", "cites"
            )
            for m in case.misconceptions
        },
        "positions": {
            p.id: _pick(p, "topic", "statement", "challenge", "exemplars") for p in case.positions
        },
        "debrief": {
            "synthesis": case.debrief.synthesis,
            "questions": list(case.debrief.questions),
            "reading": [{"doc": r.doc, "why": r.why} for r in case.debrief.reading],
        },
    }
    if case.self_test:
        skeleton["self_test"] = {
            q.id: _pick(q, "stem", "options", "rationale", "cites") for q in case.choices
        }
    return skeleton


def _pick(item: Any, *names: str) -> dict[str, Any]:
    data: dict[str, Any] = item.model_dump(mode="json")
    return {name: data[name] for name in names}


def _emit(node: Mapping[str, Any], depth: int) -> Iterator[str]:
    """YAML lines of a mapping: a TODO for each text with the English beside it, ids kept."""
    pad = "  " * depth
    for key, value in node.items():
        if isinstance(value, Mapping):
            yield f"{pad}{key}:"
            yield from _emit(value, depth + 1)
        elif isinstance(value, str):
            # The key of a digest is the same in every language.
            yield f"{pad}{key}: {value}" if key == "doc" else f"{pad}{key}: {_todo(value)}"
        elif value is None:
            yield f"{pad}{key}: null"
        else:
            yield f"{pad}{key}:"
            yield from _items(value, depth + 1)


def _items(values: Sequence[Any], depth: int) -> Iterator[str]:
    pad = "  " * depth
    for number, value in enumerate(values, 1):
        if isinstance(value, Mapping):
            first, *rest = _emit(value, depth + 1)
            yield f"{pad}- {first.strip()}"
            yield from rest
        else:
            yield f"{pad}- {_todo(value, number)}"


def _todo(english: str, number: int | None = None) -> str:
    # A list must not hold one text twice, not even while it is unwritten.
    mark = TODO if number is None else f"{TODO} {number}"
    return f"{json.dumps(mark)}  # {' '.join(english.split())}"

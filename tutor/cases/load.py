"""Case files to a case that can be taught."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from ingest import Encoder, Language, Passage
from tutor.cases.loaded import LoadedCase
from tutor.cases.schema import Case, Cite, Translation
from tutor.citations import Citation, QuoteNotFound, cite, squeeze

TRANSLATIONS: tuple[Language, ...] = ("zh-Hant", "zh-Hans")
PassagesOf = Callable[[str], Sequence[Passage]]
"""The passages of a document by its id; none where there is no such document."""
_M = TypeVar("_M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a case file, where, and what to do."""

    path: Path
    line: int
    """1-based; 0 where it concerns the file as a whole."""
    rule: str
    message: str
    remedy: str
    severity: str = "error"

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else str(self.path)
        return f"{where}: {self.severity}: {self.message} {self.remedy} [{self.rule}]"


class CaseError(Exception):
    """A case that cannot be taught. `faults` says where and how to mend it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(str(f) for f in faults))
        self.faults = tuple(faults)


def read_case(folder: Path) -> dict[Language, Case]:
    """A case in every language it is written in, English first.

    Raises:
        CaseError: a file is missing, is not YAML, does not fit the schema, or a translation does
            not have the ids of `case.yaml`.
    """
    texts, faults = read_texts(folder)
    if faults:
        raise CaseError(faults)
    return texts


def read_texts(folder: Path) -> tuple[dict[Language, Case], list[Fault]]:
    """The languages of a case that can be read, English first, and every fault of the others."""
    texts: dict[Language, Case] = {}
    faults: list[Fault] = []
    try:
        texts["en"] = _validated(folder / "case.yaml", Case)
    except CaseError as error:
        faults += error.faults
    for language in TRANSLATIONS:
        path = folder / f"{language}.yaml"
        if not path.exists():
            continue
        try:
            translation = _validated(path, Translation)
            if "en" in texts:
                texts[language] = _translated(texts["en"], translation, path)
        except CaseError as error:
            faults += error.faults
    return texts, faults


def load_case(folder: Path, passages_of: PassagesOf, encoder: Encoder | None = None) -> LoadedCase:
    """A case with its citations checked against the index.

    Args:
        folder: of the case files.
        passages_of: the passages of a document by id.
        encoder: compares the expectations' statements, for the order in which they are pursued;
            without one they keep the order of the file.

    Raises:
        CaseError: see `read_case`; or a citation whose words stand in no passage of its digest.
    """
    texts = read_case(folder)
    citations: dict[tuple[Language, str], tuple[Citation, ...]] = {}
    reading: dict[tuple[Language, str], Citation] = {}
    faults: list[Fault] = []
    for language, case in texts.items():
        name = "case.yaml" if language == "en" else f"{language}.yaml"
        for item in (*case.graded, *case.choices):
            resolved = []
            for wanted in item.cites:
                try:
                    resolved.append(resolve(wanted, language, passages_of))
                except QuoteNotFound as error:
                    line = line_of(folder / name, wanted.quote) or line_of(
                        folder / "case.yaml", wanted.quote
                    )
                    faults.append(
                        Fault(
                            folder / name,
                            line,
                            "citation",
                            f"{item.id} cites {wanted.doc}: {error}",
                            "Copy the words from the digest, or correct the key; a digest that is "
                            "new or was changed is known after `maieutic ingest`.",
                        )
                    )
            citations[language, item.id] = tuple(resolved)
        for read in case.debrief.reading:
            first = _opening(read.doc, language, passages_of)
            if first is None:
                faults.append(
                    Fault(
                        folder / name,
                        line_of(folder / name, read.doc),
                        "reading",
                        f"The reading list names {read.doc!r}, which is not in the corpus.",
                        "Correct the key, or add the digest.",
                    )
                )
            else:
                reading[language, read.doc] = first
    if faults:
        raise CaseError(faults)
    return LoadedCase(texts, citations, reading, nearness(texts["en"], encoder))


def nearness(case: Case, encoder: Encoder | None) -> Mapping[tuple[str, str], float]:
    """Cosine between the statements of each two expectations; empty without an encoder."""
    if encoder is None:
        return {}
    vectors = encoder.encode_queries([e.statement for e in case.expectations])
    cosine = np.clip(vectors @ vectors.T, 0.0, 1.0)
    # Rounded, so that a last bit that differs between machines cannot change a plan.
    return {
        (a.id, b.id): round(float(cosine[i, j]), 4)
        for (i, a), (j, b) in combinations(enumerate(case.expectations), 2)
    }


def resolve(wanted: Cite, language: Language, passages_of: PassagesOf) -> Citation:
    """The passage that a citation of a case file means.

    The digest in the case's own language is tried first, then the English one.

    Raises:
        QuoteNotFound: no passage of the digest has these words, or there is no such digest.
    """
    seen = False
    for suffix in dict.fromkeys((language, "en", *TRANSLATIONS)):
        for passage in passages_of(f"guidelines/{wanted.doc}.{suffix}"):
            seen = True
            if squeeze(wanted.quote) in squeeze(passage.text):
                return cite(passage, wanted.quote)
    if not seen:
        raise QuoteNotFound(f"there is no digest of the key {wanted.doc!r} in the corpus.")
    raise QuoteNotFound(f"the words “{wanted.quote[:60]}” stand in no passage of it.")


def line_of(path: Path, text: str) -> int:
    """The 1-based line on which a text begins in a file; 0 where it is not found."""
    if not path.exists():
        return 0
    start = squeeze(text)[:25]
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if start and start in line:
            return number
    return 0


def _opening(doc: str, language: Language, passages_of: PassagesOf) -> Citation | None:
    for suffix in dict.fromkeys((language, "en")):
        for passage in passages_of(f"guidelines/{doc}.{suffix}"):
            words = squeeze(passage.text)
            end = min((i for c in ".。" if (i := words.find(c)) > 0), default=len(words) - 1)
            return cite(passage, words[: end + 1])
    return None


def _validated(path: Path, model: type[_M]) -> _M:
    raw = _yaml(path)
    try:
        return model.model_validate(_plain(raw))
    except ValidationError as error:
        raise CaseError(
            [
                Fault(
                    path,
                    _line_at(raw, problem["loc"]),
                    "schema",
                    f"{'.'.join(str(p) for p in problem['loc']) or 'file'}: {_plainly(problem)}.",
                    "See docs/cases.md for what belongs there.",
                )
                for problem in error.errors()
            ]
        ) from error


def _plainly(problem: Mapping[str, Any]) -> str:
    """What the schema objects to, in an author's words where its own are a programmer's."""
    context = problem.get("ctx", {})
    match problem["type"]:
        case "too_short":
            found, least = context["actual_length"], context["min_length"]
            return (
                f"there are {found} entries, at least {least} are needed (is the indent the same)"
            )
        case "too_long":
            return f"there are {context['actual_length']} entries, at most {context['max_length']}"
        case "string_type":
            return "this must be a text; put it in double quotation marks"
        case "missing":
            return "this is missing"
        case "extra_forbidden":
            return "there is no such field here; is it misspelt or indented differently"
    return str(problem["msg"])


def _yaml(path: Path) -> CommentedMap:
    if not path.exists():
        raise CaseError([Fault(path, 0, "file", "The file is missing.", "Create it.")])
    try:
        raw = YAML(typ="rt", pure=True).load(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        message = f"The file is not UTF-8 (byte {error.start})."
        raise CaseError([Fault(path, 0, "yaml", message, "Save it as UTF-8.")]) from error
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        message = f"The file is not valid YAML: {error.problem or error.context}."
        remedy = (
            "A colon, a # or a quotation mark inside a text is read as a sign, and an indent as "
            "structure: put the whole text in double quotation marks, with ' inside it, and keep "
            "the indent of its neighbours. It may be the line above."
        )
        raise CaseError([Fault(path, line, "yaml", message, remedy)]) from error
    except YAMLError as error:
        message = f"The file is not valid YAML: {error}."
        raise CaseError([Fault(path, 0, "yaml", message, "Mend it.")]) from error
    if not isinstance(raw, CommentedMap):
        message = "The file holds no keys."
        raise CaseError([Fault(path, 0, "yaml", message, "Write the case as keys and values.")])
    return raw


def _plain(node: Any) -> Any:
    """Ruamel's containers as plain ones, which pydantic takes without copying line marks."""
    if isinstance(node, Mapping):
        return {str(k): _plain(v) for k, v in node.items()}
    if isinstance(node, list):
        return [_plain(v) for v in node]
    return node


def _line_at(node: Any, location: tuple[str | int, ...]) -> int:
    line = 0
    for key in location:
        try:
            if isinstance(node, CommentedMap):
                line = node.lc.key(key)[0] + 1
            elif isinstance(node, CommentedSeq):
                line = node.lc.item(key)[0] + 1
            node = node[key]
        except (KeyError, IndexError, TypeError):
            break
    # What is missing altogether stands nowhere: the file's first line is where to look.
    return line or 1


def _translated(english: Case, texts: Translation, path: Path) -> Case:
    faults = list(_id_faults(english, texts, path))
    if faults:
        raise CaseError(faults)
    data = english.model_dump()
    data |= {
        "language": texts.language,
        "title": texts.title,
        "summary": texts.summary,
        "vignette": texts.vignette,
        "debrief": texts.debrief.model_dump(),
    }
    for stage in data["stages"]:
        stage |= texts.stages[stage["id"]].model_dump()
        for kind in ("expectations", "misconceptions", "positions"):
            by_id: Mapping[str, BaseModel] = getattr(texts, kind)
            for item in stage[kind]:
                words = by_id[item["id"]].model_dump()
                own = words.pop("cites", ())
                item |= words
                _join_cites(item, own)
    for question in (q for form in (data["self_test"] or {}).values() for q in form):
        words = texts.self_test[question["id"]].model_dump()
        own = words.pop("cites")
        question |= words
        _join_cites(question, own)
    return Case.model_validate(data)


def _join_cites(item: dict[str, Any], own: Sequence[Mapping[str, str]]) -> None:
    """Quotes in the language's own digests first, then those that exist in English alone."""
    if "cites" in item:
        docs = {c["doc"] for c in own}
        item["cites"] = [*own, *(c for c in item["cites"] if c["doc"] not in docs)]


def _id_faults(english: Case, texts: Translation, path: Path) -> Iterator[Fault]:
    if texts.version != english.version:
        yield Fault(
            path,
            line_of(path, "version"),
            "translation",
            f"It was written for version {texts.version}; case.yaml is {english.version}.",
            "Bring the texts up to date, then the version.",
        )
    for kind, wanted in (
        ("stages", {s.id for s in english.stages}),
        ("expectations", {e.id for e in english.expectations}),
        ("misconceptions", {m.id for m in english.misconceptions}),
        ("positions", {p.id for p in english.positions}),
        ("self_test", {q.id for q in english.choices}),
    ):
        found = set(getattr(texts, kind))
        for missing in sorted(wanted - found):
            yield Fault(
                path,
                line_of(path, kind),
                "translation",
                f"{kind}: {missing} has no text in {texts.language}.",
                "Write it.",
            )
        for extra in sorted(found - wanted):
            yield Fault(
                path,
                line_of(path, extra),
                "translation",
                f"{kind}: {extra} is not in case.yaml.",
                "Remove it, or add it to case.yaml.",
            )

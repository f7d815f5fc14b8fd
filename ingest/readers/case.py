"""The part of a case that a search may show: title, summary and vignette.

Everything else in a case file would give its answers away.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from ingest.documents import LANGUAGES, Page
from ingest.errors import UnreadableDocument
from ingest.limits import DEFAULT_LIMITS, Limits
from ingest.readers._extract import Extract, within
from ingest.readers.markdown import plain_values
from ingest.readers.text import decode

STRUCTURE = "case.yaml"
ISSUER = "Maieutic"


def read_case(path: Path, data: bytes, limits: Limits = DEFAULT_LIMITS) -> Extract:
    """Reads `case.yaml`, or a translation beside it, whose terms are those of `case.yaml`.

    Raises:
        UnreadableDocument: the file is no YAML, or lacks a title, summary or vignette.
    """
    own = _load(path, decode(path, data))
    structure = path.with_name(STRUCTURE)
    terms = own
    if path.name != STRUCTURE and structure.is_file():
        terms = _load(structure, decode(structure, structure.read_bytes()))
    fields = plain_values({**terms, "title": own.get("title"), "language": _language(path, own)})
    fields["issuer"] = ISSUER
    jurisdictions = terms.get("jurisdictions")
    if isinstance(jurisdictions, list) and jurisdictions:
        fields["jurisdiction"] = jurisdictions[0]
    parts = [own.get("summary"), own.get("vignette")]
    if not all(isinstance(part, str) for part in [own.get("title"), *parts]):
        raise UnreadableDocument(path, "it has no title, summary or vignette")
    text = "\n\n".join(str(part).strip() for part in parts)
    return Extract(within(path, [Page(text)], limits), fields)


def case_language(path: Path) -> str:
    """The language a file of a case is in by its name: `case.yaml` is the English one."""
    return "en" if path.name == STRUCTURE else path.stem


def is_case_file(path: Path) -> bool:
    """Whether the path is that of a case, or of a translation of one."""
    known = path.suffix == ".yaml" and (path.name == STRUCTURE or path.stem in LANGUAGES)
    return known and "cases" in path.parts[:-2]


def _language(path: Path, content: Mapping[object, object]) -> object:
    return content.get("language") or case_language(path)


def _load(path: Path, text: str) -> Mapping[object, object]:
    try:
        loaded = YAML(typ="safe", pure=True).load(text)
    except (YAMLError, RecursionError, ValueError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 1
        raise UnreadableDocument(path, f"it is not YAML near line {line}") from error
    if not isinstance(loaded, Mapping):
        raise UnreadableDocument(path, "it is not a list of `name: value` lines")
    return loaded

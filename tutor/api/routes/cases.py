"""The library of cases: what a learner may see before the dialogue."""

from __future__ import annotations

from fastapi import APIRouter

from ingest import Language
from tutor.api.deps import CurrentUser, RuntimeDep
from tutor.api.render import case_detail, case_summary
from tutor.api.schemas import CaseDetail, CaseSummary
from tutor.cases import LoadedCase
from tutor.errors import NotFound

router = APIRouter(prefix="/cases", tags=["cases"])


@router.get("")
def list_cases(
    _: CurrentUser,
    runtime: RuntimeDep,
    lang: Language = "en",
    jurisdiction: str | None = None,
    profession: str | None = None,
    competency: str | None = None,
    q: str | None = None,
) -> list[CaseSummary]:
    """Every case that fits the filters, by id. `q` is looked for in titles and summaries."""
    return [
        case_summary(case, lang)
        for _, case in sorted(runtime.cases.items())
        if _is(jurisdiction, case.structure.jurisdictions)
        and _is(profession, case.structure.professions)
        and _is(competency, case.structure.competencies)
        and _says(case, q or "")
    ]


@router.get("/{case_id}")
def get_case(
    _: CurrentUser, runtime: RuntimeDep, case_id: str, lang: Language = "en"
) -> CaseDetail:
    """One case."""
    case = runtime.cases.get(case_id)
    if case is None:
        raise NotFound("case of that name")
    return case_detail(case, lang)


def _is(wanted: str | None, values: tuple[str, ...]) -> bool:
    return not wanted or wanted.casefold() in {v.casefold() for v in values}


def _says(case: LoadedCase, query: str) -> bool:
    """Whether every word is in a title or summary, whatever the language of either."""
    text = " ".join(f"{t.title} {t.summary}" for t in case.texts.values()).casefold()
    return all(word in f"{case.id} {text}" for word in query.casefold().split())

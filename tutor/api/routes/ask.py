"""Questions to the corpus."""

from __future__ import annotations

from fastapi import APIRouter

from tutor.api.deps import BackendDep, CurrentUser, RuntimeDep
from tutor.api.schemas import AnswerOut, Question, SentenceOut
from tutor.dialogue.phrases import load_phrases
from tutor.safety import redact
from tutor.safety.text import clean

router = APIRouter(tags=["corpus"])


@router.post("/ask")
def ask(_: CurrentUser, backend: BackendDep, runtime: RuntimeDep, question: Question) -> AnswerOut:
    """A cited answer of at most three sentences, or a sentence that says there is none.

    Of a question about one patient, or somebody's own position in law, the general principle is
    told, and in `note` where to turn.
    """
    limit = backend.settings.max_answer_chars
    words, _kinds = redact(clean(question.question, what="Your question", limit=limit))
    answer = runtime.answerer(words, question.language)
    silence = answer.note or load_phrases()[question.language].frames["not_in_corpus"][0]
    return AnswerOut(
        found=answer.found,
        text=answer.text if answer.found else silence,
        note=answer.note if answer.found else "",
        worded_by=answer.worded_by,
        sentences=tuple(SentenceOut(text=s.text, citations=s.citations) for s in answer.sentences),
        language=answer.language,
    )

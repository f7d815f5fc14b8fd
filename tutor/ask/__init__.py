"""Questions to the corpus: a cited answer, or an honest "not in the corpus"."""

from __future__ import annotations

from tutor.ask.answer import Answer, AnswerSentence, Scope
from tutor.ask.answerer import Consultation, CorpusAnswerer

__all__ = ["Answer", "AnswerSentence", "Consultation", "CorpusAnswerer", "Scope"]

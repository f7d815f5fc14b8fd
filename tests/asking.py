"""The real corpus, asked without the cases and judges of a whole runtime."""

from __future__ import annotations

from ingest import E5, MINILM, Encoder, Searcher
from tutor.ask import CorpusAnswerer
from tutor.runtime import open_search
from tutor.settings import Settings


def real_answerer(
    settings: Settings, e5: Encoder, minilm: Encoder
) -> tuple[CorpusAnswerer, Searcher]:
    """What answers, and what it searches."""
    searcher = open_search(settings, {E5: e5, MINILM: minilm})
    return CorpusAnswerer(searcher, e5), searcher

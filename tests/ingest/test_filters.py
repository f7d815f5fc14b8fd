from dataclasses import replace

import numpy as np
import pytest

from ingest import Passage, Source
from ingest.filters import Filter, FilterColumns

BASE = Passage(
    "a", "g/code.en", Source("Code", "guideline", "en", "HK", as_of="2026-02-01"), "x", 0
)
PASSAGES = [
    BASE,
    replace(BASE, id="b", document_id="g/code.zh", language="zh-Hant"),
    replace(BASE, id="c", document_id="c/1", source=replace(BASE.source, kind="case", as_of=None)),
    replace(BASE, id="d", document_id="t/1", source=replace(BASE.source, tenant="ward")),
    replace(
        BASE,
        id="e",
        document_id="g/old",
        source=replace(BASE.source, jurisdiction="US", as_of="2025-12-31"),
    ),
]
COLUMNS = FilterColumns(PASSAGES)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Filter(), "abce"),
        (Filter(tenant="ward"), "abcde"),
        (Filter(tenant="other"), "abce"),
        (Filter(kind="guideline"), "abe"),
        (Filter(kind="curriculum"), ""),
        (Filter(language="zh-Hant"), "b"),
        (Filter(jurisdiction="US"), "e"),
        (Filter(document="g/code.en"), "a"),
        (Filter(document="t/1"), ""),
        (Filter(as_of="2026-01-01"), "ab"),
        (Filter(as_of="2026-02-01", language="en"), "a"),
        (Filter(as_of="2026-02-02"), ""),
    ],
)
def test_a_mask_lets_pass_what_meets_every_condition(wanted: Filter, found: str) -> None:
    mask = COLUMNS.mask(wanted)
    assert "".join(PASSAGES[row].id for row in np.flatnonzero(mask)) == found


def test_an_index_is_told_the_same_conditions_and_a_date_by_its_documents() -> None:
    wanted = Filter(kind="guideline", as_of="2026-01-01", tenant="ward")
    where = COLUMNS.where(wanted, COLUMNS.mask(wanted))
    assert where == {
        "tenant": ["public", "ward"],
        "kind": ["guideline"],
        "document": ["g/code.en", "g/code.zh", "t/1"],
    }
    assert COLUMNS.rows_in("zh-Hant").tolist() == [False, True, False, False, False]

from collections.abc import Callable
from pathlib import Path

import pytest

from ingest import (
    E5,
    Encoder,
    HashingEncoder,
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    Searcher,
    open_searcher,
    sync,
)
from ingest.search import MAX_QUERY


def ids(searcher: Searcher, query: str, **options: object) -> list[str]:
    return [hit.passage.document_id for hit in searcher.search(query, **options)]  # type: ignore[arg-type]


def test_a_hit_says_why_it_came(searcher: Searcher) -> None:
    best, *rest = searcher.search("tell a relative for a grave reason")
    assert best.passage.document_id == "guidelines/code.en"
    assert best.passage.section == ("What it asks",)
    assert {leg: score.rank for leg, score in best.legs.items()} == {"dense": 1, "lexical": 1}
    assert best.score == pytest.approx(1.0)
    scores = [best.score, *(hit.score for hit in rest)]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("query", ["", "   \n", "\t"])
def test_a_blank_query_finds_nothing(searcher: Searcher, query: str) -> None:
    assert searcher.search(query) == []
    assert searcher.relevance(query).dense == 0.0


def test_a_query_of_a_hundred_thousand_characters_is_cut(searcher: Searcher) -> None:
    long = "tell a relative " * 6_000
    assert ids(searcher, long, k=1) == ids(searcher, long[:MAX_QUERY], k=1)
    assert len(ids(searcher, "親" * 100_000, k=3)) == 3


@pytest.mark.parametrize("query", ["\x00", "😀", "(((", "AND OR NOT *", "%s {} \\", "؟ مرحبا"])
def test_odd_queries_do_no_harm(searcher: Searcher, query: str) -> None:
    assert len(searcher.search(query, k=2)) <= 2


def test_both_scripts_find_each_other(searcher: Searcher) -> None:
    assert ids(searcher, "告诉亲属", k=1) == ["guidelines/code.zh-Hant"]
    assert ids(searcher, "告訴親屬", k=1) == ["guidelines/code.zh-Hant"]
    assert ids(searcher, "屬", k=1) == ["guidelines/code.zh-Hant"]


def test_filters_are_strict(searcher: Searcher) -> None:
    query = "告訴親屬 relative alert"
    assert set(ids(searcher, query, language="zh-Hant", k=20)) == {
        "guidelines/code.zh-Hant",
        "cases/quiet-ward.zh-Hant",
    }
    assert set(ids(searcher, query, kind="case", k=20)) == {
        "cases/quiet-ward.en",
        "cases/quiet-ward.zh-Hant",
    }
    assert set(ids(searcher, query, jurisdiction="US", k=20)) == {"guidelines/alerts.en"}
    assert ids(searcher, query, kind="curriculum") == []


def test_a_document_and_a_date_narrow_the_search_too(searcher: Searcher) -> None:
    only = ids(searcher, "告訴親屬 relative alert", document="guidelines/code.en", k=20)
    assert set(only) == {"guidelines/code.en"}
    dated = set(ids(searcher, "relative alert walrus", as_of="2026-11-22", k=20))
    assert "guidelines/alerts.en" in dated
    assert ids(searcher, "relative alert walrus", as_of="2026-11-23", k=20) == []
    assert ids(searcher, "relative", document="none") == []


def test_every_passage_that_a_filter_lets_pass_is_found(searcher: Searcher) -> None:
    for document in searcher.documents():
        wanted = {passage.id for passage in searcher.passages(document.id)}
        found = searcher.search("relative", document=document.id, k=50, candidates=1)
        assert {hit.passage.id for hit in found} == wanted


def test_condensed_hits_name_what_they_stand_for(
    corpus: Path, index_dir: Path, write_digest: Callable[..., Path]
) -> None:
    write_digest(corpus / "guidelines", "copy.en")
    long = " ".join(f"The walrus signs form {n} before noon, says rule {n}." for n in range(80))
    write_digest(corpus / "guidelines", "long.en", body=f"- {long} [S]")
    sync(corpus, index_dir, HashingEncoder())
    searcher = open_searcher(index_dir, HashingEncoder())
    hits = searcher.search("walrus signs form", k=5, condense=True)
    assert hits[0].passage in hits[0].merged
    positions = [passage.position for passage in hits[0].merged]
    assert positions == list(range(positions[0], positions[0] + len(positions)))
    searcher.close()


def test_k_bounds_the_hits(searcher: Searcher) -> None:
    assert len(searcher.search("the code", k=3)) == 3
    assert searcher.search("the code", k=0) == []
    assert len(searcher.search("the code", k=1_000, candidates=1)) <= 12


def test_a_preferred_language_shows_each_section_once(searcher: Searcher) -> None:
    plain = ids(searcher, "Tell a relative 告訴親屬", k=20)
    assert {"guidelines/code.en", "guidelines/code.zh-Hant"} <= set(plain)
    hits = searcher.search("Tell a relative 告訴親屬", k=20, prefer_language="zh-Hant")
    shown = [(hit.passage.document_id, hit.passage.position) for hit in hits]
    assert len(shown) == len(set(shown))
    assert not any(name == "guidelines/code.en" for name, _ in shown)
    assert ("guidelines/code.zh-Hant", 1) in shown
    assert ("guidelines/alerts.en", 1) in shown


def test_hints_and_answers_of_a_case_cannot_be_found(searcher: Searcher) -> None:
    everything = "\n".join(
        passage.text
        for document in searcher.documents()
        for passage in searcher.passages(document.id)
    )
    assert "walrus" in everything
    for secret in ("xylophone", "zeppelin", "木琴", "What would you ask first"):
        assert secret not in everything
        assert all("lexical" not in hit.legs for hit in searcher.search("xylophone zeppelin"))


def test_relevance_tells_what_is_there_from_what_is_not(searcher: Searcher) -> None:
    there = searcher.relevance("tell a relative for a grave reason")
    absent = searcher.relevance("xylophone lessons")
    assert there.overlap == 1.0
    assert there.dense > absent.dense
    assert (absent.lexical, absent.overlap) == (0.0, 0.0)


def test_passages_by_id_with_their_neighbours(searcher: Searcher) -> None:
    first, second, third = searcher.passages("guidelines/code.en")
    assert searcher.passage(second.id) == second
    assert searcher.neighbours(second.id) == (first, third)
    assert searcher.neighbours(first.id) == (None, second)
    assert searcher.neighbours(third.id) == (second, None)


def test_an_unknown_id_is_a_key_error(searcher: Searcher) -> None:
    for ask in (searcher.passage, searcher.neighbours, searcher.passages):
        with pytest.raises(KeyError):
            ask("nothing")


def test_documents_are_listed_with_their_size(searcher: Searcher) -> None:
    listed = {document.id: document for document in searcher.documents()}
    assert list(listed) == sorted(listed)
    assert listed["guidelines/code.en"].passages == 3
    assert listed["guidelines/code.en"].pages is None
    assert listed["guidelines/code.en"].source.issuer == "Office of Examples"


def test_documents_of_a_tenant_are_found_only_by_it(
    corpus: Path, index_dir: Path, write_digest: Callable[..., Path]
) -> None:
    mine = corpus / "tenants" / "ward" / "guidelines"
    write_digest(mine, "rules.en", body="- The ward has a walrus rule. [S]")
    encoder = HashingEncoder()
    sync(corpus, index_dir, encoder)
    searcher = open_searcher(index_dir, encoder)
    assert "tenants/ward/guidelines/rules.en" not in ids(searcher, "walrus rule", k=20)
    assert "tenants/ward/guidelines/rules.en" not in ids(
        searcher, "walrus rule", k=20, tenant="other"
    )
    assert ids(searcher, "walrus rule", tenant="ward")[0] == "tenants/ward/guidelines/rules.en"


def test_an_open_searcher_follows_changes(
    corpus: Path, index_dir: Path, write_digest: Callable[..., Path]
) -> None:
    sync(corpus, index_dir, HashingEncoder())
    searcher = open_searcher(index_dir, HashingEncoder())
    assert "guidelines/new.en" not in ids(searcher, "platypus", k=20)
    write_digest(corpus / "guidelines", "new.en", body="- A platypus may sign. [S]")
    (corpus / "guidelines" / "alerts.en.md").unlink()
    sync(corpus, index_dir, HashingEncoder())
    assert ids(searcher, "platypus", k=1) == ["guidelines/new.en"]
    assert "guidelines/alerts.en" not in ids(searcher, "sepsis score", k=20)


def test_without_an_index_the_remedy_is_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing) as caught:
        open_searcher(tmp_path / "none", HashingEncoder())
    assert "maieutic ingest" in caught.value.remedy


def test_an_index_of_another_encoder_is_refused(corpus: Path, index_dir: Path) -> None:
    sync(corpus, index_dir, HashingEncoder())
    with pytest.raises(IndexMismatch):
        open_searcher(index_dir, HashingEncoder(64))


def test_a_catalogue_that_is_no_database_is_said_to_be_damaged(
    corpus: Path, index_dir: Path
) -> None:
    sync(corpus, index_dir, HashingEncoder())
    (index_dir / "catalogue.db").write_bytes(b"not a database" * 100)
    with pytest.raises(IndexDamaged):
        open_searcher(index_dir, HashingEncoder())


def test_a_damaged_lexical_index_is_made_again(corpus: Path, index_dir: Path) -> None:
    sync(corpus, index_dir, HashingEncoder())
    (index_dir / "lexical.npz").write_bytes(b"torn")
    again = open_searcher(index_dir, HashingEncoder())
    assert "lexical" in again.search("tell a relative")[0].legs


def test_meaning_is_found_across_languages(corpus: Path, index_dir: Path, e5: Encoder) -> None:
    assert e5.name == E5
    sync(corpus, index_dir, e5)
    searcher = open_searcher(index_dir, e5)
    best = searcher.search("護士擔心時，不要等敗血症警報", k=1, language="en")[0]
    assert best.passage.document_id == "guidelines/alerts.en"
    assert searcher.relevance("noodle recipes").dense < best.legs["dense"].score

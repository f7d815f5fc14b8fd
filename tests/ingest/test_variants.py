from ingest import Hit, LegScore, Passage, Source
from ingest.variants import collapse, stem_of

SOURCE = Source("A title")


def row(document: str, *sections: str) -> tuple[Passage, ...]:
    return tuple(
        Passage(f"{document}#{n}", document, SOURCE, f"{document} {n}", n, (section,))
        for n, section in enumerate(sections)
    )


EN = row("g/code.en", "Intro", "Asks", "Asks", "Doubts")
HANT = row("g/code.zh-Hant", "引言", "要求", "存疑")
HANS = row("g/code.zh-Hans", "引言", "要求", "存疑")
OTHER = row("g/other", "Asks")
DOCUMENTS = {passages[0].document_id: passages for passages in (EN, HANT, HANS, OTHER)}


def hits(*passages: Passage) -> list[Hit]:
    return [
        Hit(passage, 1.0 - n / 10, {"dense": LegScore(0.5, n + 1)})
        for n, passage in enumerate(passages)
    ]


def shown(found: list[Hit]) -> list[str]:
    return [hit.passage.id for hit in found]


def test_a_stem_has_no_language() -> None:
    assert stem_of("g/code.zh-Hant") == ("g/code", "zh-Hant")
    assert stem_of("g/code") == ("g/code", None)


def test_the_version_in_the_preferred_language_takes_the_best_place() -> None:
    found = collapse(hits(EN[0], OTHER[0], HANS[0], HANT[0]), "zh-Hant", DOCUMENTS)
    assert shown(found) == ["g/code.zh-Hant#0", "g/other#0"]
    assert found[0].score == 1.0
    assert found[0].legs["dense"].rank == 4


def test_a_version_that_no_leg_returned_is_fetched() -> None:
    found = collapse(hits(EN[3]), "zh-Hans", DOCUMENTS)
    assert shown(found) == ["g/code.zh-Hans#2"]
    assert found[0].legs == {}


def test_sections_that_are_cut_differently_meet_in_their_last_part() -> None:
    assert shown(collapse(hits(EN[1], EN[2]), "zh-Hant", DOCUMENTS)) == ["g/code.zh-Hant#1"]


def test_without_a_preferred_version_the_best_one_stays() -> None:
    documents = {name: passages for name, passages in DOCUMENTS.items() if "Hant" not in name}
    assert shown(collapse(hits(HANS[0], EN[0]), "zh-Hant", documents)) == ["g/code.zh-Hans#0"]

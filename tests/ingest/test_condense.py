from dataclasses import replace

from ingest import Hit, LegScore, Passage, Source
from ingest.condense import alike, drop_alike, merge_neighbours, shingles

TEXT = "A relative is told only where the reason is grave and the patient has refused to tell her."
FIRST = Passage("a", "doc", Source("Code"), TEXT, 0, ("Duty",))


def hits(*passages: Passage) -> list[Hit]:
    legs = {"dense": LegScore(0.5, 1)}
    return [Hit(passage, 1.0 - n / 10, legs) for n, passage in enumerate(passages)]


def at(position: int, section: str = "Duty", document: str = "doc") -> Passage:
    words = f"{document} {section} {position} says something of its own about matter {position}."
    return Passage(f"{document}{position}", document, Source("Code"), words, position, (section,))


def test_of_nearly_identical_passages_the_best_names_the_others() -> None:
    copy = replace(FIRST, id="b", document_id="copy", text=TEXT.replace("  ", " ") + " ")
    edited = replace(FIRST, id="c", document_id="edited", text=TEXT.replace("grave", "grave "))
    other = at(4)
    found = drop_alike(hits(FIRST, other, copy, edited))
    assert [hit.passage.id for hit in found] == ["a", other.id]
    assert found[0].similar == ("b", "c")


def test_both_scripts_of_one_text_are_alike_and_a_changed_number_is_not_lost() -> None:
    assert alike(shingles("把理由寫進紀錄，並告訴親屬"), shingles("把理由写进纪录，并告诉亲属"))
    assert not alike(shingles("Keep it for six years."), shingles("Keep it for two weeks."))
    assert alike(shingles(""), shingles(""))


def test_neighbours_in_a_section_become_one_hit_where_the_best_stood() -> None:
    found = merge_neighbours(hits(at(2), at(9), at(1), at(3), at(5)))
    assert [hit.passage.position for hit in found] == [2, 9, 5]
    assert [p.position for p in found[0].merged] == [1, 2, 3]
    assert found[0].score == 1.0
    assert found[1].merged == ()


def test_neither_another_section_nor_another_document_is_a_neighbour() -> None:
    found = merge_neighbours(hits(at(1), at(2, "Doubts"), at(2, document="other")))
    assert [hit.merged for hit in found] == [(), (), ()]

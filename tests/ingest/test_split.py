from ingest import Document, Page, Source, split
from ingest.split import embedding_text


def document(*pages: Page, language: str = "en") -> Document:
    source = Source("A title", kind="guideline", language=language)  # type: ignore[arg-type]
    return Document("guidelines/a", source, pages, "0" * 64)


def test_each_section_is_one_passage_with_its_headings_beside_it() -> None:
    passages = split(
        document(
            Page("An introduction. [P]"),
            Page("- One claim. [P]\n- Another. [S]", section=("Asks",)),
            Page("- A doubt. [U]", section=("Asks", "Doubts")),
        )
    )
    assert [p.section for p in passages] == [(), ("Asks",), ("Asks", "Doubts")]
    assert [p.position for p in passages] == [0, 1, 2]
    assert [p.confidence for p in passages] == ["P", "S", "U"]
    assert passages[1].text == "- One claim. [P]\n- Another. [S]"
    assert embedding_text(passages[2]) == "A title · Asks · Doubts\n- A doubt. [U]"


def test_a_text_without_tags_has_no_confidence() -> None:
    (passage,) = split(document(Page("See [the list] and [PS] of it.")))
    assert passage.confidence is None


def test_long_text_is_cut_between_sentences() -> None:
    sentence = "The clinician asks why the patient refuses and writes it down. "
    passages = split(document(Page(sentence * 60, number=1)))
    assert len(passages) > 3
    for passage in passages:
        assert passage.text.startswith("The clinician")
        assert passage.text.endswith("down.")
        assert len(passage.text) <= 900


def test_long_chinese_text_is_cut_after_full_stops() -> None:
    sentence = "臨床人員先問病人為何拒絕，然後把理由寫進紀錄。"
    passages = split(document(Page(sentence * 60, number=1), language="zh-Hant"))
    assert len(passages) > 3
    assert all(p.text.endswith("。") and len(p.text) <= 320 for p in passages)
    assert {p.language for p in passages} == {"zh-Hant"}


def test_a_list_is_cut_between_its_items() -> None:
    item = "- A claim that is long enough to matter when passages are cut apart. [S]\n"
    passages = split(document(Page(item * 60, section=("Asks",))))
    assert len(passages) > 1
    assert all(p.text.startswith("- A claim") and p.text.endswith("[S]") for p in passages)
    assert sum(p.text.count("[S]") for p in passages) == 60


def test_a_passage_knows_the_pages_it_is_on() -> None:
    sentence = "Nothing is said that was not said before. "
    passages = split(document(*(Page(sentence * 30, number=n) for n in (4, 5, 6))))
    assert passages[0].pages == (4,)
    assert passages[-1].pages == (6,)
    assert any(p.pages == (4, 5) for p in passages)


def test_a_passage_in_another_language_than_its_document_says_so() -> None:
    passages = split(
        document(Page("English text.", section=("a",)), Page("患者说", section=("b",)))
    )
    assert [p.language for p in passages] == ["en", "zh-Hans"]


def test_splitting_twice_gives_the_same_ids_and_equal_texts_different_ones() -> None:
    pages = (Page("The same.", section=("a",)), Page("The same.", section=("b",)))
    first, second = split(document(*pages)), split(document(*pages))
    assert [p.id for p in first] == [p.id for p in second]
    assert first[0].id != first[1].id


def test_a_document_of_white_space_has_no_passages() -> None:
    assert split(document(Page("  \n "))) == []


def test_one_word_without_end_is_cut_all_the_same() -> None:
    passages = split(document(Page("x" * 5000, number=1)))
    assert max(len(p.text) for p in passages) <= 900

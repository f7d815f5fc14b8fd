from ingest import passage_id, weakest


def test_the_weakest_tag_wins() -> None:
    assert weakest(["P", "S", "U", "C"]) == "U"
    assert weakest(["P", "S"]) == "S"
    assert weakest([]) is None


def test_a_passage_id_depends_on_each_of_its_parts() -> None:
    ids = {
        passage_id("a", 0, "text"),
        passage_id("b", 0, "text"),
        passage_id("a", 1, "text"),
        passage_id("a", 0, "other"),
    }
    assert len(ids) == 4
    assert passage_id("a", 0, "text") in ids
    assert all(len(id_) == 20 for id_ in ids)

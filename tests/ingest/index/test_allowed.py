from __future__ import annotations

from ingest.index.allowed import AllowedIds
from ingest.index.protocol import Terms, terms


class Store:
    """Three passages, counting how often it is asked."""

    def __init__(self) -> None:
        self.tenants = {"1": "public", "2": "public", "3": "ward"}
        self.asked: list[Terms] = []

    def find(self, wanted: Terms) -> list[str]:
        self.asked.append(wanted)
        return [id_ for id_, tenant in self.tenants.items() if tenant in wanted[0][1]]


PUBLIC = terms({"tenant": "public"})


def test_a_filter_is_put_to_the_store_once_however_it_is_spelt() -> None:
    store = Store()
    allowed = AllowedIds(store.find)
    assert allowed.ids(PUBLIC) == {"1", "2"}
    assert allowed.ids(terms({"tenant": ["public", "public"]})) == {"1", "2"}
    assert allowed.ids(terms({"tenant": ["ward", "public"]})) == {"1", "2", "3"}
    assert allowed.ids(terms({"tenant": ["public", "ward"]})) == {"1", "2", "3"}
    assert len(store.asked) == 2


def test_after_a_change_it_is_asked_again() -> None:
    store = Store()
    allowed = AllowedIds(store.find)
    allowed.ids(PUBLIC)
    store.tenants["4"] = "public"
    assert allowed.ids(PUBLIC) == {"1", "2"}
    allowed.forget()
    assert allowed.ids(PUBLIC) == {"1", "2", "4"}


def test_what_was_found_during_a_change_is_not_kept() -> None:
    store = Store()

    def find(wanted: Terms) -> list[str]:
        found = store.find(wanted)
        if len(store.asked) == 1:
            store.tenants["4"] = "public"
            allowed.forget()
        return found

    allowed = AllowedIds(find)
    assert allowed.ids(PUBLIC) == {"1", "2"}
    assert allowed.ids(PUBLIC) == {"1", "2", "4"}


def test_no_value_lets_nothing_pass_and_nobody_is_asked() -> None:
    store = Store()
    assert AllowedIds(store.find).ids(terms({"tenant": [], "kind": "case"})) == frozenset()
    assert not store.asked


def test_only_the_filters_last_used_are_kept() -> None:
    store = Store()
    allowed = AllowedIds(store.find)
    for number in range(7):
        allowed.ids(terms({"tenant": f"t{number}"}))
    allowed.ids(PUBLIC)
    allowed.ids(terms({"tenant": "t0"}))
    allowed.ids(terms({"tenant": "t8"}))
    asked = len(store.asked)
    allowed.ids(terms({"tenant": "t0"}))
    assert len(store.asked) == asked
    allowed.ids(terms({"tenant": "t1"}))
    assert len(store.asked) == asked + 1

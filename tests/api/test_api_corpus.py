"""Cases, questions, search, passages, documents."""

from __future__ import annotations

from fastapi.testclient import TestClient

from tests.tiny_teaching import QUOTE

API = "/api/v1"


def test_the_library_and_its_filters(client: TestClient) -> None:
    [card] = client.get(f"{API}/cases").json()
    assert card["id"] == "tiny"
    assert card["languages"] == ["en", "zh-Hant", "zh-Hans"]
    assert card["review"] == {"status": "awaiting", "by": None, "on": None}
    [card] = client.get(f"{API}/cases", params={"lang": "zh-Hans", "q": "TINY relative"}).json()
    assert card["language"] == "zh-Hans"
    for fits in ({"jurisdiction": "hk"}, {"profession": "nurse"}, {"competency": "communicator"}):
        assert len(client.get(f"{API}/cases", params=fits).json()) == 1
    for unfit in ({"jurisdiction": "CN"}, {"profession": "dentist"}, {"q": "dragons"}):
        assert client.get(f"{API}/cases", params=unfit).json() == []
    assert client.get(f"{API}/cases", params={"lang": "fr"}).status_code == 422


def test_a_case(client: TestClient) -> None:
    case = client.get(f"{API}/cases/tiny", params={"lang": "en"}).json()
    assert case["vignette"].startswith("You meet")
    assert [s["id"] for s in case["stage_titles"]] == ["clarify", "decide"]
    [reading] = case["reading"]
    assert reading["title"] == "A code of conduct"
    assert reading["document_id"] == "guidelines/code.en"
    assert reading["url"] == "https://example.org/code"
    assert client.get(f"{API}/cases/none").status_code == 404


def test_a_question_is_answered_with_a_citation_that_opens(client: TestClient) -> None:
    body = {"question": "What does the code ask?", "language": "en"}
    answer = client.post(f"{API}/ask", json=body).json()
    assert answer["found"]
    [citation] = answer["sentences"][0]["citations"]
    passage = client.get(f"{API}/passages/{citation['passage_id']}").json()
    assert citation["quote"] in passage["text"]
    assert passage["before"]
    assert passage["after"]
    assert passage["section"] == citation["section"]


def test_silence_is_said(client: TestClient) -> None:
    body = {"question": "怎樣煮飯？", "language": "zh-Hant"}
    answer = client.post(f"{API}/ask", json=body).json()
    assert not answer["found"]
    assert answer["sentences"] == []
    assert "語料庫" in answer["text"]
    assert client.post(f"{API}/ask", json={"question": " ", "language": "en"}).status_code == 422


def test_search_says_why_a_passage_came(client: TestClient) -> None:
    answer = client.get(f"{API}/search", params={"q": QUOTE, "k": 2}).json()
    assert answer["query"] == QUOTE
    best = answer["hits"][0]
    assert QUOTE in best["passage"]["text"]
    assert best["legs"]["lexical"]["rank"] == 1
    assert 0 < best["score"] <= 1
    strict = client.get(f"{API}/search", params={"q": QUOTE, "lang": "zh-Hant"}).json()
    assert {h["passage"]["language"] for h in strict["hits"]} == {"zh-Hant"}
    assert client.get(f"{API}/search", params={"q": ""}).json()["hits"] == []
    assert client.get(f"{API}/search", params={"q": "a", "k": 0}).status_code == 422


def test_documents(client: TestClient) -> None:
    ids = [d["id"] for d in client.get(f"{API}/documents").json()]
    assert ids == ["guidelines/code.en", "guidelines/note.zh-Hant"]
    [one] = client.get(f"{API}/documents", params={"lang": "en", "kind": "guideline"}).json()
    assert one["issuer"] == "A council"
    assert one["passages"] == 3
    assert client.get(f"{API}/passages/none").status_code == 404

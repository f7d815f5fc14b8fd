import asyncio

from langchain_core.documents import Document
from langchain_core.runnables import RunnableLambda, RunnablePassthrough

from ingest import MaieuticRetriever, Searcher

QUERY = "tell a relative"


def test_langchain_gets_the_same_passages(searcher: Searcher) -> None:
    retriever = MaieuticRetriever(searcher=searcher, k=2, options={"language": "en"})
    found = retriever.invoke(QUERY)
    hits = searcher.search(QUERY, k=2, language="en")
    assert [document.page_content for document in found] == [hit.passage.text for hit in hits]
    assert found[0].metadata["document_id"] == "guidelines/code.en"
    assert found[0].id == hits[0].passage.id
    assert 0 <= found[0].metadata["relevance"] <= 1
    assert found[0].metadata["legs"]["dense"]["rank"] == 1


def test_a_chain_asks_it_and_narrows_it(searcher: Searcher) -> None:
    def told(given: dict[str, object]) -> str:
        documents = given["context"]
        assert isinstance(documents, list)
        return f"{given['question']}: {documents[0].metadata['document_id']}"

    retriever = MaieuticRetriever(searcher=searcher, k=1, options={"language": "zh-Hant"})
    chain = {"context": retriever, "question": RunnablePassthrough()} | RunnableLambda(told)
    assert chain.invoke("告訴親屬") == "告訴親屬: guidelines/code.zh-Hant"
    assert asyncio.run(chain.ainvoke("告訴親屬")) == "告訴親屬: guidelines/code.zh-Hant"
    narrowed = retriever.invoke("告訴親屬", kind="case")
    assert [d.metadata["kind"] for d in narrowed] == ["case"]


def test_below_the_least_relevance_there_is_nothing(searcher: Searcher) -> None:
    strict = MaieuticRetriever(searcher=searcher, least_relevance=1.0)
    assert strict.invoke(QUERY) == []
    found: list[Document] = MaieuticRetriever(searcher=searcher, k=3).batch([QUERY, QUERY])[1]
    assert len(found) == 3

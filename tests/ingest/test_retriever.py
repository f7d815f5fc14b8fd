from ingest import MaieuticRetriever, Searcher


def test_langchain_gets_the_same_passages(searcher: Searcher) -> None:
    retriever = MaieuticRetriever(searcher=searcher, k=2, options={"language": "en"})
    found = retriever.invoke("tell a relative")
    hits = searcher.search("tell a relative", k=2, language="en")
    assert [document.page_content for document in found] == [hit.passage.text for hit in hits]
    assert found[0].metadata["document_id"] == "guidelines/code.en"
    assert found[0].id == hits[0].passage.id

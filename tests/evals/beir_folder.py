"""A retrieval set of three documents and one query, in BEIR layout."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

DOCUMENTS = {
    "d1": "Consent is asked before a consultation is recorded.",
    "d2": "A prediction score missed most patients with sepsis.",
    "d3": "The harbour was full of ships that morning.",
}
QUERIES = '{"_id": 1, "text": "was consent asked"}\n{"_id": "q2", "text": "not judged"}\n'
JUDGED = "query-id\tcorpus-id\tscore\n1\td1\t1\n1\td2\t0\n"


def make(folder: Path, *, packed: bool = False) -> Path:
    """Write it and return the folder."""
    rows = [{"_id": i, "title": f"On {i}", "text": t} for i, t in DOCUMENTS.items()]
    body = "".join(json.dumps(row) + "\n" for row in rows)
    (folder / "qrels").mkdir(parents=True)
    if packed:
        with gzip.open(folder / "corpus.jsonl.gz", "wt", encoding="utf-8") as file:
            file.write(body)
    else:
        (folder / "corpus.jsonl").write_text(body, encoding="utf-8")
    (folder / "queries.jsonl").write_text(QUERIES, encoding="utf-8")
    (folder / "qrels" / "test.tsv").write_text(JUDGED, encoding="utf-8")
    return folder

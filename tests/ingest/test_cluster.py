"""The same stages in this process and on a real Ray cluster of two nodes.

Ray's own code does not pass this project's rule that warnings are errors, so that what talks to
Ray is this very file, run as a program of its own.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evals.servers import free_port
from ingest import E5, MINILM, HashingEncoder, load_encoder
from ingest.cluster import (
    EmbeddedDocument,
    LentVectors,
    ReadAhead,
    embed_stage,
    read_and_embed_on_ray,
    texts_of,
)
from ingest.encoders import Vectors
from ingest.errors import EmptyDocument, ModelMissing
from ingest.readers import content_hash, document_id
from ingest.stages import Task, TrustingReader, read_stage

ENGLISH = "A relative of the patient asks whether the result of the test may be shared. "
CHINESE = "病人的家屬詢問檢查結果，醫生應先徵得病人同意。"
MEMORY = 80 * 2**20
ASK = """
from pathlib import Path
from ingest.cluster import read_and_embed_on_ray
from ingest.errors import ClusterMissing
from ingest.stages import Task
try:
    list(read_and_embed_on_ray([Task(Path("x"), Path("."), "x", "")], {}, workers=1))
except ClusterMissing as error:
    print(error, error.remedy)
"""
WITHOUT_RAY = "import sys; sys.modules['ray'] = None"


def corpus(root: Path) -> list[Task]:
    folder = root / "guidelines"
    folder.mkdir(parents=True)
    for number in range(3):
        sections = [f"## Section {n}\n{ENGLISH * (n + 1)} Case {number}.{n}." for n in range(4)]
        text = f"# Guide {number}\n\n" + "\n\n".join([*sections, f"## 中文\n{CHINESE}"])
        (folder / f"guide-{number}.md").write_text(text, encoding="utf-8")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 and nothing more")
    (folder / "empty.txt").write_text("  \n", encoding="utf-8")
    paths = [*sorted(folder.iterdir()), folder / "gone.txt"]
    return [
        Task(p, root, document_id(p, root), content_hash(p) if p.exists() else "0" * 64)
        for p in paths
    ]


def test_a_cluster_gives_the_same_passages_ids_and_vectors(
    tmp_path: Path, models_dir: Path
) -> None:
    tasks = corpus(tmp_path / "corpus")
    order = tasks[::-1]
    folders = {"dense": models_dir / E5, "english": models_dir / MINILM}
    (tmp_path / "asked").write_bytes(pickle.dumps((order, folders)))
    subprocess.run(
        [sys.executable, __file__, str(tmp_path / "asked"), str(tmp_path / "given")],
        check=True,
        timeout=300,
        env=os.environ | {"RAY_USAGE_STATS_ENABLED": "0"},
    )
    given: list[dict[str, Any]] = pickle.loads((tmp_path / "given").read_bytes())

    assert [row["task"] for row in given] == order
    failures = {row["task"].path.name: row["error"] for row in given if row["error"]}
    assert {name: kind for name, (kind, _) in failures.items()} == {
        "broken.pdf": "UnreadableDocument",
        "empty.txt": "EmptyDocument",
        "gone.txt": "UnreadableDocument",
    }
    assert all(name in told for name, (_, told) in failures.items())
    encoders = {leg: load_encoder(folder) for leg, folder in folders.items()}
    done = [row for row in given if not row["error"]]
    assert len(done) == 3
    for row in done:
        local = read_stage(row["task"], TrustingReader())
        assert row["made"] == local
        assert [p.id for p in row["made"].passages] == [p.id for p in local.passages]
        vectors = embed_stage(local.passages, encoders)
        assert row["vectors"].keys() == vectors.keys()
        assert len(vectors["english"]) < len(vectors["dense"]) == len(local.passages)
        for leg, expected in vectors.items():
            np.testing.assert_allclose(row["vectors"][leg], expected, atol=1e-5)


def test_vectors_do_not_depend_on_what_is_encoded_beside_them(models_dir: Path) -> None:
    encoder = load_encoder(models_dir / MINILM)
    texts = [ENGLISH * n for n in range(1, 6)]
    together = encoder.encode_documents(texts)
    alone = np.concatenate([encoder.encode_documents([text]) for text in texts])
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_the_writer_uses_the_vectors_that_it_was_lent_and_makes_the_others() -> None:
    encoder = HashingEncoder(16)
    lent = LentVectors(encoder)
    marked = np.full((2, 16), 0.25, dtype=np.float32)
    lent.lend(["a", "b"], marked)
    found = lent.encode_documents(["b", "new", "a", "new"])
    np.testing.assert_array_equal(found[[0, 2]], marked)
    np.testing.assert_array_equal(found[[1, 3]], encoder.encode_documents(["new", "new"]))
    np.testing.assert_array_equal(lent.encode_queries(["a"]), encoder.encode_queries(["a"]))
    lent.lend([], np.zeros((0, 16), dtype=np.float32))
    np.testing.assert_array_equal(lent.encode_documents(["a"]), encoder.encode_documents(["a"]))
    assert lent.encode_documents([]).shape == (0, 16)
    assert (lent.name, lent.dim) == (encoder.name, encoder.dim)


def test_the_writer_gets_what_was_made_in_its_order_and_reads_the_rest_itself(
    tmp_path: Path,
) -> None:
    tasks = corpus(tmp_path)
    reader = TrustingReader()
    encoder = HashingEncoder(16)
    made = [read_stage(task, reader) for task in tasks[2:5]]
    fault = EmptyDocument("empty.txt")
    coming = [
        EmbeddedDocument(tasks[1], None, fault),
        *(
            EmbeddedDocument(t, m, None, embed_stage(m.passages, {"dense": encoder}))
            for t, m in zip(tasks[2:4], made, strict=False)
        ),
    ]
    lent = LentVectors(Forgetful(16))
    ahead = ReadAhead(iter(coming), {"dense": lent}, reader)
    with pytest.raises(EmptyDocument):
        ahead.read(tasks[1])
    assert ahead.read(tasks[2]) == made[0]
    texts = texts_of("dense", made[0].passages)
    np.testing.assert_array_equal(lent.encode_documents(texts), encoder.encode_documents(texts))
    assert ahead.read(tasks[4]) == made[2]
    assert ahead.read(tasks[3]) == made[1]
    assert ahead.read(tasks[2]) == made[0]


class Forgetful(HashingEncoder):
    """Cannot encode documents: what it is asked for must have been lent."""

    def encode_documents(self, texts: list[str]) -> Vectors:
        assert not texts
        return super().encode_documents(texts)


def test_a_leg_embeds_what_it_reads(tmp_path: Path) -> None:
    made = read_stage(corpus(tmp_path)[2], TrustingReader())
    assert len(texts_of("dense", made.passages)) == len(made.passages) == 5
    assert not any(CHINESE in text for text in texts_of("english", made.passages))
    vectors = embed_stage([], {"dense": HashingEncoder(16)})
    assert vectors["dense"].shape == (0, 16)


def test_faults_come_before_a_cluster_is_started(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing):
        list(read_and_embed_on_ray([], {"dense": tmp_path / "no-model"}, workers=1))
    assert list(read_and_embed_on_ray([], {}, workers=1)) == []


def test_without_ray_the_package_is_named(tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-c", WITHOUT_RAY + ASK], capture_output=True, text=True, cwd=tmp_path
    )
    assert "Ray is not installed." in said.stdout, said.stderr
    assert "maieutic[ray]" in said.stdout


def test_a_cluster_that_does_not_answer_is_told_of(tmp_path: Path) -> None:
    address = f"127.0.0.1:{free_port()}"
    said = subprocess.run(
        [sys.executable, "-c", ASK],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=os.environ | {"RAY_ADDRESS": address, "RAY_USAGE_STATS_ENABLED": "0"},
    )
    assert f"{address} does not answer." in said.stdout, said.stderr
    assert "RAY_ADDRESS" in said.stdout


def on_a_cluster(asked: Path, given: Path) -> None:
    """What the program does: two nodes, one processor each, and no dashboard."""
    from ray.cluster_utils import Cluster

    tasks, folders = pickle.loads(asked.read_bytes())
    node = {"num_cpus": 1, "object_store_memory": MEMORY, "include_dashboard": False}
    cluster = Cluster(initialize_head=True, head_node_args=node)
    cluster.add_node(num_cpus=1, object_store_memory=MEMORY)
    os.environ["RAY_ADDRESS"] = cluster.address
    try:
        rows = [
            {
                "task": one.task,
                "made": one.made,
                "error": (type(one.error).__name__, str(one.error)) if one.error else None,
                "vectors": dict(one.vectors),
            }
            for one in read_and_embed_on_ray(tasks, folders, workers=2)
        ]
        given.write_bytes(pickle.dumps(rows))
    finally:
        cluster.shutdown()


if __name__ == "__main__":
    on_a_cluster(Path(sys.argv[1]), Path(sys.argv[2]))

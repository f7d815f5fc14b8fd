"""What ingest costs beside the encoder: `python -m evals.bench_ingest unchanged|overhead|memory`.

`unchanged` times a sync of documents of which none has changed. `overhead` ingests passages with
the shipped encoders and compares the whole with the time the encoders took by themselves.
`memory` reads one PDF of thousands of pages with the encoder that costs none.
"""

from __future__ import annotations

import cProfile
import pstats
import random
import resource
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import psutil
import typer
from rich.console import Console

from ingest import E5, MINILM, Encoder, HashingEncoder, SyncReport, load_encoder, sync
from ingest.encoders import Vectors
from tutor.settings import get_settings

app = typer.Typer(no_args_is_help=True, add_completion=False)
out = Console(highlight=False)
VOCABULARY = """
consent relative capacity disclosure genome variant carrier family clinician refuse accept record
alert model audit risk benefit burden autonomy justice child parent screening result hospital
guideline committee review evidence explain uncertain treatment ward trial privacy
"""
WORDS = VOCABULARY.split()
MIB = 1024**2


class Timed:
    """An encoder, and the time that it took."""

    def __init__(self, encoder: Encoder) -> None:
        self.name, self.dim, self._encoder = encoder.name, encoder.dim, encoder
        self.wall = self.cpu = 0.0
        self.texts = 0

    def encode_queries(self, texts: list[str]) -> Vectors:
        """See `Encoder`."""
        return self._encoder.encode_queries(texts)

    def encode_documents(self, texts: list[str]) -> Vectors:
        """See `Encoder`."""
        wall, cpu = time.perf_counter(), time.process_time()
        vectors = self._encoder.encode_documents(texts)
        self.wall += time.perf_counter() - wall
        self.cpu += time.process_time() - cpu
        self.texts += len(texts)
        return vectors


def sentences(chance: random.Random, count: int) -> str:
    """Sentences of words of the field, no two alike."""
    said = []
    for _ in range(count):
        words = [*chance.choices(WORDS, k=12), f"w{chance.randrange(10**6)}"]
        said.append(" ".join(words).capitalize() + ".")
    return " ".join(said)


def write_documents(folder: Path, documents: int, passages: int) -> None:
    """Markdown files of so many sections each, every section a passage of about 150 words."""
    chance = random.Random(7)
    folder.mkdir()
    for number in range(documents):
        parts = [f"# Document {number}"]
        parts += [f"## Section {n}\n\n{sentences(chance, 9)}" for n in range(passages)]
        (folder / f"document-{number:05}.md").write_text("\n\n".join(parts), encoding="utf-8")


def write_pdf(path: Path, pages: int) -> None:
    """A PDF of so many pages of text."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    chance = random.Random(7)
    canvas = Canvas(str(path), pagesize=A4)
    for number in range(pages):
        text = canvas.beginText(60, 780)
        for _ in range(40):
            text.textLine(sentences(chance, 1))
        canvas.drawText(text)
        canvas.drawString(280, 30, str(number + 1))
        canvas.showPage()
    canvas.save()


@app.command()
def unchanged(
    documents: int = 1_000,
    passages: int = 10,
    repeats: int = 3,
    profile: Annotated[bool, typer.Option(help="Print where the time goes.")] = False,
) -> None:
    """A sync of documents of which none has changed."""
    encoder, english = HashingEncoder(384), HashingEncoder(384)
    with tempfile.TemporaryDirectory() as home:
        corpus, index_dir = Path(home, "corpus"), Path(home, "index")
        write_documents(corpus, documents, passages)
        first = _clocked(corpus, index_dir, encoder, english)
        out.print(f"first sync: {_told(first)}")
        for _ in range(repeats):
            again = _clocked(corpus, index_dir, encoder, english)
            assert again[0].counts == {"unchanged": documents}
            out.print(f"unchanged:  {_told(again)}")
        if profile:
            profiler = cProfile.Profile()
            profiler.runcall(sync, corpus, index_dir, encoder, english=english)
            pstats.Stats(profiler).sort_stats("cumulative").print_stats(25)


@app.command()
def overhead(documents: int = 100, passages: int = 10) -> None:
    """The whole of an ingest beside the encoders' own share of it."""
    models = get_settings().models_dir
    e5, minilm = Timed(load_encoder(models / E5)), Timed(load_encoder(models / MINILM))
    with tempfile.TemporaryDirectory() as home:
        corpus, index_dir = Path(home, "corpus"), Path(home, "index")
        write_documents(corpus, documents, passages)
        report, wall, cpu = _clocked(corpus, index_dir, e5, minilm)
    encoders = e5.wall + minilm.wall
    cpu_encoders = e5.cpu + minilm.cpu
    out.print(
        f"{report.embedded} passages: {wall:.2f} s, of which the encoders {encoders:.2f} s: "
        f"overhead {wall / encoders - 1:.1%} (of processor time {cpu / cpu_encoders - 1:.1%})"
    )


@app.command()
def memory(pages: int = 5_000) -> None:
    """The most memory that one long document takes, in this process and in the one that reads."""
    with tempfile.TemporaryDirectory() as home:
        corpus, index_dir = Path(home, "corpus"), Path(home, "index")
        corpus.mkdir()
        write_pdf(corpus / "long.pdf", pages)
        # What is loaded once, whatever is read, is no part of the growth.
        (corpus / "short.md").write_text("# Short\n\nA short document.", encoding="utf-8")
        before = psutil.Process().memory_info().rss
        with _watched() as most:
            report, wall, _ = _clocked(corpus, index_dir, HashingEncoder(384), None)
        out.print(
            f"{pages} pages, {report.embedded} passages in {wall:.1f} s: "
            f"{(most[0] - before) / MIB:.0f} MiB above the {before / MIB:.0f} of the start here, "
            f"at most {most[1] / MIB:.0f} in the reading process, together "
            f"{(most[2] - before) / MIB:.0f} above the start"
        )


def _clocked(
    corpus: Path, index_dir: Path, encoder: Encoder, english: Encoder | None
) -> tuple[SyncReport, float, float]:
    wall, cpu = time.perf_counter(), _processor()
    report = sync(corpus, index_dir, encoder, english=english)
    return report, time.perf_counter() - wall, _processor() - cpu


def _processor() -> float:
    """Processor time of this process and of those that it has waited for."""
    own, others = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


def _told(run: tuple[SyncReport, float, float]) -> str:
    return f"{run[1]:.2f} s, {run[2]:.2f} s of processor time, {run[0].embedded} embedded"


@contextmanager
def _watched() -> Iterator[list[int]]:
    """The most bytes resident meanwhile: here, in child processes, and in all together."""
    most = [0, 0, 0]
    done = threading.Event()
    own = psutil.Process()

    def watch() -> None:
        while not done.wait(0.05):
            here = own.memory_info().rss
            children = 0
            for child in own.children(recursive=True):
                try:
                    children += child.memory_info().rss
                except psutil.NoSuchProcess:
                    continue
            most[:] = map(max, most, (here, children, here + children))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield most
    finally:
        done.set()
        watcher.join()


if __name__ == "__main__":
    app()

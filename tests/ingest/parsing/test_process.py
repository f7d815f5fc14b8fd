"""The reading process on files that were made to do harm, and on its own end."""

import os
import signal
import threading
import time
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import docx
import psutil
import pytest
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, StreamObject

from ingest import IngestError, Source, UnreadableDocument, UnsupportedDocument
from ingest.errors import NeedsOcr, ParsingStopped, ParsingTimedOut, ParsingTooLarge
from ingest.parsing import Limits, ParsingProcess, process, read_isolated
from ingest.readers import read_document
from ingest.states import state_of
from tests.ingest.readers.drawing import lines, pdf, scan

TEXT = "A clinician who learns of a risk speaks with the patient first."


@pytest.fixture(scope="module")
def reader() -> Iterator[ParsingProcess]:
    """One process for all tests that do not end it."""
    with ParsingProcess(ocr=False) as opened:
        yield opened


def put(folder: Path, name: str, data: bytes | str = TEXT) -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def children() -> set[int]:
    return {each.pid for each in psutil.Process().children()}


def child(reader: ParsingProcess) -> psutil.Process:
    (found,) = (
        each
        for each in psutil.Process().children()
        if reader._child and each.pid == reader._child._process.pid
    )
    return found


def test_a_file_is_read_as_in_our_own_process(reader: ParsingProcess, tmp_path: Path) -> None:
    defaults = Source("Default", issuer="Office", jurisdiction="HK")
    for path in (
        put(tmp_path, "a.md", f"---\nyear: 2021\n---\n# A code\n\n{TEXT}\n\n## Scope\n\n病人。"),
        put(tmp_path, "b.pdf", pdf(lines(TEXT), scan("picture"), title="A guide")),
    ):
        document = reader.read(path, root=tmp_path, defaults=defaults)
        assert document == read_document(path, root=tmp_path, defaults=defaults)
    assert document.unread == (2,)


def test_one_process_reads_many_files(reader: ParsingProcess, tmp_path: Path) -> None:
    reader.read(put(tmp_path, "a.txt"), root=tmp_path)
    before = reader.started
    for number in range(5):
        reader.read(put(tmp_path, f"{number}.txt"), root=tmp_path)
    assert reader.started == before


def test_an_error_is_the_same_error(reader: ParsingProcess, tmp_path: Path) -> None:
    with pytest.raises(UnsupportedDocument, match=r"a\.epub") as caught:
        reader.read(put(tmp_path, "a.epub"), root=tmp_path)
    assert ".pdf" in caught.value.remedy
    with pytest.raises(NeedsOcr) as scanned:
        reader.read(put(tmp_path, "a.pdf", pdf(scan("one"), scan("two"))), root=tmp_path)
    assert scanned.value.pages == (1, 2)


def test_threads_take_turns(reader: ParsingProcess, tmp_path: Path) -> None:
    paths = [put(tmp_path, f"{n}.txt", f"text {n}") for n in range(8)]
    found: dict[str, str] = {}

    def read(path: Path) -> None:
        found[path.stem] = reader.read(path, root=tmp_path).pages[0].text

    threads = [threading.Thread(target=read, args=[path]) for path in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {str(n): f"text {n}" for n in range(8)}


def test_a_relative_path_is_read(
    reader: ParsingProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "a.txt")
    monkeypatch.chdir(tmp_path)
    assert reader.read(Path("a.txt"), root=Path()).id == "a"


def test_a_reading_without_end_is_ended(tmp_path: Path) -> None:
    pipe = tmp_path / "slow.txt"
    os.mkfifo(pipe)
    quick = Limits(seconds=1.0)
    before = children()
    with ParsingProcess(quick) as reader:
        with pytest.raises(ParsingTimedOut, match=r"slow\.txt.*longer than 1 second"):
            reader.read(pipe, root=tmp_path)
        assert children() == before
        assert reader.read(put(tmp_path, "next.txt"), root=tmp_path).pages
        assert reader.started == 2


def test_a_process_that_is_killed_fails_one_file(tmp_path: Path) -> None:
    pipe = tmp_path / "slow.txt"
    os.mkfifo(pipe)
    with ParsingProcess() as reader:
        reader.read(put(tmp_path, "a.txt"), root=tmp_path)
        killer = threading.Timer(0.2, child(reader).kill)
        killer.start()
        with pytest.raises(ParsingStopped, match="SIGKILL") as caught:
            reader.read(pipe, root=tmp_path)
        killer.join()
        assert state_of(caught.value) == "failed"
        assert reader.read(put(tmp_path, "b.txt"), root=tmp_path).pages


def test_a_process_that_ended_between_two_files_fails_none(tmp_path: Path) -> None:
    path = put(tmp_path, "a.txt")
    with ParsingProcess() as reader:
        reader.read(path, root=tmp_path)
        victim = child(reader)
        victim.send_signal(signal.SIGKILL)
        while victim.status() != psutil.STATUS_ZOMBIE:
            time.sleep(0.01)
        assert reader.read(path, root=tmp_path).pages
        assert reader.started == 2


def test_a_process_is_renewed_after_many_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "MAX_FILES", 2)
    with ParsingProcess() as reader:
        for number in range(4):
            reader.read(put(tmp_path, f"{number}.txt"), root=tmp_path)
        assert reader.started == 2


def test_too_little_memory_is_said_and_the_next_file_is_read(tmp_path: Path) -> None:
    with ParsingProcess(Limits(memory_bytes=32 * 1024**2)) as reader:
        with pytest.raises(ParsingTooLarge, match="more than 32 MB of memory"):
            reader.read(put(tmp_path, "a.txt", b"word " * 10_000_000), root=tmp_path)
        assert reader.read(put(tmp_path, "b.txt"), root=tmp_path).pages


def test_nothing_of_our_keys_and_no_process_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAIEUTIC_TEST_KEY", "secret")
    before = children()
    with ParsingProcess() as reader:
        reader.read(put(tmp_path, "a.txt"), root=tmp_path)
        assert "MAIEUTIC_TEST_KEY" not in child(reader).environ()
    assert children() == before


def test_a_bomb_in_a_word_file(reader: ParsingProcess, tmp_path: Path) -> None:
    buffer = BytesIO()
    docx.Document().save(buffer)
    with (
        zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        archive.open("word/more.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(310):
            part.write(bytes(1_000_000))
    path = put(tmp_path, "bomb.docx", buffer.getvalue())
    assert path.stat().st_size < 1_000_000
    with pytest.raises(ParsingTooLarge, match="unpacks to more"):
        reader.read(path, root=tmp_path)


def test_a_bomb_in_a_pdf(reader: ParsingProcess, tmp_path: Path) -> None:
    packed = zlib.compress(b" " * 200_000_000, 1)
    path = put(tmp_path, "bomb.pdf", with_content(packed, ["/FlateDecode"]))
    twice = put(tmp_path, "twice.pdf", with_content(zlib.compress(packed, 1), ["/FlateDecode"] * 2))
    for bomb in (path, twice):
        with pytest.raises(IngestError) as caught:
            reader.read(bomb, root=tmp_path)
        assert state_of(caught.value) in {"failed", "needs_ocr"}


def with_content(packed: bytes, filters: list[str]) -> bytes:
    writer = PdfWriter(clone_from=BytesIO(pdf(lines("small"))))
    stream = StreamObject()
    stream._data = packed
    stream[NameObject("/Filter")] = ArrayObject([NameObject(name) for name in filters])
    writer.pages[0][NameObject("/Contents")] = writer._add_object(stream)
    return written(writer)


def written(writer: PdfWriter) -> bytes:
    buffer = BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def test_a_form_that_draws_itself(reader: ParsingProcess, tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=BytesIO(pdf(lines(TEXT))))
    form = StreamObject()
    form._data = b"/Me Do /Me Do"
    form.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Form"),
            NameObject("/BBox"): ArrayObject([NumberObject(n) for n in (0, 0, 9, 9)]),
        }
    )
    reference = writer._add_object(form)
    drawn = DictionaryObject({NameObject("/Me"): reference})
    form[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): drawn})
    writer.pages[0]["/Resources"][NameObject("/XObject")] = drawn  # type: ignore[index]
    path = put(tmp_path, "self.pdf", written(writer))
    assert TEXT in reader.read(path, root=tmp_path).pages[0].text


def test_a_tree_of_pages_that_bites_its_tail(reader: ParsingProcess, tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=BytesIO(pdf(lines(TEXT))))
    tree = writer._root_object["/Pages"].get_object()
    tree[NameObject("/Kids")].append(tree.indirect_reference)
    path = put(tmp_path, "tree.pdf", written(writer))
    try:
        assert TEXT in reader.read(path, root=tmp_path).pages[0].text
    except UnreadableDocument as error:
        assert not isinstance(error, ParsingStopped | ParsingTimedOut)


def test_arrays_nested_without_end(reader: ParsingProcess, tmp_path: Path) -> None:
    whole = pdf(lines(TEXT))
    nested = b"[" * 100_000 + b"]" * 100_000
    path = put(tmp_path, "nested.pdf", whole.replace(b"/Rotate 0", b"/Rotate " + nested))
    try:
        assert reader.read(path, root=tmp_path).pages
    except UnreadableDocument as error:
        assert not isinstance(error, ParsingStopped | ParsingTimedOut)


def test_one_file_may_have_a_process_of_its_own(tmp_path: Path) -> None:
    before = children()
    assert read_isolated(put(tmp_path, "a.txt"), root=tmp_path).pages[0].text == TEXT
    assert children() == before

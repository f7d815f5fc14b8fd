import hashlib
from pathlib import Path

import pytest

from ingest import (
    EmptyDocument,
    Source,
    UnreadableDocument,
    UnsupportedDocument,
    read_document,
)
from ingest import readers as subject
from ingest.readers import content_hash, document_id


def put(path: Path, content: bytes | str = "Some text.") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_an_id_is_the_path_without_suffix_unless_two_would_share_it(tmp_path: Path) -> None:
    first = put(tmp_path / "guidelines" / "code.en.md")
    put(tmp_path / "guidelines" / "code.zh-Hant.md")
    put(tmp_path / "guidelines" / "code.png")
    assert document_id(first, tmp_path) == "guidelines/code.en"
    second = put(tmp_path / "guidelines" / "code.en.txt")
    assert document_id(first, tmp_path) == "guidelines/code.en.md"
    assert document_id(second, tmp_path) == "guidelines/code.en.txt"


def test_a_name_with_wildcards_is_taken_literally(tmp_path: Path) -> None:
    path = put(tmp_path / "a[1]*.md")
    put(tmp_path / "a1x.txt")
    assert document_id(path, tmp_path) == "a[1]*"


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("guidelines", "guideline"),
        ("curricula", "curriculum"),
        ("cases", "case"),
        ("elsewhere", "other"),
        ("guidelines/hk", "guideline"),
    ],
)
def test_the_folder_says_the_kind(tmp_path: Path, folder: str, kind: str) -> None:
    path = put(tmp_path / folder / "a.md")
    assert read_document(path, root=tmp_path).source.kind == kind


def test_a_root_may_be_the_folder_itself(tmp_path: Path) -> None:
    path = put(tmp_path / "guidelines" / "a.md")
    assert read_document(path, root=path.parent).source.kind == "guideline"


def test_defaults_fill_in_what_the_file_does_not_say(tmp_path: Path) -> None:
    path = put(tmp_path / "a.md", "---\nissuer: The file\n---\nSome text.")
    defaults = Source("A default", kind="guideline", issuer="A default", licence="CC0-1.0")
    source = read_document(path, root=tmp_path, defaults=defaults).source
    assert (source.issuer, source.licence, source.kind) == ("The file", "CC0-1.0", "guideline")
    assert source.title == "A default"


def test_a_tenant_is_named_by_the_folder_and_never_by_the_file(tmp_path: Path) -> None:
    text = "---\ntenant: public\n---\nSome text."
    mine = put(tmp_path / "tenants" / "ward" / "a.md", text)
    assert read_document(mine, root=tmp_path).source.tenant == "ward"
    theirs = put(tmp_path / "a.md", text.replace("public", "ward"))
    assert read_document(theirs, root=tmp_path).source.tenant == "public"


def test_the_language_is_stated_or_named_or_seen(tmp_path: Path) -> None:
    stated = put(tmp_path / "a.en.md", "---\nlanguage: zh-Hans\n---\ntext")
    named = put(tmp_path / "b.zh-Hans.md", "text")
    seen = put(tmp_path / "c.md", "病人拒絕把檢測結果告訴妹妹。")
    found = [read_document(path, root=tmp_path).source.language for path in (stated, named, seen)]
    assert found == ["zh-Hans", "zh-Hans", "zh-Hant"]
    assert read_document(named, root=tmp_path).source.title == "b"


def test_a_language_that_is_not_spoken_here_is_refused(tmp_path: Path) -> None:
    path = put(tmp_path / "a.md", "---\nlanguage: fr\n---\ntexte")
    with pytest.raises(UnreadableDocument, match="'fr'"):
        read_document(path, root=tmp_path)


def test_the_hash_is_that_of_the_bytes(tmp_path: Path) -> None:
    path = put(tmp_path / "a.txt", "text")
    expected = hashlib.sha256(b"text").hexdigest()
    assert read_document(path, root=tmp_path).content_hash == expected == content_hash(path)


@pytest.mark.parametrize("name", ["a.bin", "a.epub", "a.pptx", "a.yaml", "a"])
def test_a_kind_that_has_no_reader_is_said_to_be_unsupported(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnsupportedDocument, match=name) as caught:
        read_document(put(tmp_path / name), root=tmp_path)
    assert ".pdf" in caught.value.remedy


@pytest.mark.parametrize("suffix", ["md", "txt", "html", "pdf", "docx"])
def test_an_empty_file_of_any_kind_is_named(tmp_path: Path, suffix: str) -> None:
    with pytest.raises(EmptyDocument, match=f"a.{suffix}"):
        read_document(put(tmp_path / f"a.{suffix}", b""), root=tmp_path)


@pytest.mark.parametrize("suffix", ["md", "txt", "html", "pdf", "docx"])
def test_random_bytes_of_any_kind_are_refused_by_name(tmp_path: Path, suffix: str) -> None:
    noise = b"\x00" + hashlib.sha512(suffix.encode()).digest() * 20
    with pytest.raises(UnreadableDocument, match=f"a.{suffix}"):
        read_document(put(tmp_path / f"a.{suffix}", noise), root=tmp_path)


def test_a_file_that_is_not_there_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument, match="No such file"):
        read_document(tmp_path / "gone.md", root=tmp_path)


def test_a_huge_file_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subject, "MAX_BYTES", 5)
    with pytest.raises(UnreadableDocument, match="larger than"):
        read_document(put(tmp_path / "a.txt", "long text"), root=tmp_path)


@pytest.mark.parametrize("suffix", ["MD", "Txt", "HTM"])
def test_a_suffix_may_be_in_capitals(tmp_path: Path, suffix: str) -> None:
    text = "<html><body><article><p>Some text of the article.</p></article></body></html>"
    document = read_document(put(tmp_path / f"a.{suffix}", text), root=tmp_path)
    assert document.pages

from pathlib import Path

import pytest

from ingest import IngestError, read_document
from ingest.details import Details, checked, details_path, read_details, safe_name, write_details
from ingest.folder import files_in, tidy_uploads


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("guide.pdf", "guide.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\ada\\guide.docx", "guide.docx"),
        (".hidden.md", "hidden.md"),
        ("~$open.docx", "open.docx"),
        ("a\u202egpj\n.pdf", "agpj.pdf"),
        ("e\u0301thique.md", "\u00e9thique.md"),
        ("  two   words .txt ", "two words.txt"),
        ("知情同意.pdf", "知情同意.pdf"),
        ("README.md", "README.md"),
    ],
)
def test_a_name_is_kept_without_what_is_dangerous(given: str, kept: str) -> None:
    assert safe_name(given) == kept


def test_a_long_name_is_cut_and_keeps_its_suffix() -> None:
    name = safe_name("知" * 300 + ".pdf")
    assert len(name.encode()) <= 200
    assert name.endswith("知.pdf")


@pytest.mark.parametrize("name", ["", "...", "/", "\u200b", "a/..", "~$"])
def test_a_name_of_which_nothing_is_left_is_refused(name: str) -> None:
    with pytest.raises(IngestError) as caught:
        safe_name(name)
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("colour", "red"),
        ("year", "last"),
        ("year", "٢٠٢٤"),
        ("kind", "poem"),
        ("language", "fr"),
        ("url", "javascript:alert(1)"),
        ("as_of", "2026-13-01"),
        ("as_of", "20261125"),
        ("title", "x" * 501),
    ],
)
def test_a_detail_that_cannot_be_is_refused_with_a_remedy(name: str, value: str) -> None:
    with pytest.raises(IngestError) as caught:
        checked({name: value})
    assert name in caught.value.message
    assert caught.value.remedy


def test_blank_details_are_none() -> None:
    assert checked({"title": "  ", "issuer": " HKAM "}) == {"issuer": "HKAM"}


def test_details_go_before_what_the_file_says_of_itself(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("---\ntitle: Own\nissuer: Somebody\n---\n# Own\n\nText.", encoding="utf-8")
    details = Details("ada", "", {"title": "Hers", "year": "2024", "language": "zh-Hant"})
    document = details.applied(read_document(path, root=tmp_path, defaults=details.defaults))
    source = document.source
    assert (source.title, source.issuer, source.year) == ("Hers", "Somebody", 2024)
    assert source.language == "zh-Hant"


def test_details_are_kept_beside_the_file_and_count_for_its_hash(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("# A\n\nText.")
    assert read_details(path) == Details()
    bare = files_in(tmp_path, "uploads")[0].content_hash()
    write_details(path, Details("ada", "2026-11-25T00:00:00+00:00", {"title": "Hers"}))
    (file,) = files_in(tmp_path, "uploads")
    assert file.details.values == {"title": "Hers"}
    assert (file.name, file.document_id) == ("uploads/a.md", "uploads/a")
    assert file.content_hash() != bare
    titled = file.content_hash()
    write_details(path, Details("ben", "2027-01-01T00:00:00+00:00", {"title": "Hers"}))
    assert file.content_hash() == titled


def test_torn_details_are_none(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    for torn in (b"{", b"[]", b'{"by": 1, "at": "", "details": {"year": "x"}}'):
        details_path(path).write_bytes(torn)
        assert read_details(path) == Details()


def test_what_a_cut_write_has_left_is_tidied(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A")
    write_details(tmp_path / "a.md", Details("ada", "", {}))
    write_details(tmp_path / "gone.md", Details("ada", "", {}))
    (tmp_path / ".77.part").write_bytes(b"half")
    tidy_uploads(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"a.md", ".a.md.details.json"}

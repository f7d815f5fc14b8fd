import random
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from evals.fuzz import CHANGES, Change, inside, mutation

DATA = b"%PDF-1.3\n1 0 obj 42 endobj " * 40
OTHER = b"<html>other</html>" * 40


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_change_is_made_again_from_its_seed_and_changes_something(change: Change) -> None:
    made = [change(random.Random(seed), DATA, OTHER) for seed in range(20)]
    assert made == [change(random.Random(seed), DATA, OTHER) for seed in range(20)]
    assert sum(data != DATA for data in made) >= 19


def test_a_part_of_a_zip_file_is_damaged_and_the_zip_file_whole() -> None:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.xml", DATA)
        archive.writestr("b.xml", DATA)
    damaged = inside(random.Random(3), buffer.getvalue(), OTHER)
    with zipfile.ZipFile(BytesIO(damaged)) as archive:
        assert archive.testzip() is None
        parts = [archive.read(name) for name in ("a.xml", "b.xml")]
    assert sum(part != DATA for part in parts) == 1


def test_each_file_has_its_turn(tmp_path: Path) -> None:
    files = [tmp_path / "a.txt", tmp_path / "b.txt"]
    for path in files:
        path.write_bytes(DATA)
    made = [mutation(files, number, 7) for number in range(4)]
    assert [each.path.name for each in made] == ["a.txt", "b.txt", "a.txt", "b.txt"]
    assert made == [mutation(files, number, 7) for number in range(4)]
    assert made[0].data != mutation(files, 0, 8).data

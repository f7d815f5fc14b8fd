"""Published sets of attacks, requests and personal data, each read in its own format.

None is part of the product: `--data` names a folder that holds them, or folders that hold them.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evals.task import DataError


def all_files(folder: Path | None, pattern: str) -> list[Path]:
    """Files of a name in the folder and in the folders in it."""
    if folder is None:
        return []
    return sorted({*folder.glob(pattern), *folder.glob(f"*/{pattern}")})


def first_file(folder: Path | None, pattern: str) -> Path | None:
    """The first of `all_files`, if there is one."""
    return next(iter(all_files(folder, pattern)), None)


def read_emails(path: Path) -> list[str]:
    """The e-mails of BIPIA: one `{"context": ...}` a line.

    Raises:
        DataError: a line is none.
    """
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            text = json.loads(line)["context"]
        except (json.JSONDecodeError, KeyError, TypeError) as error:
            raise DataError(f"{path}:{number}: not an e-mail of BIPIA ({error!r}).") from error
        found.append(text if isinstance(text, str) else "\n".join(text))
    return found


def read_attacks(path: Path) -> list[tuple[str, str]]:
    """Kind and words of each attack of BIPIA.

    Raises:
        DataError: the file holds none.
    """
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        return [(kind, str(attack)) for kind, attacks in held.items() for attack in attacks]
    except (json.JSONDecodeError, AttributeError, TypeError) as error:
        raise DataError(f"{path}: not attacks of BIPIA by kind ({error!r}).") from error


def read_sentences(path: Path) -> list[dict[str, Any]]:
    """The sentences of presidio-research: `full_text`, `spans`, `template_id`.

    Raises:
        DataError: the file holds something else.
    """
    try:
        rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
        for row in rows:
            for span in row["spans"]:
                _ = row["full_text"], span["entity_type"], int(span["start_position"])
    except (json.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        raise DataError(f"{path}: not sentences with spans ({error!r}).") from error
    return rows


def read_requests(paths: Sequence[Path]) -> list[tuple[str, str]]:
    """Category (of the file's name) and words of each harmful request of MedSafetyBench.

    Raises:
        DataError: a file has no column `harmful_medical_request`.
    """
    found: list[tuple[str, str]] = []
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            try:
                found += [
                    (path.stem.rsplit("_", 1)[-1], row["harmful_medical_request"])
                    for row in csv.DictReader(file)
                ]
            except (KeyError, csv.Error, UnicodeDecodeError) as error:
                raise DataError(f"{path}: not requests of MedSafetyBench ({error!r}).") from error
    return found

"""Published sets of attacks, requests and personal data, each read in its own format.

None is part of the product: `--data` names a folder that holds them, or folders that hold them.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from evals.task import DataError

Part = Literal["dev", "test"]
PARTS: tuple[Part, ...] = ("dev", "test")
KINDS = {
    "EMAIL_ADDRESS": "email",
    "PHONE_NUMBER": "phone",
    "CREDIT_CARD": "number",
    "IBAN_CODE": "account",
    "US_SSN": "account",
    "IP_ADDRESS": "ip_address",
    "STREET_ADDRESS": "address",
    "PERSON": "name",
}
"""The rule that is to find each type of span of presidio-research. Types that are not here identify
nobody alone."""


def part_of(key: str) -> Part:
    """Half of all keys are `dev`, by the first byte of their sha256."""
    return "dev" if hashlib.sha256(key.encode()).digest()[0] < 128 else "test"


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
    """The sentences of presidio-research: `text`, `template`, and `spans` of [start, end, type].

    Raises:
        DataError: the file holds something else.
    """
    try:
        return [
            {
                "text": str(row["full_text"]),
                "template": str(row.get("template_id", row["full_text"])),
                "spans": [
                    [int(s["start_position"]), int(s["end_position"]), str(s["entity_type"])]
                    for s in row["spans"]
                ],
            }
            for row in json.loads(path.read_text(encoding="utf-8"))
        ]
    except (json.JSONDecodeError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise DataError(f"{path}: not sentences with spans ({error!r}).") from error


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

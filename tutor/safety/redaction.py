"""Personal data out of a text, before anything else sees or stores it.

Numbers are found by their form and, where they have one, by their check digit; addresses by their
parts; names by lists of surnames and given names, by title and by context, in English and Chinese.
The rules are those by which uploaded documents are scanned (`ingest.screening`).

**This is a net, and a net has holes.** A name that stands alone and is on no list, a nickname, a
ward and bed, a photograph, or a person so unusual that the story alone tells who it is are not
found. The pages therefore ask learners to enter no identifiers, and this is the net below that
request. `maieutic eval run safety` prints how often it holds (docs/safety.md).
"""

from __future__ import annotations

from ingest.screening import PRIVATE_KINDS, find_private

_LABELS = {
    "email": "[EMAIL]",
    "mainland_id": "[MAINLAND ID]",
    "hospital_number": "[HOSPITAL NUMBER]",
    "hkid": "[HKID]",
    "macao_id": "[MACAO ID]",
    "travel_document": "[TRAVEL DOCUMENT]",
    "birth_date": "[DATE OF BIRTH]",
    "phone": "[PHONE]",
    "number": "[NUMBER]",
    "account": "[ACCOUNT]",
    "ip_address": "[IP ADDRESS]",
    "address": "[ADDRESS]",
    "name": "[NAME]",
}


def redact(text: str, *, told: str = "") -> tuple[str, tuple[str, ...]]:
    """The text with personal data replaced by what it was, and the kinds that were found.

    Redacting a redacted text changes nothing. A title stays: "Mrs [NAME]", 「[NAME]女士」.

    Args:
        text: as somebody wrote it.
        told: the case at hand, in all its languages. A name that stands in it is the name of
            somebody invented, and the learner must be able to write it. A real person of the same
            surname is kept with it; no rule could tell them apart.

    Returns:
        The text, and each kind once in the order of `ingest.screening.PRIVATE_KINDS`.
    """
    found = find_private(text, told)
    parts: list[str] = []
    end = 0
    for start, stop, kind in found:
        parts += [text[end:start], _LABELS[kind]]
        end = stop
    parts.append(text[end:])
    kinds = {kind for _, _, kind in found}
    return "".join(parts), tuple(k for k in PRIVATE_KINDS if k in kinds)

"""Personal data out of a text, before anything else sees or stores it.

Numbers and addresses are found by their form and, where they have one, by their check digit: the
rules are those by which uploaded documents are scanned (`ingest.screening`).
**Names are not found**: a name cannot be told from other words without a model that recognises
names, and none is part of this product. Neither are street addresses, ward and bed, photographs, or
a person so unusual that the story alone tells who it is. The pages therefore ask learners to enter
no identifiers, and this is the net below that request.
"""

from __future__ import annotations

from ingest.screening import IDENTIFIER_KINDS, find_identifiers

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
}


def redact(text: str) -> tuple[str, tuple[str, ...]]:
    """The text with identifiers replaced by what they were, and the kinds that were found.

    Names are not found; see the module. Redacting a redacted text changes nothing.

    Returns:
        The text, and each kind once in the order of the rules: `email`, `mainland_id`,
        `hospital_number`, `hkid`, `macao_id`, `travel_document`, `birth_date`, `phone`, `number`.
    """
    found = find_identifiers(text)
    parts: list[str] = []
    end = 0
    for start, stop, kind in found:
        parts += [text[end:start], _LABELS[kind]]
        end = stop
    parts.append(text[end:])
    kinds = {kind for _, _, kind in found}
    return "".join(parts), tuple(k for k in IDENTIFIER_KINDS if k in kinds)

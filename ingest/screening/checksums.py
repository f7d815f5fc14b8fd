"""The identifiers of Hong Kong and the mainland, of accounts and cards, and their arithmetic.

Every function takes ASCII text. Sources of the arithmetic: the check digit of the Hong Kong
identity card is the weighted sum 9..1 modulo 11 over two letters (a missing one counts as 36) and
six digits; the mainland resident number is GB 11643 (ISO 7064 MOD 11-2); an account is ISO 13616
(ISO 7064 MOD 97-10); a payment card is ISO/IEC 7812 (Luhn).
"""

from __future__ import annotations

import datetime as dt
import re

_HKID = re.compile(r"([A-Z]{1,2})(\d{6})([0-9A])", re.IGNORECASE)
_RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_RESIDENT_CHECKS = "10X98765432"


def compact(text: str) -> str:
    """Letters and digits only."""
    return re.sub(r"[^0-9A-Za-z]", "", text)


def is_hkid(text: str) -> bool:
    """Whether the check digit of a Hong Kong identity card number is right."""
    match = _HKID.fullmatch(compact(text))
    if match is None:
        return False
    letters, digits, check = match.groups()
    values = [36] * (2 - len(letters)) + [ord(c) - 55 for c in letters.upper()]
    values += [int(d) for d in digits]
    total = sum(w * v for w, v in zip(range(9, 1, -1), values, strict=True))
    return (total + (10 if check in "aA" else int(check))) % 11 == 0


def is_resident_number(text: str) -> bool:
    """Whether 17 digits and a check character are a mainland resident number."""
    number = compact(text).upper()
    if len(number) != 18 or not number[:17].isdigit() or not is_date(number[6:14]):
        return False
    total = sum(w * int(d) for w, d in zip(_RESIDENT_WEIGHTS, number[:17], strict=True))
    return number[17] == _RESIDENT_CHECKS[total % 11]


def is_date(digits: str) -> bool:
    """Whether digits begin with a day of 1900 to 2099, written as YYYYMMDD."""
    if not re.match(r"(19|20)\d{6}", digits):
        return False
    try:
        dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return True


def are_years(groups: list[str]) -> bool:
    """Whether every group is a year, as in "2019-2024"."""
    return all(re.fullmatch(r"(19|20)\d\d", g) for g in groups)


def is_iban(text: str) -> bool:
    """Whether a text is an international bank account number with the right check digits."""
    number = compact(text).upper()
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", number):
        return False
    return int("".join(str(int(c, 36)) for c in number[4:] + number[:4])) % 97 == 1


def is_payment_card(text: str) -> bool:
    """Whether 12 to 19 digits end in the right check digit."""
    digits = [int(c) for c in compact(text)]
    if not 12 <= len(digits) <= 19:
        return False
    doubled = [sum(divmod(2 * d, 10)) for d in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0

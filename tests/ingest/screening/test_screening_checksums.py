"""The arithmetic of identity numbers. Every number here is invented."""

from __future__ import annotations

from ingest.screening.checksums import (
    is_hkid,
    is_iban,
    is_payment_card,
    is_resident_number,
)


def test_check_digits() -> None:
    assert is_hkid("A123456(3)")
    assert is_hkid("AB987654(3)")
    assert not is_hkid("A123456(4)")
    assert is_resident_number("11010519491231002X")
    assert not is_resident_number("110105194912310021")
    assert not is_resident_number("110105194913310021")


def test_accounts_have_their_own_arithmetic() -> None:
    assert is_iban("GB82 WEST 1234 5698 7654 32")
    assert not is_iban("GB82 WEST 1234 5698 7654 33")
    assert not is_iban("GB")
    assert is_payment_card("4111 1111 1111 1111")
    assert not is_payment_card("4111 1111 1111 1112")

"""Where the service is."""

from __future__ import annotations

import pytest

from ui.settings import DEFAULT_URL, BadAddressError, service_url


def test_the_service_is_on_this_machine_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MAIEUTIC_API_URL", raising=False)
    assert service_url() == DEFAULT_URL == "http://127.0.0.1:8600"


def test_another_address_has_to_be_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIEUTIC_API_URL", "https://tutor.example.org/x/")
    assert service_url() == "https://tutor.example.org/x"


@pytest.mark.parametrize("bad", ["ftp://x", "tutor", "http://", "http://x:port", "javascript:1"])
def test_what_is_no_web_address_is_refused(monkeypatch: pytest.MonkeyPatch, bad: str) -> None:
    monkeypatch.setenv("MAIEUTIC_API_URL", bad)
    with pytest.raises(BadAddressError):
        service_url()

"""Settings come from the environment; what does not fit together is a sentence."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from pydantic import SecretStr

from tutor.settings import Settings, SettingsError, get_settings, is_loopback


def test_defaults(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    assert settings.host == "127.0.0.1"
    assert (settings.port, settings.ui_port) == (8600, 8601)
    assert settings.auth == "local"
    assert settings.llm is None
    assert settings.records_url == f"sqlite:///{tmp_path}/records.sqlite3"
    assert settings.models_dir == tmp_path / "models"
    assert settings.index_dir == tmp_path / "index"
    assert (Settings().corpus / "guidelines").is_dir()


def test_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIEUTIC_PORT", "9000")
    monkeypatch.setenv("MAIEUTIC_ALLOWED_HOSTS", '["tutor.example"]')
    monkeypatch.setenv("MAIEUTIC_DATABASE_URL", "postgresql+psycopg://u@h/d")
    settings = get_settings()
    assert settings.port == 9000
    assert settings.allowed_hosts == ("tutor.example",)
    assert settings.records_url == "postgresql+psycopg://u@h/d"


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("MAIEUTIC_PROT", "9000", "MAIEUTIC_PROT is no setting"),
        ("MAIEUTIC_PORT", "nine", "MAIEUTIC_PORT: "),
        ("MAIEUTIC_AUTH", "none", "MAIEUTIC_AUTH: "),
        ("MAIEUTIC_HOST", "0.0.0.0", "without a sign-in"),
        ("MAIEUTIC_HOST", "::", "without a sign-in"),
        ("MAIEUTIC_HOST", "tutor.example", "without a sign-in"),
        ("MAIEUTIC_SECRET", "short", "at least 32"),
    ],
)
def test_what_does_not_fit_is_said(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as told:
        get_settings()
    assert says in str(told.value)
    assert str(told.value).endswith(".")


def test_beyond_loopback_with_a_sign_in() -> None:
    assert Settings(host="0.0.0.0", auth="password").host == "0.0.0.0"
    assert [h for h in ("localhost", "127.0.0.9", "::1", "[::1]") if not is_loopback(h)] == []
    assert not is_loopback("127.0.0.1.example")


def test_the_secret_is_made_once_and_is_its_owners_only(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    key = settings.signing_key()
    assert len(key) >= 48
    assert settings.signing_key() == key
    assert stat.S_IMODE((tmp_path / "home" / "secret").stat().st_mode) == 0o600
    assert [f.name for f in (tmp_path / "home").iterdir()] == ["secret"]
    assert Settings(home=tmp_path, secret=SecretStr("x" * 40)).signing_key() == "x" * 40


def test_the_secret_is_not_shown(tmp_path: Path) -> None:
    assert "xxxx" not in repr(Settings(home=tmp_path, secret=SecretStr("x" * 40)))

"""The settings of the service: environment variables that begin with MAIEUTIC_."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import secrets
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, JsonValue, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "MAIEUTIC_"
OF_OTHERS = frozenset({"MAIEUTIC_API_URL", "MAIEUTIC_MODELS_DIR"})
"""Variables of the pages and of the tests: not the service's, and no slip of the pen."""
SECRET_BYTES = 48
_REPOSITORY = Path(__file__).resolve().parent.parent


class SettingsError(Exception):
    """The settings contradict each other or name something unknown; `str(error)` says what."""


def _base() -> Path:
    """The repository the code lies in; the working directory where it is installed elsewhere."""
    return _REPOSITORY if (_REPOSITORY / "corpus").is_dir() else Path.cwd()


class Settings(BaseSettings):
    """How the service runs. Every field is read from MAIEUTIC_<FIELD>."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    home: Path = Field(default_factory=lambda: _base() / "var")
    """Where models, index, records and the secret live."""
    corpus: Path = Field(default_factory=lambda: _base() / "corpus")
    """The guidelines and cases that are taught."""
    database_url: str = ""
    """SQLAlchemy URL; by default a SQLite file in `home`."""
    vectors_url: str | None = Field(default=None, repr=False)
    """Where the vectors are, if not in `home`: Chroma's server or PostgreSQL; docs/scaling.md."""
    host: str = "127.0.0.1"
    port: int = Field(default=8600, ge=0, le=65535)
    ui_port: int = Field(default=8601, ge=0, le=65535)
    allowed_hosts: tuple[str, ...] = ()
    """Names, besides loopback and `host`, by which clients may address the service."""
    auth: Literal["local", "password"] = "local"
    token_minutes: int = Field(default=60, ge=1, le=60 * 24)
    secret: SecretStr | None = None
    """Signs the tokens; made once and kept in `home` where it is not given."""
    max_answer_chars: int = Field(default=8000, ge=100, le=100_000)
    max_upload_mb: int = Field(default=64, ge=1, le=2048)
    """MiB of a file that an educator sends. The pages' own limit is `server.maxUploadSize` in
    .streamlit/config.toml."""
    max_upload_files: int = Field(default=50, ge=1, le=1000)
    """Files of one upload; together they may have sixteen times the size of one."""
    llm: str | None = None
    """`provider:model` of a chat model that judges and words under the same policy. None by
    default, and then no part of LangChain is even imported. See docs/llm.md."""
    llm_base_url: str | None = None
    """Where that model is served, if not at its provider's own address."""
    llm_timeout_s: float = Field(default=12.0, gt=0, le=15)
    """Seconds a call may take before the authored path answers."""
    llm_turn_s: float = Field(default=20.0, gt=0, le=45)
    """Seconds that all calls of a turn may take together; the pages wait for 60."""
    llm_session_tokens: int | None = Field(default=None, ge=0)
    """Tokens, in and out together, that the model may use for one session; None: no limit."""
    llm_daily_tokens: int | None = Field(default=None, ge=0)
    """The same for one user within 24 hours."""
    llm_price_in: float | None = Field(default=None, ge=0)
    """Price of a million tokens that the model reads, in whatever currency it is paid in."""
    llm_price_out: float | None = Field(default=None, ge=0)
    """Price of a million tokens that it writes."""
    llm_options: dict[str, JsonValue] = Field(default={"temperature": 0}, repr=False)
    """Further arguments of the model's LangChain class, as a JSON object."""

    @model_validator(mode="after")
    def _no_unknown_variable(self) -> Self:
        known = {PREFIX + name.upper() for name in type(self).model_fields} | OF_OTHERS
        unknown = sorted(
            v for v in os.environ if v.upper().startswith(PREFIX) and v.upper() not in known
        )
        if unknown:
            raise ValueError(
                f"{', '.join(unknown)} is no setting of this service; "
                f"the settings are {', '.join(sorted(known - OF_OTHERS))}."
            )
        return self

    @model_validator(mode="after")
    def _no_open_door(self) -> Self:
        if self.auth == "local" and not is_loopback(self.host):
            raise ValueError(
                f"The service would be reachable from other machines at {self.host!r} without a "
                "sign-in. Set MAIEUTIC_AUTH=password, or MAIEUTIC_HOST=127.0.0.1."
            )
        if self.secret is not None and len(self.secret.get_secret_value()) < 32:
            raise ValueError("MAIEUTIC_SECRET must have at least 32 characters.")
        return self

    @model_validator(mode="after")
    def _model_can_be_found(self) -> Self:
        if self.llm is not None and not all(self.llm.partition(":")):
            raise ValueError(
                f"MAIEUTIC_LLM is {self.llm!r}; write provider:model, as in openai:gpt-5-mini or "
                "ollama:qwen3:8b."
            )
        if (self.llm_price_in is None) != (self.llm_price_out is None):
            raise ValueError(
                "The cost of a call needs both prices. Set MAIEUTIC_LLM_PRICE_IN and "
                "MAIEUTIC_LLM_PRICE_OUT, or neither."
            )
        if self.llm_base_url is not None:
            if self.llm is None:
                raise ValueError(
                    "MAIEUTIC_LLM_BASE_URL says where a model is served, and MAIEUTIC_LLM does not "
                    "say which. Set both, or neither."
                )
            if not self.llm_base_url.startswith(("http://", "https://")):
                raise ValueError("MAIEUTIC_LLM_BASE_URL must begin with http:// or https://.")
        return self

    @property
    def models_dir(self) -> Path:
        """The encoders' folders."""
        return self.home / "models"

    @property
    def index_dir(self) -> Path:
        """The search index."""
        return self.home / "index"

    @property
    def uploads_dir(self) -> Path:
        """Documents that educators have sent."""
        return self.home / "uploads"

    @property
    def inbox_dir(self) -> Path:
        """Uploads that are not among those documents yet."""
        return self.home / "inbox"

    @property
    def max_upload_bytes(self) -> int:
        """Of a whole request with files."""
        return 16 * self.max_upload_mb * 2**20

    @property
    def records_url(self) -> str:
        """The database URL that is in force."""
        return self.database_url or f"sqlite:///{self.home / 'records.sqlite3'}"

    def signing_key(self) -> str:
        """The secret that signs tokens; made on first use, readable by its owner only.

        Raises:
            OSError: `home` cannot be written.
        """
        if self.secret is not None:
            return self.secret.get_secret_value()
        path = self.home / "secret"
        if not path.exists():
            self.home.mkdir(parents=True, exist_ok=True)
            _make_secret(path)
        return path.read_text(encoding="ascii").strip()


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address; a name other than localhost is not."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _make_secret(path: Path) -> None:
    """Write a new secret unless another process was first; it is never seen half written."""
    draft = path.with_name(f".secret-{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(SECRET_BYTES))
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft)
    finally:
        draft.unlink()


def get_settings() -> Settings:
    """The settings as the environment gives them now.

    Raises:
        SettingsError: with one sentence a fault.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError(" ".join(_sentence(fault) for fault in error.errors())) from error


def _sentence(fault: object) -> str:
    assert isinstance(fault, dict)
    message = str(fault["msg"]).removeprefix("Value error, ")
    if not fault["loc"]:
        return message
    return f"{PREFIX}{str(fault['loc'][0]).upper()}: {message}."

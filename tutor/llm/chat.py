"""From the settings to a LangChain chat model. Nothing is contacted here."""

from __future__ import annotations

import os
import re
import warnings
from typing import TYPE_CHECKING, Any

from tutor.errors import NotReady
from tutor.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

SCRIPTED = "scripted"
"""The provider that needs no package and no network: see `tutor.llm.scripted`."""
_TRACING = tuple(f"{a}_{b}" for a in ("LANGSMITH", "LANGCHAIN") for b in ("TRACING", "TRACING_V2"))
_PACKAGE = re.compile(r"pip install (?:-U )?`?([\w.-]+)")
_SEE = "See docs/llm.md."


def build_chat(settings: Settings) -> BaseChatModel:
    """The chat model of `settings.llm`.

    Raises:
        NotReady: the provider is unknown, its package is not installed, or its class does not
            accept what the settings say (a key that is missing, for instance).
    """
    provider, _, name = (settings.llm or "").partition(":")
    close_tracing()
    # langchain-openai writes out a message whose parsed object its own schema does not expect.
    warnings.filterwarnings("ignore", message="Pydantic serializer warnings")
    if provider == SCRIPTED:
        from tutor.llm.scripted import scripted

        return scripted(name)
    from langchain.chat_models import init_chat_model

    try:
        found: BaseChatModel = init_chat_model(
            name, model_provider=provider, **_arguments(provider, settings)
        )
    except ImportError as error:
        raise _missing(provider, error) from error
    except Exception as error:
        # Each provider has its own errors for what it lacks; its sentence is better than ours.
        first = (str(error).strip().splitlines() or [""])[0][:200]
        raise NotReady(
            f"The language model {settings.llm} cannot be set up: {type(error).__name__}: {first}",
            remedy=f"Check MAIEUTIC_LLM, MAIEUTIC_LLM_OPTIONS and the provider's key. {_SEE}",
        ) from error
    return found


def close_tracing() -> None:
    """Take back what would make LangChain copy every learner's words to a tracing service."""
    for name in _TRACING:
        os.environ.pop(name, None)
    os.environ["LANGSMITH_TRACING"] = "false"


def _arguments(provider: str, settings: Settings) -> dict[str, Any]:
    """Keyword arguments of the provider's class; the user's own options win."""
    found: dict[str, Any] = {}
    if provider == "ollama":
        found["client_kwargs"] = {"timeout": settings.llm_timeout_s}
    else:
        # A second try of the provider's would outlast the turn; ours is the authored path.
        found |= {"timeout": settings.llm_timeout_s, "max_retries": 0}
    if settings.llm_base_url is not None:
        found["base_url"] = settings.llm_base_url
        if provider == "openai" and not os.environ.get("OPENAI_API_KEY"):
            # A local server asks for no key, and the client refuses to start without one.
            found["api_key"] = "none"
    return found | settings.llm_options


def _missing(provider: str, error: ImportError) -> NotReady:
    named = _PACKAGE.search(str(error))
    package = named.group(1) if named else f"langchain-{provider.replace('_', '-')}"
    # A release made for a later LangChain is there, and fails on a name that is not.
    absent = isinstance(error.__cause__ or error, ModuleNotFoundError)
    state = "is not installed" if absent else "does not fit this version of LangChain"
    return NotReady(
        f"MAIEUTIC_LLM names the provider {provider}, and its package {package} {state}.",
        remedy=f"Run `pip install -c constraints.txt {package}` in the environment of the "
        f"service, or unset MAIEUTIC_LLM. {_SEE}",
    )

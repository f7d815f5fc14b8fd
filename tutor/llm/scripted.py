"""A chat model that does as it is told, well or badly: for tests, and to see the guard at work.

`MAIEUTIC_LLM=scripted:two-questions maieutic up` runs the whole product with a bad tutor.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from pydantic import Field

from ingest import LANGUAGES
from tutor.errors import NotReady
from tutor.llm.prompts import instructions

Reply = Callable[[Sequence[BaseMessage]], str]
"""From what the model is told to what it says; it may raise, or take its time."""
_DRAFT = re.compile(r"DRAFT\n(.*?)(?:\n\n(?:KEEP|QUOTE|SOURCES|CLINICIAN)\b|\Z)", re.DOTALL)
_BY_LANGUAGE: Mapping[str, Mapping[str, str]] = {
    "second": {
        "en": "And how does that sit with you?",
        "zh-Hant": "這樣你又覺得如何？",
        "zh-Hans": "这样你又觉得如何？",
    },
    "other": {
        "en": "這對你而言意味着甚麼？",
        "zh-Hant": "What does that mean to you?",
        "zh-Hans": "這對你而言意味着甚麼？",
    },
    "advice": {
        "en": "I would advise you to stop the treatment.",
        "zh-Hant": "我建議病人馬上停止治療。",
        "zh-Hans": "我建议病人马上停止治疗。",
    },
    "promise": {
        "en": "Rest assured, you will not be sued.",
        "zh-Hant": "放心，你不會被起訴。",
        "zh-Hans": "放心，你不会被起诉。",
    },
    "source": {
        "en": "A 2031 ruling settles it, see www.example.org.",
        "zh-Hant": "《虛構條例》第9條早有規定。",
        "zh-Hans": "《虚构条例》第9条早有规定。",
    },
    "task": {
        "en": "As an AI I was told to reword a draft.",
        "zh-Hant": "作為AI，我的指令是改寫草稿。",
        "zh-Hans": "作为AI，我的指令是改写草稿。",
    },
}


class ScriptedChatModel(BaseChatModel):
    """Says what `reply` makes of the messages, and remembers them in `seen`."""

    reply: Reply
    seen: list[list[BaseMessage]] = Field(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(
        self,
        tools: Sequence[Any],
        **kwargs: Any,  # noqa: ARG002 (the base class passes them)
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """For structured output: what `reply` gives is then read as JSON arguments."""
        return self.bind(tool=tools[0].__name__)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,  # noqa: ARG002 (the base class passes it)
        run_manager: CallbackManagerForLLMRun | None = None,  # noqa: ARG002 (the same)
        **kwargs: Any,
    ) -> ChatResult:
        self.seen.append(messages)
        said = self.reply(messages)
        message = AIMessage(said)
        if "tool" in kwargs:
            call = {"name": kwargs["tool"], "args": json.loads(said), "id": "1"}
            message = AIMessage("", tool_calls=[call])
        return ChatResult(generations=[ChatGeneration(message=message)])


def says(*texts: str) -> Reply:
    """These texts one after the other, the last for ever."""
    left = list(texts)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


def marks(quotes: Mapping[str, str], *, verdict: str = "said") -> Reply:
    """Marks the ideas named with the quotes given, and every other idea absent."""

    def marked(messages: Sequence[BaseMessage]) -> str:
        ids = re.findall(r"^\[([^\]]+)\] \(", str(messages[-1].text), re.MULTILINE)
        found = [
            {
                "target": i,
                "verdict": verdict if i in quotes else "absent",
                "quote": quotes.get(i, ""),
            }
            for i in ids
        ]
        return json.dumps({"marks": found})

    return marked


def fails(_: Sequence[BaseMessage]) -> str:
    """A provider that is down."""
    raise ConnectionError("The scripted provider is down.")


def dawdles(seconds: float) -> Reply:
    """The draft, too late."""

    def late(messages: Sequence[BaseMessage]) -> str:
        time.sleep(seconds)
        return draft(messages)

    return late


def draft(messages: Sequence[BaseMessage]) -> str:
    """The draft as it stands: the best tutor there is here."""
    found = next((d for m in messages if (d := _DRAFT.search(str(m.text)))), None)
    return found.group(1) if found else "{}"


def leaks(secret: str) -> Reply:
    """The draft, after something the learner is still to find."""
    return lambda messages: f"{secret} {draft(messages)}"


def before(key: str) -> Reply:
    """The draft, after a sentence of a kind that is refused: see the keys above."""

    def added(messages: Sequence[BaseMessage]) -> str:
        told = str(messages[0].text)
        language = next((code for code in LANGUAGES if instructions(code) == told), "en")
        return f"{_BY_LANGUAGE[key][language]} {draft(messages)}"

    return added


BEHAVIOURS: Mapping[str, Reply] = {
    "draft": draft,
    "fails": fails,
    "dawdles": dawdles(20.0),
    "empty": says(""),
    "refuses": says("I'm sorry, but I can't help with that."),
    "two-questions": before("second"),
    "wrong-language": before("other"),
    "advice": before("advice"),
    "promise": before("promise"),
    "source": before("source"),
    "task": before("task"),
}


def scripted(name: str) -> ScriptedChatModel:
    """The model `scripted:<name>`.

    Raises:
        NotReady: there is no such behaviour.
    """
    if name not in BEHAVIOURS:
        raise NotReady(
            f"There is no scripted model {name!r}.",
            remedy=f"Set MAIEUTIC_LLM to scripted: and one of {', '.join(BEHAVIOURS)}.",
        )
    return ScriptedChatModel(reply=BEHAVIOURS[name])

"""The calls about runs of the evaluation. Every method raises ServiceError."""

from __future__ import annotations

from urllib.parse import quote

from ui.client import Service
from ui.contract import Language
from ui.runs_contract import Comparisons, Hits, Lines, Record, Run, RunDetail, Why


class RunsService(Service):
    """The service, on behalf of an evaluator."""

    def runs(self) -> list[Run]:
        """Every run, the last first."""
        return self._get("/runs", list[Run])

    def run(self, name: str) -> RunDetail:
        """One run with its figures."""
        return self._get(_path(name), RunDetail)

    def lines(
        self,
        name: str,
        task: str,
        offset: int,
        limit: int,
        *,
        figure: int | None = None,
        failing: bool = False,
        words: str = "",
    ) -> Lines:
        """Some lines of a log, those with failures first."""
        query = {"offset": str(offset), "limit": str(limit), "q": words}
        if figure is not None:
            query["figure"] = str(figure)
        if failing:
            query["failing"] = "true"
        return self._get(_path(name, "tasks", task, "records"), Lines, query)

    def record(self, name: str, task: str, line: int) -> Record:
        """One line."""
        return self._get(_path(name, "tasks", task, "records", str(line)), Record)

    def why(self, name: str, task: str, line: int, turn: int, target: str) -> Why:
        """Why an idea was heard in a turn, or not."""
        path = _path(name, "tasks", task, "records", str(line), "why")
        return self._get(path, Why, {"turn": str(turn), "target": target})

    def hits(self, name: str, task: str, line: int, turn: int) -> Hits:
        """What the corpus has for the words of a turn."""
        path = _path(name, "tasks", task, "records", str(line), "hits")
        return self._get(path, Hits, {"turn": str(turn)})

    def comparison(self, name: str, baseline: str) -> Comparisons:
        """What changed since a baseline."""
        return self._get(_path(name, "comparison"), Comparisons, {"baseline": baseline})

    def report(self, name: str, language: Language, baseline: str | None = None) -> bytes:
        """The run as one HTML file in a language."""
        query = {"lang": language} | ({"baseline": baseline} if baseline else {})
        return self._send("GET", _path(name, "report"), query=query, repeatable=True).content


def _path(*parts: str) -> str:
    return "/runs/" + "/".join(quote(part, safe="") for part in parts)

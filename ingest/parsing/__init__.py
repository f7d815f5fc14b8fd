"""Reading files in a process of its own, which may fail, hang or grow without harm to ours."""

from ingest.limits import DEFAULT_LIMITS, Limits
from ingest.parsing.process import ParsingProcess, read_isolated

__all__ = ["DEFAULT_LIMITS", "Limits", "ParsingProcess", "read_isolated"]

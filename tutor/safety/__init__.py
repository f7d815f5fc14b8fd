"""What keeps personal data out of the records."""

from __future__ import annotations

from tutor.safety.redaction import redact

__all__ = ["redact"]

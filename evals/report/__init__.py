"""The report of a run: one HTML file that needs nothing else, every figure traced to log lines."""

from evals.report.page import page

__all__ = ["page"]

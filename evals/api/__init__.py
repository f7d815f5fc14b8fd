"""Runs over HTTP, for evaluators; the service mounts `router` by the entry point in pyproject."""

from evals.api.routes import router

__all__ = ["router"]

"""Servers with an OpenAI-compatible interface: a scripted adversary, and a real small model."""

from __future__ import annotations

from evals.llm_servers.adversary import KINDS, TRANSPORT, Adversary, Planted, Scene
from evals.llm_servers.serve import adversarial_server
from evals.llm_servers.small import NAME, small_model_missing, small_server

__all__ = [
    "KINDS",
    "NAME",
    "TRANSPORT",
    "Adversary",
    "Planted",
    "Scene",
    "adversarial_server",
    "small_model_missing",
    "small_server",
]

"""Dates and times as a reader of the language writes them, in the browser's time zone."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from ui.i18n import Translator


def moment(when: dt.datetime, t: Translator) -> str:
    """Day and time; a moment without a zone is taken for UTC, as the service stores it."""
    aware = when if when.tzinfo else when.replace(tzinfo=dt.UTC)
    local = aware.astimezone(_zone())
    return f"{day(local.date(), t)} {local:%H:%M}"


def day(when: dt.date, t: Translator) -> str:
    """A calendar day."""
    month = t(f"months.m{when.month}")
    return t("common.day", day=when.day, month=month, year=when.year)


def _zone() -> dt.tzinfo:
    name = st.context.timezone
    try:
        return ZoneInfo(name) if name else dt.UTC
    except (ZoneInfoNotFoundError, ValueError):
        return dt.UTC

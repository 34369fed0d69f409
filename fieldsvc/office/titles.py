"""Titles that definitions and problems carry in several languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def in_language(title: Any, language: str) -> str:
    """A title in one language, or in any it has."""
    if isinstance(title, Mapping):
        title = title.get(language) or title.get("zh") or next(iter(title.values()), "")
    return title if isinstance(title, str) else ""

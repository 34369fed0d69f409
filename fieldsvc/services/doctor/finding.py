"""What a doctor says of one thing: how it is and, unless it is well, what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["good", "doubtful", "bad"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at, in both languages. The functions below make it: no trouble comes without a remedy."""

    level: Level
    zh: str
    en: str


def good(zh: str, en: str) -> Finding:
    """Something that is well."""
    return Finding("good", zh, en)


def trouble(level: Level, zh: str, en: str, *, do_zh: str, do_en: str) -> Finding:
    """Something that is not, and what to do; a level of `good` needs nothing done."""
    return good(zh, en) if level == "good" else Finding(level, f"{zh}{do_zh}", f"{en} {do_en}")

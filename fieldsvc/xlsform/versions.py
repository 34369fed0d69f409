"""Which of two versions of a form is newer, as people read them: 2026112202 after 2026112201, 1.10 after 1.9."""

from __future__ import annotations

import re


def version_key(version: str) -> tuple[tuple[int, int, str], ...]:
    """What to sort versions by: runs of figures as numbers, everything between them as text."""
    return tuple(
        (1, int(part), "") if part.isdecimal() else (0, 0, part) for part in re.findall(r"\d+|[^\d.]+", version)
    )


def is_newer(version: str, than: str) -> bool:
    """Whether one version comes after the other."""
    return version_key(version) > version_key(than)

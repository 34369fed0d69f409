"""What somebody may have meant who wrote a name that nobody knows."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> str:
    """`phon → phone?` when something known is spelled nearly so, else the name alone."""
    by_small = {one.lower(): one for one in known}
    found = difflib.get_close_matches(name.lower(), by_small, n=1, cutoff=0.7)
    return f"{name} → {by_small[found[0]]}?" if found else name

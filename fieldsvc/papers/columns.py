"""How wide the columns of a table are, in millimetres. Pure."""

from __future__ import annotations

from collections.abc import Sequence


def widths(shares: Sequence[float], whole: float, least: float) -> list[float]:
    """The whole width by these shares, none below the least; where that leaves too little for all, all alike.

    A column of half a character would be a character to a line: its head alone filled pages, and took a minute to lay
    out.
    """
    if least * len(shares) >= whole:
        return [whole / len(shares)] * len(shares)
    narrow: set[int] = set()
    while True:
        wide = whole - least * len(narrow)
        total = sum(share for at, share in enumerate(shares) if at not in narrow)
        found = [least if at in narrow else wide * share / total for at, share in enumerate(shares)]
        below = {at for at, width in enumerate(found) if width < least} - narrow
        if not below:
            return found
        narrow |= below

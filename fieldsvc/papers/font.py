"""The font of every document: Noto Sans SC from its own package, or the file a county names instead.

It holds the 8,105 characters of the table of standard characters, so also those beyond the first plane that stand in
people's names. A character it has not is printed as 〓, the printers' stand-in, and named at the end.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pylopdf_fonts_zh_cn import sans_path

STAND_IN = "〓"


def file(own: str | None = None) -> Path:
    """The font file: the county's own (FIELDSVC_PAPER_FONT), or the one that is installed with this program."""
    return Path(own) if own else sans_path()


@lru_cache(maxsize=4)
def characters(path: Path) -> frozenset[int]:
    """The code points this font can draw."""
    from fontTools.ttLib import TTFont

    with TTFont(path, lazy=True, fontNumber=0) as font:
        return frozenset(font.getBestCmap() or ())


def printable(text: str, path: Path, missing: set[str]) -> str:
    """The text as it can be printed; what cannot is added to `missing`."""
    known = characters(path)
    unknown = {one for one in text if ord(one) not in known and one not in "\n\t"}
    missing |= unknown
    return "".join(STAND_IN if one in unknown else one for one in text)

"""What a key may be, and where it lives: the same in every store."""

from __future__ import annotations

import re

_KEY = re.compile(r"(?:parts/|exports/|aside/)?[0-9a-f-]{8,80}(?:\.[0-9]+)?")


def split(key: str) -> tuple[str, str]:
    """The kind (`files`, `parts`, `exports`, `aside`) and the name of a key. Raises `KeyError` for anything else.

    A key never holds a dot-dot or a slash of the caller's: digests and ids only.
    """
    if not _KEY.fullmatch(key):
        raise KeyError(key)
    kind, _, name = key.rpartition("/")
    return kind or "files", name


def of(kind: str, name: str) -> str:
    """The key of a name that lies in the place of that kind: what `split` takes apart."""
    return name if kind == "files" else f"{kind}/{name}"

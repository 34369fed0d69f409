"""A stream whose first piece was read: what is not there, or away, is told before an answer has begun."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain


def begun(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same pieces. Raises what reading the first one raises; after that an answer can only break off."""
    return chain((next(pieces, b""),), pieces)

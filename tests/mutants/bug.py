"""What a seeded bug is: changes of the source, and the fast tests that must then fail."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Change:
    """Replace `old`, which stands exactly once in the file, by `new`."""

    path: str
    old: str
    new: str


@dataclass(frozen=True)
class Mutant:
    """One seeded bug. `tests` are pytest node ids, or `.test.js` files for Node."""

    name: str
    story: str
    changes: tuple[Change, ...]
    tests: tuple[str, ...]

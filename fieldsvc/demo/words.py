"""The word lists of the demo district, and identifiers made of nothing but a seed."""

import tomllib
from collections.abc import Iterator
from importlib.resources import files
from random import Random
from typing import Any

from fieldsvc.ids import uuid7

SEED = 20201123
# Identifiers are dated to one moment, so that the same district is made on every day and machine.
MADE_AT_MS = 1_735_689_600_000


def words() -> dict[str, Any]:
    """The word lists (words.toml), read anew."""
    return tomllib.loads(files("fieldsvc.demo").joinpath("words.toml").read_text(encoding="utf-8"))


def identifiers(seed: str) -> Iterator[str]:
    """Endless UUIDv7s that are the same for the same seed; each kind of thing has a seed of its own.

    So a household keeps its id when the demo gets more cadres, and links to it stay good.
    """
    random = Random(f"{SEED}/{seed}")
    at_ms = MADE_AT_MS
    while True:
        at_ms += 1
        yield uuid7(at_ms, random.getrandbits(74))

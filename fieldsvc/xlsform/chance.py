"""Chance that can be repeated: it follows from the seed, the node and how often it was drawn.

So the server draws the same numbers as the phone did. The JavaScript twin is in `static/core/expr-functions.js`.
"""

from __future__ import annotations

import math
from typing import TypeVar

from fieldsvc.xlsform.scope import Scope

T = TypeVar("T")
_MASK = 0xFFFFFFFF

_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _hash(text: str) -> int:
    """32 bits of `text`: FNV-1a over code points, then mixed."""
    h = 0x811C9DC5
    for letter in text:
        h = (h ^ ord(letter)) * 0x01000193 & _MASK
    h = (h ^ (h >> 16)) * 0x85EBCA6B & _MASK
    h = (h ^ (h >> 13)) * 0xC2B2AE35 & _MASK
    return h ^ (h >> 16)


def _next(at: Scope, salt: str) -> int:
    count = at.drawn.count
    at.drawn.count += 1
    context = at.world.context
    # The salt comes first: behind the rest it would leave four words of a UUID with 32 bits of chance between them.
    return _hash(f"{salt}|{context.seed}|{context.now}|{at.current.key()}|{count}")


def draw(at: Scope) -> float:
    """A number from 0 up to 1."""
    return _next(at, "r") / 4294967296


def draw_uuid(at: Scope) -> str:
    """A version 4 UUID."""
    text = "".join(f"{_next(at, salt):08x}" for salt in "abcd")
    variant = "89ab"[int(text[16], 16) & 3]
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{variant}{text[17:20]}-{text[20:]}"


def draw_letters(at: Scope, count: int) -> str:
    """So many letters and digits, at most 200."""
    return "".join(_LETTERS[math.floor(draw(at) * 36)] for _ in range(min(count, 200)))


def shuffle(items: list[T], seed: float) -> list[T]:
    """`items` in the order the ODK XForms specification gives for `seed` (Park-Miller, Fisher-Yates)."""
    order = list(items)
    state = math.fmod(math.trunc(seed), 2147483647) if math.isfinite(seed) else 0.0
    if state <= 0:
        state += 2147483646
    whole = int(state)
    for i in range(len(order) - 1, 0, -1):
        whole = whole * 16807 % 2147483647
        j = math.floor((whole - 1) / 2147483646 * (i + 1))
        order[i], order[j] = order[j], order[i]
    return order

"""UUID version 7: identifiers that sort by the millisecond they were made in."""

from __future__ import annotations

import secrets
import uuid


def uuid7(at_ms: int, random_bits: int) -> str:
    """The UUIDv7 of a millisecond and 74 random bits, as lower-case text."""
    value = (at_ms & (1 << 48) - 1) << 80 | 0x7 << 76 | (random_bits >> 62 & 0xFFF) << 64
    value |= 0b10 << 62 | random_bits & (1 << 62) - 1
    return str(uuid.UUID(int=value))


def random_uuid7(at_ms: int) -> str:
    """A fresh identifier for that millisecond."""
    return uuid7(at_ms, secrets.randbits(74))

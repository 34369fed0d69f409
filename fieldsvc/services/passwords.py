"""Argon2 hashes, and the same time for an account that does not exist."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

# Two hundred people sign in on the first morning of a campaign on a 2-core machine: 19 MB each, not 64.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def hash_password(password: str) -> str:
    """The hash to keep for a password."""
    return _HASHER.hash(password)


@cache
def _nobody() -> str:
    return _HASHER.hash("the hash of nobody's password")


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password is right; without a hash it takes as long and is never right."""
    try:
        return _HASHER.verify(password_hash or _nobody(), password) and password_hash is not None
    except (Argon2Error, InvalidHashError):
        return False

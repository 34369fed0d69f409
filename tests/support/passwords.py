"""Passwords that cost next to nothing: hundreds of tests sign somebody in, and none of them is about guessing."""

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from fieldsvc.services import passwords


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """Hash with the least memory and one pass; what servers in processes of their own do is not touched."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield

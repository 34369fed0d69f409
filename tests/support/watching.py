"""The eye is open in every test, and a test in which it saw something fails at its end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import request_finished

from tests.support.eye import Eye


@pytest.fixture(scope="session", autouse=True)
def eye() -> Iterator[Eye]:
    """The eye itself, for tests that show it something."""
    eye = Eye()
    with request_finished.connected_to(eye.look):
        yield eye


@pytest.fixture(autouse=True)
def _nobody_is_told_of_strangers(eye: Eye) -> Iterator[None]:
    yield
    seen = eye.forget()
    assert not seen, "\n".join(seen)

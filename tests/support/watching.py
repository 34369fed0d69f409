"""The eye is open in every test, and a test in which it saw something fails at its end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import request_finished

from tests.support.eye import Eye
from tests.support.watched import FILE


@pytest.fixture(scope="session", autouse=True)
def eye(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Eye]:
    """The eye itself, for tests that show it something. Servers that are started have theirs tell in the same place."""
    file = tmp_path_factory.mktemp("eye") / "seen.txt"
    eye = Eye(file)
    with pytest.MonkeyPatch.context() as patch, request_finished.connected_to(eye.look):
        patch.setenv(FILE, str(file))
        yield eye


@pytest.fixture(autouse=True)
def _nobody_is_told_of_strangers(eye: Eye) -> Iterator[None]:
    yield
    seen = eye.forget()
    assert not seen, "\n".join(seen)

"""A console on an empty folder, and the same once a county has begun there."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fieldsvc.cli import main

Run = Callable[..., Result]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {
        "FIELDSVC_MODE": "test",
        "FIELDSVC_DATA_FOLDER": str(tmp_path / "data"),
        "FIELDSVC_SECRET_KEY": "0123456789abcdef" * 4,
    }


@pytest.fixture
def run(environment: dict[str, str]) -> Run:
    def run(*words: str, typed: str = "", **settings: str) -> Result:
        more = {f"FIELDSVC_{name.upper()}": value for name, value in settings.items()}
        return CliRunner(env={**environment, **more}).invoke(main, list(words), input=typed)

    return run


@pytest.fixture
def county(run: Run) -> Run:
    begun = run("init", typed="清源区\n990101\n王管理\n9001\nvery secret\nvery secret\n")
    assert begun.exit_code == 0, begun.output
    return run

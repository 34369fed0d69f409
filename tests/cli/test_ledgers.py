"""The command for ledgers."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from fieldsvc.cli import main


def run(*words: str, env: dict[str, str] | None = None) -> tuple[int, str]:
    result = CliRunner().invoke(main, words, env={"FIELDSVC_MODE": "test", **(env or {})})
    return result.exit_code, result.output


def test_the_shipped_ledgers_are_fine() -> None:
    code, output = run("ledger", "check")
    assert code == 0
    assert "✓ visits: 帮扶干部进村入户台账" in output


def test_a_mistake_in_the_countys_file_is_named(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[wells]\nzh = "井"\nen = "Wells"\ndataset = "wells"\ncolumns = ["depth"]\n', encoding="utf-8")
    assert run("ledger", "check", str(own)) == (1, "Error: wells: there is no dataset wells\n")
    code, output = run("ledger", "check", env={"FIELDSVC_LEDGERS_FILE": str(tmp_path / "gone.toml")})
    assert (code, "gone.toml: No such file" in output) == (1, True)

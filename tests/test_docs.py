"""What the documentation promises to name, it names: settings, commands, problems, words, decisions."""

import dataclasses
import inspect
import re
from pathlib import Path

import pytest

from fieldsvc.cli import COMMANDS
from fieldsvc.config import PREFIX, Settings
from fieldsvc.problems import Problem, catalogue

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PROBLEMS = (DOCS / "problems.md").read_text(encoding="utf-8")
OPERATING = (DOCS / "operating.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("setting", dataclasses.fields(Settings), ids=lambda setting: setting.name)
def test_every_setting_is_documented_as_it_is(setting: "dataclasses.Field[object]") -> None:
    default = f"`{setting.default}`" if setting.default != "" else "–"
    row = f"| `{PREFIX}{setting.name.upper()}` | {default} | {setting.metadata['help']} |"
    assert row in OPERATING.splitlines(), f"docs/operating.md should say: {row}"


def test_no_setting_is_documented_that_does_not_exist() -> None:
    known = {PREFIX + setting.name.upper() for setting in dataclasses.fields(Settings)}
    assert set(re.findall(rf"`({PREFIX}[A-Z_]+)`", OPERATING)) <= known


@pytest.mark.parametrize("command", sorted(set(COMMANDS) - {"demo"}))
def test_every_command_is_documented(command: str) -> None:
    assert f"fieldsvc {command}" in OPERATING


@pytest.mark.parametrize("problem", catalogue(), ids=lambda problem: problem.code)
def test_every_problem_is_documented_with_cause_and_remedy(problem: type[Problem]) -> None:
    section = PROBLEMS.partition(f"\n## `{problem.code}`\n")[2].partition("\n## ")[0]
    assert f"{problem.status} · {problem.title['zh']} {problem.title['en']}" in section
    assert f"**Cause.** {' '.join((inspect.getdoc(problem) or '').split())}" in section
    assert f"**Remedy.** {problem.remedy['zh']} {problem.remedy['en']}" in section


def test_every_clause_of_the_protocol_names_a_test_that_exists() -> None:
    protocol = (DOCS / "protocol.md").read_text(encoding="utf-8")
    for file, name in re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", protocol):
        assert f"def {name}" in (ROOT / file).read_text(encoding="utf-8"), f"{file}::{name}"
    for clause in re.split(r"\n(?=\d+\.\d+ )", protocol)[1:]:
        assert "`tests/" in clause, clause[:60]


def test_clauses_of_the_protocol_that_the_code_names_exist() -> None:
    protocol = (DOCS / "protocol.md").read_text(encoding="utf-8")
    numbers = set(re.findall(r"^#* ?\**(\d+(?:\.\d+)*)\b", protocol, re.M))
    for path in sorted((ROOT / "fieldsvc").rglob("*.py")):
        for number in re.findall(r"\(Protocol (\d+(?:\.\d+)*)\)", path.read_text(encoding="utf-8")):
            assert number in numbers, f"{path.relative_to(ROOT)} names clause {number}"


def test_decision_records_have_numbers_of_their_own_and_are_listed() -> None:
    records = sorted(path.name for path in (DOCS / "decisions").glob("[0-9]*.md"))
    assert len({name[:4] for name in records}) == len(records)
    listed = (DOCS / "decisions" / "README.md").read_text(encoding="utf-8")
    for name in records:
        assert f"({name})" in listed, name
        text = (DOCS / "decisions" / name).read_text(encoding="utf-8")
        assert text.startswith(f"# {name[:4]} ")
        assert re.findall(r"\*\*(\w+)\.\*\*", text) == ["Context", "Decision", "Consequences"], name

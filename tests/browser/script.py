"""Walk files: what somebody does on a form's pages and what must come of it, as tables anybody can read.

`tests/browser/walks/<form>-<branch>.md` holds a title and these tables, of which only the steps are needed:

| table                        | a row                                                                         |
|------------------------------|-------------------------------------------------------------------------------|
| family, relation, sex, age … | one member of the household; further columns are properties of the member     |
| household, value             | one property of the household                                                 |
| before, property, value      | a record that is there already, its properties row by row (`before` names it) |
| step, what, with             | one thing done or seen; `walk.py` says which there are                        |
| record, property, value      | what a record must hold afterwards; `problems 2` is the second one found      |
| violation, kind              | what the server must find, nothing else                                       |

Days are written `today`, `today-3`, `today+30`; several choices as `甲、乙`. `{year}` and `{year-1}` stand for this
year and the last, wherever they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

WALKS = Path(__file__).parent / "walks"
Row = tuple[str, ...]


@dataclass(slots=True)
class Script:
    """One walk. `records` are the rows of each expected record by the name it has in the file."""

    name: str
    form: str
    title: str
    steps: list[Row] = field(default_factory=list)
    family: list[dict[str, str]] = field(default_factory=list)
    household: dict[str, str] = field(default_factory=dict)
    before: dict[str, dict[str, str]] = field(default_factory=dict)
    records: dict[str, dict[str, str]] = field(default_factory=dict)
    violations: list[Row] = field(default_factory=list)


def walks() -> list[Path]:
    """Every walk file."""
    return sorted(WALKS.glob("*.md"))


def read(path: Path) -> Script:
    """The walk in a file; the form is the part of its name before the first hyphen."""
    lines = _dated(path.read_text(encoding="utf-8")).splitlines()
    title = next(line.removeprefix("# ") for line in lines if line.startswith("# "))
    script = Script(path.stem, path.stem.split("-")[0], title)
    header: Row = ()
    for line in lines:
        cells = _cells(line)
        if not cells:
            header = ()
        elif not header:
            header = cells
        elif not set("".join(cells)) <= set("-: "):
            _take(script, header, cells)
    return script


def day(text: str) -> str:
    """`today+3` as a date; every other text as it is."""
    found = re.fullmatch(r"today(?:([+-])(\d+))?", text)
    if not found:
        return text
    days = int(found[2] or 0) * (-1 if found[1] == "-" else 1)
    return (today() + timedelta(days=days)).isoformat()


def today() -> date:
    """Today where the phones are: a machine that keeps UTC lives in yesterday for a third of their day."""
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


def _dated(text: str) -> str:
    return re.sub(r"\{year([+-]\d+)?\}", lambda found: str(today().year + int(found[1] or 0)), text)


def _cells(line: str) -> Row:
    return tuple(cell.strip() for cell in line.strip().strip("|").split("|")) if line.startswith("|") else ()


def _take(script: Script, header: Row, cells: Row) -> None:
    match header[0]:
        case "family":
            script.family.append({name: cell for name, cell in zip(header, cells, strict=True) if cell})
        case "household":
            script.household[cells[0]] = day(cells[1])
        case "before":
            script.before.setdefault(cells[0], {})[cells[1]] = day(cells[2])
        case "step":
            script.steps.append(cells)
        case "record":
            script.records.setdefault(cells[0], {})[cells[1]] = day(cells[2])
        case "violation":
            script.violations.append(cells)
        case unknown:
            raise AssertionError(f"{script.name}: no table begins with {unknown}")

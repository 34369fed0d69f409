"""The definitions this release ships: forms as XLSForm in Markdown, datasets and choice lists as TOML, lists as CSV.

Data, not code: a new form or property is a change of a file here. `docs/forms.md` says how they are written.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fieldsvc import sheets
from fieldsvc.processes.calendar import Entry, read_calendar
from fieldsvc.xlsform.datasets import DatasetDefinition, read_choices, read_datasets
from fieldsvc.xlsform.reference import ReferenceList, reference_list

_HERE = Path(__file__).parent


def datasets() -> dict[str, DatasetDefinition]:
    """The dataset definitions by name, the register's first."""
    return read_datasets(_texts("datasets", first="register"), _texts("choices"))


def choices() -> dict[str, list[dict[str, Any]]]:
    """The choice lists that datasets and forms share, by name."""
    return read_choices(_texts("choices"))


def form_sources() -> dict[str, Path]:
    """The files of the shipped forms, by form id. `fieldsvc.xlsform.compile_form` compiles one."""
    return {path.stem: path for path in sorted(_HERE.glob("*.md"))}


def lists() -> dict[str, ReferenceList]:
    """The reference lists this release ships, by name."""
    files = sorted((_HERE / "lists").glob("*.csv"))
    return {path.stem: reference_list(path.stem, sheets.read(path)) for path in files}


def calendar_entries() -> list[Entry]:
    """The public holidays and make-up workdays this release knows."""
    return read_calendar((_HERE / "calendar.csv").read_text(encoding="utf-8"))


def list_sources() -> dict[str, Path]:
    """The files of the reference lists that forms look things up in, by name; `thresholds` is one of them."""
    return {path.stem: path for path in sorted((_HERE / "lists").glob("*.csv"))}


def _texts(folder: str, first: str = "") -> str:
    """The TOML files of a folder as one text: a table stands in one file only, and TOML itself refuses a second."""
    files = sorted((_HERE / folder).glob("*.toml"), key=lambda path: (path.stem != first, path.stem))
    return "\n".join(path.read_text(encoding="utf-8") for path in files)

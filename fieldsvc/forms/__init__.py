"""The definitions this release ships: forms as XLSForm in Markdown, datasets and choice lists as TOML.

Data, not code: a new form or property is a change of a file here. `docs/forms.md` says how they are written.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fieldsvc.processes.calendar import Entry, read_calendar
from fieldsvc.xlsform.datasets import DatasetDefinition, read_choices, read_datasets

_HERE = Path(__file__).parent


def datasets() -> dict[str, DatasetDefinition]:
    """The dataset definitions by name."""
    return read_datasets(_text("datasets.toml"), _text("choices.toml"))


def choices() -> dict[str, list[dict[str, Any]]]:
    """The choice lists that datasets and forms share, by name."""
    return read_choices(_text("choices.toml"))


def form_sources() -> dict[str, Path]:
    """The files of the shipped forms, by form id. `fieldsvc.xlsform.compile_form` compiles one."""
    return {path.stem: path for path in sorted(_HERE.glob("*.md"))}


def calendar_entries() -> list[Entry]:
    """The public holidays and make-up workdays this release knows."""
    return read_calendar(_text("calendar.csv"))


def _text(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")

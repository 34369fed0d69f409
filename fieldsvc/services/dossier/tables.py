"""Which of a household's records stand together in a table: read from the definitions, so a new one is no code."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Table:
    """Records of one dataset as a table: its columns, what is added up, and by which property it is ordered."""

    dataset: str
    columns: Sequence[str]
    newest: str
    total: Sequence[str]


@cache
def tables() -> tuple[Table, ...]:
    """The tables in the order of the page (`fieldsvc/forms/tables.toml`)."""
    text = resources.files("fieldsvc.forms").joinpath("tables.toml").read_text(encoding="utf-8")
    return tuple(
        Table(one["dataset"], tuple(one["columns"]), one["newest"], tuple(one.get("total", ())))
        for one in tomllib.loads(text)["tables"]
    )

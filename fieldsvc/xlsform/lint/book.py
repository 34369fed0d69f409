"""The sheets of a form as rows of text, with the mistakes found in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fieldsvc.xlsform.pictures import Pictures
from fieldsvc.xlsform.problems import FormProblem, problem

Row = dict[str, str]

#: Other spellings of a heading that pyxform reads as the one on the right.
ALIASES = {
    "relevance": "relevant",
    "calculate": "calculation",
    "read_only": "readonly",
    "count": "repeat_count",
    "jr:count": "repeat_count",
    "caption": "label",
    "command": "type",
    "tag": "name",
    "value": "name",
    "list name": "list_name",
    "constraining_message": "constraint_message",
    "requiredmsg": "required_message",
    "set_form_title": "form_title",
    "set_form_id": "form_id",
    "set form title": "form_title",
    "set form id": "form_id",
    "title": "form_title",
    "id_string": "form_id",
    "dataset": "list_name",
    "bind::relevant": "relevant",
    "bind::required": "required",
    "bind::constraint": "constraint",
    "bind::calculate": "calculation",
}


def heading_of(written: str) -> str:
    """A heading as this package compares it: small letters, one spelling, its language kept."""
    base, mark, language = written.strip().partition("::")
    base = base.lower().strip()
    if mark and base == "bind":
        return ALIASES.get(f"bind::{language.strip()}", f"bind::{language.strip()}")
    return f"{ALIASES.get(base, base)}{mark}{language.strip()}"


@dataclass(slots=True)
class Sheet:
    """One sheet: its headings as written, its rows by heading as compared. `rows[0]` is row 2 of the sheet."""

    name: str
    written: list[str]
    rows: list[Row]

    @classmethod
    def of(cls, name: str, written: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> Sheet:
        """The sheet as pyxform has read it."""
        names = {one: heading_of(one) for one in written}
        read = [
            {names.get(key, heading_of(key)): str(value).strip() for key, value in row.items() if value is not None}
            for row in rows
        ]
        return cls(name, list(written), [{key: value for key, value in row.items() if value} for row in read])

    @property
    def headings(self) -> set[str]:
        """The headings as compared."""
        return {heading_of(one) for one in self.written}

    def numbered(self) -> Iterator[tuple[int, Row]]:
        """Rows with something in them, with their number in the sheet."""
        for number, row in enumerate(self.rows, start=2):
            if row:
                yield number, row

    def as_written(self, heading: str) -> str:
        """The heading as its author wrote it."""
        return next((one for one in self.written if heading_of(one) == heading), heading)


@dataclass(slots=True)
class Book:
    """All sheets, what was found in them, and what later steps need: `places` are survey rows by path from the root."""

    sheets: dict[str, Sheet]
    sheet_names: list[str]
    problems: list[FormProblem] = field(default_factory=list)
    warnings: list[FormProblem] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)
    pictures: Pictures = field(default_factory=Pictures)

    def sheet(self, name: str) -> Sheet:
        """The sheet, empty when there is none."""
        return self.sheets.get(name) or Sheet(name, [], [])

    @property
    def settings(self) -> Row:
        """The one row of the settings sheet."""
        return next((row for _, row in self.sheet("settings").numbered()), {})

    def complain(self, code: str, sheet: str, row: int | None, column: str | None = None, detail: str = "") -> None:
        """Note a mistake at a cell; the column is named as its author wrote it."""
        written = self.sheet(sheet).as_written(column) if column else None
        self.problems.append(problem(code, detail, sheet=sheet, row=row, column=written))

    def warn(self, code: str, sheet: str, row: int | None, column: str | None = None, detail: str = "") -> None:
        """Note a doubt at a cell."""
        written = self.sheet(sheet).as_written(column) if column else None
        self.warnings.append(problem(code, detail, sheet=sheet, row=row, column=written))


_NAME = re.compile(r"[^\W\d][\w.-]*")


def is_name(text: str) -> bool:
    """Whether this can be the name of a question: what XML allows as a tag."""
    return _NAME.fullmatch(text) is not None

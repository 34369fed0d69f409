"""Small forms for tests: rows of a survey in, Markdown, spreadsheet or definition out."""

from __future__ import annotations

import copy
import io
from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl import Workbook

from fieldsvc.xlsform import FormProblem, FormProblems, compile_form
from fieldsvc.xlsform.definition import Definition
from tests.forms.both import recalculated

Row = Mapping[str, str]
SETTINGS = {
    "form_title": "试用",
    "form_id": "trial",
    "version": "1",
    "namespaces": 'fs="urn:fieldsvc:forms"',
}
YES_NO = [
    {"list_name": "yn", "name": "yes", "label": "是"},
    {"list_name": "yn", "name": "no", "label": "否"},
]


def sheets(survey: Sequence[Row], **others: Sequence[Row]) -> dict[str, Sequence[Row]]:
    """The sheets of a form; `yn` is there to choose from, and each row has its name as its label."""
    labelled = [{"label": row.get("name", ""), **row} if not hidden(row) else row for row in survey]
    return {"survey": labelled, "choices": YES_NO, "settings": [SETTINGS], **others}


def hidden(row: Row) -> bool:
    """Whether a row of this type has no label."""
    return row["type"].startswith(("calculate", "hidden", "start", "today", "end"))


def markdown(survey: Sequence[Row], **others: Sequence[Row]) -> str:
    """The form as Markdown tables."""
    lines: list[str] = []
    for name, rows in sheets(survey, **others).items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        lines += [f"| {name} |", f"| | {' | '.join(columns)} |"]
        lines += [
            f"| | {' | '.join(row.get(column, '').replace('|', chr(92) + '|') for column in columns)} |" for row in rows
        ]
    return "\n".join(lines)


def spreadsheet(survey: Sequence[Row], **others: Sequence[Row]) -> bytes:
    """The form as an .xlsx file."""
    book = Workbook()
    for name, rows in sheets(survey, **others).items():
        sheet = book.create_sheet(name)
        columns = list(dict.fromkeys(column for row in rows for column in row))
        sheet.append(columns)
        for row in rows:
            sheet.append([row.get(column) for column in columns])
    del book["Sheet"]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def compiled(survey: Sequence[Row], **others: Sequence[Row]) -> dict[str, Any]:
    """The definition of the form."""
    definition: Any = compile_form(markdown(survey, **others), "trial.md").definition
    return dict(definition)


def refused(data: bytes | str, filename: str = "trial.md") -> list[FormProblem]:
    """The problems for which a form is refused; none if it is not."""
    try:
        compile_form(data, filename)
    except FormProblems as problems:
        return problems.problems
    return []


def node(definition: Mapping[str, Any], ref: str) -> dict[str, Any]:
    """The node of a definition at `ref`."""
    found: Any = {"children": definition["nodes"]}
    for name in ref.split("/")[2:]:
        found = next(child for child in found["children"] if child["name"] == name)
    return dict(found)


def completed(definition: Definition, answers: Mapping[str, Any], context: Mapping[str, Any]) -> dict[str, Any]:
    """`answers` with every calculation as the phone would have sent it: for tests of what people answer themselves."""
    whole: dict[str, Any] = copy.deepcopy(dict(answers))
    for ref, value in recalculated(definition, answers, context).items():
        _fill(whole, ref.split("/")[2:], value)
    return whole


def _fill(at: dict[str, Any], steps: Sequence[str], value: str | None) -> None:
    for step in steps[:-1]:
        name, _, place = step.rstrip("]").partition("[")
        at = at[name][int(place) - 1] if place else at.setdefault(name, {})
    if value is not None:
        at[steps[-1]] = value

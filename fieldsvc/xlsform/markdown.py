"""A form in Markdown tables. A sheet may come in several tables, each with the columns it needs, and text between them.

A survey has some twenty columns, most of them empty in most rows; page by page, with only the columns a page needs, it
can be read without a spreadsheet.
"""

from __future__ import annotations

import re

from pyxform.xls2json_backends import DefinitionData

from fieldsvc.xlsform.lint.book import Row
from fieldsvc.xlsform.problems import SHEETS, FormProblems, problem

_PIPE = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"[\s|:-]*")


def read_markdown(text: str) -> DefinitionData:
    """The sheets in `text`. Raises `ValueError` when there is no table, `FormProblems` when a heading stands twice."""
    sheets: dict[str, list[Row]] = {}
    headings: dict[str, dict[str, None]] = {}
    names: list[str] = []
    sheet, header = "", None
    for line in text.splitlines():
        if not line.lstrip().startswith("|") or _RULE.fullmatch(line):
            continue
        first, *cells = [cell.strip().replace("\\|", "|") for cell in _PIPE.split(line.strip())[1:-1]]
        if first:
            sheet, header = first.lower(), None
            names.append(first)
        elif header is None:
            header = cells
            _no_twins(header)
            headings.setdefault(sheet, {}).update(dict.fromkeys(name for name in header if name))
            sheets.setdefault(sheet, [])
        else:
            row = {name: cell for name, cell in zip(header, cells, strict=False) if name and cell}
            sheets[sheet].append(row)
    if not sheets:
        raise ValueError("no table")
    known = {name: rows for name, rows in sheets.items() if name in SHEETS}
    heads = {f"{name}_header": [headings[name]] for name in known}
    return DefinitionData(sheet_names=list(dict.fromkeys(names)), **known, **heads)


def _no_twins(header: list[str]) -> None:
    twice = {name for name in header if name and header.count(name) > 1}
    if twice:
        raise FormProblems([problem("heading-duplicate", ", ".join(sorted(twice)))])

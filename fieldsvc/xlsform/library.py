"""Rules and choice lists that many forms share: written once, put into each form before it is converted.

A cell with an expression may hold `@name` or `@name(argument, …)`; a list that the choices sheet does not have is taken
from the shared ones. What is published is the whole form, so a later change of the library changes no published form.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pyxform.xls2json_backends import DefinitionData

from fieldsvc.xlsform.lint.book import heading_of
from fieldsvc.xlsform.named_rules import Rule, UnknownRule, expanded, only_call
from fieldsvc.xlsform.problems import SHEETS, FormProblem, problem

SHIPPED = Path(__file__).parent.parent / "forms"
LANGUAGES = ("zh", "en")
_EXPRESSIONS = frozenset(
    [
        *("relevant", "constraint", "calculation", "choice_filter", "required", "readonly", "repeat_count", "default"),
        *("create_if", "update_if", "entity_id", "label"),
    ]
)
_SOFT = re.compile(r"bind::fs:soft(\d*)")
_SOFT_MESSAGE = re.compile(r"bind::fs:soft-(?:zh|en)\d*")
#: pyxform makes paths of names in attributes; `XForm.filled` puts these back.
_NAMED = re.compile(r"\$\{\s*([^}\s]+)\s*\}")
_SELECT = re.compile(r"(?:select_one|select_multiple|rank) (\w+)(?: or_other)?")
_LOOK_UP = re.compile(r"instance\(['\"](\w+)['\"]\)")
_LANGUAGE = re.compile(r".*\((\w+)\)")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Library:
    """Rules by name, and choice rows by list: `name`, the labels by language, and every further column."""

    rules: Mapping[str, Rule]
    choices: Mapping[str, Sequence[Mapping[str, str]]]


@cache
def shipped() -> Library:
    """The library of this release."""
    return read_library(_texts("rules"), _texts("choices"))


def read_library(rules: str, choices: str) -> Library:
    """The library in two TOML texts; `docs/forms.md` shows how both are written."""
    return Library(
        {name: _rule(content) for name, content in tomllib.loads(rules).items()},
        {
            name: [{"name": code, **row} for code, row in codes.items()]
            for name, codes in tomllib.loads(choices).items()
        },
    )


def expand(read: DefinitionData, library: Library) -> list[FormProblem]:
    """Put what the library has into the sheets, and mark answers in soft messages; what could not be found."""
    found: list[FormProblem] = []
    for sheet in ("survey", "entities"):
        rows: Sequence[Row] = getattr(read, sheet) or []
        for number, row in enumerate(rows, start=2):
            for column in [name for name, cell in row.items() if _holds_expression(sheet, name) and "@" in str(cell)]:
                try:
                    _expand_cell(read, row, column, library)
                except UnknownRule as unknown:
                    row.pop(column)
                    found.append(problem("rule-unknown", str(unknown), sheet=sheet, row=number, column=column))
        for row in rows:
            for column in filter(_SOFT_MESSAGE.fullmatch, list(row)):
                row[column] = _NAMED.sub(r"⟦\1⟧", str(row[column]))
    _add_lists(read, library)
    return found


def _texts(folder: str) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((SHIPPED / folder).glob("*.toml")))


def _rule(content: Mapping[str, Any]) -> Rule:
    message = {language: content[language] for language in LANGUAGES if language in content}
    return Rule(" ".join(content["means"].split()), tuple(content.get("with", ())), message)


def _holds_expression(sheet: str, column: str) -> bool:
    heading = heading_of(column)
    if _SOFT.fullmatch(column):
        return True
    return heading in _EXPRESSIONS and not (sheet == "survey" and heading == "label")


def _expand_cell(read: DefinitionData, row: Row, column: str, library: Library) -> None:
    cell = str(row[column]).strip()
    row[column] = expanded(cell, library.rules)
    alone = only_call(cell)
    if alone:
        for heading, text in _messages(read, column, library.rules[alone].message):
            row.setdefault(heading, text)
            _head(read, "survey", heading)


def _messages(read: DefinitionData, column: str, message: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The columns that say why this rule is not kept, with their texts."""
    soft = _SOFT.fullmatch(column)
    if soft:
        yield from ((f"bind::fs:soft-{language}{soft[1]}", text) for language, text in message.items())
    elif heading_of(column) == "constraint":
        for heading, language in _labels(read):
            if language in message:
                yield heading.replace("label", "constraint_message", 1), message[language]


def _labels(read: DefinitionData) -> list[tuple[str, str]]:
    """The label columns of the survey with their languages; a form without languages is Chinese."""
    headings = [str(name) for row in read.survey_header or [] for name in row]
    labels = [name for name in headings if heading_of(name).split("::")[0] == "label"]
    return [(name, found[1] if (found := _LANGUAGE.fullmatch(name)) else "zh") for name in labels]


def _add_lists(read: DefinitionData, library: Library) -> None:
    others = {str(name).lower() for name in read.sheet_names or []} - {*SHEETS}
    if read.choices is None and others:
        return  # the form's own lists may stand in a sheet whose name is misspelled: that is to be told, not hidden
    written = {row.get("list_name") or row.get("list name") for row in read.choices or []}
    # A list nobody has is told by who checks the sheets.
    wanted = dict.fromkeys(name for name in _lists_named(read) if name in library.choices and name not in written)
    rows = [_choice_row(read, name, choice) for name in wanted for choice in library.choices[name]]
    if rows:
        read.choices = [*(read.choices or []), *rows]
        for heading in dict.fromkeys(heading for row in rows for heading in row):
            _head(read, "choices", heading)
        if "choices" not in (read.sheet_names or []):
            read.sheet_names = [*(read.sheet_names or []), "choices"]


def _lists_named(read: DefinitionData) -> Iterator[str]:
    """The lists that questions offer or expressions look things up in."""
    for row in [*(read.survey or []), *(read.entities or [])]:
        asked = _SELECT.fullmatch(str(row.get("type", "")).strip())
        if asked:
            yield asked[1]
        for cell in row.values():
            yield from _LOOK_UP.findall(str(cell))


def _choice_row(read: DefinitionData, name: str, choice: Mapping[str, str]) -> Row:
    labels = {heading: choice[language] for heading, language in _labels(read) if language in choice}
    more = {column: str(cell) for column, cell in choice.items() if column not in (*LANGUAGES, "name")}
    return {"list_name": name, "name": choice["name"], **labels, **more}


def _head(read: DefinitionData, sheet: str, heading: str) -> None:
    """Let the sheet have this column."""
    header = list(getattr(read, f"{sheet}_header") or [{}])
    if heading not in header[0]:
        setattr(read, f"{sheet}_header", [{**header[0], heading: None}, *header[1:]])

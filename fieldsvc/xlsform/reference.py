"""Reference lists: tables of codes and figures that many forms look things up in, kept outside every one of them.

Published by name from a spreadsheet. A form that names one carries a copy from the moment it is published, so that a
published version is whole: a phone in a village and the server a month later look into the same rows (decision 0008).
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from fieldsvc.xlsform.beginning import OF_THE_PHONE
from fieldsvc.xlsform.compiled import digest_of
from fieldsvc.xlsform.definition import Definition
from fieldsvc.xlsform.problems import FormProblem, FormProblems, problem
from fieldsvc.xlsform.reads import EVERY, reads_of
from fieldsvc.xlsform.rows_read import names_read

Row = dict[str, str]

MOST_ROWS = 5_000
#: Characters of JSON that the lists of one form may add to it: a minute and a half of 2G, compressed.
LARGEST = 400_000
_COLUMN = re.compile(r"[^\W\d][\w.-]*|label::.+")
_LANGUAGE = re.compile(r"\(([A-Za-z-]+)\)\s*$")


@dataclass(frozen=True, slots=True)
class ReferenceList:
    """The rows of a list, ready to be published. `digest` is the SHA-256 of their JSON."""

    name: str
    rows: list[Row]
    digest: str


def reference_list(name: str, given: Iterable[Mapping[str, str]]) -> ReferenceList:
    """The list `name` from rows of a sheet. Raises `FormProblems` with everything that is wrong with it."""
    problems: list[FormProblem] = []
    rows: list[Row] = []
    if not re.fullmatch(r"[^\W\d][\w-]*", name):
        problems.append(problem("list-unreadable", name))
    for number, cells in enumerate(given, start=2):
        row = {_column(heading): text.strip() for heading, text in cells.items() if text.strip()}
        if number == 2:
            problems += [problem("list-unreadable", each, row=1) for each in cells if not _COLUMN.fullmatch(each)]
        if "name" not in row:
            problems.append(problem("list-unreadable", "name", sheet=name, row=number, column="name"))
        elif re.search(r"\s", row["name"]):
            problems.append(problem("choice-code", row["name"], sheet=name, row=number, column="name"))
        rows.append(row)
    if not rows:
        problems.append(problem("list-unreadable", name))
    if len(rows) > MOST_ROWS or len(json.dumps(rows, ensure_ascii=False)) > 4 * LARGEST:
        problems = [problem("list-too-large", f"{name}: {len(rows)}")]
    if problems:
        raise FormProblems(problems[:20])
    return ReferenceList(name, rows, digest_of(rows))


def _column(heading: str) -> str:
    """`label::English (en)` is `label::en`."""
    language = _LANGUAGE.search(heading)
    return f"label::{language[1]}" if language and heading.startswith("label::") else heading


def bare(definition: Mapping[str, Any]) -> Definition:
    """The form as it was compiled, without the lists that publishing put in."""
    if "lists" not in definition:
        return cast(Definition, dict(definition))
    plain = {key: value for key, value in definition.items() if key not in ("instances", "lists", "reads")}
    reads = reads_of(cast(Definition, plain))
    return cast(Definition, {**plain, **({"reads": reads} if reads else {})})


def attach(
    definition: Definition, lists: Mapping[str, tuple[int, Iterable[Row]]], datasets: Collection[str]
) -> Definition:
    """The form with the reference lists it reads, `lists` being revision and rows by name.

    `reads` keeps what the phone's own records answer. Raises `FormProblems`: `list-missing` for a name that is neither
    a list nor a dataset, `list-too-large` when the lists would make the form too heavy for a slow network.
    """
    instances: dict[str, list[Row]] = {}
    revisions: dict[str, int] = {}
    held: dict[str, list[str]] = {}
    problems: list[FormProblem] = []
    wanted = names_read(definition)
    for name, columns in reads_of(definition).items():
        if name in datasets or name in OF_THE_PHONE:
            held[name] = columns
        elif name in lists:
            revisions[name], rows = lists[name]
            names = wanted.get(name)
            instances[name] = [_chosen(row, columns) for row in rows if names is None or row["name"] in names]
        else:
            problems.append(problem("list-missing", name))
    size = len(json.dumps(instances, ensure_ascii=False))
    if size > LARGEST:
        problems.append(problem("list-too-large", f"{', '.join(instances)}: {size} > {LARGEST}"))
    if problems:
        raise FormProblems(problems)
    whole = {key: value for key, value in definition.items() if key not in ("instances", "lists", "reads")}
    more: dict[str, Any] = {"reads": held, "lists": revisions, "instances": instances}
    return cast(Definition, {**whole, **{key: value for key, value in more.items() if value}})


def _chosen(row: Row, columns: Collection[str]) -> Row:
    """The cells of a row that the form can read."""
    if EVERY in columns:
        return dict(row)
    return {key: value for key, value in row.items() if key == "name" or key.partition("::")[0] in columns}

"""The definitions this release ships: forms as XLSForm in Markdown, datasets and choice lists as TOML, lists as CSV.

Data, not code: a new form or property is a change of a file here. `docs/forms.md` says how they are written.
"""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path
from typing import Any

from fieldsvc import sheets
from fieldsvc.ledgers.read import LedgerProblem
from fieldsvc.processes.calendar import Entry, read_calendar
from fieldsvc.processes.keys import ProcessProblem
from fieldsvc.processes.limits import limits_of
from fieldsvc.processes.model import Process
from fieldsvc.processes.read import overlay, parse
from fieldsvc.series.read import Slots
from fieldsvc.series.read import read as read_slots
from fieldsvc.xlsform.compiled import digest_of
from fieldsvc.xlsform.datasets import DatasetDefinition, read_choices, read_datasets
from fieldsvc.xlsform.reference import ReferenceList, reference_list

#: For checking what is shipped every figure will do; which one is in force is asked when a move is judged.
LATEST_YEAR = 9999
_HERE = Path(__file__).parent


def datasets(county: str = "") -> dict[str, DatasetDefinition]:
    """The dataset definitions by name, the register's first, each with the process its records go through.

    `county`: the text of the county's own processes, laid over the shipped ones. A process that is `off` is left out,
    and with it its dataset and the one of its subjects, where it names one that no other names. Raises
    `ProcessProblem`.
    """
    found = read_datasets(_texts("datasets", first="register"), _texts("choices"))
    contents = processes(county)
    figures = limits_of(_rows("thresholds"), LATEST_YEAR)
    for name, content in contents.items():
        if not content.get("off"):
            process = parse(name, content, found, figures)
            _attach(found[process.dataset], process, content)
    gone = {content.get(key) for content in contents.values() if content.get("off") for key in ("dataset", "subject")}
    gone -= {content.get("subject") for content in contents.values() if not content.get("off")}
    return {name: definition for name, definition in found.items() if name not in gone}


def turned_off(county: str = "") -> dict[str, DatasetDefinition]:
    """The datasets of the processes that are `off`, with those: for a county that had turned one on before.

    What phones still send is judged by its stages as before, and nothing of it falls due. Raises `ProcessProblem`.
    """
    found = read_datasets(_texts("datasets", first="register"), _texts("choices"))
    figures, off = limits_of(_rows("thresholds"), LATEST_YEAR), {}
    for name, content in processes(county).items():
        if content.get("off") and content.get("dataset") in found:
            process = parse(name, content, found, figures)
            _attach(found[process.dataset], process, content)
            off[process.dataset] = found[process.dataset]
    return off


def processes(county: str = "") -> dict[str, dict[str, Any]]:
    """What the processes say, by name: the shipped files, and over them the county's own. Raises `ProcessProblem`."""
    shipped, own = tomllib.loads(_texts("processes")), _own(county)
    return {name: overlay(shipped.get(name, {}), own.get(name, {})) for name in {**shipped, **own}}


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


def ledgers(county: str = "") -> dict[str, dict[str, Any]]:
    """What the ledgers say, by name: the shipped files, and in place of any of them the county's own.

    A county's ledger that is `off` is left out. Raises `LedgerProblem`.
    """
    try:
        own = tomllib.loads(county)
    except tomllib.TOMLDecodeError as mistake:
        raise LedgerProblem(f"The county's file is no TOML: {mistake}") from None
    found = {**tomllib.loads(_texts("ledgers", first="visits")), **own}
    return {name: content for name, content in found.items() if not content.get("off")}


def slots(county: str = "") -> Slots:
    """The slots of photo series by name: the shipped table, and over it the county's own. Raises `SlotProblem`."""
    return read_slots((_HERE / "slots.toml").read_text(encoding="utf-8"), county)


def calendar_entries() -> list[Entry]:
    """The public holidays and make-up workdays this release knows."""
    return read_calendar((_HERE / "calendar.csv").read_text(encoding="utf-8"))


def _own(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as mistake:
        raise ProcessProblem(f"The county's file is no TOML: {mistake}") from None


def _attach(definition: DatasetDefinition, process: Process, content: dict[str, Any]) -> None:
    """Give a dataset its process. Two phones' stages are compared along the line; a stage beside it needs a person."""
    definition["process"] = {"name": process.name, "content": content}
    definition["properties"][process.stage_property]["ranks"] = list(process.line)
    definition["version"] = digest_of({**definition, "version": ""})


def _rows(name: str) -> list[dict[str, str]]:
    with list_sources()[name].open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def import_kinds() -> dict[str, dict[str, Any]]:
    """What may be imported: by kind its name, its dataset, and the headings that mean its properties."""
    return tomllib.loads((_HERE / "imports.toml").read_text(encoding="utf-8"))


def list_sources() -> dict[str, Path]:
    """The files of the reference lists that forms look things up in, by name; `thresholds` is one of them."""
    return {path.stem: path for path in sorted((_HERE / "lists").glob("*.csv"))}


def _texts(folder: str, first: str = "") -> str:
    """The TOML files of a folder as one text: a table stands in one file only, and TOML itself refuses a second."""
    files = sorted((_HERE / folder).glob("*.toml"), key=lambda path: (path.stem != first, path.stem))
    return "\n".join(path.read_text(encoding="utf-8") for path in files)

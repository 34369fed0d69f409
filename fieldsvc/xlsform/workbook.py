"""Turns what a clerk uploads (.xlsx, .xls, .md, or a ready XForm) into XForm XML, and remembers where each name stood.

pyxform reads the sheets; its messages carry the row. The XML is then read with everything switched off that an
attacker could use: entities, DTDs, network.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any
from xml.parsers.expat import ExpatError

from lxml import etree
from pyxform.errors import PyXFormError
from pyxform.xls2json_backends import get_xlsform
from pyxform.xls2xform import convert

from fieldsvc.xlsform.problems import FormProblem, FormProblems, problem

LARGEST = 5_000_000
LARGEST_UNPACKED = 60_000_000
_ROW = re.compile(r"\[row : (\d+)\]")
_SHEET = re.compile(r"the '(survey|choices|settings|entities)' sheet", re.IGNORECASE)
_COLUMN = re.compile(r"the '([\w:]+)' (?:value|column)")


@dataclass(slots=True)
class Source:
    """The XForm of an uploaded form. `rows` gives the survey row of a question's name, for messages."""

    xml: bytes
    rows: dict[str, int] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    warnings: list[FormProblem] = field(default_factory=list)


def read_source(data: bytes, filename: str) -> Source:
    """The XForm in `data`. Raises `FormProblems` when it cannot be read, or pyxform refuses it."""
    if len(data) > LARGEST:
        raise FormProblems([problem("form-too-large", f"{len(data)} > {LARGEST}")])
    kind = PurePath(filename).suffix.lower()
    if kind == ".xml":
        return Source(data)
    if kind not in (".xlsx", ".xls", ".md"):
        raise FormProblems([problem("form-unreadable", kind or filename)])
    if kind == ".xlsx":
        _refuse_bomb(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = get_xlsform(io.BytesIO(data), file_type=kind)
            result = convert(io.BytesIO(data), file_type=kind, pretty_print=False)
    except PyXFormError as error:
        raise FormProblems([_placed("form-refused", str(error))]) from error
    except (ValueError, KeyError, TypeError, AttributeError, OSError, ExpatError, zipfile.BadZipFile) as error:
        raise FormProblems([problem("form-unreadable", type(error).__name__)]) from error
    rows: dict[str, int] = {}
    for index, row in enumerate(book.survey or []):
        rows.setdefault(str(row.get("name", "")), index + 2)
    settings: dict[str, Any] = dict((book.settings or [{}])[0])
    notes = [_placed("form-warning", text) for text in result.warnings]
    return Source(result.xform.encode(), rows, {str(k): str(v) for k, v in settings.items()}, notes)


def _refuse_bomb(data: bytes) -> None:
    """A few kilobytes of zip can unpack to gigabytes; its directory tells before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(item.file_size for item in archive.infolist())
    except zipfile.BadZipFile as error:
        raise FormProblems([problem("form-unreadable", "zip")]) from error
    if size > LARGEST_UNPACKED:
        raise FormProblems([problem("form-too-large", f"{size} > {LARGEST_UNPACKED}")])


def _placed(code: str, text: str) -> FormProblem:
    """A message of pyxform with its place taken out of the sentence."""
    row, sheet, column = _ROW.search(text), _SHEET.search(text), _COLUMN.search(text)
    return problem(
        code,
        _ROW.sub("", text).strip(),
        sheet=sheet[1].lower() if sheet else ("survey" if row else None),
        row=int(row[1]) if row else None,
        column=column[1] if column else None,
    )


def read_xml(xml: bytes) -> Any:
    """The document element of `xml`, read without entities, DTDs or network. Raises `FormProblems`."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        document = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise FormProblems([problem("form-unreadable", str(error))]) from error
    if document.getroottree().docinfo.doctype:
        raise FormProblems([problem("xml-unsafe", "DOCTYPE")])
    return document

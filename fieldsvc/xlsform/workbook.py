"""Turns what a clerk uploads (.xlsx, .xls, .md, or a ready XForm) into XForm XML, and remembers where each name stood.

pyxform reads the sheets; what is wrong with them is said by `lint`, in the clerk's language, and what only pyxform
notices is recast into ours (`recast`). The XML is then read with everything switched off that an attacker could use:
entities, DTDs, network.
"""

from __future__ import annotations

import io
import re
import struct
import warnings
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any
from xml.parsers.expat import ExpatError

from lxml import etree
from pyxform.errors import PyXFormError
from pyxform.xls2json_backends import DefinitionData, get_xlsform
from pyxform.xls2xform import convert
from xlrd.compdoc import CompDocError

from fieldsvc.xlsform.library import Library, expand
from fieldsvc.xlsform.lint import Book, lint
from fieldsvc.xlsform.lint.book import Sheet
from fieldsvc.xlsform.lint.expressions import expressions
from fieldsvc.xlsform.markdown import read_markdown
from fieldsvc.xlsform.pictures import Pictures
from fieldsvc.xlsform.problems import FormProblem, FormProblems, in_order, problem
from fieldsvc.xlsform.recast import recast
from fieldsvc.xlsform.spreadsheet import MOST_ROWS, inspect
from fieldsvc.xlsform.supplied import supply
from fieldsvc.xlsform.xform import XF

LARGEST = 5_000_000
#: What the readers of damaged files throw; an old .xls fails in many ways inside xlrd.
_UNREADABLE = (
    *(ValueError, LookupError, TypeError, AttributeError, OSError, OverflowError, AssertionError, EOFError),
    # lxml's errors are SyntaxErrors.
    *(SyntaxError, ExpatError, CompDocError, struct.error, zipfile.BadZipFile, zlib.error),
)
#: How an .xls file begins, whatever it is called: WPS and old Excel save one under the name of the other.
_OLD_WORKBOOK = bytes.fromhex("d0cf11e0a1b11ae1")
#: pyxform's advice that `lint` gives in its own words, or that has no meaning here.
_SAID_ALREADY = re.compile(
    r"max-pixels|has no label|should have a label|missing the \w+ (?:label|hint|constraint|required)|"
    r"is missing the survey|is missing the choices|similar names were found|has not been specified|case-insensitive|"
    r"must not contain spaces"
)


@dataclass(slots=True)
class Source:
    """The XForm of an uploaded form. `rows` gives the survey row of a question's path below the root, for messages."""

    xml: bytes
    rows: dict[str, int] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    warnings: list[FormProblem] = field(default_factory=list)
    problems: list[FormProblem] = field(default_factory=list)


def read_source(data: bytes, filename: str, library: Library, pictures: Pictures) -> Source:
    """The XForm in `data`, with the mistakes found so far. Raises `FormProblems` when there can be no XForm.

    Rules and choice lists that the form only names are taken from `library`, its pictures from `pictures`.
    """
    if len(data) > LARGEST:
        raise FormProblems([problem("form-too-large", f"{len(data)} > {LARGEST}")])
    kind = PurePath(filename).suffix.lower()
    if kind == ".xml":
        return Source(data)
    if kind not in (".xlsx", ".xls", ".md"):
        raise FormProblems([problem("form-unreadable", kind or filename)])
    if data.startswith(_OLD_WORKBOOK):
        kind = ".xls"
    odd, hidden = inspect(data) if kind == ".xlsx" else ([], [])
    try:
        read = _read(data, kind)
    except FormProblems as unread:
        raise FormProblems(in_order(odd or unread.problems)) from unread
    doubts = supply(read, filename)
    unknown = expand(read, library)
    book = _book(read)
    book.pictures = pictures
    book.problems += [*odd, *unknown]
    book.warnings += [*hidden, *doubts]
    lint(book)
    if "survey" not in book.sheets:
        raise FormProblems(in_order(book.problems))
    xml, advice = _converted(read, book)
    return Source(xml, book.places, book.settings, [*book.warnings, *advice], book.problems)


def _read(data: bytes, kind: str) -> DefinitionData:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return read_markdown(data.decode()) if kind == ".md" else get_xlsform(io.BytesIO(data), file_type=kind)
    except PyXFormError as error:
        twice = str(error).startswith("Duplicate column header: ")
        code, detail = ("heading-duplicate", str(error).partition(": ")[2]) if twice else ("form-unreadable", kind)
        raise FormProblems([problem(code, detail)]) from error
    except _UNREADABLE as error:
        raise FormProblems([problem("form-unreadable", type(error).__name__)]) from error


def _book(read: DefinitionData) -> Book:
    sheets: dict[str, Sheet] = {}
    for name in ("survey", "choices", "settings", "entities"):
        rows = getattr(read, name)
        if rows is not None:
            if len(rows) > MOST_ROWS[name]:
                raise FormProblems([problem("form-too-large", f"> {MOST_ROWS[name]}", sheet=name)])
            written = [str(key) for row in getattr(read, f"{name}_header") or [] for key in row]
            sheets[name] = Sheet.of(name, written, rows)
    return Book(sheets, [str(name) for name in read.sheet_names or []])


def _converted(read: DefinitionData, book: Book) -> tuple[bytes, list[FormProblem]]:
    """The XForm and pyxform's advice. Raises with everything known when pyxform refuses."""
    fields = {name: getattr(read, name) for name in DefinitionData.__slots__}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = convert({name: value for name, value in fields.items() if value is not None}, pretty_print=False)
    except PyXFormError as error:
        expressions(book)
        refused = recast(str(error))
        if not _known(refused, book.problems):
            book.problems.append(refused)
        raise FormProblems(in_order(book.problems)) from error
    except _UNREADABLE as error:
        found = book.problems or [problem("form-unreadable", type(error).__name__)]
        raise FormProblems(in_order(found)) from error
    advice = [recast(text, "form-warning") for text in result.warnings if not _SAID_ALREADY.search(text)]
    told = {one.code for one in book.warnings} & {"language-code"}
    return result.xform.encode(), [one for one in advice if one.code not in told]


def _known(refused: FormProblem, found: list[FormProblem]) -> bool:
    """Whether something of ours already speaks of the place that pyxform refuses, or of the whole form."""
    if refused.row is None:
        return bool(found)
    if refused.code == "name-missing" and any(one.code == "heading-missing" for one in found):
        return True
    return any(one.row == refused.row and one.sheet == refused.sheet for one in found)


def read_xml(xml: bytes) -> Any:
    """The document element of `xml`, read without entities, DTDs or network. Raises `FormProblems`."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        document = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise FormProblems([problem("form-unreadable", str(error))]) from error
    if document.getroottree().docinfo.doctype:
        raise FormProblems([problem("xml-unsafe", "DOCTYPE")])
    for element in document.iter("{}*"):
        # Forms written by hand leave the namespace out, and every client takes them.
        element.tag = f"{XF}{element.tag}"
    return document

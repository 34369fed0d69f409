"""The half of `fieldsvc.sheets` that needs no workbook: .csv in and out, and what both halves hold for true."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

# A cell that begins like this is run as a formula when the file is opened.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
PLAIN_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
#: A table to write: its name, its headings, and those of them that hold numbers.
Table = tuple[str, Sequence[str], frozenset[str]]


class SheetUnreadable(ValueError):
    """The file is no table we can read, as a sentence."""


def read(path: Path) -> Iterator[list[str]]:
    """The rows of a file, its headings first."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError:
            raise SheetUnreadable(f"{path.name}: 文字编码无法识别。The text encoding is unknown.") from None
    yield from csv.reader(text.splitlines())


def write(path: Path, headings: Sequence[str], lines: Iterable[Sequence[str]]) -> int:
    """Write the lines below the headings; return how many they are."""
    number = 0
    # The mark at the beginning tells Excel that this is UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        for number, line in enumerate(lines, start=1):  # noqa: B007 - the last number is the count
            writer.writerow([neutral(value) for value in line])
    return number


def write_all(path: Path, sheets: Sequence[Table], rows: Iterable[tuple[int, Mapping[str, str]]]) -> list[Path]:
    """Write a file for each table beside the first, from rows in any order."""
    paths = [path if n == 0 else path.with_stem(f"{path.stem}-{name}") for n, (name, _, _) in enumerate(sheets)]
    with ExitStack() as files:
        writers = [csv.writer(files.enter_context(one.open("w", encoding="utf-8-sig", newline=""))) for one in paths]
        for writer, (_, headings, _) in zip(writers, sheets, strict=True):
            writer.writerow([neutral(heading) for heading in headings])
        for number, row in rows:
            writers[number].writerow([neutral(row.get(heading, "")) for heading in sheets[number][1]])
    return paths


def neutral(text: str) -> str:
    """Text that no spreadsheet runs; a negative number stays one."""
    return f"'{text}" if text.startswith(FORMULA) and not PLAIN_NUMBER.fullmatch(text) else text

"""Lines up the columns of the forms' Markdown tables, Han characters counted double: `python -m tests.forms.tables`."""

from __future__ import annotations

import re
import unicodedata

from fieldsvc.forms import form_sources

NAMES = ("check", "household", "rectification", "registration", "visit")
_PIPE = re.compile(r"(?<!\\)\|")


def aligned(text: str) -> str:
    """`text` with every table's columns lined up; what is not a table stays as it is."""
    lines: list[str] = []
    table: list[list[str]] = []
    for line in [*text.splitlines(), ""]:
        if line.startswith("|"):
            table.append([cell.strip() for cell in _PIPE.split(line.strip())[1:-1]])
            continue
        lines += _lined_up(table)
        table = []
        lines.append(line)
    return "\n".join(lines[:-1]) + "\n"


def _lined_up(table: list[list[str]]) -> list[str]:
    """One table. A row with a single cell is the name of a sheet and takes part in no column."""
    rows = [row for row in table if len(row) > 1]
    widths = [max(_width(row[at]) for row in rows if at < len(row)) for at in range(max(map(len, rows), default=0))]
    return [
        f"| {row[0]} |"
        if len(row) == 1
        else "| " + " | ".join(cell + " " * (widths[at] - _width(cell)) for at, cell in enumerate(row)) + " |"
        for row in table
    ]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def main() -> None:
    """Rewrite the forms that are kept lined up."""
    for name in NAMES:
        path = form_sources()[name]
        path.write_text(aligned(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()

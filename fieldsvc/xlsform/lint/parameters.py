"""The parameters column: values that no question of this type can use, told before pyxform stops at the first."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fieldsvc.xlsform.lint.book import Book

_NUMBERS = ("start", "end", "step", "max-pixels", "rows", "capture-accuracy", "warning-accuracy")
_NUMBER = re.compile(r"-?(\d+\.?\d*|\.\d+)")
_WORDS = {
    "randomize": ("true", "false"),
    "incremental": ("true",),
    "allow-mock-accuracy": ("true", "false"),
    "quality": ("voice-only", "low", "normal", "external"),
}
_PAIR = re.compile(r"([\w-]+)\s*=\s*([^\s,;]+)")


def parameters(book: Book) -> None:
    """Note parameters that are no number or no word of theirs, and ranges that hold nothing."""
    for number, row in book.sheet("survey").numbered():
        for detail in _wrong(dict(_PAIR.findall(row.get("parameters", ""))), row.get("type", "")):
            book.complain("parameters-invalid", "survey", number, "parameters", detail)


def _wrong(given: dict[str, str], kind: str) -> Iterator[str]:
    for key, value in given.items():
        known = _WORDS.get(key)
        if (key in _NUMBERS and not _NUMBER.fullmatch(value)) or (known and value not in known):
            yield f"{key}={value}"
    if "seed" in given and given.get("randomize") != "true":
        yield f"seed={given['seed']}, randomize=true?"
    start, end, step = given.get("start", "1"), given.get("end", "10"), given.get("step", "1")
    if kind == "range" and all(map(_NUMBER.fullmatch, (start, end, step))):
        if float(step) == 0:
            yield f"step={step}"
        elif (float(end) - float(start)) * float(step) <= 0:
            yield f"start={start} end={end} step={step}"

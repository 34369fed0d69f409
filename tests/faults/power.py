"""What a power cut leaves of PostgreSQL's files: everything it synced, and of the rest what chance had written.

The system may write a page to its file at any time after it was handed over, in any order and half of it: a file is
known to be on the disk only when it was synced. For the log that is at every commit, for pages at a checkpoint.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PAGE = 8_192
#: What a disk writes whole.
SECTOR = 512
_RELATION = re.compile(r"\d+(_fsm|_vm)?(\.\d+)?")


@dataclass(frozen=True)
class Cut:
    """How much of what was never synced is lost."""

    pages: int
    torn: int
    log: int


def pages_of(data: Path) -> dict[Path, bytes]:
    """The files of tables and indexes. Right after a checkpoint all of it is surely on the disk."""
    files = (path for part in ("base", "global") for path in (data / part).rglob("*"))
    return {path: path.read_bytes() for path in sorted(files) if _RELATION.fullmatch(path.name) and path.is_file()}


def cut(data: Path, on_disk: Mapping[Path, bytes], synced: int, dice: random.Random) -> Cut:
    """Take back from the files of a PostgreSQL that was killed what a disk need not have kept.

    `on_disk` are its pages as they were after the last checkpoint, `synced` is the place in the log up to which it had
    been synced when the last receipt left.
    """
    end, lost = _cut_log(data / "pg_wal", synced, dice)
    pages = torn = 0
    for file, new in pages_of(data).items():
        left, changed, halves = _left_of(on_disk.get(file, b""), new, end, dice)
        pages, torn = pages + changed, torn + halves
        if left != new:
            file.write_bytes(left)
    return Cut(pages, torn, lost)


def _left_of(old: bytes, new: bytes, end: int, dice: random.Random) -> tuple[bytes, int, int]:
    """Each page as it was, as it is, or some sectors of either; how many were to choose from, and how many are torn.

    A page that speaks of a place behind the end of the log cannot have been written: the log is synced first.
    """
    pages, changed, torn = [], 0, 0
    for start in range(0, len(new), PAGE):
        before, after = old[start : start + PAGE] or bytes(PAGE), new[start : start + PAGE]
        place = int.from_bytes(after[:4], "little") << 32 | int.from_bytes(after[4:8], "little")
        fate = 0.0 if place > end else dice.random()
        if before == after:
            pages.append(after)
            continue
        changed += 1
        if fate < 0.4:
            pages.append(before)
        elif fate < 0.7:
            pages.append(after)
        else:
            torn += 1
            sectors = range(0, PAGE, SECTOR)
            pages.append(b"".join(dice.choice((before, after))[at : at + SECTOR] for at in sectors))
    return b"".join(pages), changed, torn


def _cut_log(folder: Path, synced: int, dice: random.Random) -> tuple[int, int]:
    """End the log somewhere behind what was synced, with zeros or noise after it; the place, and the bytes lost."""
    segment = next(path for path in folder.iterdir() if re.fullmatch(r"[0-9A-F]{24}", path.name))
    size = segment.stat().st_size
    number = synced // size
    file = folder / f"{1:08X}{number * size >> 32:08X}{number % (2**32 // size):08X}"
    written = file.read_bytes()
    start = synced % size
    last = start + len(written[start:].rstrip(b"\0"))
    at = dice.randint(start, last)
    rest = bytes(size - at) if dice.random() < 0.5 else dice.randbytes(min(PAGE, size - at))
    file.write_bytes((written[:at] + rest).ljust(size, b"\0"))
    return number * size + at, last - at

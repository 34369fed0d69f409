"""A form together with the pictures it shows: a zip of the form's file and the files its `media::image` cells name.

Several files of one upload become such a zip, so that whatever was uploaded is kept, and given back, as one file.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from fieldsvc.xlsform.problems import FormProblems, problem

FORM_KINDS = (".xlsx", ".xls", ".md", ".xml")
MOST_FILES = 300
LARGEST_UNPACKED = 20_000_000
_UTF8 = 0x800
_DAMAGE = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError)


@dataclass(frozen=True, slots=True)
class Bundle:
    """The file of a form, its name, and the other files that came with it, by name."""

    data: bytes
    filename: str
    pictures: Mapping[str, bytes] = field(default_factory=dict)


def bundled(files: Iterable[tuple[str, bytes]]) -> tuple[bytes, str]:
    """The files of one upload as one file with its name: the form itself when nothing came with it, else a zip."""
    found = list(files)
    if len(found) == 1:
        return found[0][1], found[0][0]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in found:
            # A fixed date: the same files are the same zip.
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    forms = [name for name, _ in found if is_form(name)]
    stem = PurePosixPath(forms[0]).stem if forms else "form"
    return packed.getvalue(), f"{stem}.zip"


def unbundled(data: bytes, filename: str) -> Bundle:
    """What is in an uploaded file. Raises `FormProblems`: `bundle-invalid`, `form-too-large`, `form-unreadable`."""
    if not filename.lower().endswith(".zip"):
        return Bundle(data, filename)
    files = _unpacked(data)
    forms = [name for name in files if is_form(name)]
    if len(forms) != 1:
        raise FormProblems([problem("bundle-invalid", ", ".join(sorted(forms)))])
    return Bundle(files.pop(forms[0]), forms[0], files)


def _unpacked(data: bytes) -> dict[str, bytes]:
    """The files by their names without folders; the directory of the zip tells their sizes before one is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [item for item in archive.infolist() if not item.is_dir()]
            size = sum(item.file_size for item in entries)
            if size > LARGEST_UNPACKED or len(entries) > MOST_FILES:
                raise FormProblems([problem("form-too-large", f"{len(entries)}: {size} > {LARGEST_UNPACKED}")])
            named = [(_name_of(item), item) for item in entries]
            # What a Mac adds to every zip begins with a point or an underscore.
            return {name: archive.read(item) for name, item in named if not name.startswith((".", "__"))}
    except _DAMAGE as error:
        raise FormProblems([problem("form-unreadable", "zip")]) from error


def _name_of(item: zipfile.ZipInfo) -> str:
    """The name without folders. Windows in China writes names in GB 18030 and says nothing of it."""
    name = item.filename
    if not item.flag_bits & _UTF8:
        try:
            name = name.encode("cp437").decode("gb18030")
        except UnicodeError:
            name = item.filename
    return PurePosixPath(name.replace("\\", "/")).name


def is_form(name: str) -> bool:
    """Whether a file of this name is a form, not a picture beside one."""
    return PurePosixPath(name).suffix.lower() in FORM_KINDS

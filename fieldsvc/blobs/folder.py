"""Bytes in a folder: written beside, fsynced, renamed, and the folder fsynced too.

Without the last step a power cut may forget the rename, and a photo the phone was told to delete is gone.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path

from fieldsvc.blobs import keys
from fieldsvc.failpoints import reached

_PIECE_BYTES = 256 * 1024
#: Less room than this is none: the largest photo and a night's growth of the database beside it.
_ROOM_BYTES = 200_000_000


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _written_before(path: Path, moment_ms: int) -> bool:
    """Whether the file is that old; one that is gone meanwhile is not."""
    try:
        return path.stat().st_mtime_ns < moment_ms * 1_000_000
    except FileNotFoundError:
        return False


class FolderStore:
    """A content store for one machine. Two hundred and fifty-six folders keep listings short.

    What is being written lies in a folder of its own until it is whole, so that what a power cut left is found at once
    and not among a million photos.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._unfinished = root / "unfinished"
        #: Folders whose names this process has synced.
        self._on_disk: set[Path] = set()

    def _path(self, key: str) -> Path:
        kind, name = keys.split(key)
        return self.root / kind / name[-2:] / name

    def put(self, key: str, data: bytes) -> None:
        """Keep these bytes under the key, durably; see `BlobStore`."""
        self._keep({key: iter((data,))})

    def put_stream(self, key: str, pieces: Iterator[bytes]) -> None:
        """Keep the pieces under the key, durably; nothing appears when a piece cannot be read."""
        self._keep({key: pieces})

    def put_all(self, files: Mapping[str, bytes]) -> None:
        """Keep these files under their keys, durably; a folder that takes several is synced once."""
        self._keep({key: iter((data,)) for key, data in files.items()})

    def _keep(self, files: Mapping[str, Iterator[bytes]]) -> None:
        """Write all of them beside their places, then put each there; nothing appears when one cannot be written.

        One that cannot be put into its place keeps no other from its own, and is raised after them.
        """
        begun: dict[Path, Path] = {}
        try:
            for key, pieces in files.items():
                path = self._path(key)
                begun[path] = self._unfinished / f"{path.name}.{secrets.token_hex(4)}"
                self._write(begun[path], pieces)
                self._make_folder(path.parent)
            reached("blob.synced")
            with ExitStack() as places:
                for path, unfinished in begun.items():
                    places.callback(unfinished.replace, path)
        except BaseException:
            for unfinished in begun.values():
                unfinished.unlink(missing_ok=True)
            raise
        reached("blob.placed")
        for folder in {path.parent for path in begun}:
            _sync_folder(folder)
        reached("blob.kept")

    def _write(self, unfinished: Path, pieces: Iterator[bytes]) -> None:
        self._unfinished.mkdir(parents=True, exist_ok=True)
        with unfinished.open("xb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            reached("blob.written")
            os.fsync(file.fileno())

    def _make_folder(self, folder: Path) -> None:
        if folder in self._on_disk and folder.is_dir():
            return
        folder.mkdir(parents=True, exist_ok=True)
        # Also where it is there: another process may have made it in this moment, and not synced its name yet.
        # From the data folder on: of the very first photo the store itself is new as well.
        for each in (folder.parent.parent, folder.parent, folder):
            if each == folder or each not in self._on_disk:
                _sync_folder(each.parent)
                self._on_disk.add(each)

    def get(self, key: str) -> bytes:
        """The bytes under the key; `KeyError` when there are none."""
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError:
            raise KeyError(key) from None

    def stream(self, key: str) -> Iterator[bytes]:
        """The bytes under the key, a quarter of a megabyte at a time."""
        try:
            file = self._path(key).open("rb")
        except FileNotFoundError:
            raise KeyError(key) from None
        with file:
            while piece := file.read(_PIECE_BYTES):
                yield piece

    def has(self, key: str) -> bool:
        """Whether there are bytes under the key."""
        return self._path(key).is_file()

    def delete(self, key: str) -> None:
        """Forget the key; harmless when it is not there."""
        self._path(key).unlink(missing_ok=True)

    def is_writable(self) -> bool:
        """Whether the folder's disk takes writes and has room."""
        folder = self.root
        while not folder.exists():
            folder = folder.resolve().parent  # nothing was kept yet: then the folder itself is still to be made
        try:
            disk = os.statvfs(folder)
        except OSError:
            return False
        read_only = bool(disk.f_flag & os.ST_RDONLY)
        return not read_only and disk.f_bavail * disk.f_frsize >= _ROOM_BYTES and os.access(folder, os.W_OK)

    def under(self, kind: str, before_ms: int | None = None) -> Iterator[str]:
        """The keys of one kind, or those put before that moment; see `BlobStore`."""
        for path in (self.root / kind).glob("*/*"):
            if before_ms is None or _written_before(path, before_ms):
                yield keys.of(kind, path.name)

    def sized(self, kind: str, before_ms: int) -> Iterator[tuple[str, int]]:
        """The keys of one kind that were put before that moment, with their sizes; see `BlobStore`."""
        for path in (self.root / kind).glob("*/*"):
            with suppress(FileNotFoundError):  # gone meanwhile
                found = path.stat()
                if found.st_mtime_ns < before_ms * 1_000_000:
                    yield keys.of(kind, path.name), found.st_size

    def tidy(self, before_ms: int) -> None:
        """Drop what is half-written since before that moment; see `BlobStore`."""
        for path in self._unfinished.glob("*"):
            if _written_before(path, before_ms):
                path.unlink(missing_ok=True)

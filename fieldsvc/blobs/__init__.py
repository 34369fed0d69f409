"""A place for bytes, addressed by key; the durable half of every photo.

A folder on one machine, or an object store that many share: the services do not know which.

Keys of finished files are their SHA-256; parts of unfinished uploads live under `parts/`, files that
somebody ordered and that are deleted in time under `exports/`, where sums of ledgers that can be counted anew lie too.
What a purge takes away lies under `aside/` for a moment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

from fieldsvc.blobs.folder import FolderStore


class BlobStore(Protocol):
    """What the services need of an object store. A `put` that returned survives a power cut."""

    def put(self, key: str, data: bytes) -> None:
        """Keep these bytes under the key; putting the same again is harmless."""

    def put_stream(self, key: str, pieces: Iterator[bytes]) -> None:
        """Keep the concatenation of the pieces under the key, in bounded memory."""

    def put_all(self, files: Mapping[str, bytes]) -> None:
        """Keep these files under their keys, sharing what can be shared; none counts before it has returned."""

    def get(self, key: str) -> bytes:
        """The bytes under the key; `KeyError` when there are none."""

    def stream(self, key: str) -> Iterator[bytes]:
        """The bytes under the key piece by piece; `KeyError` when there are none."""

    def has(self, key: str) -> bool:
        """Whether there are bytes under the key."""

    def delete(self, key: str) -> None:
        """Forget the key; harmless when it is not there."""

    def is_writable(self) -> bool:
        """Whether a `put` would succeed now, found out without writing much."""

    def under(self, kind: str, before_ms: int | None = None) -> Iterator[str]:
        """The keys of a kind (`files`, `parts`, `exports`, `aside`): all, or those put before a moment of its clock."""

    def sized(self, kind: str, before_ms: int) -> Iterator[tuple[str, int]]:
        """The keys of a kind that were put before a moment of its own clock, and how many bytes each has."""

    def tidy(self, before_ms: int) -> None:
        """Drop what a process that was killed before that moment left half-written; nothing that was put is touched."""


def open_store(url: str, data_folder: Path) -> BlobStore:
    """The store the settings name: an object store by URL, or a folder beside the database."""
    if url:
        from fieldsvc.blobs.s3 import ObjectStore  # the `scaled` extra, which one machine does without

        return ObjectStore(url)
    return FolderStore(data_folder / "blobs")

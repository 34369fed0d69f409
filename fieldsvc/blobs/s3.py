"""Bytes in an object store that speaks S3, so that every machine sees what any of them has kept.

The settings name it as `s3://KEY:SECRET@bucket/prefix?endpoint=https://…&region=…`. Key, secret, endpoint and region
may be left out: then the usual variables of AWS apply (`AWS_ACCESS_KEY_ID` and so on).
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import cached_property
from itertools import chain
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import obstore
import structlog
from obstore.exceptions import BaseError
from obstore.store import S3Store

from fieldsvc.blobs import keys
from fieldsvc.failpoints import reached
from fieldsvc.problems import FilesAway

_log = structlog.get_logger(__name__)
_PIECE_BYTES = 256 * 1024
#: Up to here a file is one request; beyond, it travels in parts of this size, the least S3 takes.
_WHOLE_BYTES = 5 * 1024 * 1024
#: So much is read in one request, and is in memory meanwhile: a package that goes over a township's line for an hour is
#: many short requests.
_READ_BYTES = 4 * 1024 * 1024
#: A phone comes again by itself; its request must not hold a thread for the three minutes obstore would try.
_RETRIES: Any = {"max_retries": 2, "retry_timeout": timedelta(seconds=10)}
#: `timeout` is for a whole request with its body, so that none may last as long as somebody takes to read a file.
_CLIENT: Any = {"connect_timeout": "5s", "timeout": "60s", "allow_http": True}
#: Whether it answers is asked by a proxy that waits a few seconds itself: one attempt, also where packets vanish.
_PROBE: Any = {**_CLIENT, "connect_timeout": "2s", "timeout": "3s"}
_ONCE: Any = {"max_retries": 0, "retry_timeout": timedelta(seconds=3)}
#: How long an answer about being writable holds: whoever asks for it in a loop makes us write no more often.
_FRESH_SECONDS = 2.0


@contextmanager
def _telling(key: str) -> Iterator[None]:
    """Raise `KeyError` for what is not there, and `files-away` for everything else the store or the way to it says."""
    try:
        yield
    except FileNotFoundError:
        raise KeyError(key) from None
    except BaseError as error:
        # The message names the object and the endpoint, never the secret.
        _log.warning("object store failed", key=key, error=f"{type(error).__name__}: {error}"[:300])
        raise FilesAway from error


class ObjectStore:
    """A content store for any number of machines; see `BlobStore`. Every call may raise `files-away`."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        bucket = parts.netloc.rpartition("@")[2]
        given = {
            "access_key_id": unquote(parts.username or ""),
            "secret_access_key": unquote(parts.password or ""),
            **dict(parse_qsl(parts.query)),
        }
        self._bucket, self._prefix = bucket, parts.path.strip("/")
        self._given: Any = {name: value for name, value in given.items() if value}
        self._written: tuple[float, bool] | None = None

    @cached_property
    def _store(self) -> S3Store:
        """Made when it is first used, which is after the fork: its threads would not survive one."""
        return self._opened(_CLIENT, _RETRIES)

    @cached_property
    def _probe(self) -> S3Store:
        """The same bucket, for finding out in seconds whether it answers."""
        return self._opened(_PROBE, _ONCE)

    def _opened(self, client: Any, retries: Any) -> S3Store:
        return S3Store(
            self._bucket,
            prefix=self._prefix or None,
            virtual_hosted_style_request=False,
            client_options=client,
            retry_config=retries,
            **self._given,
        )

    def put(self, key: str, data: bytes) -> None:
        """Keep these bytes under the key. Their SHA-256 is signed with the request: what arrived is what we sent."""
        self._put(key, data)

    def put_all(self, files: Mapping[str, bytes]) -> None:
        """Keep these files under their keys, one after the other: an object store has no commit to share."""
        for key, data in files.items():
            self._put(key, data)

    def put_stream(self, key: str, pieces: Iterator[bytes]) -> None:
        """Keep the pieces under the key; nothing appears when a piece cannot be read."""
        head = bytearray()
        for piece in pieces:
            head += piece
            if len(head) >= _WHOLE_BYTES:
                self._put(key, chain((bytes(head),), pieces))
                return
        self._put(key, bytes(head))

    def _put(self, key: str, data: bytes | Iterator[bytes]) -> None:
        whole = isinstance(data, bytes)
        with _telling(key):
            obstore.put(
                self._store, _path(key), data, use_multipart=not whole, chunk_size=_WHOLE_BYTES, max_concurrency=2
            )
        reached("blob.kept")

    def get(self, key: str) -> bytes:
        """The bytes under the key; `KeyError` when there are none."""
        with _telling(key):
            return bytes(obstore.get(self._store, _path(key)).bytes())

    def stream(self, key: str) -> Iterator[bytes]:
        """The bytes under the key, a quarter of a megabyte at a time; the reader may take as long as they like."""
        for read in self._reads(key):
            for at in range(0, len(read), _PIECE_BYTES):
                yield read[at : at + _PIECE_BYTES]

    def _reads(self, key: str) -> Iterator[bytes]:
        """The bytes under the key, each time those of one request, which is over before they are handed on.

        Most files are small and are one request. Of a larger one all are of the same put, or the reader hears
        `files-away`: a file that was put anew meanwhile is not mixed with the old one.
        """
        with _telling(key):
            found = obstore.get(self._store, _path(key))
            size, same = found.meta["size"], found.meta["e_tag"]
            if size <= _READ_BYTES:
                yield bytes(found.bytes())
                return
            del found  # its connection, on which the whole file would come
            for at in range(0, size, _READ_BYTES):
                wanted: Any = {"range": (at, min(at + _READ_BYTES, size)), "if_match": same}
                yield bytes(obstore.get(self._store, _path(key), options=wanted).bytes())

    def has(self, key: str) -> bool:
        """Whether there are bytes under the key."""
        try:
            with _telling(key):
                obstore.head(self._store, _path(key))
        except KeyError:
            return False
        return True

    def delete(self, key: str) -> None:
        """Forget the key; harmless when it is not there."""
        try:
            with _telling(key):
                obstore.delete(self._store, _path(key))
        except KeyError:
            return

    def is_writable(self) -> bool:
        """Whether the bucket takes a write: found out in seconds by one, of one byte, always under the same name."""
        if self._written is None or time.monotonic() - self._written[0] > _FRESH_SECONDS:
            try:
                with _telling("ready"):
                    obstore.put(self._probe, "ready", b"1", use_multipart=False)
                self._written = time.monotonic(), True
            except FilesAway:
                self._written = time.monotonic(), False
        return self._written[1]

    def under(self, kind: str, before_ms: int | None = None) -> Iterator[str]:
        """The keys of one kind, or those put before that moment; see `BlobStore`."""
        for key, _, put_ms in self._listed(kind):
            if before_ms is None or put_ms < before_ms:
                yield key

    def sized(self, kind: str, before_ms: int) -> Iterator[tuple[str, int]]:
        """The keys of one kind that were put before that moment, with their sizes; see `BlobStore`."""
        for key, size, put_ms in self._listed(kind):
            if put_ms < before_ms:
                yield key, size

    def _listed(self, kind: str) -> Iterator[tuple[str, int, float]]:
        """The keys of one kind, with sizes and the store's own times, a page of them at a time."""
        with _telling(kind):
            for page in obstore.list(self._store, prefix=f"{kind}/"):
                for found in page:
                    name = found["path"].rpartition("/")[2]
                    yield keys.of(kind, name), found["size"], found["last_modified"].timestamp() * 1000

    def tidy(self, before_ms: int) -> None:
        """Nothing to do: what was not put whole is no object. A rule of the bucket ends uploads that broke off."""


def _path(key: str) -> str:
    return "/".join(keys.split(key))

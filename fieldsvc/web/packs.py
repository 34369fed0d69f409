"""Releases as phones ask for them: whole, or as what changed since the one they have.

The last few are kept under the data folder, so that every worker and a restarted server can still serve a phone whose
page was opened yesterday, and give it the difference instead of the whole.
"""

from __future__ import annotations

import functools
import os
import re
from pathlib import Path

from fieldsvc.web.assets import Release, compressed

KEPT = 3
_NAME = re.compile(r"[0-9a-f]{12}")


class Packs:
    """The packs of one data folder; `current` is the release this server runs."""

    def __init__(self, folder: Path, current: Release) -> None:
        self.current = current
        self._folder = folder
        self.whole = functools.cache(self._whole)
        self.difference = functools.lru_cache(maxsize=8)(self._difference)

    def keep(self) -> None:
        """Put the current release beside the earlier ones and forget all but the last three.

        Several workers do this at the same time with the same bytes; each writes its own file and renames it.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._path(self.current.id)
        if not path.exists():
            draft = path.with_suffix(f".{os.getpid()}")
            draft.write_text(self.current.pack(whole=True), encoding="utf-8")
            draft.replace(path)
        path.touch()
        kept = sorted(self._folder.glob("*.pack"), key=lambda each: each.stat().st_mtime_ns, reverse=True)
        for old in kept[KEPT:]:
            old.unlink(missing_ok=True)

    def release(self, release_id: str) -> Release | None:
        """A release that is still served, or None."""
        if release_id == self.current.id:
            return self.current
        if not _NAME.fullmatch(release_id):
            return None
        try:
            return Release.unpacked(self._path(release_id).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None

    def _whole(self, release_id: str, encoding: str) -> tuple[bytes, int] | None:
        """A whole pack in an encoding, and its size before it; None for a release no longer served."""
        release = self.release(release_id)
        return _encoded(release.pack(), encoding) if release else None

    def _difference(self, release_id: str, base_id: str, encoding: str) -> tuple[bytes, int] | None:
        """What a phone with `base_id` lacks; the whole pack where that release is not known any more."""
        release, base = self.release(release_id), self.release(base_id)
        if release is None:
            return None
        return _encoded(release.pack(base), encoding) if base else self.whole(release_id, encoding)

    def _path(self, release_id: str) -> Path:
        return self._folder / f"{release_id}.pack"


def _encoded(text: str, encoding: str) -> tuple[bytes, int]:
    """Bytes for the wire, and how many they become: a phone shows its progress by it."""
    raw = text.encode()
    return (compressed(text, encoding) if encoding else raw), len(raw)

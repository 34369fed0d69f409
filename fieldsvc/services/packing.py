"""Writing a zip file by file, with the size and the digest of each: what leaves the system can be checked later."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Package:
    """The archive being written, and the list of its files for a manifest."""

    archive: zipfile.ZipFile
    files: list[dict[str, Any]] = field(default_factory=list)

    def put(self, path: str, role: str, pieces: Iterable[bytes], *, packed: bool) -> None:
        """Write one file and list it; photos are not packed, they are already."""
        entry = zipfile.ZipInfo(path, date_time=(1980, 1, 1, 0, 0, 0))
        entry.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        digest, size = hashlib.sha256(), 0
        with self.archive.open(entry, "w") as file:
            for piece in pieces:
                digest.update(piece)
                size += len(piece)
                file.write(piece)
        self.files.append({"path": path, "role": role, "bytes": size, "sha256": digest.hexdigest()})

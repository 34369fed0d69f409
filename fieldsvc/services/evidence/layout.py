"""What an evidence package looks like (decision 0011): names, roles, and the version of the format."""

from __future__ import annotations

import hashlib
import re

import orjson

FORMAT, VERSION = "fieldsvc-evidence", 1
MANIFEST, SEAL, LOG = "manifest.json", "manifest.sha256", "log.jsonl"
#: Signatures of devices over the seal will be files in here; version 1 carries none and checks none.
SIGNATURES = "signatures/"
_EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/gif": "gif",
    "image/heic": "heic",
    "application/pdf": "pdf",
}
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,150}(?:/[A-Za-z0-9][A-Za-z0-9._-]{0,150})?")


def sent_path(operation_id: str) -> str:
    """Where the exact bytes of something sent lie."""
    return f"sent/{operation_id}.json"


def photo_path(sha256: str, kind: str) -> str:
    """Where a photo lies: under its digest, with an ending for people."""
    return f"photos/{sha256}.{_EXTENSIONS.get(kind, 'bin')}"


def paper_path(sha256: str, kind: str) -> str:
    """Where a signed paper lies that a desk filed."""
    return f"papers/{sha256}.{_EXTENSIONS.get(kind, 'bin')}"


def form_path(form_id: str, version: str) -> str:
    """Where a form's definition lies; its name is made of what file systems everywhere take."""
    return f"forms/{re.sub(r'[^A-Za-z0-9._-]', '_', f'{form_id}-{version}')[:120]}.json"


def is_safe(name: str) -> bool:
    """Whether a name stays in the folder it is unpacked in, on every system. At most one folder deep."""
    return _SAFE.fullmatch(name) is not None and ".." not in name


def canonical(value: object) -> bytes:
    """JSON with sorted keys, indented for people, ending with a line break."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def sha256(data: bytes) -> str:
    """The digest in hexadecimal figures."""
    return hashlib.sha256(data).hexdigest()

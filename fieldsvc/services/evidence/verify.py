"""Checking an evidence package where there is no database: what in it is not as it was written, part by part."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from fieldsvc.services.evidence import layout
from fieldsvc.services.intake.documents import photos_in
from fieldsvc.store import audit

_PIECE_BYTES = 256 * 1024
#: A manifest or a log larger than this is none of ours.
_MOST_BYTES = 200_000_000
# What Python's zipfile raises for archives that lie about themselves: bad tables, packing, encryption, lengths.
_UNREADABLE = (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError)


@dataclass(frozen=True, slots=True)
class Finding:
    """One part that is not in order: its name in the package, and what is wrong as a code.

    `unreadable`, `unsafe-name`, `twice`, `missing`, `unlisted`, `altered`, `unknown-format`, `not-in-log`,
    `photo-unnamed`, `log-broken`.
    """

    part: str
    code: str


@dataclass(frozen=True, slots=True)
class Verified:
    """The result: no findings means that every part is as it was written. `signatures` were present, not checked."""

    findings: tuple[Finding, ...]
    sent: int
    photos: int
    subject: str
    log_head: Mapping[str, Any] | None
    signatures: int


def verify(file: Path) -> Verified:
    """Check a package. Whatever is in the file, this ends with findings and writes nothing."""
    try:
        with zipfile.ZipFile(file) as archive:
            return _verify(archive)
    except _UNREADABLE:
        return Verified((Finding(file.name, "unreadable"),), 0, 0, "", None, 0)


def _verify(archive: zipfile.ZipFile) -> Verified:
    names = [entry.filename for entry in archive.infolist()]
    findings = [Finding(name, "unsafe-name") for name in names if not layout.is_safe(name)]
    findings += [Finding(name, "twice") for name in sorted({name for name in names if names.count(name) > 1})]
    sealed, seal = _small(archive, layout.MANIFEST), _small(archive, layout.SEAL)
    manifest = _manifest(sealed)
    if manifest is None:
        return Verified((*findings, Finding(layout.MANIFEST, "altered" if sealed else "missing")), 0, 0, "", None, 0)
    if seal != f"{layout.sha256(sealed or b'')}  {layout.MANIFEST}\n".encode():
        findings += [Finding(layout.MANIFEST, "altered"), Finding(layout.SEAL, "altered")]
    if (manifest.get("format"), manifest.get("version")) != (layout.FORMAT, layout.VERSION):
        findings.append(Finding(layout.MANIFEST, "unknown-format"))
        return Verified(tuple(findings), 0, 0, "", None, 0)
    listed = {str(each["path"]): each for each in manifest["files"]}
    signatures = [name for name in names if name.startswith(layout.SIGNATURES)]
    extra = set(names) - set(listed) - {layout.MANIFEST, layout.SEAL} - set(signatures)
    findings += [Finding(name, "unlisted") for name in sorted(extra)]
    findings += [found for path, each in sorted(listed.items()) if (found := _file(archive, path, each))]
    findings += _chain(archive, manifest, listed)
    number = sum(1 for each in listed.values() if each["role"] == "photo")
    return Verified(
        tuple(dict.fromkeys(findings)),
        len(manifest["sent"]),
        number,
        str(manifest["subject"]["label"]),
        manifest.get("log_head"),
        len(signatures),
    )


def _manifest(data: bytes | None) -> dict[str, Any] | None:
    """The manifest, if it has the shape of one."""
    try:
        found = orjson.loads(data or b"")
        files, sent, label = found["files"], found["sent"], found["subject"]["label"]
        shaped = isinstance(label, str) and all(
            isinstance(each["path"], str) and isinstance(each["bytes"], int) and isinstance(each["sha256"], str)
            for each in files
            if each["role"]
        )
        photos = [photo for each in sent if each["id"] and each["path"] and each["sha256"] for photo in each["photos"]]
        shaped = shaped and all(isinstance(photo["sha256"], str) and photo["ref"] for photo in photos)
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return None
    return dict(found) if shaped else None


def _file(archive: zipfile.ZipFile, path: str, listed: Mapping[str, Any]) -> Finding | None:
    """Compare one file with the manifest's line about it; it is read no further than it should be long."""
    digest, size = hashlib.sha256(), 0
    try:
        with archive.open(path) as file:
            while piece := file.read(_PIECE_BYTES):
                digest.update(piece)
                size += len(piece)
                if size > int(listed["bytes"]):
                    break
    except KeyError:
        return Finding(path, "missing")
    except _UNREADABLE:
        return Finding(path, "altered")
    same = (size, digest.hexdigest()) == (listed["bytes"], listed["sha256"])
    return None if same else Finding(path, "altered")


def _chain(archive: zipfile.ZipFile, manifest: Mapping[str, Any], listed: Mapping[str, Any]) -> Iterator[Finding]:
    """What was sent is in the log under its digest, the log's rows carry their hashes, the photos are those named."""
    logged: set[tuple[str, str]] = set()
    before: dict[str, Any] = {}
    for row in _log(archive):
        if row is None or row.get("hash") != audit.hash_of(row) or _breaks(before, row):
            yield Finding(layout.LOG, "log-broken")
            break
        before = row
        logged |= _pushed(row) | _filed(row)
    for paper in _papers(manifest):
        if ("", str(listed.get(paper, {}).get("sha256"))) not in logged:
            yield Finding(paper, "not-in-log")
    for each in manifest["sent"]:
        body = _small(archive, str(each["path"])) or b""
        if (str(each["id"]), layout.sha256(body)) not in logged:
            yield Finding(str(each["path"]), "not-in-log")
        named = _named(body)
        for photo in each["photos"]:
            path = photo.get("path")
            held = path is None or str(listed.get(path, {}).get("sha256")) == photo["sha256"]
            if photo["sha256"] not in named or not held:
                yield Finding(str(path or each["path"]), "photo-unnamed")
        if named - {photo["sha256"] for photo in each["photos"]} and each["review"] is not None:
            yield Finding(str(each["path"]), "photo-unnamed")


def _pushed(row: Mapping[str, Any]) -> set[tuple[str, str]]:
    """The ids and digests of what a row of the log says was sent."""
    detail = row["detail"] if row["action"] == "push" else None
    operations = detail.get("operations") if isinstance(detail, dict) else None
    pairs = operations if isinstance(operations, list) else []
    return {(str(pair[0]), str(pair[1])) for pair in pairs if isinstance(pair, list) and len(pair) == 2}


def _filed(row: Mapping[str, Any]) -> set[tuple[str, str]]:
    """The digest of the signed paper that a row of the log says was filed; a paper was sent by nobody's phone."""
    detail = row["detail"] if row["action"] == "file-paper" else None
    return {("", str(detail.get("sha256")))} if isinstance(detail, dict) else set()


def _papers(manifest: Mapping[str, Any]) -> list[str]:
    """Where the signed papers lie; packages of before there were any name none."""
    filed = manifest.get("filed")
    return [str(each.get("path")) for each in filed if isinstance(each, dict)] if isinstance(filed, list) else []


def _breaks(before: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    """Whether two rows of the log contradict each other: out of order, or neighbours without a link."""
    if not before:
        return False
    follows = int(row["position"]) - int(before["position"])
    return follows <= 0 or (follows == 1 and row["previous"] != before["hash"])


def _log(archive: zipfile.ZipFile) -> Iterator[dict[str, Any] | None]:
    for line in (_small(archive, layout.LOG) or b"").splitlines():
        try:
            row = orjson.loads(line)
        except orjson.JSONDecodeError:
            yield None
            return
        whole = isinstance(row, dict) and set(audit.FIELDS) <= row.keys() and isinstance(row["position"], int)
        yield row if whole else None


def _named(body: bytes) -> set[str]:
    """The digests of the photos that the bytes a phone sent name."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        return set()
    answers = document.get("answers") if isinstance(document, dict) else None
    return {str(photo["sha256"]) for _, photo in photos_in(answers or {})}


def _small(archive: zipfile.ZipFile, name: str) -> bytes | None:
    """A part that is read at once, in bounded memory; None when it is not there or not whole."""
    try:
        with archive.open(name) as file:
            return file.read(_MOST_BYTES)
    except (KeyError, *_UNREADABLE):
        return None

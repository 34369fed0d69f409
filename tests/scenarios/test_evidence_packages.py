"""Evidence leaves as a package, and whoever holds it can tell, far from any database, that nothing was touched."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from fieldsvc.problems import NotFound, ReasonMissing
from fieldsvc.services import evidence
from fieldsvc.services.access import Actor, Role
from fieldsvc.services.evidence import layout
from fieldsvc.services.setup import console
from fieldsvc.store.tables import AuditRow, BlobRow, FormVersionRow, OperationRow
from tests.api.photo_world import jpeg, sha256
from tests.scenarios.support import actions_in_audit
from tests.scenarios.test_photo_possession import names, uploads
from tests.support.tools import ROOT
from tests.world import World
from tests.world.places import Household


@pytest.fixture
def home(world: World) -> Household:
    """A household with two visits, three photos, one of which is still on a phone, and a withdrawal."""
    home = world.household()
    east = world.cadre("East", visits=[home])
    for number in range(2):
        photo = jpeg(str(number), size=(300, 200))
        names(world, east, home, photo)
        uploads(world, east, photo)
    late = names(world, east, home, jpeg("late", size=(300, 200)))
    east.withdraws(late)
    east.syncs()
    return home


def written(world: World, home: Household, tmp_path: Path) -> Path:
    file = tmp_path / "evidence.zip"
    with file.open("wb") as target:
        evidence.export(world.server.ctx, console(world.server.ctx), home.id, target, reason="审计抽查")
    return file


def members(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rewritten(parts: dict[str, bytes], file: Path) -> Path:
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return file


def said(file: Path) -> set[tuple[str, str]]:
    return {(found.part, found.code) for found in evidence.verify(file).findings}


def test_a_package_holds_what_was_sent_byte_for_byte_with_photos_forms_and_log(
    world: World, home: Household, tmp_path: Path
) -> None:
    file = written(world, home, tmp_path)
    result = evidence.verify(file)
    assert (result.findings, result.sent, result.photos) == ((), 4, 2)
    parts = members(file)
    manifest = json.loads(parts["manifest.json"])
    assert (manifest["format"], manifest["version"]) == ("fieldsvc-evidence", 1)
    assert manifest["subject"]["id"] == home.id
    assert "East" in manifest["people"].values()
    for sent in manifest["sent"]:
        assert sha256(parts[sent["path"]]) == sent["sha256"]
    photos = [photo for sent in manifest["sent"] for photo in sent["photos"]]
    assert [bool(photo["path"]) for photo in photos] == [True, True, False]
    assert {name.split("/")[0] for name in parts if "/" in name} == {"sent", "photos", "forms"}
    assert world.server.ctx.settings.secret_key.encode() not in b"".join(parts.values())


def test_one_altered_byte_anywhere_is_named_with_its_part(world: World, home: Household, tmp_path: Path) -> None:
    parts = members(written(world, home, tmp_path))
    for name, data in parts.items():
        for at in {0, len(data) // 2, len(data) - 1}:
            broken = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
            found = evidence.verify(rewritten({**parts, name: broken}, tmp_path / "altered.zip")).findings
            assert name in {each.part for each in found}, (name, at)


def test_one_altered_byte_of_the_file_itself_never_passes_for_another_package(
    world: World, home: Household, tmp_path: Path
) -> None:
    """Also in the archive's own tables, where a byte may mean nothing: then every part is still what it was."""
    file = written(world, home, tmp_path)
    whole, parts = file.read_bytes(), members(file)
    altered = tmp_path / "altered.zip"
    for at in range(0, len(whole), max(1, len(whole) // 400)):
        altered.write_bytes(whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1 :])
        if not evidence.verify(altered).findings:
            assert members(altered) == parts, at


def test_a_part_that_was_taken_out_or_put_in_is_named(world: World, home: Household, tmp_path: Path) -> None:
    parts = members(written(world, home, tmp_path))
    for name in parts:
        without = {other: data for other, data in parts.items() if other != name}
        found = evidence.verify(rewritten(without, tmp_path / "less.zip")).findings
        assert name in {each.part for each in found}, name
    more = rewritten({**parts, "photos/extra.jpg": b"x"}, tmp_path / "more.zip")
    assert said(more) == {("photos/extra.jpg", "unlisted")}


def sealed(parts: dict[str, bytes], change: Callable[[dict[str, Any]], None]) -> dict[str, bytes]:
    """A forger who knows the format: the manifest changed, and its seal made anew."""
    manifest = json.loads(parts["manifest.json"])
    change(manifest)
    data = layout.canonical(manifest)
    return {**parts, "manifest.json": data, "manifest.sha256": f"{sha256(data)}  manifest.json\n".encode()}


def test_a_forger_who_seals_the_package_anew_is_contradicted_by_the_log(
    world: World, home: Household, tmp_path: Path
) -> None:
    parts = members(written(world, home, tmp_path))
    path = next(name for name in parts if name.startswith("sent/"))
    forged = parts[path].replace(b'"schema"', b'"Schema"')

    def change(manifest: dict[str, Any]) -> None:
        for each in [*manifest["files"], *manifest["sent"]]:
            if each["path"] == path:
                each |= {"sha256": sha256(forged), **({"bytes": len(forged)} if "bytes" in each else {})}

    assert forged != parts[path]
    assert (path, "not-in-log") in said(rewritten(sealed({**parts, path: forged}, change), tmp_path / "forged.zip"))


def test_a_photo_exchanged_for_another_is_contradicted_by_what_was_sent(
    world: World, home: Household, tmp_path: Path
) -> None:
    parts = members(written(world, home, tmp_path))
    path = next(name for name in parts if name.startswith("photos/"))
    other = jpeg("other", size=(300, 200))

    def change(manifest: dict[str, Any]) -> None:
        for each in manifest["files"]:
            if each["path"] == path:
                each |= {"sha256": sha256(other), "bytes": len(other)}
        for sent in manifest["sent"]:
            for photo in sent["photos"]:
                if photo["path"] == path:
                    photo["sha256"] = sha256(other)

    assert (path, "photo-unnamed") in said(rewritten(sealed({**parts, path: other}, change), tmp_path / "forged.zip"))


def test_a_row_of_the_log_that_was_changed_breaks_its_chain(world: World, home: Household, tmp_path: Path) -> None:
    parts = members(written(world, home, tmp_path))
    forged = parts["log.jsonl"].replace(b'"push"', b'"pull"', 1)

    def change(manifest: dict[str, Any]) -> None:
        for each in manifest["files"]:
            if each["path"] == "log.jsonl":
                each |= {"sha256": sha256(forged), "bytes": len(forged)}

    file = rewritten(sealed({**parts, "log.jsonl": forged}, change), tmp_path / "forged.zip")
    assert ("log.jsonl", "log-broken") in said(file)


@pytest.mark.parametrize("name", ["../outside", "/etc/passwd", "a\\b", "a/b/c", "photos/../x", "C:x"])
def test_a_name_that_would_leave_its_folder_is_named_and_nothing_is_unpacked(
    world: World, home: Household, tmp_path: Path, name: str
) -> None:
    parts = members(written(world, home, tmp_path))
    assert (name, "unsafe-name") in said(rewritten({**parts, name: b"x"}, tmp_path / "slip.zip"))
    assert sorted(path.name for path in tmp_path.parent.glob("outside")) == []


def test_a_part_that_is_there_twice_is_named(world: World, home: Household, tmp_path: Path) -> None:
    """Programs differ in which of two they show: that alone would be a forgery."""
    file = written(world, home, tmp_path)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(file, "a") as archive:
        archive.writestr("manifest.json", b"{}")
    assert ("manifest.json", "twice") in said(file)


@pytest.mark.parametrize(
    "manifest",
    [b"", b"[]", b"{}", b"null", b'{"files":1,"sent":[],"subject":{"label":""}}', b'{"format":"other"}', b"\xff"],
)
def test_a_manifest_of_another_shape_is_a_finding_and_no_crash(
    world: World, home: Household, tmp_path: Path, manifest: bytes
) -> None:
    parts = members(written(world, home, tmp_path))
    assert any(
        part == "manifest.json" for part, _ in said(rewritten({**parts, "manifest.json": manifest}, tmp_path / "m.zip"))
    )


def test_a_file_that_is_no_package_is_said_so(tmp_path: Path) -> None:
    file = tmp_path / "evidence.zip"
    for data in (b"", b"PK", b"not a package" * 100):
        file.write_bytes(data)
        assert said(file) == {("evidence.zip", "unreadable")}


def test_a_later_version_of_the_format_is_not_judged(world: World, home: Household, tmp_path: Path) -> None:
    parts = members(written(world, home, tmp_path))
    later = sealed(parts, lambda manifest: manifest.update(version=2))
    assert said(rewritten(later, tmp_path / "later.zip")) == {("manifest.json", "unknown-format")}


def test_a_device_signature_has_its_place_and_is_not_yet_judged(world: World, home: Household, tmp_path: Path) -> None:
    parts = members(written(world, home, tmp_path))
    result = evidence.verify(rewritten({**parts, "signatures/phone.json": b"{}"}, tmp_path / "signed.zip"))
    assert (result.findings, result.signatures) == ((), 1)


def test_exporting_needs_the_right_there_and_a_reason_and_is_on_the_log(
    world: World, home: Household, tmp_path: Path
) -> None:
    ctx, by = world.server.ctx, console(world.server.ctx)
    stranger = Actor("stranger", "stranger", by.feed_id, None, (Role("supervisor", "/elsewhere/", "elsewhere"),))
    for who, subject, reason, problem in (
        (stranger, home.id, "reason", NotFound),
        (by, "unknown", "reason", NotFound),
        (by, home.id, "  ", ReasonMissing),
    ):
        with pytest.raises(problem):
            evidence.export(ctx, who, subject, io.BytesIO(), reason=reason)
    assert "export-evidence" not in actions_in_audit(world)
    written(world, home, tmp_path)
    entry = [row for row in actions_in_audit(world, details=True) if row[0] == "export-evidence"]
    assert entry == [["export-evidence", f"subject:{home.id}", {"full": True, "reason": "审计抽查"}]]


def test_a_server_checks_all_its_evidence_and_names_what_is_not_as_it_was(world: World, home: Household) -> None:
    ctx = world.server.ctx
    assert list(evidence.check(ctx)) == []
    with ctx.db.write() as session:
        sent = session.scalars(select(OperationRow).where(OperationRow.subject_id == home.id)).first()
        sent.body = sent.body.replace(b'"schema"', b'"Schema"')
        row = session.scalars(select(AuditRow).where(AuditRow.action == "push")).first()
        row.at += 1
        photos = list(session.scalars(select(BlobRow.sha256).where(BlobRow.type == "image/jpeg").limit(2)))
        altered, position = sent.id, row.position
    ctx.blobs.delete(photos[0])
    ctx.blobs.put(photos[1], b"something else")
    found = {(damage.kind, damage.name) for damage in evidence.check(ctx)}
    assert found == {("log", str(position)), ("sent", altered), *(("photo", sha) for sha in photos)}


def test_the_command_exports_by_number_and_verifies_without_a_database(
    world: World, home: Household, tmp_path: Path
) -> None:
    file, nowhere = tmp_path / "evidence.zip", tmp_path / "nowhere"

    def fieldsvc(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
        environment = {"FIELDSVC_MODE": "test", "FIELDSVC_DATA_FOLDER": str(folder), "PATH": "/usr/bin:/bin"}
        command = [sys.executable, "-m", "fieldsvc", "evidence", *words]
        return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)

    done = fieldsvc(world.server.folder, "export", home.id, str(file), "--reason", "审计抽查")
    assert done.returncode == 0, done.stderr
    assert "4 份 sent, 2 张照片 photos, 1 张未到 missing" in done.stdout
    checked = fieldsvc(nowhere, "verify", str(file))
    assert "完好" in fieldsvc(world.server.folder, "check").stdout
    assert (checked.returncode, "完好" in checked.stdout) == (0, True), checked.stderr
    assert not nowhere.exists()
    parts = members(file)
    rewritten({**parts, "log.jsonl": parts["log.jsonl"] + b"\n"}, file)
    refused = fieldsvc(nowhere, "verify", str(file))
    assert (refused.returncode, "log.jsonl: 被改动过" in refused.stdout) == (1, True)
    assert fieldsvc(world.server.folder, "export", "unknown", str(tmp_path / "no.zip"), "--reason", "x").returncode == 1
    assert not list(tmp_path.glob("*no.zip*"))


def test_of_a_form_that_was_lost_the_manifest_names_no_file_and_the_photos_are_looked_at_all_the_same(
    world: World, home: Household, tmp_path: Path
) -> None:
    with world.server.ctx.db.write() as session:
        for row in session.scalars(select(FormVersionRow)):
            session.delete(row)
    file = written(world, home, tmp_path)
    parts = members(file)
    manifest = json.loads(parts[layout.MANIFEST])
    assert {each["form"] for each in manifest["sent"]} == {None}
    assert not evidence.verify(file).findings
    for each in manifest["sent"]:
        each["photos"] = []
    sealed = layout.canonical(manifest)
    seal = f"{layout.sha256(sealed)}  {layout.MANIFEST}\n".encode()
    file = rewritten({**parts, layout.MANIFEST: sealed, layout.SEAL: seal}, tmp_path / "fewer.zip")
    assert "photo-unnamed" in {code for _, code in said(file)}

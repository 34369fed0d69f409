"""A backup that is made while phones push and send photos holds whatever had been receipted before it began."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from fieldsvc.config import Settings
from fieldsvc.ids import random_uuid7
from fieldsvc.services import backup, fsck
from fieldsvc.services.context import Context, open_context
from fieldsvc.store.attachments import PRESENT
from fieldsvc.store.tables import AttachmentRow, EntityVersionRow, OperationRow, SubmissionRow
from tests.faults.client import Counter, Pusher, at_work
from tests.faults.photographer import Photographer
from tests.support.server import Server, StartServer
from tests.world import World, laws

#: So much is to come in at each of the moments between which a backup must not be torn.
MORE = 12


@dataclass(frozen=True)
class Before:
    """What had been said to one client before the backup was begun."""

    client: Pusher
    receipts: int
    photos: int

    @classmethod
    def all(cls, clients: Sequence[Pusher]) -> list[Before]:
        return [
            cls(each, len(each.receipts), len(each.finished) if isinstance(each, Photographer) else 0)
            for each in clients
        ]


@pytest.mark.proof
def test_a_backup_made_under_writers_holds_what_was_receipted_before_it_began(
    world: World, start_server: StartServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter = Counter()
    server, clients = _writers(world, start_server, counter)
    copies, restored = tmp_path / "copies", []
    with at_work(clients):
        counter.waits_for_more(MORE)
        for number, folder in enumerate((copies, copies, tmp_path / "others")):
            before = Before.all(clients)
            if number == 1:
                _torn_if_possible(monkeypatch, counter, folder, _settings(server.folder))
            else:
                made = server.command("backup", str(folder))
                assert made.returncode == 0, made.stdout + made.stderr
            restored.append((before, _restored(folder, tmp_path / f"again-{number}")))
            counter.waits_for_more(MORE)
    server.stop()
    assert [client.failures for client in clients] == [[]] * len(clients)
    for before, settings in restored:
        _holds(before, settings)


def _writers(world: World, start_server: StartServer, counter: Counter) -> tuple[Server, list[Pusher]]:
    """A server, a client that corrects and two that visit and photograph."""
    homes = [world.household(visits_made="0") for _ in range(3)]
    cadres = [world.cadre(f"Cadre {number}", visits=[home]) for number, home in enumerate(homes)]
    for cadre in cadres:
        cadre.phone.new_id = lambda: random_uuid7(world.clock.now_ms)  # the story's own counter is for one thread
    folder = world.server.folder
    world.server.stop()
    server = start_server(folder)
    own = [(cadre.phone, home, server.port, 2, counter.add) for cadre, home in zip(cadres, homes, strict=True)]
    return server, [Pusher(*own[0]), *(Photographer(*own[n], cadre=cadres[n]) for n in (1, 2))]


def _torn_if_possible(monkeypatch: pytest.MonkeyPatch, counter: Counter, folder: Path, settings: Settings) -> None:
    """Make a backup into which clients write between the copies of database and files, and before and after those."""
    copies = backup._copy_new_files

    def meanwhile(source: Path, target: Path) -> None:
        counter.waits_for_more(MORE)
        copies(source, target)
        counter.waits_for_more(MORE)

    with monkeypatch.context() as patched:
        patched.setattr(backup, "_copy_new_files", meanwhile)
        backup.back_up(settings, folder)


def _settings(folder: Path) -> Settings:
    return Settings(mode="test", data_folder=folder)


def _restored(copies: Path, folder: Path) -> Settings:
    """What `fieldsvc restore` makes of it in an empty folder."""
    settings = _settings(folder)
    backup.restore(settings, copies)
    return settings


def _holds(before: Sequence[Before], settings: Settings) -> None:
    """Everything of before is there with its effects, and nothing is half there."""
    assert sum(each.receipts for each in before) > 0
    assert sum(each.photos for each in before) > 0
    ctx = open_context(settings)
    backup.new_epochs(ctx)
    assert list(fsck.check(ctx)) == []
    with ctx.db.read() as session:
        laws.everything_holds(session, [])
        for each in before:
            ids = {receipt["id"] for receipt in each.client.receipts[: each.receipts]}
            mine = OperationRow.id.in_(ids)
            assert set(session.scalars(select(OperationRow.id).where(mine, OperationRow.status == "applied"))) == ids
            versions = select(EntityVersionRow.operation_id).where(EntityVersionRow.operation_id.in_(ids))
            assert set(session.scalars(versions)) == ids
            if isinstance(each.client, Photographer):
                assert set(session.scalars(select(SubmissionRow.id).where(SubmissionRow.id.in_(ids)))) == ids
                _has_photos(ctx, each.client.finished[: each.photos])
    ctx.db.dispose()


def _has_photos(ctx: Context, finished: Sequence[tuple[str, bytes]]) -> None:
    with ctx.db.read() as session:
        query = select(AttachmentRow.submission_id, AttachmentRow.sha256).where(AttachmentRow.state == PRESENT)
        there = {(visit, sha256) for visit, sha256 in session.execute(query)}
    for visit, photo in finished:
        sha256 = hashlib.sha256(photo).hexdigest()
        assert (visit, sha256) in there
        assert ctx.blobs.get(sha256) == photo

"""What a ledger comes to is kept by village, and goes with every record that is written, moved or taken out of it."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import orjson
from sqlalchemy import delete, update

from fieldsvc.services import merging, register
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.services.desk_writing import Writing
from fieldsvc.services.ledgers import kept, reading, stored
from fieldsvc.services.ledgers.kept import Question
from fieldsvc.services.ledgers.reading import Wanted
from fieldsvc.store import entities
from fieldsvc.store.engine import Database
from fieldsvc.store.entities import Stored
from fieldsvc.store.ledger import where
from fieldsvc.store.ledger.where import Sums, Where
from fieldsvc.store.tables import EntityRow, FeedRow
from tests.office.district import FEED, District
from tests.office.ledger_world import add_houses, keep_houses
from tests.office.moments import Moments
from tests.office.test_ledgers_on_postgres import on_postgres  # noqa: F401 - a fixture
from tests.support.statements import Sent, statements

SON = where.Test("relation", "in", frozenset({"son"}))
SONS = Question(FEED, "members", (where.Test("relation", "not_in", frozenset({"gone"})),), ((SON,),), ())
HOMES = Question(FEED, "households", (), (), ())


def _both(ctx: Context) -> dict[str | None, Sums]:
    """What is kept, brought up to what is there: the same as counted anew."""
    with ctx.db.read() as session:
        for question in (HOMES, SONS):
            found = kept.sums(ctx.db, session, question, None)
            assert found == question.asked(session, Where())
    return found


def _rows(ctx: Context) -> dict[str | None, tuple[int, int]]:
    return {village: (one.rows, one.shares[0]) for village, one in _both(ctx).items()}


def _write(ctx: Context, by: Actor, ids: list[str], changed: Callable[[Stored], Stored]) -> None:
    """The next version of these records, as a desk writes it."""
    with ctx.db.write() as session:
        writing = Writing.by(ctx, session, by)
        for was in entities.load(session, FEED, ids).values():
            after = changed(was)
            version = replace(after.entity, version=was.entity.version + 1)
            writing.version(replace(after, entity=version), was)
        writing.finish()


def _members(ctx: Context, home: str) -> list[str]:
    with ctx.db.read() as session:
        return [one.entity.id for one in entities.of_subject(session, FEED, home) if one.entity.id != home]


def _lies_in(village: str) -> Callable[[Stored], Stored]:
    return lambda stored: replace(stored, area_id=village)


def _there_again(stored: Stored) -> Stored:
    return replace(stored, entity=replace(stored.entity, deleted=False))


def _story(district: District) -> None:
    ctx, by = district.ctx, district.actor(district.supervisor)
    upper, lower = district.upper, district.lower

    def household(village: str, **more: bool) -> str:
        return register.create(ctx, by, "households", {}, label="户", area_id=village, **more)

    def member(home: str, relation: str) -> str:
        return register.create(ctx, by, "members", {"relation": relation}, subject_id=home)

    first, second, third = household(upper), household(upper), household(lower)
    son, wife = member(first, "son"), member(first, "wife")
    member(third, "son")
    assert _rows(ctx) == {upper: (2, 1), lower: (1, 1)}
    member(second, "son")
    assert _rows(ctx) == {upper: (3, 2), lower: (1, 1)}, "a new one"
    register.edit(ctx, by, wife, {"relation": "gone"}, seen_version=1)
    assert _rows(ctx) == {upper: (2, 2), lower: (1, 1)}, "one that passes no longer"
    register.move(ctx, by, son, third)
    assert _rows(ctx) == {upper: (1, 1), lower: (2, 2)}, "one that moved to another village"
    register.delete(ctx, by, son, seen_version=2)
    assert _rows(ctx) == {upper: (1, 1), lower: (1, 1)}, "one that is deleted"
    register.delete(ctx, by, third, seen_version=1)
    assert _rows(ctx) == {upper: (1, 1)}, "those of a household that is gone"
    register.edit(ctx, by, second, {}, seen_version=1, label="另一户")
    merging.merge(ctx, by, second, first)
    assert _rows(ctx) == {upper: (1, 1)}, "a merged household's count with the other's"
    learning = household(lower, practice=True)
    member(learning, "son")
    assert _rows(ctx) == {upper: (1, 1)}, "nobody of a household to learn with"
    _write(ctx, by, [third], _there_again)
    assert _rows(ctx) == {upper: (1, 1), lower: (1, 1)}, "those of a household that came back"
    everybody = [first, *_members(ctx, first)]
    _write(ctx, by, everybody, _lies_in(district.far))
    assert _rows(ctx) == {lower: (1, 1), district.far: (1, 1)}, "a household that lies in another village now"
    _write(ctx, by, everybody, _lies_in(upper))
    _write(ctx, by, everybody, _lies_in(lower))
    assert _rows(ctx) == {lower: (2, 2)}, "one that went through a third village since it was last counted"
    member(first, "wife")
    register.move(ctx, by, member(first, "son"), third)
    _write(ctx, by, [third, *_members(ctx, third)], _lies_in(upper))
    assert _rows(ctx) == {lower: (2, 1), upper: (2, 2)}, "one whose household moved on after it had come"


def test_what_is_kept_goes_with_the_records(district: District) -> None:
    _story(district)


def test_what_is_kept_goes_with_the_records_on_postgres(on_postgres: Context, moments: Moments) -> None:  # noqa: F811 - a fixture
    _story(District(on_postgres, moments))


def test_only_the_villages_that_changed_are_counted_again(district: District, ctx: Context) -> None:
    by = district.actor(district.supervisor)
    homes = {v: register.create(ctx, by, "households", {}, area_id=v) for v in (district.upper, district.lower)}

    def counted(change: Callable[[], object], question: Question = SONS) -> list[Sent]:
        change()
        with ctx.db.read() as session, statements(ctx) as asked:
            kept.sums(ctx.db, session, question, None)
        return [one for one in asked if "GROUP BY entities.area_id" in one]

    [whole] = counted(lambda: register.create(ctx, by, "members", {}, subject_id=homes[district.upper]))
    assert district.upper not in whole.parameters
    assert counted(lambda: None) == [], "nothing was written"
    assert counted(lambda: None, HOMES)
    [some] = counted(lambda: register.create(ctx, by, "members", {}, subject_id=homes[district.lower]))
    assert district.lower in some.parameters
    assert district.upper not in some.parameters
    assert counted(lambda: None, HOMES) == [], "no household"
    [own] = counted(lambda: register.create(ctx, by, "households", {}, area_id=district.upper))
    assert district.upper in own.parameters, "a household may have gone or come back, with everybody in it"
    assert district.lower not in own.parameters


def test_a_process_that_begins_takes_up_what_the_worker_counted(district: District, ctx: Context) -> None:
    keep_houses(district)
    add_houses(district)
    by = district.actor(district.colleague)
    found = reading.page(ctx, "houses", Wanted(), by=by).sums
    assert stored.keep(ctx) > 0
    assert stored.keep(ctx) == 0, "nothing was written since"

    def begins() -> tuple[reading.Sums, list[Sent]]:
        """The first page of a process, and the counts it asked for."""
        other = replace(ctx, db=Database(ctx.db.url))
        with statements(other) as asked:
            page = reading.page(other, "houses", Wanted(), by=by)
        other.db.dispose()
        return page.sums, [one for one in asked if "GROUP BY entities.area_id" in one]

    assert begins() == (found, [])
    home = district.household("新户", district.lower)
    district.record(home, "housing_cases", "", case_no="H-9", stage="started", applied_on="2026-11-05")
    more, [counted] = begins()
    assert more.rows == found.rows + 1
    assert district.lower in counted.parameters
    assert district.upper not in counted.parameters, "the villages alone in which something was written"
    [file] = [one for one in (ctx.settings.data_folder / "blobs" / "exports").rglob("*") if _is_of_houses(one)]
    for unread in (b"half a fi", b"null", b"[1]", b'{"epoch": "", "position": 0, "sums": [[]]}'):
        file.write_bytes(unread)
        assert begins()[0] == more, "what cannot be read is counted anew"


def test_sums_of_a_ledger_that_is_declared_otherwise_are_deleted_and_no_file_that_somebody_ordered(
    district: District, ctx: Context, tmp_path: Path
) -> None:
    keep_houses(district)
    add_houses(district)
    ordered = f"exports/{ctx.new_id()}"
    ctx.blobs.put(ordered, b"a village")
    stored.keep(ctx)
    before = set(ctx.blobs.under("exports"))
    otherwise = 'zh = "住房"\nen = "Houses"\ndataset = "housing_cases"\ncolumns = ["village", "case_no"]'
    stored.keep(_declaring(ctx, tmp_path / "other.toml", f"[houses]\n{otherwise}\n"))
    after = set(ctx.blobs.under("exports"))
    assert len(after) == len(before), "the sums of what it was went as those of what it is came"
    assert len(after - before) == 1
    assert ordered in after
    stored.keep(_declaring(ctx, tmp_path / "none.toml", "[houses]\noff = true\n"))
    assert set(ctx.blobs.under("exports")) == after & before, "and those of a ledger that is taken away"


def _declaring(ctx: Context, file: Path, ledgers: str) -> Context:
    """The worker, started again with ledgers of the county's own."""
    file.write_text(ledgers, encoding="utf-8")
    return replace(ctx, settings=replace(ctx.settings, ledgers_file=str(file)))


def _is_of_houses(file: Path) -> bool:
    return file.is_file() and len(orjson.loads(file.read_bytes())["sums"]) > 0


def test_a_restored_feed_is_counted_anew(district: District, ctx: Context) -> None:
    by = district.actor(district.supervisor)
    home = register.create(ctx, by, "households", {}, area_id=district.upper)
    register.create(ctx, by, "members", {"relation": "son"}, subject_id=home)
    assert _rows(ctx) == {district.upper: (1, 1)}
    with ctx.db.write() as session:  # as `fieldsvc restore` leaves it: another epoch, and fewer records
        session.execute(update(FeedRow).values(epoch="epoch-2", position=1))
        session.execute(delete(EntityRow).where(EntityRow.dataset == "members"))
    assert _rows(ctx) == {}


def test_what_is_kept_holds_nobody(district: District, ctx: Context) -> None:
    by = district.actor(district.supervisor)
    homes = [register.create(ctx, by, "households", {}, area_id=district.upper) for _ in range(8)]
    for home in homes:
        register.create(ctx, by, "members", {"relation": "son"}, subject_id=home)
    assert _rows(ctx) == {district.upper: (8, 8)}
    before = _held(ctx)
    for home in homes[1:]:  # as when an import of many households is taken back
        register.delete(ctx, by, home, seen_version=1)
    assert _rows(ctx) == {district.upper: (1, 1)}
    assert len(_held(ctx)) == len(before), "what is gone is counted out, not remembered"
    assert not any(home.encode() in _held(ctx) for home in homes)


def _held(ctx: Context) -> bytes:
    """All that a process keeps of this ledger."""
    return pickle.dumps(kept.held(ctx.db, SONS))

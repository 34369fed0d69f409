"""What the office lists and counts is read from indexes, however many visits there are of other months and forms."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Select, delete, insert, text
from sqlalchemy.orm import Session

from fieldsvc.store import (
    audit_search,
    dossier,
    exports,
    operations,
    pulse,
    report_figures,
    unsettled,
    visit_order,
    waiting,
)
from fieldsvc.store.audit_order import Search
from fieldsvc.store.base import Base
from fieldsvc.store.engine import Database
from fieldsvc.store.ledger import changed, forms, pairings, records
from fieldsvc.store.ledger.where import Where
from fieldsvc.store.migrate import upgrade
from fieldsvc.store.tables import AssignmentRow, AuditRow, ChangeRow, EntityRow, OperationRow, SubmissionRow
from fieldsvc.store.visit_order import VisitFilter
from tests.contract.place import Place
from tests.support.statements import plan, rows_read, statements

HOMES, MONTHS, AREAS = 120, 24, 6
#: A report also reads which forms are visits.
FORMS = 20
Reading = Callable[[Session, str], object]


def _fill(place: Place) -> None:
    """Two years of visits: each household once a month by each of two forms, the second form in one month only."""
    feed, homes = place.feed_id, [f"home-{number:04}" for number in range(HOMES)]
    visit = {"feed_id": feed, "form_version": "1", "author_id": "east", "answers": {}, "context": {}}
    visits = [
        {
            **visit,
            "id": f"{form}-{month:02}-{home}",
            "form_id": form,
            "subject_id": home,
            "area_id": f"area-{int(home[-4:]) % AREAS}",
            "received_at": month * 10_000 + int(home[-4:]),
            "started_at": month * 10_000 + int(home[-4:]),
            "month": 202401 + month // 12 * 100 + month % 12,
            "review_state": "approved",
            "position": 0,
        }
        for month in range(MONTHS)
        for form in (("visit", "power") if month == 0 else ("visit",))
        for home in homes
    ]
    record = {"feed_id": feed, "dataset": "households", "version": 1, "properties": {}, "created_at": 0}
    homes_there = [
        {**record, "id": home, "subject_id": home, "area_id": f"area-{int(home[-4:]) % AREAS}", "updated_at": 0}
        for home in homes
    ]
    given = {"feed_id": feed, "person_id": place.office.person_id, "role": "cadre", "from_at": 0}
    given_then = [
        {**given, "id": f"given-{n}", "subject_id": f"home-{n:04}", "area_id": None} for n in range(HOMES * MONTHS)
    ]
    given_then.append({**given, "id": "given-area", "subject_id": None, "area_id": "area-0"})
    sent = {"feed_id": feed, "kind": "edit", "author_id": "east", "body": b"", "sha256": "", "updated_at": 0}
    sent_in = [
        {**sent, "id": f"op-{n:05}", "status": "review" if n < 5 else "applied", "received_at": n, "position": n}
        for n in range(HOMES * MONTHS)
    ]
    told = {"feed_id": feed, "tag": "", "kind": "entity", "at": 0}
    told_of = [
        {**told, "position": 1 + n, "topic": f"home-{n % HOMES:04}", "ref_id": f"home-{n % HOMES:04}"}
        for n in range(HOMES * MONTHS)
    ]
    act = {"feed_id": feed, "at": 0, "thing": "", "previous": "", "hash": ""}
    acts = [
        {
            **act,
            "position": 1000 + n,
            "actor_id": "east" if n % 2 else "west",
            "action": "view" if n % 500 else "export",
        }
        for n in range(HOMES * MONTHS)
    ]
    with place.ctx.db.write() as session:
        session.execute(delete(ChangeRow))
        for table, rows in (
            (ChangeRow, told_of),
            (SubmissionRow, visits),
            (EntityRow, homes_there),
            (AssignmentRow, given_then),
            (OperationRow, sent_in),
            (AuditRow, acts),
        ):
            session.execute(insert(table), rows)
    if not place.ctx.db.is_sqlite:
        with place.ctx.db.write() as session:
            session.execute(text("ANALYZE"))


def _log_of(form: str, feed_id: str) -> Select[Any]:
    return visit_order.keys(feed_id, VisitFilter(areas=None, form_id=form), None, 20)


AREA_IDS = [f"area-{number}" for number in range(AREAS)]
READINGS: dict[str, tuple[Reading, str, int]] = {
    "a page of a ledger": (
        lambda session, feed: list(forms.rows(session, feed, "visit", 202503, Where(), (), limit=20)),
        "ix_submissions_by_form",
        4 * 20,
    ),
    "a page of a ledger of some villages": (
        lambda session, feed: list(forms.rows(session, feed, "visit", 202503, Where(AREA_IDS), (), limit=20)),
        "ix_submissions_by_form",
        4 * HOMES,
    ),
    "a page of a form hardly anybody fills in": (
        lambda session, feed: list(forms.rows(session, feed, "power", 202503, Where(), (), limit=20)),
        "ix_submissions_by_form",
        10,
    ),
    "the log of a form hardly anybody fills in": (
        lambda session, feed: session.execute(_log_of("power", feed)).all(),
        "ix_submissions_by_form",
        2 * HOMES,
    ),
    "the log of a form that everybody fills in": (
        lambda session, feed: session.execute(_log_of("visit", feed)).all(),
        "ix_submissions_by_form",
        3 * 20,
    ),
    "the lines of a ledger": (
        lambda session, feed: forms.number(session, feed, "visit", 202503, Where(AREA_IDS), ()),
        "COVERING INDEX ix_submissions_by_form",
        2 * HOMES,
    ),
    "a page of a ledger of records": (
        lambda session, feed: list(records.rows(session, feed, "households", ["area-1"], Where(), (), limit=20)),
        "ix_entities_living",
        4 * HOMES,
    ),
    "a page of the ledger of pairings": (
        lambda session, feed: list(pairings.rows(session, feed, 1, ["area-1"], Where(), limit=20)),
        "ix_assignments_by_subject",
        4 * HOMES,
    ),
    "the pairings of every village": (
        lambda session, feed: pairings.number(session, feed, 1, Where()),
        "COVERING INDEX ix_assignments_by_subject",
        3 * HOMES * MONTHS,
    ),
    "where records changed since a ledger was last read": (
        lambda session, feed: changed.villages(session, feed, "households", HOMES * MONTHS - 10),
        "sqlite_autoindex_changes_1",
        4 * HOMES,
    ),
    "the report of a month": (
        lambda session, feed: report_figures.visits(session, feed, (202503,), (0, 0), AREA_IDS),
        "COVERING INDEX ix_submissions_by_month",
        2 * HOMES + FORMS,
    ),
    "the report of a week": (
        lambda session, feed: report_figures.visits(session, feed, (), (50_000, 60_000), AREA_IDS),
        "COVERING INDEX ix_submissions_by_start",
        2 * HOMES + FORMS,
    ),
    "what waits for a person": (
        lambda session, feed: waiting.number(session, feed, None),
        "ix_operations_waiting",
        2 * HOMES,
    ),
    "what has been held for long": (
        lambda session, feed: operations.overdue(session, feed, 1_000, 10),
        "ix_operations_waiting",
        4 * 5,
    ),
    "how many operations wait, asked for by a watcher each minute": (
        lambda session, _: pulse.waiting_operations(session),
        "ix_operations_waiting",
        2 * 5,
    ),
    "how many values a person must decide, asked for the same": (
        lambda session, _: pulse.open_conflicts(session),
        "ix_conflicts_open",
        1,
    ),
    "the data of a form": (
        lambda session, feed: list(exports.submissions(session, feed, "visit", None, ("/",))),
        "ix_submissions_by_form",
        4 * HOMES * MONTHS,
    ),
    "the list of all visits": (
        lambda session, feed: list(exports.visits(session, feed, None, ("/",))),
        "ix_submissions_feed_id_subject_id_received_at",
        4 * HOMES * MONTHS,
    ),
    "the acts of a kind that is rare": (
        lambda session, feed: audit_search.page(session, feed, Search(actions=("export", "download")), None, at=0),
        "ix_audit_feed_id_action_position",
        10,
    ),
    "what somebody who does much has looked at": (
        lambda session, feed: audit_search.page(
            session, feed, Search(actors=("east", "west"), actions=("view",)), None, at=0, limit=20
        ),
        "ix_audit_feed_id_actor_id_position",
        6 * 20,
    ),
    "which forms about some households nobody has decided about": (
        lambda session, feed: unsettled.visits(session, feed, ["home-0007", "home-0008"]),
        "ix_submissions_feed_id_subject_id_received_at",
        6 * MONTHS,
    ),
    "what waits about some households": (
        lambda session, feed: unsettled.operations(session, feed, ["home-0007", "home-0008"]),
        "ix_operations_",
        4 * 5,
    ),
    "who was given a household": (
        lambda session, feed: dossier.pairings(session, feed, "home-0007", ["area-0"]),
        "ix_assignments_of_areas",
        10,
    ),
}


def test_a_reading_costs_what_it_shows(place: Place) -> None:
    _fill(place)
    for name, (reading, index, most) in READINGS.items():
        with place.ctx.db.read() as session, statements(place.ctx) as asked:
            reading(session, place.feed_id)
        sent = next(one for one in asked if one.startswith("SELECT"))  # a second one fetches what was found
        if place.ctx.db.is_sqlite:
            steps = plan(place.ctx, sent)
            assert any(index in step for step in steps), (name, steps)
            assert not any("ORDER BY" in step for step in steps if "submissions" in step), (name, steps)
        else:
            assert rows_read(place.ctx, sent) <= most, (name, plan(place.ctx, sent))


def test_figures_of_a_report_are_the_same_by_week_and_by_month(place: Place) -> None:
    _fill(place)
    each = (HOMES // AREAS, HOMES // AREAS)
    with place.ctx.db.read() as session:
        of_month = report_figures.visits(session, place.feed_id, (202401,), (0, 0), AREA_IDS[:2])
        of_week = report_figures.visits(session, place.feed_id, (), (10_000, 20_000), None)
    assert of_month == dict.fromkeys(AREA_IDS[:2], (2 * each[0], each[1])), "two visits by two forms, one household"
    assert of_week == dict.fromkeys(AREA_IDS, each)


def test_every_index_has_a_size_by_which_sqlite_chooses_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'fieldsvc.db'}"
    upgrade(url)
    upgrade(url)  # as every start of the server does
    with closing(sqlite3.connect(tmp_path / "fieldsvc.db")) as connection:
        told = dict(connection.execute("SELECT idx, stat FROM sqlite_stat1").fetchall())
        there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'index'")}
    assert set(told) == there - {"sqlite_autoindex_alembic_version_1"}
    for table in Base.metadata.sorted_tables:
        for index in table.indexes:
            assert len(told[str(index.name)].split()) == 1 + len(index.columns), index.name


def test_a_reading_asked_for_often_is_still_planned_for_what_it_asks(postgres_url: str) -> None:
    db = Database(postgres_url)
    with db.read() as session:
        for number in range(15):
            session.execute(text("SELECT count(*) FROM pg_class WHERE relname = :name"), {"name": f"name-{number}"})
        generic = session.scalars(text("SELECT generic_plans FROM pg_prepared_statements")).all()
    db.dispose()
    assert set(generic) == {0}

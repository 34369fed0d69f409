"""Every walk file is walked: filled in on a phone, sent to a real server, and compared with what it promises."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Playwright
from sqlalchemy import select

from fieldsvc.services import definitions
from fieldsvc.services.intake.shown import instances
from fieldsvc.store.tables import EntityRow, FormRow, OperationRow, SubmissionRow
from fieldsvc.xlsform.runtime import recalculated, validate
from tests.browser.families import settle
from tests.browser.hands import Phone
from tests.browser.script import read, walks
from tests.browser.small_county import SmallCounty, found
from tests.browser.walk import Walker
from tests.support.browser import browsers
from tests.support.proxy import link_to
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]


@dataclass(frozen=True, slots=True)
class Field:
    """A server that runs, its county, and one cadre's phone."""

    county: SmallCounty
    phone: Phone


@pytest.fixture(scope="module")
def field(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Field]:
    """One server and one phone for all walks: each has a household of its own."""
    folder = tmp_path_factory.mktemp("walks")
    server = Server(folder / "server")
    county = found(server.environment)
    server.start()
    try:
        with link_to(server.port) as link, browsers(playwright, folder) as open_browser:
            phone = Phone(open_browser, folder, link, "east")
            phone.opens(county.enrolment_link(phone.base, county.east))
            yield Field(county, phone)
    finally:
        server.kill()


@pytest.mark.parametrize("path", walks(), ids=lambda path: path.stem)
def test_a_walk_keeps_what_its_file_promises(path: Path, field: Field, tmp_path: Path) -> None:
    script, county, phone = read(path), field.county, field.phone
    home = settle(county, script.family, script.household, script.before)
    phone.syncs()
    with county.ctx.db.read() as session:
        title = session.get_one(FormRow, script.form).title["zh"]
    walker = Walker(phone, script, tmp_path)
    walker.begins(home, title)
    walker.walks()
    phone.syncs()

    with county.ctx.db.read() as session:
        sent = session.scalars(select(SubmissionRow).where(SubmissionRow.subject_id == home)).one()
        operation = session.get_one(OperationRow, (county.console.feed_id, sent.id))
        form: Any = definitions.form(county.ctx, session, sent.form_id, sent.form_version)
        held = Held(
            session.scalars(
                select(EntityRow).where(EntityRow.subject_id == home).order_by(EntityRow.created_at, EntityRow.id)
            ).all()
        )
        assert operation.status == "applied", operation.problem
        document = {"context": sent.context, "subject": home}
        held_then = instances(session, county.console.feed_id, definitions.datasets(county.ctx, session), document)
        context = {**sent.context, "instances": held_then}
        found_there = sorted((each.ref, each.kind) for each in validate(form, sent.answers, context))
        assert found_there == sorted(script.violations)
        # The phone sent what it had calculated itself; the other engine must come to the same, value by value.
        for ref, value in recalculated(form, sent.answers, context).items():
            assert answer_at(sent.answers, ref) == value, ref
        for name, expected in script.records.items():
            assert {key: held.value(name, key) for key in expected} == {
                key: held.meant(value) for key, value in expected.items()
            }, name


@dataclass(frozen=True, slots=True)
class Held:
    """What the server holds of a household afterwards, in the order in which it came to be."""

    rows: Sequence[EntityRow]

    def value(self, name: str, key: str) -> str | None:
        """A property of a record by the name it has in a walk file; `(count)` is how many of its kind there are."""
        dataset, _, which = name.partition(" ")
        rows = [row for row in self.rows if row.dataset == dataset]
        if key == "(count)":
            return str(len(rows))
        by_label = [row for row in rows if row.label == which]
        row = rows[int(which or "1") - 1] if which.isdecimal() or not which else by_label[0]
        return row.properties.get(key) or ""

    def meant(self, value: str) -> str:
        """A value as a walk file writes it: `id of members 吴秀英` is that record's id."""
        if not value.startswith("id of "):
            return value
        dataset, _, label = value.removeprefix("id of ").partition(" ")
        return next(row.id for row in self.rows if row.dataset == dataset and row.label == label)


def answer_at(answers: Any, ref: str) -> Any:
    """The answer to a question; items of repeats are found by their place: `/data/items[2]/name`."""
    at = answers
    for part in ref.split("/")[2:]:
        name, _, place = part.rstrip("]").partition("[")
        at = (at or {}).get(name)
        if place:
            at = at[int(place) - 1] if at else None
    return at

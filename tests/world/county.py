"""The county behind the stories: its areas, register, pairings and spreadsheets, through the services alone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from fieldsvc.services import assignments, imports, people, published, register, setup
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.services.intake import force_overdue, take_up
from fieldsvc.store import areas, entities, scope
from tests.world.forms import DATASETS, VISIT_DEFINITION
from tests.world.outbox import Row
from tests.world.places import Household

PASSWORD = "a long enough password"
SOURCE = "civil-affairs"


@dataclass
class County:
    """Ids of what every story needs: the feed, a village, a supervisor, an administrator."""

    feed_id: str
    county_id: str
    village_id: str
    supervisor_id: str
    administrator_id: str
    households: int = 0

    def add_person(self, ctx: Context, by: Actor, name: str) -> str:
        """Somebody who works in the county, without a role."""
        return people.add_person(ctx, by, name=name)

    def add_village(self, ctx: Context, name: str) -> str:
        """A village below the county."""
        area_id = ctx.new_id()
        with ctx.db.write() as session:
            areas.add(
                session,
                id=area_id,
                feed_id=self.feed_id,
                code=area_id[-12:],
                name=name,
                level="village",
                parent_id=self.county_id,
                path=f"/{self.county_id}/{area_id}/",
            )
        return area_id

    def add_household(
        self, ctx: Context, by: Actor, in_village: str | None, properties: Mapping[str, str | None]
    ) -> Household:
        """A household in the register, with a number of its own."""
        self.households += 1
        label = f"Household {self.households}"
        values = {"hh_no": f"45-{self.households:03}"} | {n: v for n, v in properties.items() if v is not None}
        area_id = in_village or self.village_id
        made = register.create(ctx, by, "households", values, label=label, area_id=area_id)
        return Household(made, label, area_id)

    def add_member(self, ctx: Context, by: Actor, home: Household, name: str) -> None:
        """A person of a household."""
        register.create(ctx, by, "members", {"name": name}, label=name, subject_id=home.id)

    def unassign(self, ctx: Context, by: Actor, person_id: str, subject_id: str) -> None:
        """End whatever gave this person this household."""
        with ctx.db.read() as session:
            held = [
                row.id
                for row in scope.open_assignments(session, self.feed_id, person_id=person_id, subject_id=subject_id)
            ]
        for assignment_id in held:
            assignments.end(ctx, by, assignment_id)

    def import_sheet(
        self, ctx: Context, by: Actor, sheet: Mapping[Household, Mapping[str, str | None]]
    ) -> imports.Report:
        """The spreadsheet of one and the same office, its households by their number in the register."""
        with ctx.db.read() as session:
            stored = entities.load(session, self.feed_id, [home.id for home in sheet])
            numbers = {home.id: stored[home.id].entity.properties["hh_no"] or "" for home in sheet}
        rows = [imports.Row(numbers[home.id], values) for home, values in sheet.items()]
        return imports.apply(ctx, by, rows, source=SOURCE, dataset="households", key_property="hh_no")

    def publish_visit(self, ctx: Context, by: Actor, version: str) -> None:
        """A version of the visit form, with the questions of the first."""
        definition = {**VISIT_DEFINITION, "version": version}
        published.publish_form(ctx, by, definition, digest=_digest(definition))

    def nightly(self, ctx: Context) -> None:
        """What the server does by itself."""
        force_overdue(ctx)
        take_up(ctx)
        assignments.end_due(ctx)


def begin(ctx: Context) -> County:
    """Begin a county with one village, its two desks, and the form and datasets of the stories."""
    feed_id = setup.begin(
        ctx, county="Test county", code="451000000000", name="Administrator", login="admin", password=PASSWORD
    )
    by = setup.console(ctx)
    county_id = people.area_of_code(ctx, by, None).id
    administrator = people.of_login(ctx, by, "admin")
    supervisor_id = people.add_person(ctx, by, name="Supervisor")
    people.grant_role(ctx, by, supervisor_id, "supervisor", county_id)
    county = County(feed_id, county_id, "", supervisor_id, administrator.id)
    county.village_id = county.add_village(ctx, "Lower")
    for dataset in DATASETS:
        published.publish_dataset(ctx, by, dataset, digest=_digest(dataset))
    published.publish_form(ctx, by, VISIT_DEFINITION, digest=_digest(VISIT_DEFINITION))
    return county


def _digest(definition: Row) -> str:
    return hashlib.sha256(json.dumps(definition, sort_keys=True).encode()).hexdigest()

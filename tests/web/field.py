"""A county with one cadre and two households behind the phone app's addresses: the real server, in this process."""

from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select

from fieldsvc.services import assignments, enrol, people, register, review, setup, standard
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.store import entities
from fieldsvc.store.tables import AttachmentRow, SubmissionRow
from tests.web.shop import Shop


@dataclass
class Field:
    """What the office did before the cadre opened the app."""

    shop: Shop
    ctx: Context
    office: Actor
    cadre_id: str
    homes: list[str]

    def enrolment(self) -> str:
        """The address in the cadre's QR code."""
        return f"{self.shop.url}/#/signin/{enrol.new_code(self.ctx, self.office, self.cadre_id)}"

    def phone_number(self, home: str) -> str | None:
        """What the register says about a household's telephone."""
        with self.ctx.db.read() as session:
            found = entities.load(session, self.office.feed_id, [home])[home].entity.properties["phone"]
        return None if found is None else str(found)

    def attachments(self) -> list[str]:
        """How far each photo of each visit has come on the server."""
        with self.ctx.db.read() as session:
            return list(session.scalars(select(AttachmentRow.state)))

    def visits(self) -> list[str]:
        """The visits that have arrived, oldest first."""
        with self.ctx.db.read() as session:
            return list(session.scalars(select(SubmissionRow.id).order_by(SubmissionRow.received_at)))

    def returns(self, visit: str, comment: str) -> None:
        """Send a visit back to its author."""
        review.decide_visit(self.ctx, visit, "return", by=self.office, seen="waiting", comment=comment)

    def replaced(self) -> list[str]:
        """The visits that a later one took the place of."""
        with self.ctx.db.read() as session:
            return list(session.scalars(select(SubmissionRow.id).where(SubmissionRow.replaced_by_id.is_not(None))))


@pytest.fixture
def field(shop: Shop, app: Flask) -> Field:
    """The county, begun through the services alone."""
    ctx: Context = app.extensions["fieldsvc"]
    setup.begin(
        ctx, county="试验县", code="990000000000", name="管理员", login="admin", password="a long enough password"
    )
    office = setup.console(ctx)
    standard.publish(ctx, office)
    area = people.area_of_code(ctx, office, None).id
    cadre = people.add_person(ctx, office, name="王干部")
    homes = []
    for number, name in enumerate(["张三", "李四"], start=1):
        values = {
            "head_name": name,
            "hamlet": "上组",
            "phone": "13900000001",
            "people": "3",
            "hh_no": f"990-{number:03}",
        }
        home = register.create(ctx, office, "households", values, label=name, area_id=area)
        register.create(ctx, office, "members", {"full_name": f"{name}之女"}, label=f"{name}之女", subject_id=home)
        assignments.assign(ctx, office, cadre, subject_id=home)
        homes.append(home)
    return Field(shop, ctx, office, cadre, homes)

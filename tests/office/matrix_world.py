"""One of each thing that has an address in the office, and addresses filled in with it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from werkzeug.routing import Rule

from fieldsvc.office.exporting import job
from fieldsvc.services import authoring, published
from fieldsvc.services.access import Actor
from fieldsvc.services.campaigns import making
from fieldsvc.services.campaigns.making import Plan
from fieldsvc.services.context import Context
from fieldsvc.services.dossier import scans
from fieldsvc.services.exporting import orders
from fieldsvc.services.exporting.orders import Order
from fieldsvc.services.handover import plan
from fieldsvc.services.imports import desk
from fieldsvc.services.jobs import run_due
from fieldsvc.store import flags, handovers, imports
from fieldsvc.store.flags import Flag
from fieldsvc.store.tables import BlobRow
from tests.forms.pictured import PICTURES, pictured
from tests.imports.sheets_made import csv
from tests.office.district import FEED, District
from tests.office.gone_world import keeps_who_is_gone
from tests.office.ledger_world import keep_houses
from tests.office.test_a_visit import ANSWERS
from tests.office.test_feedback import says
from tests.office.test_form_pages import source
from tests.office.test_waiting import sends_edit
from tests.support.shipped import dataset

#: Nothing in the office has this id.
UNKNOWN = "01890000-0000-7000-8000-000000000000"

#: A correction that waits for a person.
WAITS = {"hamlet": "塘下组", "phone": "13900000001"}

#: Addresses of a form in trial, and of one that is published.
OF_DRAFTS = ("draft", "decide_draft", "testers", "preview", "preview_phone", "draft_source")
OF_PUBLISHED = ("form", "form_source", "form_changes", "form_state")


@dataclass(frozen=True)
class Things:
    """What stands in the addresses: a value for each argument, for some endpoints another one, and what is asked."""

    values: Mapping[str, str]
    of_endpoint: Mapping[str, Mapping[str, str]]
    queries: Mapping[str, str]

    def path(self, rule: Rule) -> str:
        """The address of the thing that is there."""
        values = {**self.values, **self.of_endpoint.get(rule.endpoint, {})}
        return self._filled(rule, {name: values[name] for name in rule.arguments})

    def unknown_path(self, rule: Rule) -> str:
        """The same address with names nobody gave."""
        return self._filled(rule, dict.fromkeys(rule.arguments, UNKNOWN))

    def _filled(self, rule: Rule, values: Mapping[str, str]) -> str:
        path = rule.rule
        for name, value in values.items():
            path = path.replace(f"<{name}>", value).replace(f"<path:{name}>", value)
        query = self.queries.get(rule.endpoint.removeprefix("office."))
        return f"{path}?{query}" if query else path


def _photo(district: District, visit: str, home: str) -> str:
    """A photo of the visit that has arrived; its digest."""
    data = b"no picture, but bytes"
    sha256 = hashlib.sha256(data).hexdigest()
    district.photo(visit, home, "/data/evidence/house", sha256, state="present", size=len(data))
    district.ctx.blobs.put(sha256, data)
    with district.ctx.db.write() as session:
        session.add(BlobRow(feed_id=FEED, sha256=sha256, bytes=len(data), type="image/jpeg", stored_at=0))
    return sha256


def _scan(ctx: Context, district: District, home: str) -> str:
    """A signed paper in the household's file."""
    admin = district.actor(district.person("档管理员", "A04", role="administrator", area=district.county))
    definition = dataset(scans.SCANS)
    published.publish_dataset(ctx, admin, definition, digest=definition["version"])
    return scans.file(ctx, admin, home, "training", b"%PDF-1.7 signed")


def _forms(admin: Actor, ctx: Context) -> None:
    """A form in trial and one that is published."""
    authoring.publish(ctx, admin, *pictured(version="8"))
    authoring.save_draft(ctx, admin, source("9"), "trial.md")


def _case(district: District, home: str) -> str:
    """A housing case that may go on to the next stage."""
    keep_houses(district)
    return district.record(home, "housing_cases", "重建", stage="applied", applied_on="2026-11-01")


def _handover(district: District, ctx: Context, home: str) -> str:
    """A handover of tomorrow."""
    by, day = district.actor(district.supervisor), date(2026, 11, 23)
    plan.hand_over(ctx, by, giver=district.li, taker="C02", subjects=[home], day=day)
    with ctx.db.read() as session:
        return handovers.planned(session, FEED)[0].id


def build(district: District, ctx: Context) -> Things:
    """Everything in 岩寺镇."""
    keeps_who_is_gone(ctx, district)
    home = district.household("陈一", district.upper, helper=district.li, water="well", phone="13900000000")
    visit = district.visit(home, district.li, ANSWERS, wrote={"people": "5"})
    picture = PICTURES["thatch.jpg"]
    sha256 = _photo(district, visit, home)
    with ctx.db.write() as session:
        facts = {"metres": 812, "limit": 200}
        flags.raise_all(session, FEED, [Flag(visit, "far", "/data/evidence/position", facts)], district.moments.now)
        [flag] = flags.of_visit(session, FEED, visit)
    admin = district.actor(district.person("表管理员", "A03", role="administrator", area=district.county))
    _forms(admin, ctx)
    sheet = csv(("户编号", "村代码"), ("001", "341021100201"))
    import_id = desk.upload(ctx, admin, kind="households", source="民政", data=sheet, filename="农户.csv")
    case = _case(district, home)
    days = {"from_at": district.moments.now, "to_at": district.moments.now + 86_400_000}
    town = district.actor(district.supervisor)
    campaign = making.make(ctx, Plan(name="排查", area_id=district.east, form_id=None, **days), by=town)
    maker = district.actor(district.supervisor)
    export_id = orders.order(ctx, maker, Order("points"), reason="")
    run_due(ctx, job.handlers(lambda _: None))
    with ctx.db.write() as session:
        by = {"by_id": admin.person_id, "at": district.moments.now, "finished_at": district.moments.now}
        imports.begin(session, id="sent", feed_id=FEED, source="教育", dataset="households", counts={}, **by)
    return Things(
        values={
            "household_id": home,
            "visit_id": visit,
            "flag_id": flag.id,
            "conflict_id": district.conflict(home, district.li, district.zhang, {"water": "tap"}, {"water": "spring"}),
            "operation_id": sends_edit(
                district, ctx, district.zhang, home, {"hamlet": "塘下组", "phone": "13900000001"}
            ),
            "export_id": export_id,
            "feedback_id": says(district, ctx, "很慢。"),
            "sha256": sha256,
            "name": "houses",
            "scan_id": _scan(ctx, district, home),
            "form_id": "visit",
            "import_id": import_id,
            "campaign_id": campaign.id,
            "version": "3",
            "rest": "elsewhere",
            "period": "2026-10",
            "person_id": district.person("镇干部", "P01", role="cadre", area=district.east),
            "device_id": "device-P01",
            "holder_id": district.li,
            "handover_id": _handover(district, ctx, home),
            "kind": "xlsx",
        },
        of_endpoint={f"office.{name}": {"form_id": "trial", "version": "9"} for name in OF_DRAFTS}
        | {f"office.{name}": {"form_id": "trial", "version": "8"} for name in OF_PUBLISHED}
        | {
            "office.document": {"name": "archive"},
            "office.board": {"name": "renovation"},
            "office.dataset": {"name": "households"},
        }
        | {"office.form_picture": {"form_id": "trial", "version": "8", "sha256": hashlib.sha256(picture).hexdigest()}},
        queries=dict.fromkeys(("correct", "save_correction"), f"entity={home}&property=phone")
        | dict.fromkeys(("comparison", "decide_difference", "download_comparison"), "source=教育&roster=households")
        | {"map_places": "view=118,29,119,30"}
        | dict.fromkeys(("move", "save_move"), f"entity={case}&stage=discussed"),
    )

"""A process for the stories: the renovation of a house with its payments, and a form with the photo of a notice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from fieldsvc.services import published
from fieldsvc.services.workdays import day_of
from tests.world.cadre import Cadre
from tests.world.forms import property_, question, text_of
from tests.world.outbox import Entry, Row
from tests.world.places import Household
from tests.world.world import World

STAGES = ("applied", "posted", "granted", "begun", "accepted", "returned")
PROCESS: Row = {
    "dataset": "cases",
    "stage": "stage",
    "zh": "改造",
    "en": "Renovation",
    "slots": {"notice": {"zh": "公示照片", "en": "the notice"}},
    "stages": [
        {"code": "applied", "date": "applied_on"},
        {"code": "posted", "date": "posted_on", "photos": ["notice"]},
        {
            "code": "granted",
            "date": "granted_on",
            "other_than": ["owner", "stage:applied"],
            "notice": {"since": "posted", "days": 7},
        },
        {"code": "begun", "date": "begun_on", "optional": True},
        {"code": "accepted", "date": "accepted_on", "needs": ["grade"], "by": ["supervisor"], "end": True},
        {"code": "returned", "side": True, "from": ["posted", "granted"]},
    ],
    "clocks": [
        {
            "name": "grant",
            "zh": "审批时限",
            "en": "Grant",
            "since": "posted",
            "days": 10,
            "working": True,
            "until": ["granted"],
        }
    ],
    "sums": [
        {
            "dataset": "payments",
            "amount": "amount",
            "link": "case_id",
            "most": "subsidy",
            "early": {"until": "accepted", "property": "kind", "values": ["start"], "most": {"start": 20000}},
        }
    ],
}
_DATES = ("applied_on", "posted_on", "granted_on", "begun_on", "accepted_on")
DATASETS: list[Row] = [
    {
        "name": "cases",
        "label": text_of("case"),
        "properties": [
            property_(
                "stage",
                "ordered",
                "select_one",
                choices=[{"value": code, "label": text_of(code)} for code in STAGES],
                ranks=list(STAGES[:-1]),
            ),
            *(property_(name, "review", "date") for name in _DATES),
            *(property_(name, "review") for name in ("owner", "grade", "subsidy")),
        ],
        "process": {"name": "house", "content": PROCESS},
    },
    {
        "name": "payments",
        "label": text_of("payment"),
        "properties": [property_(name, "review") for name in ("amount", "case_id", "kind")],
    },
]
REPORT: Row = {
    "form": "case_report",
    "version": "1",
    "title": text_of("Report"),
    "languages": ["zh", "en"],
    "default_language": "zh",
    "subject_dataset": "households",
    "root": "/data",
    "nodes": [
        question("case"),
        question("stage"),
        question("posted_on"),
        question("photo", "image", parameters={"slot": "notice"}),
    ],
    "choices": {},
    "instances": {},
    "entities": [
        {
            "dataset": "cases",
            "path": "/data",
            "id": ["p", "/", [["c", "data"], ["c", "case"]]],
            "update": True,
            "saves": {"stage": "/data/stage", "posted_on": "/data/posted_on"},
        }
    ],
}
PHOTO = {"sha256": "ab" * 32, "bytes": 1000, "type": "image/jpeg"}


@dataclass(frozen=True)
class Record:
    """A record of a household by its permanent id: a case, a payment."""

    dataset: str
    id: str
    subject_id: str


def prepare(world: World) -> None:
    """Publish the process, its datasets and the form."""
    ctx, by = world.server.ctx, world.county.who()
    for dataset in DATASETS:
        published.publish_dataset(ctx, by, dataset, digest=str(dataset["name"]))
    published.publish_form(ctx, by, REPORT, digest="report")


def day(world: World, ahead: int = 0) -> str:
    """Today in the county, or so many days from it."""
    today: date = day_of(world.clock.now_ms, "Asia/Shanghai")
    return (today + timedelta(days=ahead)).isoformat()


def new(world: World, home: Household, dataset: str = "cases") -> Record:
    """A record nobody knows yet."""
    return Record(dataset, world.new_id(), home.id)


def reports(cadre: Cadre, case: Record, *, photo: bool, **values: Any) -> Entry:
    """Send the form that moves a case, with or without the photo of the notice."""
    touch = cadre.phone.touch("cases", case.id, values, create=False)
    answers = {"case": case.id, **values, **({"photo": PHOTO} if photo else {})}
    now = cadre.clock()
    return cadre.phone.freeze(
        "submission",
        case.subject_id,
        (touch,),
        form=REPORT["form"],
        version=REPORT["version"],
        subject=case.subject_id,
        answers=answers,
        started_at=now,
        ended_at=now,
        context={"now": now, "utc_offset": 480, "seed": 1, "preloads": {}},
        entities=[{"path": "/data", **touch.declared}],
    )

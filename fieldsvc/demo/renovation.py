"""Houses under renovation: eighteen cases from the application to the last payment, with their photos.

What the villages do comes by the forms of the field work; review and approval are the offices' own steps.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from random import Random

from fieldsvc.demo.answers import Photo
from fieldsvc.demo.clock import standing_at
from fieldsvc.demo.district import Cadre, District, Household
from fieldsvc.demo.filing import Filing, Known
from fieldsvc.demo.renovation_forms import STEPS, Case, form_of
from fieldsvc.demo.words import SEED
from fieldsvc.services import enrol, register, review
from fieldsvc.services.context import Context

#: How far the cases of the first town are, and how many days ago the last step was; two clocks have run out.
FIRST_TOWN = (
    ("noticed", 3),
    ("walls", 4),
    ("applied", 2),
    ("discussed", 5),
    ("reviewed", 6),
    ("reviewed", 45),
    ("approved", 9),
    ("building", 7),
    ("walls", 12),
    ("completed", 8),
    ("completed", 38),
    ("moved_in", 6),
    ("paid", 5),
    ("paid", 16),
)
OTHER_TOWNS = (("applied", 4), ("noticed", 2), ("discussed", 9), ("noticed", 12))
#: The steps an office takes at its desk, and who of the two deciders does.
DECIDED = ("reviewed", "approved")
#: So many days after a form arrived it has been looked at; the newest wait.
REVIEWED_AFTER = 10


def households(district: District) -> Iterator[tuple[Cadre, Household, str, int]]:
    """The houses of grade C and D that are worked on: how far each is, and for how many days it has stood there.

    The demo's own cadre has the first two.
    """
    first_town = district.places.towns[0].id
    unsafe = [(cadre, home) for cadre in district.cadres for home in cadre.households if home.house_grade in "CD"]
    here = [pair for pair in unsafe if pair[1].village.town.id == first_town]
    own = [pair for pair in here if pair[0] is district.cadres[0]][:2]
    others = [pair for pair in here if pair[0] is not district.cadres[0]]
    # Spread over the villages, as a county spreads its money.
    spread = [*own, *others[:: max(1, len(others) // len(FIRST_TOWN))]]
    away = [pair for pair in unsafe if pair[1].village.town.id != first_town][::23]
    for pairs, stages in ((spread, FIRST_TOWN), (away, OTHER_TOWNS)):
        for (cadre, home), (stage, ago) in zip(pairs, stages, strict=False):
            yield cadre, home, stage, ago


def work(
    ctx: Context,
    district: District,
    deciders: tuple[str, str],
    now: datetime,
    photos: Mapping[str, Sequence[Photo]],
) -> None:
    """File every step of every case. `deciders`: who reviews and who approves, who must not be the same."""
    filing, roll = Filing(ctx, "renovation"), Random(f"{SEED}/renovation")
    for cadre, home, stage, ago in households(district):
        begun = now.replace(hour=9, minute=roll.randrange(60)) - timedelta(days=STEPS[stage] + ago)
        seen = {state: roll.choice(photos[state]) for state in ("mud", "brick", "white", "booklet")}
        case = Case(home, begun, roll.choice((8000, 14000, 18000, 20000)), roll.randrange(20, 90) * 500, seen)
        for step in list(STEPS)[: list(STEPS).index(stage) + 1]:
            record = None if step == "applied" else filing.record(home, "housing_cases")
            if step in DECIDED and record is not None:
                _decide(ctx, case, record, step, deciders[DECIDED.index(step)])
            else:
                form, answers = form_of(step, case, record)
                filed = filing.file(form, cadre, home, case.at(step), answers)
                if case.at(step) < now - timedelta(days=REVIEWED_AFTER):
                    _approve(ctx, filed, case.at(step) + timedelta(days=2), deciders[1])


def _approve(ctx: Context, filed: str, moment: datetime, person: str) -> None:
    clock = standing_at(ctx, moment)
    by = enrol.actor_of(clock, person)
    assert by is not None
    review.decide_visit(clock, filed, "approve", by=by, seen="waiting")


def _decide(ctx: Context, case: Case, record: Known, step: str, person: str) -> None:
    clock = standing_at(ctx, case.at(step))
    by = enrol.actor_of(clock, person)
    assert by is not None
    changes = {"stage": step, f"{step}_on": case.day(step)}
    register.edit(clock, by, record.id, changes, seen_version=record.version, reason="")

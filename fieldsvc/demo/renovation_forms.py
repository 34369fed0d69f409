"""What villages fill in of a house under renovation: the form of each step, and its answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from fieldsvc.demo.answers import Photo
from fieldsvc.demo.district import Household
from fieldsvc.demo.filing import Known
from fieldsvc.demo.words import identifiers

#: The steps of a case, and after how many days from the application each is taken.
STEPS = {
    "applied": 0,
    "discussed": 6,
    "noticed": 8,
    "reviewed": 17,
    "approved": 24,
    "building": 40,
    "walls": 55,
    "completed": 78,
    "moved_in": 88,
    "payment": 97,
    "paid": 98,
}
PARTS = {"building": "footing", "walls": "main", "completed": "roof"}
NOTES = {"discussed": "村民代表 11 人到会，一致同意", "noticed": "村务公开栏公示，无异议"}
UNSIGNED = {"sign_reason": "户主外出务工，回来补签"}
ITEMS = ("site", "footing", "walls", "roof", "openings", "area", "quake", "living")
Filled = tuple[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Case:
    """One house: when its family applied, what it costs in yuan, how it looked (`mud`, `brick`, `white`)."""

    household: Household
    begun: datetime
    subsidy: int
    own: int
    photos: Mapping[str, Photo]

    def at(self, step: str) -> datetime:
        """The moment of a step."""
        return self.begun + timedelta(days=STEPS[step])

    def day(self, step: str) -> str:
        """The date of a step."""
        return f"{self.at(step):%Y-%m-%d}"

    def picture(self, state: str) -> dict[str, Any]:
        """The answer of a photo question: the house as it was then, or a paper (`booklet`)."""
        return self.photos[state].as_answer()

    @property
    def area(self) -> str:
        """The square metres to be built: what the rules allow a family of its size."""
        people = len(self.household.members)
        return str((36, 40, 54, 60)[min(people, 4) - 1])

    def head(self, cases: int | None = None) -> dict[str, str]:
        """What every form of the case begins with; `cases`: how many the household has, where the form counts them."""
        known = {} if cases is None else {"cases_known": str(cases)}
        people = str(len(self.household.members))
        return {"household": self.household.id, "area_code": self.household.village.area.code, "people": people} | known


def form_of(step: str, case: Case, record: Known | None) -> Filled:
    """The form of a step and its answers; `record`: the case as it stands, None before the application."""
    if record is None:
        return _application(case)
    if step in PARTS:
        return _inspection(case, record, step)
    if step == "moved_in":
        return _acceptance(case, record)
    return _payment(case, record) if step == "payment" else _progress(case, record, step)


def _application(case: Case) -> Filled:
    home = case.household
    begin = {"task": "open", "kind": "rebuild", "plan_year": f"{case.begun:%Y}", "applied_on": case.day("applied")}
    house = {"old_area": "62", "structure": "earth_timber", "rooms": "3", "built_year": str(home.house_built)}
    state = {"grade": home.house_grade, "appraiser": "何技术", "appraised_on": case.day("applied")}
    damage = {"damage": "土墙开裂，屋面漏雨，檩条虫蛀", "route": "unsafe", "lives_there": "no"}
    plan = {"method": "same_place", "builder_mode": "own_build", "land_area": "80", "new_area": case.area}
    money = {"subsidy": str(case.subsidy), "own_funds": str(case.own), "gap": "0"}
    return "housing_case", {
        **case.head(0),
        "begin": {**begin, "target_class": "dibao" if home.kind == "dibao" else "registered"},
        "old_house": {**house, **state, **damage},
        "building": {**plan, **money, "total_cost": str(case.subsidy + case.own)},
        "before": {"before_whole": case.picture("mud"), "before_danger": case.picture("mud"), "head_agrees": "no"},
        "application": {"application_photo": case.picture("booklet"), **UNSIGNED},
    }


def _progress(case: Case, record: Known, step: str) -> Filled:
    seen = {"step_note": NOTES[step], f"{step}_photo": case.picture("booklet")} if step in NOTES else {}
    begin = {"task": "step", "case": record.id}
    done = {"which": step, "on": case.day(step), **seen}
    return "housing_case", {**case.head(1), **_looked_up(record), "begin": begin, "step": done}


def _inspection(case: Case, record: Known, step: str) -> Filled:
    noted = {
        f"{name}_known": record.properties[f"{name}_on"]
        for name in ("started", "approved", "building")
        if record.properties.get(f"{name}_on")
    }
    begun = {} if "started_known" in noted else {"started_on": case.day(step)}
    ended = {"completed": "yes", "completed_on": case.day(step)} if step == "completed" else {}
    seen = {"inspected_on": case.day(step), "part": PARTS[step], "result": "pass", "during": case.picture("brick")}
    head = {name: value for name, value in case.head().items() if name != "people"}
    check = {"case": record.id, **begun, **seen, **ended}
    return "housing_inspection", {
        **head,
        "check": check,
        **noted,
        "stage_known": record.properties["stage"],
        "signing": UNSIGNED,
    }


def _acceptance(case: Case, record: Known) -> Filled:
    team = {"accepted_on": case.day("moved_in"), "checker_1": "吴审核", "checker_2": "何技术"}
    family = {"fee_charged": "no", "moved_in": "yes", "moved_in_on": case.day("moved_in")}
    return "housing_acceptance", {
        **case.head(),
        **_looked_up(record),
        "completed_known": case.day("completed"),
        "team": {"case": record.id, **team},
        "items": {**dict.fromkeys(ITEMS, "pass"), "new_area": case.area},
        "after": {"after_whole": case.picture("white"), "plaque": "no"},
        "family": {**family, "old_house_gone": "yes", "pay_now": "no"},
        "signing": UNSIGNED,
    }


def _payment(case: Case, record: Known) -> Filled:
    line = {"purpose": "final", "paid": str(case.subsidy), "paid_on": case.day("payment")}
    item = {"_id": next(identifiers(f"payment/{record.id}")), **line, "voucher": case.picture("booklet")}
    begin = {"task": "payment", "case": record.id}
    return "housing_case", {**case.head(1), **_looked_up(record), "begin": begin, "payments": [item]}


def _looked_up(record: Known) -> dict[str, str]:
    """What the form takes from the case when it is chosen."""
    known = record.properties
    last = max(str(value) for name, value in known.items() if name.endswith("_on") and name != "appraised_on" and value)
    return {
        "stage_known": known["stage"],
        "subsidy_known": known["subsidy"],
        "last_on": last,
        "paid_before_fen": "0",
    }

"""What was found and is being put right, as the offices enter it: problems, checks of households, families at risk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from fieldsvc.demo.clock import standing_at
from fieldsvc.demo.district import District, Household
from fieldsvc.demo.words import SEED, identifiers
from fieldsvc.services import enrol, register
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context

Values = dict[str, str | None]
#: What is wrong, of which kind, found by whom, whose it is.
PROBLEMS = (
    ("厨房屋面漏雨", "house", "own", "镇村建办"),
    ("自来水管冬季冻裂，三天没有水", "water", "visit", "镇水管站"),
    ("危房改造标识牌没有挂", "house", "supervision", "镇村建办"),
    ("扶贫手册收入漏填第三季度", "files", "mutual", "村委会"),
    ("慢性病证没有办下来", "medical", "visit", "镇卫生院"),
    ("配电箱老化，线头外露", "power", "own", "供电所"),
    ("奖补资金到账晚了两个月", "money", "petition", "镇财政所"),
    ("孩子寄宿补助没有领到", "education", "visit", "中心小学"),
    ("家庭人口和户口本不一致", "files", "comparison", "村委会"),
    ("帮扶责任人三个月没有上门", "conduct", "petition", "镇扶贫站"),
    ("老人单独住在旧房", "house", "third_party", "村委会"),
    ("养鸡项目没有后续指导", "help", "effect_review", "镇农技站"),
)
#: How far each problem is; the last of the line is where it stands.
LINE = ("to_verify", "under_way", "proposed", "closed")
REACHED = (1, 1, 1, 2, 2, 3, 0, 1, 3, 3, 2, 0)
#: Families at risk: why, and how far.
RISKS = (("illness", 0), ("accident", 0), ("disaster", 1), ("job", 1), ("education", 3), ("illness", 5), ("house", 6))
CHECKS = 60
FAILED = ("water", "house", "medical", "school", "income")


@dataclass(frozen=True, slots=True)
class Desks:
    """Who sits where: the town's supervisor decides first, the county's administrator second and everywhere."""

    ctx: Context
    town: str
    county: str

    def at(self, moment: datetime, person: str) -> tuple[Context, Actor]:
        """The clock of that moment, and the person as of then."""
        clock = standing_at(self.ctx, moment)
        actor = enrol.actor_of(clock, person)
        assert actor is not None
        return clock, actor


def note(ctx: Context, district: District, deciders: tuple[str, str], now: datetime) -> None:
    """Enter them all. `deciders`: the town's supervisor and the county's administrator."""
    desks, roll, ids = Desks(ctx, *deciders), Random(f"{SEED}/findings"), identifiers("finding")
    town = district.places.towns[0].id
    here = [home for home in district.households if home.village.town.id == town]
    for home, problem, reached in zip(roll.sample(here, len(PROBLEMS)), PROBLEMS, REACHED, strict=True):
        found = now - timedelta(days=roll.randrange(22, 40))
        _walk(desks, home, "problems", next(ids), _problem(problem, found, desks), found, LINE[: reached + 1])
    for home, (risk, reached) in zip(roll.sample(here, len(RISKS)), RISKS, strict=True):
        found = now - timedelta(days=3 + reached * 6)
        line = _risk(risk, found, desks)
        _walk(desks, home, "risks", next(ids), line, found, list(line)[: reached + 1])
    for home in roll.sample(district.households, CHECKS):
        _check(desks, home, next(ids), now - timedelta(days=roll.randrange(3, 50)), roll)


def _walk(
    desks: Desks,
    home: Household,
    dataset: str,
    entity: str,
    steps: Mapping[str, tuple[Values, str]],
    found: datetime,
    line: Sequence[str],
) -> None:
    """Take a record through the stages of `line`, six days apart, each by whoever may."""
    for version, stage in enumerate(line):
        values, person = steps[stage]
        clock, by = desks.at(found + timedelta(days=6 * version), person)
        if version == 0:
            register.create(clock, by, dataset, values, subject_id=home.id, entity_id=entity)
        else:
            register.edit(clock, by, entity, values, seen_version=version)


def _problem(problem: tuple[str, str, str, str], found: datetime, desks: Desks) -> dict[str, tuple[Values, str]]:
    what, category, source, unit = problem
    days = [f"{found + timedelta(days=6 * step):%Y-%m-%d}" for step in range(4)]
    due = f"{found + timedelta(days=30):%Y-%m-%d}"
    begun: Values = {"problem": what, "category": category, "source": source, "scope": "household", "level": "town"}
    return {
        "to_verify": ({**begun, "status": "to_verify", "found_on": days[0], "due": due}, desks.county),
        "under_way": ({"status": "under_way", "unit": unit, "person": "何技术"}, desks.county),
        "proposed": (
            {
                "status": "proposed",
                "measures": "已上门处理并拍照",
                "done_on": days[2],
                "status_note": "整改完成，申请销号",
            },
            desks.county,
        ),
        "closed": ({"status": "closed", "closed_by": "吴审核", "closed_on": days[3]}, desks.town),
    }


def _risk(risk: str, found: datetime, desks: Desks) -> dict[str, tuple[Values, str]]:
    days = iter([f"{found + timedelta(days=6 * step):%Y-%m-%d}" for step in range(7)])
    verdict: Values = {"verdict": "include", "class": "unstable"}
    return {
        "clue": (
            {"stage": "clue", "clue_source": "cadre", "clue_on": next(days), "title": "走访发现的线索"},
            desks.town,
        ),
        "checked": ({"stage": "checked", "checked_on": next(days), "risks": risk, "coping": "partly"}, desks.town),
        "discussed": ({"stage": "discussed", "discussed_on": next(days), "authorised": "yes"}, desks.town),
        "noticed": ({"stage": "noticed", "noticed_on": next(days)}, desks.town),
        "town": ({"stage": "town", "town_on": next(days)}, desks.town),
        "county": ({"stage": "county", "county_on": next(days), **verdict}, desks.county),
        "helped": ({"stage": "helped", "measures_on": next(days), "measures": "job post"}, desks.town),
    }


def _check(desks: Desks, home: Household, entity: str, day: datetime, roll: Random) -> None:
    failed = [item for item in FAILED if roll.random() < 0.06]
    clock, by = desks.at(day, desks.county)
    found: Values = {
        "title": f"两不愁三保障核查 {day:%Y-%m-%d}",
        "checked_on": f"{day:%Y-%m-%d}",
        "checkers": "郑核查、何技术",
        "food": "enough",
        "clothes": "yes",
        "water": "unmet" if "water" in failed else "met",
        "house_grade": home.house_grade,
        "failed": " ".join(failed) or None,
        "conclusion": "unmet" if failed else "met",
    }
    register.create(clock, by, "checks", found, subject_id=home.id, entity_id=entity)

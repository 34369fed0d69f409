"""What is to be done for the families whose houses are worked on, and what last year brought them: the plan that hangs
on the wall and the income sheet need a family that has both."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from fieldsvc.demo.clock import standing_at
from fieldsvc.demo.district import District, Household
from fieldsvc.demo.renovation import households
from fieldsvc.demo.words import SEED, identifiers
from fieldsvc.services import enrol, register
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context

Values = dict[str, str | None]
#: What is done, of which kind, for how much, what it should bring, by whom, and how far it is.
MEASURES = (
    ("养鸡 50 只", "industry", "2000", "3500", "镇农技站", "under_way"),
    ("村级公益性岗位（保洁）", "job", "6000", "6000", "村委会", "under_way"),
    ("家庭医生签约和慢性病证", "health", "0", None, "镇卫生院", "done"),
    ("寄宿生生活补助", "education", "1250", None, "中心小学", "done"),
    ("种油茶 2 亩", "industry", "1600", "2400", "镇林业站", "planned"),
    ("外出务工交通补贴", "job", "600", None, "镇人社所", "done"),
)
EACH = 3
GRANT = 600


def draw_up(ctx: Context, district: District, county: str, now: datetime) -> None:
    """Write a plan for this year with its measures, and the income of last year. `county`: its administrator's id."""
    roll, ids, drawn = Random(f"{SEED}/plans"), identifiers("plan"), now - timedelta(days=110)
    clock = standing_at(ctx, drawn)
    by = enrol.actor_of(clock, county)
    assert by is not None
    for _, home, _, _ in households(district):
        income = _income(home, drawn.year - 1, roll)
        _write(clock, by, home, next(ids), "income_statements", income)
        _write(clock, by, home, next(ids), "plans", _plan(home, drawn, str(income["net_per_head"])))
        for what, kind, amount, gain, unit, status in roll.sample(MEASURES, EACH):
            measure: Values = {
                "plan": str(drawn.year),
                "category": kind,
                "item": what,
                "amount": amount,
                "expected_income": gain,
                "unit": unit,
                "person": "何技术",
                "due": f"{drawn.year}-12-20",
                "status": status,
                "done_on": f"{drawn + timedelta(days=60):%Y-%m-%d}" if status == "done" else None,
            }
            _write(clock, by, home, next(ids), "plan_measures", measure)


def _write(ctx: Context, by: Actor, home: Household, entity: str, dataset: str, values: Values) -> None:
    known = {name: value for name, value in values.items() if value is not None}
    register.create(ctx, by, dataset, known, subject_id=home.id, entity_id=entity)


def _plan(home: Household, drawn: datetime, income: str) -> Values:
    goal = int(float(income) * 1.15) // 100 * 100
    return {
        "title": f"{drawn.year} 年度计划",
        "year": str(drawn.year),
        "edition": "1",
        "status": "active",
        "profile": f"家里 {len(home.members)} 口人，住{home.hamlet}，房屋 {home.house_grade} 级。",
        "causes": "illness" if home.kind == "dibao" else "skill",
        "risks": "house",
        "goals": f"年底前住上安全房；人均纯收入达到 {goal} 元。",
        "income_goal": str(goal),
        "signed_on": f"{drawn:%Y-%m-%d}",
        "posted": "yes",
    }


def _income(home: Household, year: int, roll: Random) -> Values:
    """Lines A to G that add up; the household paid nothing itself and no insurance paid."""
    people = len(home.members)
    wages, business = roll.randrange(2, 9) * 900 * people, roll.randrange(1, 6) * 700
    transfer = GRANT * people + roll.randrange(1, 4) * 250
    costs = business // 4
    gross = wages + business + transfer
    sums = {"wages": wages, "business": business, "property": 0, "transfer": transfer, "costs": costs, "claims": 0}
    return {
        "title": f"{year} 年收入",
        "year": str(year),
        "period": "calendar",
        "people": str(people),
        **{name: str(amount) for name, amount in sums.items()},
        "self_paid": "0",
        "gross": str(gross),
        "net": str(gross - costs),
        "net_per_head": f"{(gross - costs) / people:.2f}",
        "signed_on": f"{year}-12-15",
    }

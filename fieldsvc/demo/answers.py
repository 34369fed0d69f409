"""What cadres answered: the visit form filled in, a few kinds of visit with different words.

The form judges these answers in a test, so that a change of the form cannot leave the demo behind.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from fieldsvc.demo.district import Household
from fieldsvc.demo.places import near

LOGS = (
    "查看了住房和水电，屋面不漏，老人身体还好，说近期想把后院的围墙修一下。",
    "和户主核对了低保和养老金到账情况，都已按时到账。提醒冬季用电用火安全。",
    "孩子在校情况正常，生活补助已领。户主打算明年多养二十只鸡，想了解奖补政策。",
    "户主在家，心情不错。讲解了医保缴费时间和标准，答应本月内缴清。",
    "天气转凉，送去棉被一床。住房安全，饮水是自来水，水量够用。",
    "儿子在外务工，工资按月寄回。老人有慢性病，已签约家庭医生，药费能报销。",
    "田里的油茶今年收成一般，帮忙联系了合作社收购，价格谈好。",
    "核对手册记录，补记了上月的公益岗工资。户主对政策清楚，表示满意。",
)
NEEDS = (
    ("屋后的排水沟堵了，下大雨会漫到院子里。", "road", "village"),
    ("想给孩子申请下学期的寄宿生活补助。", "school", "village"),
    ("自来水到了傍晚水压小，二楼上不去水。", "water", "village"),
    ("老人慢性病买药路远，希望村卫生室能备药。", "medical", "village"),
    ("想学养蜂技术，问有没有培训班。", "industry", "helper"),
    ("门前路灯坏了一个多月。", "power", "village"),
)
MEASURES = (
    ("帮助申报务工交通补贴", "300"),
    ("联系合作社收购油茶籽", "1260"),
    ("送棉被、大米和食用油", "350"),
    ("代办医保缴费", ""),
    ("带去镇卫生院复查血压", ""),
)
PROBLEMS = {
    "road": "other",
    "school": "education",
    "water": "water",
    "medical": "medical",
    "industry": "help",
    "power": "power",
}
MET = {"head": "户主", "member": "家庭成员"}
GONE = {"work": "外出务工", "hospital": "住院", "relatives": "走亲", "locked": "锁门"}
AWAY = ("work", "work", "work", "hospital", "relatives", "locked")


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture as an answer names it."""

    sha256: str
    bytes: int
    thumb_sha256: str
    thumb_bytes: int

    def as_answer(self) -> dict[str, Any]:
        """The answer's JSON."""
        thumb = {"sha256": self.thumb_sha256, "bytes": self.thumb_bytes}
        return {"sha256": self.sha256, "bytes": self.bytes, "type": "image/jpeg", "thumb": thumb}


def answers(
    roll: Random, household: Household, home: str | None, at: datetime, photos: Mapping[str, Sequence[Photo]]
) -> dict[str, Any]:
    """One visit's answers. `home`: the household's point as the register has it, if any."""
    visit: dict[str, Any] = {"mode": "home", "met": roll.choices(("head", "member"), (5, 1))[0], "changes": "none"}
    filled: dict[str, Any] = {"started_at": at.isoformat(timespec="milliseconds"), "household": household.id}
    if home:
        filled["home"] = home
    if roll.random() < 0.05:
        visit = {"mode": "home", "met": "nobody", "not_home_reason": roll.choice(AWAY)}
    else:
        visit["satisfied"] = roll.choices(("yes", "mostly", "no", "unwilling"), (80, 15, 2, 3))[0]
    filled["visit"] = visit
    more = _more(roll, filled, household, photos, alone=visit["met"] == "nobody")
    if more:
        visit["more"] = " ".join(more)
    filled |= {"visit_role": "helper", "visit_purpose": "regular", "handbook": _handbook(filled, at)}
    if visit["met"] == "nobody":
        filled["spend_total"] = "0"
    else:
        filled["last_visit"] = f"{at:%Y-%m-%d}"
    return filled


def _more(
    roll: Random,
    filled: dict[str, Any],
    household: Household,
    photos: Mapping[str, Sequence[Photo]],
    *,
    alone: bool,
) -> list[str]:
    """Fill in what some visits add, and return which sections those are."""
    added: list[str] = []
    if not alone and roll.random() < 0.12:
        need, category, level = roll.choice(NEEDS)
        item = {"_id": _item(roll), "need": need, "need_category": category, "need_urgent": "no", "need_level": level}
        computed = {"need_source": "visit", "need_scope": "household", "need_status": "to_verify"}
        filled["needs"] = [
            item | computed | {"need_problem": PROBLEMS[category], "need_found": filled["started_at"][:10]}
        ]
        added.append("needs")
    if not alone and roll.random() < 0.15:
        measure, amount = roll.choice(MEASURES)
        filled["measures_done"] = [
            {"_id": _item(roll), "measure": measure} | ({"measure_amount": amount} if amount else {})
        ]
        added.append("measures")
    if not alone and roll.random() < 0.4:
        filled["record"] = {"log": roll.choice(LOGS)}
        added.append("log")
    if roll.random() < 0.3:
        filled["evidence"] = _evidence(roll, household, photos)
        added.append("evidence")
    return added


def _handbook(filled: Mapping[str, Any], at: datetime) -> str:
    """What the form puts together for the help handbook."""
    visit = filled["visit"]
    away = f"未见到人（{GONE.get(visit.get('not_home_reason'), '')}）"
    seen = away if visit["met"] == "nobody" else f"见到{MET[visit['met']]}"
    parts = [f"{at.year}年{at.month}月{at.day}日入户走访，{seen}。"]
    if visit["met"] != "nobody":
        parts.append("家庭情况无变化。")
    parts += [f"诉求：{each['need']}。" for each in filled.get("needs", [])]
    parts += [f"帮扶：{each['measure']}。" for each in filled.get("measures_done", [])]
    return "".join(parts) + str(filled.get("record", {}).get("log", ""))


def _evidence(roll: Random, household: Household, photos: Mapping[str, Sequence[Photo]]) -> dict[str, Any]:
    """Photos of the house as it is, of a room, of a page of the booklet; and a position, or why there is none."""
    state = {"A": "white", "B": "brick", "C": "mud", "D": "mud"}[household.house_grade]
    taken: dict[str, Any] = {"far": "500", "photo_exterior": roll.choice(photos[state]).as_answer()}
    if roll.random() < 0.5:
        taken["photo_indoor"] = roll.choice(photos["room"]).as_answer()
    if roll.random() < 0.5:
        taken["photo_handbook"] = roll.choice(photos["booklet"]).as_answer()
    if household.home is None or roll.random() < 0.15:
        return taken | {"position_state": roll.choice(("no_signal", "indoor"))}
    latitude, longitude = near(roll, household.home, 40)
    return taken | {"position": f"{latitude} {longitude} {roll.randint(180, 420)} {roll.randint(4, 30)}"}


def _item(roll: Random) -> str:
    """An id for one item of a repeat; unique within its visit is enough."""
    return f"{roll.getrandbits(64):016x}"

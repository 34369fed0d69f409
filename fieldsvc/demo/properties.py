"""What the register knows of the demo's households and members, under the names of the datasets."""

from datetime import date

from fieldsvc.demo.district import Household
from fieldsvc.demo.people import Member

Properties = dict[str, str | None]
LEFT = {"dibao": "escaped_dibao", "tekun": "escaped_tekun", "general": "escaped_general"}
ADULT, SCHOOL_AGE, PENSION_AGE = 18, 6, 60
_HALF_A_YEAR = 6


def household_properties(household: Household) -> Properties:
    """The household's own properties; a fact nobody has noted yet is left out."""
    head = household.head
    serial = int(household.number[-4:])
    known: Properties = {
        "head_name": head.name,
        "hh_no": household.number,
        "area_code": household.village.area.code,
        "hamlet": household.hamlet,
        "address": f"{household.village.area.name}{household.hamlet}{serial}号",
        "phone": household.phone,
        "people": str(len(household.members)),
        "hh_type": LEFT[household.kind] if household.left else household.kind,
        "monitor_class": ("none", "none", "none", "none", "unstable", "edge")[serial % 6],
        "poverty_cause_main": _cause(household),
        "house_grade": household.house_grade,
        "house_built": str(household.house_built),
        "water_safe": "no" if serial % 29 == 0 else "yes",
    }
    if household.home is not None:
        latitude, longitude = household.home
        known["home_gps"] = f"{latitude} {longitude} {180 + serial % 240} {4 + serial % 25}"
    return known


def member_properties(member: Member, today: date) -> Properties:
    """One member's properties on that day."""
    age = today.year - member.born.year
    known: Properties = {
        "full_name": member.name,
        "sex": member.sex,
        "id_no": member.id_no,
        "relation": member.relation,
        "ethnic": "01",
        "health": member.health,
        "labour": _labour(member, age),
        "med_ins_resident": "yes",
        "pension": "yes" if age >= PENSION_AGE else "no",
    }
    if SCHOOL_AGE <= age < ADULT:
        known["student"] = "primary" if age < 12 else f"grade{min(9, age - 5)}" if age < 15 else "senior1"
    elif age >= ADULT:
        known["education"] = "illiterate" if age > 75 else "primary" if age > 55 else "junior" if age > 30 else "senior"
    if member.works_months:
        known["work_place"] = ("省内县外", "广东", "浙江", "本县")[int(member.id_no[15]) % 4]
        known["work_months"] = str(member.works_months)
        known |= _grant(member, today)
    elif age >= ADULT:
        known |= _post(member, today) if _labour(member, age) == "weak" else _care(member)
        known |= _training(member, today) if _labour(member, age) == "ordinary" else {}
    return known


def _post(member: Member, today: date) -> Properties:
    """A post that the village pays for, for one in ten of those who can work a little."""
    chosen = int(member.id_no[14:17])
    if chosen % 10:
        return {}
    return {
        "post": ("保洁员", "护林员", "护路员", "水管员")[chosen % 4],
        "post_level": ("village", "village", "town", "sector")[chosen % 4],
        "post_from": f"{today.year}-01-01",
        "post_months": str(today.month),
        "post_paid": str(today.month * (300, 500, 400, 600)[chosen % 4]),
    }


def _grant(member: Member, today: date) -> Properties:
    """Of those who work away for half a year every other claims the grant; most of the claims are paid by now."""
    chosen = int(member.id_no[14:17])
    if member.works_months < _HALF_A_YEAR or chosen // 2 % 2:  # the last figure alone is the sex
        return {}
    state = ("paid", "paid", "reviewed", "applied", "paid", "refused")[chosen // 4 % 6]
    known: Properties = {"grant_state": state, "grant_on": f"{today.year}-{max(1, today.month - chosen % 3):02}-05"}
    return known | ({"grant_paid": "600"} if state == "paid" else {})


def _training(member: Member, today: date) -> Properties:
    """Of those who stayed and can work, one in three sat in a class this year; who missed a day has no certificate."""
    chosen = int(member.id_no[14:17])
    if chosen % 3:
        return {}
    full = chosen // 3 % 4 > 0
    return {
        "training": ("油茶栽培技术培训班", "家政服务培训班", "电工技能培训班")[chosen % 9 // 3],
        "training_on": f"{today.year}-{max(1, today.month - chosen % 4):02}-12",
        "training_days": "5" if full else "3.5",
        "training_certificate": f"P{today.year}{chosen:04}" if full else None,
    }


def _care(member: Member) -> Properties:
    """Of those who are gravely ill or disabled, one in eight needs somebody else's care."""
    chosen = int(member.id_no[14:17])
    if member.health not in ("serious", "disabled") or chosen % 8:
        return {}
    return {
        "care_level": ("light", "medium", "severe")[chosen % 3],
        "care_need": ("family", "visits", "institution")[chosen % 3],
        "care_by": ("家人", "村医", "镇敬老院")[chosen % 3],
        "care_paid": "2000",
    }


def _cause(household: Household) -> str:
    """The main cause of hardship; it must not contradict who lives there."""
    health = {member.health for member in household.members}
    for state, cause in (("serious", "illness"), ("disabled", "disability"), ("chronic", "illness")):
        if state in health:
            return cause
    return ("labour", "skill", "money", "land", "traffic")[int(household.number[-2:]) % 5]


def _labour(member: Member, age: int) -> str:
    if age < 16 or age > 75:
        return "none"
    if member.health in ("serious", "disabled"):
        return "lost"
    return "weak" if age > 62 or member.health == "chronic" else "ordinary"

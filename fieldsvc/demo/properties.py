"""What the register knows of the demo's households and members, under the names of the datasets."""

from datetime import date

from fieldsvc.demo.district import Household
from fieldsvc.demo.people import Member

Properties = dict[str, str | None]
LEFT = {"dibao": "escaped_dibao", "tekun": "escaped_tekun", "general": "escaped_general"}
ADULT, SCHOOL_AGE, PENSION_AGE = 18, 6, 60


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
    return known


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

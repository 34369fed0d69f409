"""家庭成员登记和变更: what the rule library says of a person, and of the household as a whole afterwards."""

from __future__ import annotations

from typing import Any

import pytest

from tests.forms.filled import completed_in, found, one, written

HEAD = {"name": "m-1", "label": "程有福", "relation": "head", "sex": "male", "id_no": "99000019680101001X"}
WIFE = {"name": "m-2", "label": "吴秀英", "relation": "spouse", "sex": "female", "birth_date": "1970-05-01"}
SON = {
    "full_name": "程小军",
    "relation": "son",
    "sex": "male",
    "birth_date": "2000-03-01",
    "id_due": "2027-01-01",
    "ethnic": "01",
}


def joined(**parts: Any) -> dict[str, Any]:
    """A healthy son of 26 who moved back and works at home."""
    return {
        "_id": "p-1",
        "what": "joined",
        "change": "returned",
        "change_date": "2026-11-01",
        "proof": "told",
        "identity": {**SON, **parts.pop("identity", {})},
        "schooling": {"education": "junior", **parts.pop("schooling", {})},
        "health_part": {"health": "healthy", **parts.pop("health_part", {})},
        "labour_part": {"labour": "ordinary", **parts.pop("labour_part", {})},
        "insurance": {"med_ins_resident": "yes", "med_ins_worker": "no"},
        **parts,
    }


def changed(*people: dict[str, Any], members: list[dict[str, str]] | None = None, **known: str) -> set[tuple[str, str]]:
    """What is missing or doubtful when these people changed in a household of a couple, or of `members`."""
    held = {"members": [HEAD, WIFE] if members is None else members}
    answers = {
        "household": "h-1",
        "hh_type": "general",
        **known,
        "start": {"topics": "people"},
        "people": list(people),
        "whole": {"checked": "OK"},
    }
    return found("registration", completed_in("registration", answers, held), held)


def test_somebody_who_joins_needs_no_more_than_the_paper_asks() -> None:
    assert changed(joined()) == set()


def test_a_sex_that_does_not_fit_the_relation_is_doubted_and_stops_nobody() -> None:
    assert changed(joined(identity={"sex": "female"})) == {("/people[1]/identity/sex", "soft")}


@pytest.mark.parametrize(
    ("born", "schooling", "doubt"),
    [
        ("2008-03-01", {"education": ""}, True),
        ("2008-03-01", {"education": "junior"}, False),
        ("2008-03-01", {"education": "", "student": "senior2"}, False),
    ],
)
def test_from_16_on_one_of_education_and_student_status_is_filled(
    born: str, schooling: dict[str, str], doubt: bool
) -> None:
    there = {key: value for key, value in schooling.items() if value}
    person = joined(identity={"birth_date": born})
    person["schooling"] = there
    assert (("/people[1]/schooling/education", "soft") in changed(person)) == doubt


def test_head_and_spouse_of_one_sex_are_doubted_also_when_one_of_them_is_new() -> None:
    assert changed(joined(), members=[HEAD, {**WIFE, "sex": "male"}]) == {("/whole/checked", "soft")}
    bride = joined(identity={"relation": "spouse", "sex": "female", "full_name": "王秀兰"}, change="married_in")
    assert changed(bride, members=[HEAD]) == set()
    assert changed(bride, members=[{**HEAD, "sex": "female"}]) == {("/whole/checked", "soft")}


def test_somebody_with_both_the_allowance_and_hardship_support_is_doubted() -> None:
    both = {**WIFE, "dibao": "yes", "tekun": "yes"}
    assert changed(joined(), members=[HEAD, both], hh_type="dibao") == {("/whole/checked", "soft")}


def test_who_is_ill_is_asked_for_the_family_doctor_and_the_record_keeps_it() -> None:
    ill = joined(health_part={"health": "chronic", "doctor_signed": "yes"}, labour_part={"labour": "weak"})
    assert changed(ill) == set()
    answers = {"household": "h-1", "start": {"topics": "people"}, "people": [ill], "whole": {"checked": "OK"}}
    answers = completed_in("registration", answers, {"members": [HEAD, WIFE]})
    member = one(written("registration", answers, {"members": [HEAD, WIFE]}), "members")
    assert (member.changes["health"], member.changes["doctor_signed"]) == ("chronic", "yes")


def test_what_a_member_gets_of_the_state_is_asked_and_counts_for_the_household() -> None:
    on = joined(support={"dibao": "yes", "tekun": "no", "relocated": "yes"})
    assert changed(on, hh_type="dibao") == set()
    assert changed(joined(), hh_type="dibao") == {("/whole/checked", "soft")}
    assert changed(joined(support={"dibao": "yes", "tekun": "yes"}), hh_type="dibao") == {
        ("/people[1]/support/tekun", "soft")
    }
    answers = {"household": "h-1", "start": {"topics": "people"}, "people": [on], "whole": {"checked": "OK"}}
    answers = completed_in("registration", answers, {"members": [HEAD, WIFE]})
    member = one(written("registration", answers, {"members": [HEAD, WIFE]}), "members")
    assert [member.changes[name] for name in ("dibao", "tekun", "relocated")] == ["yes", "no", "yes"]


def test_a_household_in_extreme_hardship_that_somebody_able_to_work_joins_is_doubted() -> None:
    assert changed(joined(), hh_type="tekun") == {("/whole/checked", "soft")}
    assert changed(joined(labour_part={"labour": "lost"}, health_part={"health": "chronic"}), hh_type="tekun") == set()


def test_a_household_out_of_poverty_has_exactly_one_main_cause() -> None:
    assert ("/whole/cause_main", "required") in changed(joined(), hh_type="escaped_general")


def gone(reason: str, *people: dict[str, Any], members: list[dict[str, str]]) -> dict[str, Any]:
    """The answers of a visit that says of a household of `members` that it is no more."""
    answers = {
        "household": "h-1",
        "hh_type": "tekun",
        "start": {"topics": "people gone" if people else "gone"},
        "people": list(people),
        "gone": {"gone_reason": reason, "gone_on": "2026-11-02", "gone_proof": "told"},
        "whole": {"checked": "OK"},
    }
    return completed_in("registration", answers, {"members": members})


DIED = {"_id": "p-1", "what": "left", "member": "m-1", "change": "died", "change_date": "2026-11-01", "proof": "told"}


def test_the_death_of_somebody_who_lived_alone_can_be_registered() -> None:
    held = {"members": [HEAD]}
    answers = gone("died", DIED, members=[HEAD])
    assert found("registration", answers, held) == set()
    home = one(written("registration", answers, held), "households")
    assert {name: home.changes[name] for name in ("gone_reason", "gone_on", "people")} == {
        "gone_reason": "died",
        "gone_on": "2026-11-02",
        "people": "0",
    }


def test_a_household_without_anybody_left_must_say_so() -> None:
    assert ("/whole/checked", "constraint") in changed(DIED, members=[HEAD])


def test_a_household_that_moved_away_needs_no_row_for_everybody() -> None:
    assert found("registration", gone("moved", members=[HEAD, WIFE]), {"members": [HEAD, WIFE]}) == set()


def test_a_household_of_which_somebody_is_still_listed_is_doubted_to_have_died_out() -> None:
    held = {"members": [HEAD, WIFE]}
    assert found("registration", gone("died", DIED, members=[HEAD, WIFE]), held) == {("/gone/gone_reason", "soft")}

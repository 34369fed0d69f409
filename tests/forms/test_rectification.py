"""问题整改: who is responsible, what has to be there before a closure is proposed, and the papers that show it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.forms.filled import completed_in, found

HELD = {"problems": [{"name": "q-1", "label": "屋顶漏雨", "status": "under_way", "person": "李四"}]}
DUTY = {"unit": "镇住建所", "person": "李四", "leader": "王镇长", "level": "town", "due": "2026-12-20"}


def noted(duty: dict[str, str]) -> set[tuple[str, str]]:
    """What is missing when a problem is written down newly."""
    answers = {
        "household": "h-1",
        "about": {"kind": "new"},
        "found": {"problem": "屋顶漏雨", "category": "house", "source": "own", "found_on": "2026-11-22"},
        "duty": duty,
    }
    return found("rectification", completed_in("rectification", answers, HELD), HELD)


def proposed(*measures: dict[str, Any], known: str = "") -> set[tuple[str, str]]:
    """What is missing or doubtful when its closure is proposed."""
    held = {"problems": [{**HELD["problems"][0], "measures": known}]}
    answers = {
        "household": "h-1",
        "about": {"kind": "old", "which": "q-1", "todo": "measures status"},
        "measures": list(measures),
        "standing": {"status": "proposed", "done_on": "2026-11-22", "status_note": "已修好"},
    }
    return found("rectification", completed_in("rectification", answers, held), held)


def closed(roles: str, person: str = "李四") -> set[tuple[str, str]]:
    """What is wrong when 王五 closes a problem whose closure was proposed, on a phone that knows these roles."""
    held = {"problems": [{**HELD["problems"][0], "status": "proposed", "measures": "翻盖屋面", "person": person}]}
    answers = {
        "household": "h-1",
        "me": "王五",
        **({"roles": roles} if roles else {}),
        "about": {"kind": "old", "which": "q-1", "todo": "status"},
        "standing": {"status": "closed"},
    }
    return found("rectification", completed_in("rectification", answers, held), held)


@pytest.mark.parametrize("roles", ["checker", "cadre checker", "supervisor", "administrator", ""])
def test_a_closure_is_offered_to_whoever_may_close_and_on_a_phone_that_does_not_tell(roles: str) -> None:
    assert closed(roles) == set()


def test_a_closure_is_not_offered_to_a_helper() -> None:
    assert closed("cadre") == {("/standing/status", "choice")}


def test_whoever_is_responsible_may_not_close_whatever_their_role() -> None:
    assert closed("checker", person="王五") == {("/standing/status", "constraint")}


def test_a_problem_has_a_unit_a_person_and_a_leader_who_answer_for_it() -> None:
    assert noted(DUTY) == set()
    for name in ("unit", "person", "leader"):
        left_out = {key: value for key, value in DUTY.items() if key != name}
        assert noted(left_out) == {(f"/duty/{name}", "required")}


def test_a_closure_without_any_measure_is_doubted() -> None:
    assert proposed() == {("/standing/status", "soft")}
    assert proposed({"_id": "m-1", "measure": "翻盖屋面", "measure_done": "yes"}) == set()
    assert proposed(known="2026-11-01 翻盖屋面") == set()

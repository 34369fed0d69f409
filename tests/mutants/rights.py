"""Seeded bugs of who may begin, amend and take back what, and of where a file that leaves the office is read."""

from __future__ import annotations

from tests.mutants.bug import Change, Mutant

_FORKS = "tests/scenarios/test_forks_of_amendments.py"
_NEW = "tests/scenarios/test_new_households.py"
_REGISTERED = "tests/scenarios/test_registered_households.py"
_TAKEN_BACK = "tests/scenarios/test_registrations_taken_back.py"


def _one(name: str, story: str, path: str, old: str, new: str, test: str) -> Mutant:
    return Mutant(name, story, (Change(f"fieldsvc/{path}", old, new),), (test,))


RIGHTS = (
    _one(
        "two-amendments-stand",
        "A visit amended on two phones counts twice, and nobody is asked which of the two it was.",
        "services/intake/judge.py",
        "if problem is None and not arrival.accepted and rival(known, plan, arrival) is not None:",
        "if problem is None and rival(known, plan, arrival) == arrival.operation.id:",
        f"{_FORKS}::test_the_second_of_two_amendments_of_one_visit_waits_for_a_person_who_has_it_stand_for_both",
    ),
    _one(
        "taken-back-behind-its-amendment",
        "A visit is taken back on one phone that was amended on another, and record and log say different things.",
        "services/intake/withdrawal.py",
        "if amended and not arrival.accepted:",
        "if amended and not id_:",
        f"{_FORKS}::test_taking_back_a_visit_that_was_amended_on_another_phone_waits_for_a_person",
    ),
    _one(
        "half-of-a-fork",
        "Of two amendments, of which a person let one stand for both, a withdrawal leaves the other in effect.",
        "services/intake/one_visit.py",
        "            yield from _members(known, plan, other, met)\n",
        "            continue\n",
        f"{_FORKS}::test_a_fork_that_was_let_through_is_taken_back_as_a_whole",
    ),
    _one(
        "no-turn-at-the-visit",
        "A withdrawal and an amendment of one visit arrive at once, and neither sees the other.",
        "services/intake/turns.py",
        "    return [str(id_) for id_ in named if id_]\n",
        "    return [str(id_) for id_ in named if not id_]\n",
        "tests/contract/test_concurrent_pushes.py"
        "::test_whoever_amends_or_takes_back_a_visit_waits_for_others_at_it_before_any_record",
    ),
    _one(
        "told-of-what-it-took-back",
        "Who handed a household over takes back a visit, and is told of the people who are in it now.",
        "services/intake/receipts.py",
        "if e.wish.dataset and arrival.operation.kind != _NAMES_NO_RECORD",
        "if e.wish.dataset",
        "tests/scenarios/test_handover.py"
        "::test_a_visit_taken_back_before_the_phone_heard_of_the_handover_tells_of_no_record",
    ),
    _one(
        "registered-anywhere",
        "Somebody registers a household in a village they have nothing to do with, and holds it from then on.",
        "services/intake/beginning.py",
        "    return None if may else Elsewhere()\n",
        "    return None if may or made else Elsewhere()\n",
        f"{_NEW}::test_a_family_in_a_village_one_does_not_work_in_waits_for_a_person_and_is_nobodys",
    ),
    _one(
        "a-visit-of-nobody",
        "A visit is let through whose household waits to be registered, and makes one without head, name and village.",
        "services/intake/judge.py",
        "problem = never(known, plan, arrival) or unregistered(known, plan, arrival)",
        "problem = never(known, plan, arrival) or (unregistered(known, plan, arrival) if not subject_id else None)",
        f"{_NEW}::test_a_visit_waits_with_the_registration_of_its_household_and_is_not_let_through_without_it",
    ),
    _one(
        "villages-untold",
        "A phone is not told of the village it was just given, and its helper cannot register who was missed there.",
        "services/catch_up.py",
        "            if page.add or page.remove or page.areas_moved:\n",
        "            if page.add or page.remove:\n",
        f"{_NEW}::test_a_village_with_no_household_is_told_when_it_is_given_and_when_it_is_taken_away",
    ),
    _one(
        "the-offices-word-overwritten",
        "An amendment of a registration writes over what the office has corrected since.",
        "services/intake/origin.py",
        "return Writer.OFFICE if all(last[name] in mine for name in wanted & last.keys()) else Writer.PHONE",
        "return Writer.OFFICE if mine else Writer.PHONE",
        f"{_REGISTERED}::test_what_the_office_has_corrected_no_amendment_of_the_registration_overwrites",
    ),
    _one(
        "deleted-with-others-work",
        "Who takes back the registration of a household deletes it with the visits others have made there.",
        "services/intake/built_upon.py",
        "    if _is_visited(known, plan, subject_id, ids) or _has_records(known, plan, subject_id, ended):\n",
        "    if not ended:\n",
        f"{_TAKEN_BACK}::test_what_others_did_there_is_not_taken_back_unasked",
    ),
    _one(
        "villages-by-code",
        "Who decides about a registration reads a code where the village's name belongs, and lets it through.",
        "services/chosen_villages.py",
        'elif node.get("choices") == VILLAGES and isinstance(value, str):',
        'elif node.get("choices") == "" and isinstance(value, str):',
        "tests/office/test_chosen_villages.py::test_the_page_of_a_registration_says_the_villages_by_name",
    ),
    _one(
        "an-old-standby",
        "A file is read from a standby that lags behind, and what was visited this morning is not in it.",
        "store/standby.py",
        "            if is_there:\n",
        "            if follows:\n",
        "tests/scaled/test_standby.py::test_a_standby_that_is_behind_or_away_or_no_standby_any_more_is_not_asked",
    ),
)

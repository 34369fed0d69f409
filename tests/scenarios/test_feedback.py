"""What somebody in the field has to say about the system reaches the office, and the answer reaches them."""

import json

import pytest

from fieldsvc.problems import CommentMissing, NotFound, PreconditionFailed
from fieldsvc.services import people
from tests.scenarios.support import actions_in_audit
from tests.world import World
from tests.world.office import Desk


def test_a_complaint_written_in_the_valley_is_answered_on_the_phone(world: World) -> None:
    east = world.cadre("East", visits=[world.household()])
    east.loses_signal()
    complaint = east.complains("The search is slow on my phone.")
    assert east.waiting() == 1

    east.finds_signal_and_syncs()
    assert complaint.status == "applied"
    [line] = world.supervisor.complaints()
    assert (line.text, line.author, line.device) == ("The search is slow on my phone.", "East", "East's phone")

    world.supervisor.answers_complaint(line, "Fixed in the next release.")
    east.syncs()
    [notice] = east.notices("answer")
    assert notice["answer"] == "Fixed in the next release."
    assert notice["asked"] == "The search is slow on my phone."
    assert notice["operation"] == complaint.id
    assert world.supervisor.complaints() == []
    assert [line.answer for line in world.supervisor.complaints(answered=True)] == ["Fixed in the next release."]
    world.assert_laws_hold()


def test_a_complaint_sent_twice_is_one_complaint(world: World) -> None:
    east = world.cadre("East")
    east.complains("Nothing works.")
    east.loses_the_next_reply()
    east.syncs()
    east.syncs()

    assert [receipt["duplicate"] for receipt in east.last_receipts or [{"duplicate": True}]] == [True]
    assert len(world.supervisor.complaints()) == 1


def test_a_restored_server_gets_the_complaint_again(world: World) -> None:
    east = world.cadre("East", visits=[world.household()])
    yesterday = world.backs_up()
    east.complains("Nothing works.")
    east.syncs()
    world.restores(yesterday)
    assert world.supervisor.complaints() == []

    east.syncs()

    assert len(world.supervisor.complaints()) == 1


def test_a_complaint_is_for_the_office_of_the_village_its_author_works_in(world: World) -> None:
    upper, lower = world.village("Upper"), world.village("Farther")
    east = world.cadre("East", visits=[world.household(in_village=upper)])
    east.complains("The road is gone.")
    east.syncs()
    [line] = world.county.complaints()
    ctx, by = world.server.ctx, world.county.who()
    desks = {}
    for name, area in (("upper", upper), ("lower", lower)):
        person = people.add_person(ctx, by, name=name)
        people.grant_role(ctx, by, person, "supervisor", area)
        desks[name] = Desk(lambda: ctx, lambda person=person: world._actor(person))

    assert [each.id for each in desks["upper"].complaints()] == [line.id]
    assert desks["lower"].complaints() == []
    with pytest.raises(NotFound):
        desks["lower"].answers_complaint(line, "Not mine.")
    desks["upper"].answers_complaint(line, "Seen.")


def test_the_second_of_two_answers_is_refused_and_an_empty_one_is_none(world: World) -> None:
    east = world.cadre("East")
    east.complains("Nothing works.")
    east.syncs()
    [line] = world.supervisor.complaints()
    with pytest.raises(CommentMissing):
        world.supervisor.answers_complaint(line, "  ")
    world.supervisor.answers_complaint(line, "First.")
    with pytest.raises(PreconditionFailed):
        world.county.answers_complaint(line, "Second.")
    east.syncs()
    assert [notice["answer"] for notice in east.notices("answer")] == ["First."]
    assert "answer-feedback" in actions_in_audit(world)


@pytest.mark.parametrize("text", ["", "  \n", "x" * 4001, None, 7])
def test_a_message_that_is_none_is_refused_alone(world: World, text: object) -> None:
    home = world.household()
    east = world.cadre("East", visits=[home])
    bad = east.phone.freeze("feedback", "", (), text=text)
    visit = east.visits(home, water="tap")
    east.syncs()
    assert bad.status == "refused"
    assert visit.status == "applied"
    assert world.supervisor.complaints() == []


def test_words_of_a_complaint_are_in_no_log(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    east = world.cadre("East")
    east.complains("Old Wang in 45-001 is ill.")
    east.syncs()
    [line] = world.supervisor.complaints()
    world.supervisor.answers_complaint(line, "We shall look after Old Wang.")
    shown = capsys.readouterr()
    assert "Wang" not in shown.out + shown.err
    assert "Wang" not in json.dumps(actions_in_audit(world, details=True))

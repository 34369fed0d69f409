"""One phone's offline edits arriving in order, reversed, interrupted, twice, late, or never.

The table follows the cases that ODK Central keeps for offline entities: a phone writes a chain of
edits from one trunk version; what happens between them and on the way must not change the record.
"""

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.branch import Duplicate, Ready, Waiting, base_view, overdue, place, released
from sync.model import Status
from tests.sync.links import link
from tests.sync.reference import Operation, Server

DAY = 24 * 60 * 60 * 1000
TRUNK = {"phone": "1", "income": "100"}


def test_the_first_link_of_a_branch_never_waits():
    assert place(link(3), []) == Ready()


def test_an_edit_without_a_branch_never_waits():
    assert place(replace(link(9), branch_id=None), [link(3)]) == Ready()


def test_a_link_waits_for_the_one_before_it():
    assert place(link(5), [link(3, status=Status.APPLIED)]) == Waiting(4)


@pytest.mark.parametrize("status", [s for s in Status if s is not Status.HELD])
def test_any_answer_to_the_earlier_link_ends_the_wait(status):
    """A refused or conflicting operation never delays another."""
    assert isinstance(place(link(4), [link(3, status=status)]), Ready)


@pytest.mark.parametrize("status", [None, Status.HELD])
def test_an_earlier_link_that_waits_itself_is_waited_for(status):
    assert place(link(4), [link(3, status=status)]) == Waiting(3)


def test_over_one_in_review_a_later_link_counts_on_from_what_is_missing_before_that():
    """The one in review was answered without waiting for any other, and states its values over the missing one's."""
    between = replace(link(4, status=Status.REVIEW), answered_at=10, decided_at=10)
    later = replace(link(5, status=Status.APPLIED), changes={"phone": "v5", "income": "5"}, decided_at=20)
    own, beside = replace(later, changes={"income": "5"}), replace(later, changes={"phone": "v5"})
    assert place(link(3), [between, later]) == Ready(later=(own,), beside=(beside,))
    assert place(link(3), [replace(between, answered_at=30), later]) == Ready(later=(later,))
    declined = replace(between, status=Status.REFUSED, decided_at=30)
    assert place(link(3), [declined, later]) == Ready(later=(own,), beside=(beside,))
    assert place(link(3), [replace(between, status=Status.HELD), later]) == Ready(later=(later,))


def test_a_link_behind_one_in_review_waits_for_what_is_held_before_that():
    """Decided first, it would be the newer word of its author, and what the held one counted would be in no record."""
    known = [link(3, status=Status.HELD), link(4, status=Status.REVIEW)]
    assert place(link(5), known) == Waiting(3)
    assert place(link(3), known[1:]) == Ready()
    assert place(link(5), known, forced=True) == Ready(earlier=(known[1],))


def test_a_link_waits_for_a_held_one_although_another_operation_took_its_place():
    known = [
        link(3, status=Status.APPLIED),
        link(4, "held", status=Status.HELD),
        link(4, "again", status=Status.APPLIED),
    ]
    assert place(link(5), known) == Waiting(4)
    assert place(replace(link(5), unseen=frozenset({"held"})), known) == Ready(earlier=(known[0], known[2]))


def test_another_branchs_links_do_not_count():
    assert place(link(4), [link(3, status=Status.APPLIED, branch="west-1")]) == Waiting(3)


def test_an_operation_that_comes_twice_is_the_same_one():
    first = link(3, status=Status.MERGED)
    assert place(link(3), [first]) == Duplicate(first)


def test_the_base_view_is_the_trunk_under_the_phones_own_changes():
    earlier = [replace(link(3), changes={"phone": "2"}), replace(link(4), changes={"phone": None})]
    assert base_view(TRUNK, earlier) == {"phone": None, "income": "100"}


def test_a_trunk_nobody_knows_gives_no_base_view():
    assert base_view(None, [link(3)]) is None


def test_one_arrival_releases_the_whole_chain_behind_it_in_order():
    late = [link(n, status=Status.HELD) for n in (6, 4, 5, 8)]
    assert [held.base_version for held in released([link(3, status=Status.APPLIED), *late])] == [4, 5, 6]


def test_nothing_is_released_while_the_missing_link_is_missing():
    assert released([link(3, status=Status.APPLIED), link(5, status=Status.HELD)]) == ()


def test_a_link_is_overdue_after_so_many_days_and_not_before():
    links = [
        link(6, status=Status.HELD, received_at=0),
        link(5, status=Status.HELD, received_at=1),
        link(4, status=Status.APPLIED, received_at=0),
    ]
    assert overdue(links, now=5 * DAY - 1, days=5) == ()
    assert [late.base_version for late in overdue(links, now=5 * DAY, days=5)] == [6]
    assert [late.base_version for late in overdue(links, now=9 * DAY, days=5)] == [5, 6]


def chain(*changes, trunk=1, branch="east-1"):
    """The operations of a phone that made these edits one after another without signal."""
    return [
        Operation(f"{branch}-{n}", "home", change, trunk_version=trunk, base_version=trunk + n, branch_id=branch)
        for n, change in enumerate(changes)
    ]


def server_with_home():
    server = Server()
    server.receive(Operation("import", "home", TRUNK, create=True))
    return server


THREE = chain({"phone": "2"}, {"income": "200"}, {"phone": "3", "income": "300"})


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_chain_ends_the_same_in_every_order_of_arrival(order):
    server = server_with_home()
    for n in order:
        server.receive(THREE[n])
    assert server.entities["home"].properties == {"phone": "3", "income": "300"}
    assert {server.status(op.id) for op in THREE} == {Status.APPLIED}
    assert server.open_conflicts() == []
    assert server.entities["home"].version == 4


def test_a_chain_in_order_is_applied_as_it_comes():
    server = server_with_home()
    assert [server.receive(op) for op in THREE] == [Status.APPLIED] * 3


def test_a_reversed_chain_is_held_until_its_first_link():
    server = server_with_home()
    assert [server.receive(op) for op in reversed(THREE)] == [Status.HELD, Status.HELD, Status.APPLIED]
    assert {server.status(op.id) for op in THREE} == {Status.APPLIED}


def test_somebody_elses_edit_between_two_links_is_a_soft_conflict():
    server = server_with_home()
    server.receive(THREE[0])
    server.receive(Operation("office", "home", {"village": "upper"}, trunk_version=2))
    assert server.receive(THREE[1]) is Status.MERGED
    assert server.entities["home"].properties == {"phone": "2", "income": "200", "village": "upper"}


def test_somebody_elses_edit_of_the_same_property_between_two_links_is_a_hard_one():
    server = server_with_home()
    server.receive(THREE[0])
    server.receive(Operation("office", "home", {"phone": "9"}, trunk_version=2))
    assert server.receive(THREE[1]) is Status.MERGED
    assert server.receive(THREE[2]) is Status.CONFLICT
    [conflict] = server.open_conflicts()
    assert (conflict.current, conflict.candidate) == ({"phone": "9"}, {"phone": "3"})
    assert server.entities["home"].properties["income"] == "300"


def test_a_later_link_replaces_the_candidate_of_an_earlier_one():
    server = server_with_home()
    server.receive(Operation("office", "home", {"phone": "9"}, trunk_version=1))
    assert [server.receive(op) for op in THREE] == [Status.CONFLICT, Status.MERGED, Status.CONFLICT]
    [conflict] = server.open_conflicts()
    assert conflict.candidate == {"phone": "3"}
    assert conflict.base == {"phone": "1"}, "a person compares with the value all began with"


def test_a_later_link_that_agrees_with_the_others_ends_the_conflict():
    server = server_with_home()
    server.receive(Operation("office", "home", {"phone": "9"}, trunk_version=1))
    first, second = chain({"phone": "2"}, {"phone": "9"})
    assert server.receive(first) is Status.CONFLICT
    assert server.receive(second) in (Status.APPLIED, Status.MERGED)
    assert server.open_conflicts() == []


def test_a_later_link_that_touches_something_else_leaves_the_candidate_waiting():
    server = server_with_home()
    server.receive(Operation("office", "home", {"phone": "9"}, trunk_version=1))
    for op in chain({"phone": "2"}, {"phone": "2", "income": "500"}):
        server.receive(op)
    assert [conflict.candidate for conflict in server.open_conflicts()] == [{"phone": "2"}]
    assert server.entities["home"].properties == {"phone": "9", "income": "500"}


def test_two_phones_chains_from_one_trunk_do_not_take_each_others_places():
    """Both count 1, 2, 3 offline; only the branch tells their second edits apart."""
    server = server_with_home()
    east, west = chain({"phone": "2"}, {"phone": "3"}), chain({"income": "7"}, {"income": "8"}, branch="west-1")
    for op in (east[0], west[0], west[1], east[1]):
        server.receive(op)
    assert server.entities["home"].properties == {"phone": "3", "income": "8"}
    assert server.open_conflicts() == []


def test_a_chain_that_creates_its_entity_may_arrive_reversed():
    server = Server()
    made, moved = chain({"phone": "1"}, {"phone": "2"}, trunk=0)
    assert server.receive(moved) is Status.HELD
    assert server.receive(replace(made, create=True)) is Status.APPLIED
    assert server.entities["home"].properties == {"phone": "2"}


def test_after_some_days_a_link_no_longer_waits_for_a_missing_one():
    server = server_with_home()
    server.receive(THREE[2])
    server.force_overdue(days=5, now=4 * DAY)
    assert server.status(THREE[2].id) is Status.HELD
    server.force_overdue(days=5, now=5 * DAY)
    assert server.status(THREE[2].id) is Status.APPLIED
    assert server.entities["home"].properties == {"phone": "3", "income": "300"}


def test_a_link_that_arrives_after_it_was_given_up_does_not_undo_the_newer_one():
    server = server_with_home()
    server.receive(THREE[2])
    server.force_overdue(days=5, now=5 * DAY)
    server.receive(THREE[0])
    server.receive(THREE[1])
    assert server.entities["home"].properties == {"phone": "3", "income": "300"}
    assert server.open_conflicts() == []
    assert [dict(lost.values) for lost in server.superseded] == [{"phone": "2"}, {"income": "200"}]


def test_an_update_is_forced_into_a_creation_and_the_late_creation_becomes_an_update():
    server = Server()
    made, moved = chain({"phone": "1", "village": "upper"}, {"phone": "2"}, trunk=0)
    server.receive(moved)
    server.force_overdue(days=5, now=5 * DAY)
    assert server.entities["home"].properties == {"phone": "2"}
    server.receive(replace(made, create=True))
    assert server.entities["home"].properties == {"phone": "2", "village": "upper"}
    assert server.open_conflicts() == []


def test_two_phones_that_create_the_same_entity_agree_where_they_can():
    server = Server()
    server.receive(Operation("east", "home", {"phone": "1", "village": "upper"}, create=True))
    status = server.receive(Operation("west", "home", {"phone": "2", "village": "upper"}, create=True))
    assert status is Status.CONFLICT
    assert [conflict.names for conflict in server.open_conflicts()] == [("phone",)]


def test_an_edit_of_a_version_this_server_does_not_have_yet_waits_for_it():
    """After a restore, phones send again what was lost; the order among phones is anyone's guess."""
    server = server_with_home()
    east = Operation("east", "home", {"phone": "3"}, trunk_version=2)
    assert server.receive(east) is Status.HELD
    server.receive(Operation("west", "home", {"phone": "2"}, trunk_version=1))
    server.reprocess()
    assert server.status("east") is Status.APPLIED
    assert server.entities["home"].properties["phone"] == "3"


edits_of_chain = st.lists(
    st.dictionaries(st.sampled_from(["phone", "income", "village"]), st.sampled_from("123"), min_size=1),
    min_size=1,
    max_size=4,
)


@given(changes=edits_of_chain, data=st.data())
def test_a_chain_sent_in_any_order_any_number_of_times_is_the_chain(changes, data):
    """Invariant 9."""
    ops = chain(*changes)
    sent = data.draw(st.permutations(ops + data.draw(st.lists(st.sampled_from(ops), max_size=3))))
    server, straight = server_with_home(), server_with_home()
    for op in ops:
        straight.receive(op)
    for op in sent:
        server.receive(op)
    assert server.entities == straight.entities
    assert server.open_conflicts() == []

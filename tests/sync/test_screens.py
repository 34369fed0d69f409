"""What was on the screen when a link was made: it lies under that link, is counted on from, or came after it."""

from dataclasses import replace

from sync.branch import Ready, Waiting, place
from sync.model import Status
from tests.sync.links import link


def test_a_form_left_open_while_its_record_was_corrected_twice_is_no_earlier_word():
    """It was opened where the first correction stands, and finished after the second."""
    known = [link(3, status=Status.APPLIED), link(4, status=Status.APPLIED)]
    assert place(link(3, "visit"), known) == Ready()
    assert place(link(3, "visit"), known[1:]) == Ready(later=(known[1],))


def test_two_operations_in_one_place_are_both_decided():
    """A phone restored from its own backup continues its chain a second time."""
    known = [link(3, status=Status.APPLIED), link(4, status=Status.APPLIED)]
    assert place(link(4, "again"), known) == Ready(earlier=(known[0],))


def test_what_follows_the_second_of_two_in_one_place_and_not_the_first_is_its_later_word():
    """The first waited for a person, and was on no screen any more when the second took its place."""
    review = link(3, "review", status=Status.REVIEW)
    later = replace(link(4, status=Status.APPLIED), unseen=frozenset({"review"}))
    assert place(link(3, "again"), [review, later]) == Ready(later=(later,))
    assert place(link(3, "again"), [review, replace(later, unseen=frozenset())]) == Ready()


def test_a_link_waits_for_what_is_missing_under_one_that_it_did_not_show():
    """That was accepted without waiting for any other, and says nothing of what came before it."""
    first, accepted = link(3, status=Status.REVIEW), link(4, "accepted", status=Status.APPLIED)
    over = replace(link(5), unseen=frozenset({"accepted"}))
    assert place(over, [accepted]) == Waiting(3)
    assert place(over, [first, accepted]) == Ready(earlier=(first,))
    assert place(link(5), [accepted]) == Ready(earlier=(accepted,))
    assert place(over, [accepted], forced=True) == Ready()
    assert place(replace(over, seen_version=5, seen_base=4), [accepted]) == Ready()
    assert place(replace(link(4), unseen=over.unseen), [link(3, "accepted", status=Status.APPLIED)]) == Ready()


def test_a_forced_link_knows_what_lies_under_and_over_it():
    known = [link(5, status=Status.APPLIED), link(3, status=Status.CONFLICT), link(7, status=Status.HELD)]
    assert place(link(4), known, forced=True) == Ready(earlier=(known[1],), later=(known[0],))


def test_a_later_link_that_showed_this_one_as_the_servers_counted_on_from_it():
    over = replace(link(5, status=Status.APPLIED), seen_version=7, seen_base=5)
    first, upon = link(3, status=Status.APPLIED), replace(over, seen_base=4)
    assert place(link(4), [first, over]) == Ready((first,), beside=(over,))
    assert place(link(4), [first, upon]) == Ready((first,), later=(upon,))


def test_what_waited_for_a_person_lay_under_later_links_that_were_decided_then():
    waited = replace(link(4, status=Status.REVIEW), answered_at=20)
    before, after = (replace(link(5, status=Status.APPLIED), decided_at=at) for at in (10, 30))
    unshown = replace(after, unseen=frozenset({waited.operation_id}))
    assert place(waited, [after], forced=True) == Ready(beside=(after,))
    assert place(waited, [before], forced=True) == Ready(later=(before,))
    assert place(replace(waited, status=Status.HELD), [after], forced=True) == Ready(later=(after,))
    assert place(waited, [unshown], forced=True) == Ready(apart=(unshown,))


def test_what_a_later_link_showed_no_more_it_showed_in_what_another_had_made_of_it():
    """Her count over one that waited was on her screen: what she says of that again, she says over both."""
    waited = replace(link(3, "waited", status=Status.REVIEW), answered_at=20)
    upon = replace(link(4, status=Status.APPLIED), changes={"tags": "a b"}, decided_at=30)
    last = replace(upon, operation_id="last", base_version=5, seen_base=4, unseen=frozenset({"waited"}))
    both = replace(last, changes={"tags": "a", "phone": "1"})
    assert place(waited, [upon, last], forced=True) == Ready(beside=(upon, last))
    assert place(waited, [upon, both], forced=True) == Ready(
        beside=(upon, replace(both, changes={"tags": "a"})), apart=(replace(both, changes={"phone": "1"}),)
    )
    unshown = replace(last, unseen=frozenset({"waited", upon.operation_id}))
    assert place(waited, [upon, unshown], forced=True) == Ready(beside=(upon,), apart=(unshown,))
    assert place(waited, [upon, replace(last, began=True)], forced=True).apart[0].began


def test_what_began_its_record_speaks_for_the_whole_of_its_screen():
    """It was let through before anything of the record was here: what it states was written as stated."""
    first, over = link(3, status=Status.APPLIED), replace(link(5, status=Status.APPLIED), seen_version=7, seen_base=5)
    began = replace(over, began=True)
    assert place(link(4), [first, began]) == Ready((first,), later=(began,))


def test_a_link_in_review_lies_under_later_ones_because_the_phone_showed_it():
    known = [link(3, status=Status.REFUSED), link(4, status=Status.REVIEW), link(6, status=Status.REVIEW)]
    assert place(link(5), known) == Ready(earlier=(known[0], known[1]))


def test_a_link_the_phone_had_stopped_showing_does_not_lie_under_what_was_typed_then():
    known = [link(3, status=Status.APPLIED), link(4, "no", status=Status.REFUSED), link(5, status=Status.APPLIED)]
    assert place(replace(link(6), unseen=frozenset({"no"})), known) == Ready(earlier=(known[0], known[2]))


def test_links_that_the_shown_version_contained_are_not_laid_over_it_again():
    """East's first edit came back with a pull, and so did West's later one over it."""
    known = [link(3, status=Status.APPLIED), link(4, status=Status.APPLIED)]
    third = replace(link(5), seen_version=6, seen_base=4)
    assert place(third, known) == Ready(earlier=(known[1],))
    assert third.shown_version == 6


def test_what_names_another_as_unseen_was_made_after_it_whatever_places_the_two_have():
    """A correction behind what is still shown, made when two visits that came after that were known to wait."""
    first, one = link(3, status=Status.APPLIED), link(4, "one", status=Status.REVIEW)
    other, unseen = link(5, "other", status=Status.APPLIED), frozenset({"one", "other"})
    since = replace(link(4, "since", status=Status.APPLIED), unseen=unseen)
    assert place(link(5, "other"), [first, one, since]) == Ready(earlier=(first, one), apart=(since,))
    assert place(replace(link(4, "since"), unseen=unseen), [first, one, other]) == Ready(earlier=(first,))
    held = replace(since, status=Status.HELD)
    assert place(link(5, "other"), [first, one, held]) == Ready(earlier=(first, one)), "it waits for nothing made since"
    assert place(link(5, "other"), [first, since]) == Waiting(4), "nor does that stand in for what was there"

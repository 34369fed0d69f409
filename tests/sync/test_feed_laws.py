"""Catching up: in pages of any size, from a compacted log, across a server restored from backup."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.feed import Change, Cursor, Standing, compact, page, standing
from sync.problems import CursorUnreadable

START = Cursor("e1")


@st.composite
def logs(draw, max_size=20):
    """A feed: positions rise, an entity's versions rise, some changes were committed together."""
    log, versions = [], {}
    keys = st.sampled_from(["home", "barn", "li", None])
    for position, key in enumerate(draw(st.lists(keys, max_size=max_size)), 1):
        versions[key] = versions.get(key, 0) + 1
        together = draw(st.booleans()) and log
        operation = log[-1].operation_id if together else draw(st.sampled_from([None, f"op{position}"]))
        log.append(Change(position, f"t{position}", key, versions[key], operation))
    return tuple(log)


def stored(replica, changes):
    """What a phone holds after these changes: the newest version of each thing, and every notice once."""
    held = dict(replica)
    for change in changes:
        name = change.key or f"notice {change.position}"
        if change.version > held.get(name, 0):
            held[name] = change.version
    return held


limits = st.lists(st.integers(1, 4), max_size=12)


@given(log=logs(), limits=limits)
def test_a_phone_may_stop_after_any_page(log, limits):
    """Invariant 12: pages of any size end where pulling at once ends.

    A cadre gets thirty seconds of signal at the ridge and none for two days.
    """
    replica, cursor = {}, START
    for limit in [*limits, len(log) + 1]:
        got = page(log, cursor, limit)
        replica, cursor = stored(replica, got.changes), got.cursor
    assert replica == stored({}, log)
    assert not page(log, cursor, 1).changes


@given(log=logs(), limit=st.integers(1, 5), after=st.integers(0, 20))
def test_a_page_says_truly_whether_there_is_more(log, limit, after):
    got = page(log, Cursor("e1", after), limit)
    assert got.more is any(change.position > got.cursor.position for change in log)
    assert [c for c in log if after < c.position <= got.cursor.position] == list(got.changes)
    assert bool(got.changes) is any(change.position > after for change in log)


@given(log=logs(), limit=st.integers(1, 5))
def test_a_page_never_ends_inside_an_operation(log, limit):
    """A phone that stops there must not show a visit without the household it created."""
    cursor = START
    while (got := page(log, cursor, limit)).changes:
        cursor = got.cursor
        rest = [change for change in log if change.position > cursor.position]
        if rest and rest[0].operation_id is not None:
            assert rest[0].operation_id != got.changes[-1].operation_id


@given(log=logs(), limits=limits, cut=st.integers(0, 20))
def test_compaction_never_changes_what_a_phone_ends_with(log, limits, cut):
    """Invariant 13: not for a new phone, nor for one that stopped half way before it."""
    half = log[:cut]
    replica, cursor = stored({}, half), START.at(half[-1]) if half else START
    for limit in [*limits, len(log) + 1]:
        got = page(compact(log), cursor, limit)
        replica, cursor = stored(replica, got.changes), got.cursor
    assert replica == stored({}, log)


@given(log=logs())
def test_compaction_keeps_one_change_of_each_thing_and_every_notice(log):
    compacted = compact(log)
    keys = [change.key for change in compacted if change.key is not None]
    assert len(keys) == len(set(keys))
    assert [c for c in compacted if c.key is None] == [c for c in log if c.key is None]
    assert compact(compacted) == compacted


def standing_in(log, cursor, epoch="e1", floor=0):
    """The standing as a store finds it: by looking up the rows the cursor names."""
    tags = {change.position: change.tag for change in log if change.position > floor}
    return standing(
        cursor, epoch=epoch, tag=tags.get(cursor.position), receipt_tag=tags.get(cursor.receipt_position), floor=floor
    )


@given(log=logs(), pulled=st.integers(0, 20), receipt=st.integers(0, 20), restored=st.integers(0, 20), data=st.data())
def test_a_rewound_history_is_always_noticed(log, pulled, receipt, restored, data):
    """Invariant 14: after a restore, a phone that knows anything of the lost part is told to start over."""
    pulled, receipt = min(pulled, len(log)), min(receipt, len(log))
    cursor = START.at(log[pulled - 1]) if pulled else START
    cursor = cursor.with_receipt(receipt, log[receipt - 1].tag if receipt else "")
    assert standing_in(log, cursor) is Standing.CONTINUES
    since = data.draw(st.integers(0, 25))
    rewritten = [Change(n, f"new{n}", None) for n in range(restored + 1, restored + since + 1)]
    knows_lost = max(pulled, receipt) > min(restored, len(log))
    answer = standing_in([*log[:restored], *rewritten], cursor)
    assert answer is (Standing.DIVERGED if knows_lost else Standing.CONTINUES)


def test_a_server_set_back_before_what_a_phone_knows_has_another_history():
    log = [Change(n, f"t{n}", None) for n in range(1, 10)]
    pulled = START.at(log[6])
    assert standing_in(log[:5], pulled) is Standing.DIVERGED
    assert standing_in(log[:5], START.at(log[4]).with_receipt(7, "t7")) is Standing.DIVERGED
    assert standing_in(log, pulled) is Standing.CONTINUES


def test_a_new_epoch_resets_everybody():
    assert standing_in([], START, epoch="e2") is Standing.DIVERGED


def test_a_phone_older_than_what_is_kept_starts_over():
    log = [Change(n, f"t{n}", None) for n in range(1, 10)]
    assert standing_in(log, START.at(log[3]), floor=5) is Standing.TOO_OLD
    assert standing_in(log, START.at(log[4]), floor=5) is Standing.CONTINUES
    assert standing_in(log, START.at(log[5]), floor=5) is Standing.CONTINUES


def test_the_furthest_receipt_is_kept():
    cursor = START.with_receipt(5, "t5").with_receipt(3, "t3")
    assert (cursor.receipt_position, cursor.receipt_tag) == (5, "t5")


tokens = st.text("abcXYZ019-_", max_size=20)


@given(st.builds(Cursor, tokens, st.integers(0, 2**62), tokens, st.integers(0, 2**62), tokens))
def test_a_cursor_comes_back_as_it_went(cursor):
    assert Cursor.decode(cursor.encode()) == cursor


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "1.e.0.t.0",
        "2.e.0.t.0.t",
        "1.e.-1.t.0.t",
        "1.e.x.t.0.t",
        "1.e.0.t.٣.t",
        "1.e.0.t t.0.t",
        "1.e.0.t.0.t.9",
        "1.e.0.t.0.t\n",
        f"1.{'e' * 99}.0.t.0.t",
        f"1.e.{'9' * 40}.t.0.t",
        f"1.e.{2**63}.t.0.t",
        f"1.e.0.t.{2**63}.t",
    ],
)
def test_a_cursor_no_server_wrote_is_a_problem(text):
    with pytest.raises(CursorUnreadable) as problem:
        Cursor.decode(text)
    assert str(problem.value) == "cursor-unreadable"


@given(st.text())
def test_any_text_is_a_cursor_or_a_problem(text):
    with suppress(CursorUnreadable):
        assert Cursor.decode(text).encode().startswith("1.")

"""Whatever somebody with an account names in what they send, they hear nothing of strangers and write nothing there."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.support.eye import Eye
from tests.world import World

NUMBER = "99990119500101001X"


def test_operations_that_name_strangers_things_tell_and_change_nothing_of_them(world: World, eye: Eye) -> None:
    mine, theirs = world.household(members=["Ming"]), world.household(phone=NUMBER, members=["Hua"])
    east = world.cadre("East", visits=[mine])
    west, south = world.cadre("West", visits=[theirs]), world.cadre("South", visits=[theirs])
    child, newborn = world.somebody_of(mine, "Child"), world.somebody_of(theirs, "Newborn")
    [ming], [hua] = world.members_of(mine), world.members_of(theirs)
    visit = east.visits(mine, born=[child], phone="09990000002")
    strangers = west.visits(theirs, born=[newborn], phone=NUMBER[:-1] + "2")
    south.corrects(theirs, phone=NUMBER[:-1] + "3")
    waiting = west.visits(theirs, met="")
    for cadre in (east, west, south):
        cadre.syncs()
    [dispute] = world.supervisor.open_conflicts()

    east.loses_signal()
    made = [
        east.corrects(mine, water="tap"),
        east.corrects(ming, name="Ming Ming"),
        east.looks_at(ming, "name"),
        east.amends(visit, mine, born=[child.called("Older")], water="well"),
        east.withdraws(visit),
    ]
    named = {
        mine.id: [mine.id, theirs.id],
        ming.id: [ming.id, hua.id, newborn.id, theirs.id],
        child.id: [child.id, hua.id, newborn.id],
        visit.id: [visit.id, strangers.id, waiting.id, dispute.id],
    }
    before = [world.record(each) for each in (theirs, hua, newborn)]
    request: dict[str, Any] = east.phone.request(limit=0)
    said = set[str]()
    assert eye.forget() == []

    @given(
        which=st.sampled_from(made), instead=st.tuples(*map(st.sampled_from, named.values())), has_read=st.booleans()
    )
    def hears_nothing(which: Any, instead: tuple[str, ...], has_read: bool) -> None:
        body = which.body
        for id_, other in zip(named, instead, strict=True):
            body = body.replace(id_, other)
        document = {**json.loads(body), "id": world.new_id(), **({} if has_read else {"cursor": None})}
        operation = {"id": document["id"], "body": json.dumps(document)}
        told = {**request, "operations": [operation]}
        reply = world.server.send("POST", "/api/v1/sync", told, east.phone.token)
        assert reply.status == 200, reply.body
        # What she has named herself she knows; a number, and whatever else belongs to what she names, she does not.
        said.update(instead)
        assert {line.split()[-1] for line in eye.forget()} <= said, reply.body
        assert [world.record(each) for each in (theirs, hua, newborn)] == before, body

    hears_nothing()

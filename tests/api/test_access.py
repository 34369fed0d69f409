"""Who may do what where: every action for every role, inside and outside its area; and what outsiders can learn."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fieldsvc.services import access, enrol, people
from fieldsvc.services.access import Action, Actor
from tests.world import World

EVERYTHING = frozenset(Action)
SUPERVISES = {Action.VIEW, Action.VISIT, Action.REVIEW, Action.EXPORT, Action.ASSIGN}
ALLOWED = {
    "cadre": frozenset(),
    "checker": {Action.VIEW, Action.VISIT},
    "supervisor": SUPERVISES,
    "administrator": EVERYTHING,
}
#: Requests that ask for one thing by name; `%s` is the name.
BY_NAME = [
    ("GET", "/api/v1/photos/%s"),
    ("GET", "/api/v1/photos/%s?size=thumb"),
    ("GET", "/api/v1/forms/%s/1"),
    ("GET", "/api/v1/forms/%s/1/media/0"),
    ("GET", "/api/v1/datasets/%s/1"),
    ("HEAD", "/api/v1/uploads/%s"),
    ("PATCH", "/api/v1/uploads/%s"),
    ("DELETE", "/api/v1/uploads/%s"),
]
WITHOUT_NAME = [
    ("POST", "/api/v1/sync"),
    ("GET", "/api/v1/feed"),
    ("GET", "/api/v1/definitions"),
    ("DELETE", "/api/v1/session"),
]
WITHOUT_NAME += [("POST", "/api/v1/uploads"), ("POST", "/api/v1/uploads/together")]
WITHOUT_NAME += [("POST", "/api/v1/thumbnails"), ("GET", "/api/v1/definitions")]


def somebody(world: World, role: str, area_id: str) -> Actor:
    """A person with one role in one area."""
    ctx = world.server.ctx
    person_id = people.add_person(ctx, world.county.who(), name=role)
    people.grant_role(ctx, world.county.who(), person_id, role, area_id)
    actor = enrol.actor_of(ctx, person_id)
    assert actor is not None
    return actor


@pytest.mark.parametrize("role", access.ROLES)
@pytest.mark.parametrize("action", list(Action), ids=str)
def test_a_role_reaches_its_area_and_nothing_beside_it(world: World, role: str, action: Action) -> None:
    upper, lower = world.village("Upper"), world.village("Lower")
    inside, outside = world.household(in_village=upper), world.household(in_village=lower)
    by = somebody(world, role, upper)
    with world.server.ctx.db.read() as session:
        assert access.may(session, by, action, inside.id) is (action in ALLOWED[role])
        assert access.may(session, by, action, outside.id) is False
        assert access.may(session, by, action, "no such household") is False


@pytest.mark.parametrize("role", access.ROLES)
def test_a_role_of_yesterday_reaches_nothing(world: World, role: str) -> None:
    village = world.village("Upper")
    home = world.household(in_village=village)
    by = somebody(world, role, village)
    world.clock.passes(days=1)
    people.end_role(world.server.ctx, world.county.who(), by.person_id, role, village)
    world.clock.passes(days=1)
    again = enrol.actor_of(world.server.ctx, by.person_id)
    assert again is not None
    with world.server.ctx.db.read() as session:
        assert not any(access.may(session, again, action, home.id) for action in Action)


def test_an_assignment_lets_a_cadre_see_and_visit_and_nothing_more(world: World) -> None:
    home, other = world.household(), world.household()
    east = world.cadre("East", visits=[home])
    by = enrol.actor_of(world.server.ctx, east.person_id)
    assert by is not None
    with world.server.ctx.db.read() as session:
        allowed = {action for action in Action if access.may(session, by, action, home.id)}
        assert allowed == {Action.VIEW, Action.VISIT}
        assert not any(access.may(session, by, action, other.id) for action in Action)


@pytest.mark.parametrize(("method", "path"), BY_NAME + WITHOUT_NAME, ids=lambda part: part)
def test_every_address_but_the_door_wants_a_token(world: World, method: str, path: str) -> None:
    answer = world.server.app.test_client().open(path.replace("%s", "a" * 64), method=method)
    assert answer.status_code == 401
    assert method == "HEAD" or answer.json["code"] == "token-unknown"


@pytest.mark.parametrize("role", access.ROLES)
def test_what_is_unknown_and_what_is_forbidden_answer_alike(world: World, role: str) -> None:
    """Neither a digest, nor an id, nor an operation tells an outsider that a household exists."""
    theirs = world.household(in_village=world.village("Theirs"), phone="09990000001")
    owner = world.cadre("Owner", visits=[theirs])
    visit = owner.visits(theirs, photo={"sha256": "ab" * 32, "bytes": 10, "type": "image/jpeg"})
    owner.syncs()
    outsider = world.cadre("Outsider", synced=False)
    people.grant_role(world.server.ctx, world.county.who(), outsider.person_id, role, world.village("Ours"))

    def ask(method: str, path: str) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {outsider.phone.token}"}
        answer = world.server.app.test_client().open(path, method=method, headers=headers)
        return answer.status_code, {**(answer.get_json(silent=True) or {}), "request_id": ""}

    assert ask("GET", "/api/v1/photos/" + "ab" * 32) == ask("GET", "/api/v1/photos/" + "cd" * 32)
    known = outsider.visits(theirs, phone="09990000002")
    unknown = outsider.corrects(world.somebody_of(theirs, "Nobody"), name="x")
    stranger = world.household()
    stranger = type(stranger)(world.new_id(), "Nowhere", stranger.area_id)
    nowhere = outsider.visits(stranger, phone="09990000002")
    outsider.syncs()
    said = [_without_ids(entry.receipt) for entry in (known, nowhere)]
    assert said[0] == said[1]
    assert unknown.status == known.status == "review"
    assert visit.id not in json.dumps(outsider.phone.replica.submissions)


def _without_ids(receipt: Any) -> Any:
    return {name: value for name, value in receipt.items() if name in ("status", "problem")}

"""A draft is seen by its testers' phones alone; what they fill in is kept, marked, and counts for nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fieldsvc.problems import NotAllowed, NotFound
from fieldsvc.services import authoring, catch_up, coverage, definition_bytes, intake, trials
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.services.reviewing import first_page
from fieldsvc.store import people
from fieldsvc.store.tables import EntityRow, FormVersionRow, SubmissionRow
from tests.forms.forms import SETTINGS, Row, markdown
from tests.office.district import FEED, District

SUBJECT = {"type": "hidden", "name": "household", "bind::fs:prefill": "__id"}
HAMLET = {"type": "text", "name": "hamlet", "label": "村民小组", "save_to": "hamlet"}
ENTITIES = [{"list_name": "households", "entity_id": "${household}"}]


def source(version: str = "1", *rows: Row) -> bytes:
    settings = [{**SETTINGS, "version": version, "subject_dataset": "households", "visit": "yes"}]
    return markdown([SUBJECT, HAMLET, *rows], settings=settings, entities=ENTITIES).encode()


@pytest.fixture
def admin(district: District) -> Actor:
    return district.actor(district.person("县管理员", "A01", role="administrator", area=district.county))


def phone_of(ctx: Context, district: District, person: str, cursor: str | None = None) -> dict[str, Any]:
    """What this person's phone is told of forms, by form id, and the cursor it ends with."""
    page = catch_up.pull_page(ctx, district.actor(person), cursor)
    forms = {one["form"]: one for one in page.get("changes", []) if one["kind"] == "form"}
    return {"cursor": page["cursor"], "forms": forms}


def sends(ctx: Context, district: District, person: str, home: str, form: str) -> Any:
    actor = district.actor(person)
    with ctx.db.read() as session:
        device = people.devices_of(session, person)[0].id
    operation = ctx.new_id()
    body = {
        "id": operation,
        "schema": 1,
        "kind": "submission",
        "author": person,
        "install_id": "install",
        "cursor": None,
        "created_at": ctx.now_ms(),
        "form": form,
        "version": "1",
        "subject": home,
        "answers": {"household": home, "hamlet": "二组"},
        "context": {},
        "entities": [
            {
                "dataset": "households",
                "id": home,
                "path": "/data",
                "base_version": 1,
                "trunk_version": 1,
                "branch_id": ctx.new_id(),
            }
        ],
    }
    by = type(actor)(actor.person_id, actor.name, actor.feed_id, device, actor.roles)
    [receipt] = intake.accept(ctx, by, [(operation, json.dumps(body))])
    return receipt


def test_only_the_testers_phones_get_a_draft_now_and_after_a_fresh_start(
    ctx: Context, district: District, admin: Actor
) -> None:
    before = {person: phone_of(ctx, district, person)["cursor"] for person in (district.li, district.zhang)}
    authoring.save_draft(ctx, admin, source(), "trial.md")
    trials.set_testers(ctx, admin, "trial", "1", [district.li])
    told = phone_of(ctx, district, district.li, before[district.li])["forms"]
    assert told["trial.trial"]["title"] == {"zh": "〔试用〕试用"}
    assert "trial.trial" in phone_of(ctx, district, district.li)["forms"]
    assert phone_of(ctx, district, district.zhang, before[district.zhang])["forms"] == {}
    assert "trial.trial" not in phone_of(ctx, district, district.zhang)["forms"]


def test_nobody_else_can_fetch_its_definition(ctx: Context, district: District, admin: Actor) -> None:
    authoring.save_draft(ctx, admin, source(), "trial.md")
    trials.set_testers(ctx, admin, "trial", "1", [district.li])
    body, _ = definition_bytes.form_bytes(ctx, district.actor(district.li), "trial.trial", "1")
    assert json.loads(body)["trial"] is True
    with pytest.raises(NotFound):
        definition_bytes.form_bytes(ctx, district.actor(district.zhang), "trial.trial", "1")


def test_what_a_tester_sends_is_kept_and_marked_but_changes_no_record_and_covers_no_household(
    ctx: Context, district: District, admin: Actor
) -> None:
    home = district.household("陈一", district.upper, helper=district.li, hamlet="一组")
    authoring.save_draft(ctx, admin, source(), "trial.md")
    trials.set_testers(ctx, admin, "trial", "1", [district.li])
    receipt = sends(ctx, district, district.li, home, "trial.trial")
    assert receipt.status == "applied"
    with ctx.db.read() as session:
        row = session.get(SubmissionRow, (FEED, receipt.id))
        entity = session.get(EntityRow, (FEED, home))
        assert row is not None
        assert entity is not None
        assert (row.review_state, row.flags) == ("trial", {"trial": True})
        assert entity.properties["hamlet"] == "一组"
    villages, _ = coverage.by_village(ctx, district.moments.month, by=district.actor(district.supervisor))
    assert sum(village.visited for village in villages) == 0
    assert first_page.of(ctx, district.moments.month, by=district.actor(district.supervisor)).to_review == 0


def test_the_same_form_in_earnest_changes_the_record_and_covers_the_household(
    ctx: Context, district: District, admin: Actor
) -> None:
    home = district.household("陈一", district.upper, helper=district.li, hamlet="一组")
    authoring.publish(ctx, admin, source(), "trial.md")
    sends(ctx, district, district.li, home, "trial")
    with ctx.db.read() as session:
        entity = session.get(EntityRow, (FEED, home))
        assert entity is not None
        assert entity.properties["hamlet"] == "二组"
    villages, _ = coverage.by_village(ctx, district.moments.month, by=district.actor(district.supervisor))
    assert sum(village.visited for village in villages) == 1


def test_when_a_trial_ends_the_testers_phones_stop_offering_it(ctx: Context, district: District, admin: Actor) -> None:
    authoring.save_draft(ctx, admin, source(), "trial.md")
    trials.set_testers(ctx, admin, "trial", "1", [district.li, district.zhang])
    cursors = {person: phone_of(ctx, district, person)["cursor"] for person in (district.li, district.zhang)}
    trials.set_testers(ctx, admin, "trial", "1", [district.li])
    assert (
        phone_of(ctx, district, district.zhang, cursors[district.zhang])["forms"]["trial.trial"]["subject_dataset"]
        == ""
    )
    trials.end(ctx, admin, "trial", "1")
    assert phone_of(ctx, district, district.li, cursors[district.li])["forms"]["trial.trial"]["subject_dataset"] == ""
    assert "trial.trial" not in phone_of(ctx, district, district.li)["forms"]


def test_a_draft_somebody_has_tried_is_never_replaced_and_one_nobody_saw_is(
    ctx: Context, district: District, admin: Actor
) -> None:
    more = {"type": "text", "name": "note", "label": "说明"}
    authoring.save_draft(ctx, admin, source(), "trial.md")
    assert authoring.save_draft(ctx, admin, source("1", more), "trial.md").problems == []
    trials.set_testers(ctx, admin, "trial", "1", [district.li])
    [refused] = authoring.save_draft(ctx, admin, source(), "trial.md").problems
    assert refused.code == "version-exists"
    trials.end(ctx, admin, "trial", "1")
    assert [one.code for one in authoring.save_draft(ctx, admin, source(), "trial.md").problems] == ["version-exists"]
    assert authoring.save_draft(ctx, admin, source("2"), "trial.md").problems == []


def test_a_form_with_mistakes_writes_nothing(ctx: Context, district: District, admin: Actor) -> None:
    for save in (authoring.save_draft, authoring.publish):
        found = save(ctx, admin, source("1", {"type": "text", "name": "x", "relevant": "nope()"}), "trial.md")
        assert [one.code for one in found.problems] == ["unknown-function"]
    with ctx.db.read() as session:
        assert session.query(FormVersionRow).filter(FormVersionRow.form_id.startswith("trial")).count() == 0


def test_a_retired_form_disappears_from_every_phone_and_comes_back(
    ctx: Context, district: District, admin: Actor
) -> None:
    for version in ("1", "2"):
        authoring.publish(ctx, admin, source(version), "trial.md")
    cursor = phone_of(ctx, district, district.li)["cursor"]
    trials.retire(ctx, admin, "trial")
    page = catch_up.pull_page(ctx, district.actor(district.li), cursor)
    told = {one["version"]: one["subject_dataset"] for one in page["changes"] if one["kind"] == "form"}
    assert told == {"1": "", "2": ""}
    assert "trial" not in phone_of(ctx, district, district.li)["forms"]
    trials.reopen(ctx, admin, "trial")
    assert phone_of(ctx, district, district.li, page["cursor"])["forms"]["trial"]["subject_dataset"] == "households"


def test_a_supervisor_publishes_nothing(ctx: Context, district: District) -> None:
    by = district.actor(district.supervisor)
    for act in (
        lambda: authoring.check(ctx, by, source(), "x.md"),
        lambda: authoring.save_draft(ctx, by, source(), "x.md"),
        lambda: trials.retire(ctx, by, "visit"),
        lambda: trials.set_testers(ctx, by, "visit", "1", []),
    ):
        with pytest.raises(NotAllowed):
            act()

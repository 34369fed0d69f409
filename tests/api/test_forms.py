"""Forms and datasets are published once, told to every phone, and fetched once."""

import gzip
import json

import brotli
import pytest

from fieldsvc.forms import datasets
from fieldsvc.problems import FormVersionExists, NotAllowed, PropertyTypeChanged
from fieldsvc.services import authoring, catch_up, definition_bytes, definitions, enrol, published, standard, trials
from fieldsvc.store import definitions as stored
from fieldsvc.store.tables import ChangeRow
from tests.api.photo_world import PhotoWorld, sha256
from tests.forms.pictured import PICTURES, pictured

FORM = {"form": "visit", "version": "1", "title": {"zh": "走访"}, "subject_dataset": "household", "nodes": []}
DATASET = {"name": "household", "label": {"zh": "农户"}, "properties": [{"name": "phone", "type": "text"}]}


@pytest.fixture
def world(tmp_path):
    return PhotoWorld(tmp_path)


def announced(world) -> list[tuple[str, str]]:
    with world.ctx.db.read() as session:
        rows = session.query(ChangeRow).filter_by(topic="forms").order_by(ChangeRow.position)
        return [(row.kind, row.ref_id) for row in rows]


def test_a_published_form_is_announced_and_fetched_by_version(world):
    assert published.publish_form(world.ctx, world.console, FORM, digest="d1")
    answer = world.client.get("/api/v1/forms/visit/1", headers=world.east)
    assert answer.json == FORM
    assert "immutable" in answer.headers["Cache-Control"]
    assert announced(world) == [("form", "visit")]
    seen = {**world.east, "If-None-Match": answer.headers["ETag"]}
    assert world.client.get("/api/v1/forms/visit/1", headers=seen).status_code == 304


@pytest.mark.parametrize(
    ("accepted", "unpack"), [("gzip, br", brotli.decompress), ("gzip", gzip.decompress), ("", bytes)]
)
def test_a_form_travels_compressed(world, accepted, unpack):
    nodes = [{"name": f"question_{number}", "kind": "question"} for number in range(200)]
    published.publish_form(world.ctx, world.console, {**FORM, "nodes": nodes}, digest="d1")
    answer = world.client.get("/api/v1/forms/visit/1", headers={**world.east, "Accept-Encoding": accepted})
    assert answer.headers.get("Content-Encoding") == (accepted.split(", ")[-1] or None)
    assert json.loads(unpack(answer.data))["nodes"] == nodes
    assert len(answer.data) < 1_500 or not accepted
    assert answer.headers["Vary"] == "Accept-Encoding"


def test_publishing_the_same_version_again_says_nothing_new(world):
    published.publish_form(world.ctx, world.console, FORM, digest="d1")
    assert not published.publish_form(world.ctx, world.console, FORM, digest="d1")
    assert len(announced(world)) == 1


def test_two_who_read_a_form_for_the_first_time_at_once_use_one_copy_of_it(world, monkeypatch):
    published.publish_form(world.ctx, world.console, FORM, digest="d1")
    read, meanwhile = stored.form_version, []

    def slowly(session, form_id, version):
        row = read(session, form_id, version)
        if not meanwhile:
            meanwhile.append(None)
            with world.ctx.db.read() as another:
                meanwhile[0] = definitions.form(world.ctx, another, form_id, version)
        return row

    monkeypatch.setattr(stored, "form_version", slowly)
    with world.ctx.db.read() as session:
        assert definitions.form(world.ctx, session, "visit", "1") is meanwhile[0]


def test_the_processes_of_one_request_survive_another_that_holds_other_figures():
    class Emptied(dict):
        def __setitem__(self, key, value):
            """The other request empties the shelf as soon as this one has put something there."""

    datasets_ = definitions.Datasets(definitions._Shelf(processes=Emptied()), {}, dict)
    assert datasets_.processes == {}


def test_a_published_version_is_never_edited(world):
    published.publish_form(world.ctx, world.console, FORM, digest="d1")
    with pytest.raises(FormVersionExists):
        published.publish_form(world.ctx, world.console, {**FORM, "nodes": [1]}, digest="d2")


def test_an_older_version_stays_served_for_the_drafts_begun_with_it(world):
    for version in ("1", "2"):
        published.publish_form(world.ctx, world.console, {**FORM, "version": version}, digest=version)
    assert world.client.get("/api/v1/forms/visit/1", headers=world.east).status_code == 200


def test_a_dataset_gains_properties_and_a_version_but_never_changes_a_type(world):
    more = [*DATASET["properties"], {"name": "hamlet", "type": "text"}]
    other = [{"name": "phone", "type": "int"}]
    publish = lambda properties, digest: published.publish_dataset(  # noqa: E731
        world.ctx, world.console, {**DATASET, "properties": properties}, digest=digest
    )
    assert publish(DATASET["properties"], "a") == publish(DATASET["properties"], "a") == 1
    assert publish(more, "b") == 2
    for properties in (other, []):
        with pytest.raises(PropertyTypeChanged):
            publish(properties, "c")
    assert world.client.get("/api/v1/datasets/household/2", headers=world.east).json["properties"] == more


def test_nobody_without_the_right_publishes(world):
    east = enrol.authenticate(world.ctx, world.east["Authorization"].removeprefix("Bearer "))
    with pytest.raises(NotAllowed):
        published.publish_form(world.ctx, east, FORM, digest="d1")


def test_what_was_never_published_is_not_there(world):
    for where in ("forms/visit/9", "datasets/household/9", "datasets/household/99999999999999"):
        assert world.client.get(f"/api/v1/{where}", headers=world.east).status_code == 404
    assert world.client.get("/api/v1/forms/visit/1").status_code == 401


def test_a_phone_is_told_the_stages_of_a_process_and_none_of_its_rules(world):
    definition = datasets()["problems"]
    published.publish_dataset(world.ctx, world.console, definition, digest=definition["version"])
    told = world.client.get("/api/v1/datasets/problems/1", headers=world.east).json
    assert told["uses"] == ["stages"]
    assert told["process"]["stage"] == "status"
    assert told["process"]["label"] == {"zh": "问题整改", "en": "Putting a problem right"}
    assert told["process"]["stages"][0] == {
        "code": "to_verify", "label": {"zh": "待核实", "en": "To be verified"}, "date": "found_on",
    }  # fmt: skip
    assert {one["code"] for one in told["process"]["stages"] if one.get("side")} == {
        "returned",
        "lasting",
        "impossible",
    }
    assert "other_than" not in json.dumps(told["process"])
    assert told["properties"] == definition["properties"]


def test_the_pictures_of_a_form_are_fetched_by_digest_and_kept_for_ever(world):
    published.publish_dataset(world.ctx, world.console, {**DATASET, "name": "households"}, digest="d1")
    assert authoring.publish(world.ctx, world.console, *pictured()).problems == []
    tile = PICTURES["瓦.png"]
    address = f"/api/v1/forms/trial/1/media/{sha256(tile)}"
    answer = world.client.get(address, headers=world.east)
    assert (answer.data, answer.mimetype) == (tile, "image/png")
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    seen = {**world.east, "If-None-Match": answer.headers["ETag"]}
    assert world.client.get(address, headers=seen).status_code == 304
    assert world.client.get(address).status_code == 401
    for other in (f"/api/v1/forms/trial/2/media/{sha256(tile)}", f"/api/v1/forms/trial/1/media/{'0' * 64}"):
        assert world.client.get(other, headers=world.east).status_code == 404


def test_a_digest_opens_nothing_that_the_form_does_not_show(world):
    published.publish_dataset(world.ctx, world.console, {**DATASET, "name": "households"}, digest="d1")
    authoring.publish(world.ctx, world.console, *pictured())
    secret = b"\xff\xd8 a photo of somebody"
    world.ctx.blobs.put(sha256(secret), secret)
    answer = world.client.get(f"/api/v1/forms/trial/1/media/{sha256(secret)}", headers=world.east)
    assert answer.status_code == 404


def test_the_pictures_of_a_draft_are_there_for_its_testers_alone(world):
    published.publish_dataset(world.ctx, world.console, {**DATASET, "name": "households"}, digest="d1")
    assert authoring.save_draft(world.ctx, world.console, *pictured()).problems == []
    trials.set_testers(world.ctx, world.console, "trial", "1", [world.east_id])
    address = f"/api/v1/forms/trial.trial/1/media/{sha256(PICTURES['瓦.png'])}"
    assert world.client.get(address, headers=world.east).status_code == 200
    assert world.client.get(address, headers=world.west).status_code == 404


def together(world, names, headers=None):
    return world.client.get("/api/v1/definitions", query_string={"want": names}, headers=headers or world.east)


def lines(answer) -> list[dict]:
    return [json.loads(line) for line in answer.get_data(as_text=True).splitlines()]


def test_a_phone_gets_all_it_lacks_in_one_answer_a_line_each_in_the_order_it_asked(world):
    published.publish_form(world.ctx, world.console, FORM, digest="f")
    published.publish_dataset(world.ctx, world.console, DATASET, digest="d")
    names = ["form/visit/1", "dataset/household/1", "form/visit/9", "dataset/household/9", "form/none", "list/lines/1"]
    answer = together(world, names)
    assert answer.mimetype == "application/x-ndjson"
    assert lines(answer) == [
        {"form": "visit", "version": "1", "definition": FORM},
        {"dataset": "household", "version": "1", "definition": {**DATASET, "version": 1}},
        {"form": "visit", "version": "9"},
        {"dataset": "household", "version": "9"},
        {"form": "none", "version": ""},
    ]


def test_an_answer_of_definitions_is_bounded_and_never_empty(world):
    names = [f"form_{number}" for number in range(3)]
    for name in names:
        published.publish_form(world.ctx, world.console, {**FORM, "form": name}, digest=name)
    east = enrol.authenticate(world.ctx, world.east["Authorization"].removeprefix("Bearer "))
    wanted = [f"form/{name}/1" for name in names]
    for most, held in ((1, 1), (400, 2), (4000, 3)):
        assert definition_bytes.lines(world.ctx, east, wanted, most).count(b"\n") == held
    assert definition_bytes.lines(world.ctx, east, wanted * 50).count(b"\n") == definition_bytes.MOST_NAMES


def test_names_that_no_database_could_hold_are_just_not_there(world):
    for name in ("form/visit\0/1", "dataset/household\0/1", "dataset/household/" + "9" * 5000, "dataset/household/-1"):
        [line] = lines(together(world, [name]))
        assert "definition" not in line


def test_what_is_asked_for_together_travels_together_and_weighs_little_more_than_half(world):
    standard.publish(world.ctx, world.console)
    page = catch_up.pull_page(world.ctx, enrol.actor_of(world.ctx, world.east_id), None)
    announced = [(one["kind"], one.get("form") or one["name"], one["version"]) for one in page["changes"]]
    brotlied = {**world.east, "Accept-Encoding": "br"}
    alone = [world.client.get(f"/api/v1/{k}s/{n}/{v}", headers=brotlied).data for k, n, v in announced]
    all_of_them = together(world, [f"{k}/{n}/{v}" for k, n, v in announced], brotlied).data
    told = [json.loads(line) for line in brotli.decompress(all_of_them).splitlines()]
    assert [json.loads(brotli.decompress(one)) for one in alone] == [line["definition"] for line in told]
    assert len(told) > 25
    # What forms have in common travels once; the share grows a little with every question that is like no other.
    assert len(all_of_them) < 0.61 * sum(len(one) for one in alone)

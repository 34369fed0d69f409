"""Several photos share a request on a good link, and each is believed by its own digest."""

import io

import pytest
from werkzeug import formparser

from fieldsvc.store.tables import JobRow
from tests.api.photo_world import UPLOADS, PhotoWorld, jpeg, sha256, together


@pytest.fixture
def world(tmp_path):
    return PhotoWorld(tmp_path)


def test_what_comes_together_and_has_another_digest_is_left_out_and_goes_alone(world):
    whole, altered = jpeg("1", size=(80, 60)), jpeg("2", size=(80, 60))
    world.visit_names(whole, altered)
    parts = {
        sha256(whole): (io.BytesIO(whole), "1.jpg", "image/jpeg"),
        sha256(altered): (io.BytesIO(altered + b"!"), "2.jpg", "image/jpeg"),
        "door": (io.BytesIO(b"named by no digest"), "3.jpg", "image/jpeg"),
    }
    answer = world.client.post(f"{UPLOADS}/together", data=parts, headers=world.east)
    assert answer.json == {"stored": [sha256(whole)]}
    assert (world.state(whole), world.state(altered)) == ("present", "missing")
    assert world.begin(altered).headers["Upload-Offset"] == "0"


def test_what_comes_together_is_no_longer_than_one_piece_may_be_and_is_read_past_before_it_is_refused(world):
    large = bytes(world.ctx.settings.upload_part_bytes)
    sent = together([large])
    body, headers = io.BytesIO(sent["data"]), {**world.east, "Content-Length": str(len(sent["data"]))}
    answer = world.client.post(
        f"{UPLOADS}/together", input_stream=body, content_type=sent["content_type"], headers=headers
    )
    assert (answer.status_code, answer.json["code"]) == (413, "body-too-large")
    assert body.tell() >= len(large)


def test_at_most_twenty_files_come_together(world):
    answers = [
        world.client.post(f"{UPLOADS}/together", headers=world.east, **together(b"%d" % n for n in range(count)))
        for count in (20, 21)
    ]
    assert [answer.status_code for answer in answers] == [200, 413]


def test_what_comes_together_needs_no_file_before_it_is_kept(world, monkeypatch):
    large = jpeg("1", size=(80, 60)) + bytes(600_000)
    world.visit_names(large)
    monkeypatch.setattr(formparser, "SpooledTemporaryFile", lambda **_: pytest.fail("a file on the way"))
    answer = world.client.post(f"{UPLOADS}/together", headers=world.east, **together([large]))
    assert answer.json == {"stored": [sha256(large)]}


def test_what_comes_together_is_linked_in_one_order_however_it_was_sent(world):
    photos = sorted((jpeg(str(n), size=(80, 60)) for n in range(4)), key=sha256)
    world.visit_names(*photos)
    for sent in ([photos[1], photos[0]], [photos[2], photos[3]]):
        world.client.post(f"{UPLOADS}/together", headers=world.east, **together(sent))
    with world.ctx.db.read() as session:
        linked = [job.payload["sha256"] for job in session.query(JobRow).filter_by(kind="derive").order_by(JobRow.id)]
    assert linked == [sha256(photo) for photo in photos]

"""tus 1.0, sentence by sentence, against a real server and through the proxies that stand before one."""

from __future__ import annotations

import hashlib
from email.utils import parsedate_to_datetime

import pytest

from tests.uploads.conftest import Place
from tests.uploads.line import PIECE, UPLOADS, Line, base64_of, sha256


def test_options_names_version_extensions_size_and_checksums_without_a_token(line: Line) -> None:
    stranger = Line(line.port, "", version=None)
    for where in (UPLOADS, f"{UPLOADS}/anything"):
        said = stranger.asks("OPTIONS", where)
        assert said.status == 204
        assert said.headers["tus-version"] == "1.0.0"
        assert int(said.headers["tus-max-size"]) == 40_000_000
        extensions = set(said.headers["tus-extension"].split(","))
        assert extensions == {"creation", "creation-with-upload", "checksum", "expiration", "termination"}
        assert set(said.headers["tus-checksum-algorithm"].split(",")) == {"sha1", "sha256"}


def test_every_answer_names_the_version_also_one_that_refuses(line: Line, photo: bytes) -> None:
    where = line.begins(photo).location
    answers = [
        line.begins(photo),
        line.asks("HEAD", where),
        line.sends(where, 0, photo[:10]),
        line.sends(where, 0, photo[:10]),
        line.asks("HEAD", f"{UPLOADS}/none"),
        line.asks("DELETE", where),
    ]
    assert [answer.status for answer in answers] == [201, 200, 204, 409, 404, 204]
    assert {answer.headers["tus-resumable"] for answer in answers} == {"1.0.0"}


@pytest.mark.parametrize("method", ["POST", "HEAD", "PATCH", "DELETE"])
def test_another_version_is_told_ours_and_nothing_is_done(line: Line, photo: bytes, method: str) -> None:
    where = line.begins(photo).location
    other = Line(line.port, line.token, version="0.2.2")
    path = UPLOADS if method == "POST" else where
    refused = other.asks(method, path, photo[:10], Upload_Offset="0", Content_Type=PIECE, Upload_Length="10")
    assert (refused.status, refused.headers["tus-version"]) == (412, "1.0.0")
    assert line.stands(where) == 0


def test_a_file_in_pieces_arrives_whole(line: Line, place: Place, photo: bytes) -> None:
    begun = line.begins(photo)
    assert (begun.status, begun.offset) == (201, 0)
    at = 0
    for end in (1, 50_000, 50_001, 130_000, len(photo)):
        sent = line.sends(begun.location, at, photo[at:end])
        assert (sent.status, sent.offset) == (204, end)
        at = end
    assert place.world.ctx.blobs.get(sha256(photo)) == photo


def test_a_piece_of_unknown_length_is_taken_to_its_end(line: Line, place: Place, photo: bytes) -> None:
    """`Transfer-Encoding: chunked`: a client that does not know how much it will read."""
    where = line.begins(photo).location
    chunks = iter([photo[:1000], photo[1000:70_000], photo[70_000:]])
    assert line.sends(where, 0, chunks, Transfer_Encoding="chunked").offset == len(photo)
    assert place.world.ctx.blobs.get(sha256(photo)) == photo


def test_creation_may_carry_the_file_or_its_beginning(line: Line, place: Place, photo: bytes) -> None:
    begun = line.begins(photo, photo[:70_000], Content_Type=PIECE)
    assert (begun.status, begun.offset) == (201, 70_000)
    assert line.sends(begun.location, 70_000, photo[70_000:]).offset == len(photo)
    other = photo[::-1]
    assert line.begins(other, other, Content_Type=PIECE).offset == len(other)
    assert place.world.ctx.blobs.get(sha256(other)) == other


def test_creation_again_finds_the_upload_where_it_stands(line: Line, photo: bytes) -> None:
    begun = line.begins(photo)
    line.sends(begun.location, 0, photo[:1234])
    again = line.begins(photo)
    assert (again.status, again.location, again.offset) == (201, begun.location, 1234)


def test_head_tells_offset_length_and_metadata_and_is_never_cached(line: Line, photo: bytes) -> None:
    where = line.begins(photo, photo[:999], Content_Type=PIECE).location
    said = line.asks("HEAD", where)
    assert (said.status, said.offset, said.headers["upload-length"]) == (200, 999, str(len(photo)))
    assert said.headers["cache-control"] == "no-store"
    assert f"sha256 {base64_of(sha256(photo).encode())}" in said.headers["upload-metadata"].split(",")


def test_an_unfinished_upload_says_until_when_it_is_kept(line: Line, photo: bytes) -> None:
    begun = line.begins(photo)
    sent = line.sends(begun.location, 0, photo[:10])
    expires = {answer.headers["upload-expires"] for answer in (begun, sent, line.asks("HEAD", begun.location))}
    assert len(expires) == 1
    assert parsedate_to_datetime(expires.pop()).tzinfo is not None


def test_a_piece_at_another_offset_is_a_conflict_and_changes_nothing(line: Line, photo: bytes) -> None:
    where = line.begins(photo).location
    line.sends(where, 0, photo[:5000])
    for offset in (0, 4999, 5001, len(photo)):
        assert line.sends(where, offset, photo[offset : offset + 10]).status == 409
    assert line.stands(where) == 5000


def test_a_piece_of_another_type_is_refused(line: Line, photo: bytes) -> None:
    where = line.begins(photo).location
    assert line.sends(where, 0, photo[:10], Content_Type="image/jpeg").status == 415
    assert line.stands(where) == 0


@pytest.mark.parametrize(("name", "digest"), [("sha1", hashlib.sha1), ("sha256", hashlib.sha256)])
def test_a_piece_is_taken_only_with_its_checksum(line: Line, photo: bytes, name: str, digest: type) -> None:
    where = line.begins(photo).location
    good = f"{name} {base64_of(digest(photo[:1000]).digest())}"
    refused = line.sends(where, 0, photo[1:1001], Upload_Checksum=good)
    assert (refused.status, line.stands(where)) == (460, 0)
    assert line.sends(where, 0, photo[:1000], Upload_Checksum=good).offset == 1000
    assert line.sends(where, 1000, photo[1000:2000], Upload_Checksum="crc32 AAAA").status == 400
    assert line.sends(where, 1000, photo[1000:2000], Upload_Checksum="sha1 !").status == 400
    assert line.stands(where) == 1000


def test_an_ended_upload_is_gone_and_begins_anew_at_nothing(line: Line, photo: bytes) -> None:
    where = line.begins(photo, photo[:1000], Content_Type=PIECE).location
    assert line.asks("DELETE", where).status == 204
    assert line.asks("HEAD", where).status == 404
    assert line.sends(where, 1000, photo[1000:2000]).status == 404
    assert line.begins(photo).offset == 0


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Upload_Length": "-1"}, 400),
        ({"Upload_Length": "1e3"}, 400),
        ({"Upload_Length": "40000001"}, 413),
        ({"Upload_Metadata": ""}, 400),
        ({"Upload_Metadata": "sha256 not-base64"}, 400),
    ],
)
def test_a_creation_that_cannot_be_is_refused(line: Line, photo: bytes, headers: dict[str, str], status: int) -> None:
    assert line.begins(photo, **headers).status == status


def test_more_than_was_announced_is_not_taken(line: Line, photo: bytes) -> None:
    where = line.begins(photo).location
    line.sends(where, 0, photo[:-10])
    assert line.sends(where, len(photo) - 10, photo[-10:] + b"more").status == 409
    assert line.stands(where) == len(photo) - 10


def test_a_piece_larger_than_allowed_is_refused(line: Line, photo: bytes) -> None:
    where = line.begins(photo).location
    assert line.sends(where, 0, b"0" * 2_000_001).status == 413


def test_bytes_with_another_digest_are_given_back_whole(line: Line, photo: bytes) -> None:
    """In one piece or in two: the phone is told, and sends again from the beginning."""
    where = line.begins(photo).location
    assert line.sends(where, 0, photo[::-1]).status == 460
    assert line.stands(where) == 0
    line.sends(where, 0, photo[:1000])
    assert line.sends(where, 1000, photo[999:-1]).status == 460
    assert line.stands(where) == 0
    assert line.sends(where, 0, photo).offset == len(photo)


def test_nobody_elses_upload_can_be_seen_sent_to_or_ended(line: Line, place: Place, photo: bytes) -> None:
    where = line.begins(photo).location
    stranger = Line(line.port, place.stranger)
    answers = [stranger.asks("HEAD", where), stranger.sends(where, 0, photo), stranger.asks("DELETE", where)]
    assert [answer.status for answer in answers] == [404, 404, 404]
    assert line.stands(where) == 0
    assert Line(line.port, "nobody").begins(photo).status == 401

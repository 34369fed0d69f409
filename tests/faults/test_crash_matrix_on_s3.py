"""The deaths of photos and of jobs once more where many machines share a PostgreSQL and an object store.

There a file is one request that the store answers, or several: what it has answered is kept, and nothing of it lies on
the machine that died. The steps of a folder are none of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from tests.faults import test_crash_matrix as matrix
from tests.faults.conftest import county_on
from tests.faults.mortal import Mortal
from tests.support.postgres import fresh_database
from tests.support.seaweed import Seaweed
from tests.world import World

pytestmark = pytest.mark.proof

_OF_A_FOLDER = {"blob.written", "blob.synced", "blob.placed"}


def _on_s3(places: Sequence[str]) -> list[str]:
    left = [place for place in places if place not in _OF_A_FOLDER]
    assert "blob.kept" in left
    return left


@pytest.fixture(scope="module")
def county(postgres_server: str, object_store: Seaweed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """In place of those whose files lie in a folder."""
    folder = tmp_path_factory.mktemp("county")
    with fresh_database(postgres_server) as url, county_on(folder, url, blobs_url=object_store.url()) as county:
        yield county
        assert not any((folder / "blobs").rglob("*")), "nothing of it is on this machine"


@pytest.mark.parametrize("place", _on_s3(matrix.FILE))
def test_a_photo_that_comes_with_its_creation_is_kept_once(county: World, dying: Mortal, place: str) -> None:
    matrix.test_a_photo_that_comes_with_its_creation_is_kept_once(county, dying, place)


@pytest.mark.parametrize("place", _on_s3(matrix.FILE))
def test_photos_that_come_together_are_kept_once_each(county: World, dying: Mortal, place: str) -> None:
    matrix.test_photos_that_come_together_are_kept_once_each(county, dying, place)


@pytest.mark.parametrize("place", _on_s3(matrix.FILE))
def test_a_photo_that_comes_as_one_piece_is_kept_once(county: World, dying: Mortal, place: str) -> None:
    matrix.test_a_photo_that_comes_as_one_piece_is_kept_once(county, dying, place)


@pytest.mark.parametrize("place", _on_s3(matrix.PIECES))
def test_a_photo_whose_last_piece_dies_keeps_the_pieces_before(county: World, dying: Mortal, place: str) -> None:
    matrix.test_a_photo_whose_last_piece_dies_keeps_the_pieces_before(county, dying, place)


@pytest.mark.parametrize("place", _on_s3(matrix.JOB))
def test_a_job_that_dies_is_done_by_the_next_worker(county: World, dying: Mortal, place: str) -> None:
    matrix.test_a_job_that_dies_is_done_by_the_next_worker(county, dying, place)

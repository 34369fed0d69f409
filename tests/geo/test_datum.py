"""The shifts of Chinese maps, held to points that others published; `tests/js/datum.test.js` is the browser's half."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldsvc.geo import datum
from fieldsvc.geo.datum import Datum, Point

VECTORS = Path(__file__).parents[1] / "vectors" / "datum.json"
CASES = json.loads(VECTORS.read_text())["cases"]
STEPS = {
    ("wgs84", "gcj02"): datum.to_gcj,
    ("gcj02", "wgs84"): datum.from_gcj,
    ("gcj02", "bd09"): datum.bd_of_gcj,
    ("bd09", "gcj02"): datum.gcj_of_bd,
}
IN_CHINA = st.tuples(st.floats(18.2, 53.5), st.floats(73.6, 134.7))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['from']} {case['point']} in {case['to']}")
def test_a_published_point_is_shifted_as_published(case: dict[str, object]) -> None:
    step, point, gives = STEPS[str(case["from"]), str(case["to"])], *map(tuple, (case["point"], case["gives"]))
    assert datum.metres(step(point), gives) <= case["metres"]


@pytest.mark.parametrize("system", ["wgs84", "gcj02", "bd09"])
@given(point=IN_CHINA)
def test_pointing_at_what_a_map_shows_gives_the_point_back(system: Datum, point: Point) -> None:
    assert datum.metres(datum.pointed(datum.shown(point, system), system), point) < 0.2


@given(point=IN_CHINA)
def test_two_readings_of_one_point_are_the_same_place_whichever_map_each_is_of(point: Point) -> None:
    for system in ("gcj02", "bd09"):
        assert datum.nearest_reading(point, datum.shown(point, system)) < 0.2


def test_one_point_lies_hundreds_of_metres_apart_on_the_three_maps() -> None:
    """If nothing were shifted, the tests above would hold as well."""
    here = (29.87, 118.33)
    apart = [round(datum.metres(here, datum.shown(here, system))) for system in ("wgs84", "gcj02", "bd09")]
    assert apart[0] == 0
    assert 300 < apart[1] < 700
    assert 800 < apart[2] < 1800

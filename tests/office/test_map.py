"""The map of households: counted by cells, bounded, marked, filtered, selected, and a table where nothing is drawn."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import orjson
import pytest
from openpyxl import load_workbook

from fieldsvc.geo.datum import to_gcj
from fieldsvc.services.context import Context
from fieldsvc.services.mapping import reading
from fieldsvc.store.places import keep
from fieldsvc.store.tables import EntityRow, PlaceRow
from tests.office.desk import Desk, text
from tests.office.district import FEED, District
from tests.office.ledger_world import keep_houses
from tests.office.test_ordered_exports import features, ordered
from tests.support.app import app_on

VIEW = "view=118,29,119,30"


def places(desk: Desk, query: str = VIEW) -> dict[str, Any]:
    """What the map is told for a view."""
    assert desk.asks(f"/office/map/places?{query}") == 200
    assert desk.last is not None
    found: dict[str, Any] = orjson.loads(desk.last.data)
    return found


def labels(found: dict[str, Any]) -> list[str]:
    return [home[3] for home in found["homes"]]


@pytest.fixture
def homes(district: District) -> list[str]:
    """Three households of 岩寺镇 with a place, the first of them visited; one without, and one of another town."""
    made = [
        district.household(name, area, helper=district.li, home_gps=place)
        for name, area, place in (
            ("陈一", district.upper, "29.870000 118.330000 0 8"),
            ("陈二", district.upper, "29.874000 118.340000 0 60"),
            ("陈三", district.lower, "29.910000 118.420000"),
        )
    ]
    district.visit(made[0], district.li)
    district.household("陈四", district.upper)
    district.household("远方", district.far, home_gps="29.900000 118.400000 0 8")
    return made


def test_few_houses_stand_one_by_one_and_those_nobody_visited_are_marked(desk: Desk, homes: list[str]) -> None:
    found = places(desk)
    assert found["cells"] == []
    assert sorted(found["homes"]) == sorted(
        [
            [29.87, 118.33, homes[0], "陈一", 0, 8],
            [29.874, 118.34, homes[1], "陈二", 1, 60],
            [29.91, 118.42, homes[2], "陈三", 1, 0],
        ]
    )
    assert labels(places(desk, "view=118.41,29,119,30")) == ["陈三"]
    assert labels(places(desk, f"{VIEW}&only=yes")) == ["陈三", "陈二"]
    assert labels(places(desk, f"{VIEW}&only=no")) == ["陈一"]


def test_many_houses_are_counted_by_cells_and_the_answer_stays_small(
    desk: Desk, homes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_HOUSES", 2)
    found = places(desk)
    assert found["homes"] == []
    assert sorted(cell[2:] for cell in found["cells"]) == [[1, 1], [2, 1]]
    [pair] = [cell for cell in found["cells"] if cell[2] == 2]
    assert pair[:2] == [29.872, 118.335]


def test_a_place_follows_its_household(desk: Desk, district: District, ctx: Context, homes: list[str]) -> None:
    district.write(homes[0], district.li, {"home_gps": "29.500000 118.500000 0 5"})
    assert places(desk, "view=118.49,29.49,118.51,29.51")["homes"][0][3] == "陈一"
    district.write(homes[0], district.li, {"home_gps": None})
    assert labels(places(desk)) == ["陈三", "陈二"]
    with ctx.db.write() as session:
        row = session.get(EntityRow, (FEED, homes[1]))
        assert row is not None
        row.deleted = True
        session.flush()
        keep.rebuild(session, FEED)
    assert labels(places(desk)) == ["陈三"]


def test_an_open_case_marks_its_household_until_its_process_ends(
    desk: Desk, district: District, homes: list[str]
) -> None:
    keep_houses(district)
    district.record(homes[0], "housing_cases", "重建", stage="started")
    district.record(homes[1], "housing_cases", "重建", stage="paid")
    page = desk.opens("/office/map")
    [code] = [one for one in re.findall(r'<option value="(\w+)"', page) if one.startswith("housing")]
    assert labels(places(desk, f"{VIEW}&mark={code}&only=yes")) == ["陈一"]
    assert "危房改造未办结" in text(page)


def test_without_scripts_the_villages_are_a_table_that_leads_to_their_lists(
    desk: Desk, district: District, homes: list[str]
) -> None:
    page = desk.opens("/office/map")
    said = text(page)
    assert "岩寺镇 上村 3 2 1" in said
    assert "岩寺镇 下村 1 1 1" in said
    assert "远村" not in said
    assert f"/office/map/list?area={district.upper}" in page
    assert "陈一" in text(desk.opens(f"/office/map/list?area={district.upper}"))


def test_a_rectangle_is_listed_and_taken_along_as_table_and_as_places(
    desk: Desk, ctx: Context, homes: list[str]
) -> None:
    address = "/office/map/list?view=118.3,29.8,118.35,29.9&only=yes"
    page = text(desk.opens(address))
    assert ("陈二" in page, "陈一" in page, "陈三" in page) == (True, False, False)
    asked = {"box": "118.3,29.8,118.35,29.9", "only": "yes"}
    assert features(ordered(desk, ctx, address, kind="points", **asked)).keys() == {homes[1], "without"}
    [heads, row] = (
        load_workbook(io.BytesIO(ordered(desk, ctx, address, kind="households", **asked))).worksheets[0].values
    )
    assert "118.340000" in row[heads.index("家庭位置")]


def test_a_page_of_a_selection_goes_on_where_the_one_before_ended(
    ctx: Context, district: District, homes: list[str]
) -> None:
    by = district.actor(district.supervisor)
    first = reading.selection(ctx, reading.Wanted(), by=by, limit=2)
    rest = reading.selection(ctx, reading.Wanted(), by=by, after=first.next, limit=2)
    assert [one.label for one in [*first.homes, *rest.homes]] == ["陈一", "陈三", "陈二"]
    assert (first.number, rest.next) == (3, None)


def test_the_policy_lets_in_the_countys_tiles_and_nothing_inline_and_a_plain_ground_asks_nobody(
    ctx: Context, desk: Desk, homes: list[str]
) -> None:
    def policy(**settings: str) -> str:
        other = replace(ctx, settings=replace(ctx.settings, **settings))
        reader = Desk(app_on(other))
        reader.signs_in("S01")
        assert reader.asks("/office/map") == 200
        assert reader.last is not None
        return reader.last.headers["Content-Security-Policy"]

    plain = policy()
    assert "img-src 'self'; connect-src 'self'" in plain
    assert "unsafe-inline" not in plain
    own = policy(map_tiles="https://{s}.tiles.example/{z}/{x}/{y}.png", map_datum="gcj02")
    assert f"img-src 'self' data: {' '.join(f'https://{n}.tiles.example' for n in range(8))};" in own
    one = policy(map_tiles="https://tiles.example:8443/{z}/{x}/{y}.png")
    assert "img-src 'self' data: https://tiles.example:8443;" in one, "this host and no other"
    national = policy(map_tianditu_key="k")
    assert f"img-src 'self' data: {' '.join(f'https://t{n}.tianditu.gov.cn' for n in range(8))};" in national


def test_houses_are_shifted_for_tiles_in_another_datum_and_what_is_drawn_there_is_shifted_back(
    ctx: Context, desk: Desk, homes: list[str]
) -> None:
    shifted = replace(ctx, settings=replace(ctx.settings, map_tiles="https://t.example/{z}/{x}/{y}", map_datum="gcj02"))
    reader = Desk(app_on(shifted))
    reader.signs_in("S01")
    north, east = to_gcj((29.87, 118.33))
    [home] = places(reader, f"view={east - 0.001},{north - 0.001},{east + 0.001},{north + 0.001}")["homes"]
    assert home[:2] == [round(north, 6), round(east, 6)]
    assert home[3] == "陈一"


def test_another_towns_houses_and_marks_nobody_knows_are_not_found(
    desk: Desk, district: District, homes: list[str], desk_of: Callable[[str], Desk]
) -> None:
    for query in (f"{VIEW}&area={district.far}", f"{VIEW}&mark=beautiful", "view=no"):
        assert desk.asks(f"/office/map/places?{query}") == 404
    assert desk.asks(f"/office/map/list?area={district.far}") == 404
    assert labels(places(desk_of("S02"))) == ["远方"]


def test_only_living_households_that_are_no_practice_have_a_place(ctx: Context, homes: list[str]) -> None:
    with ctx.db.write() as session:
        row = session.get(EntityRow, (FEED, homes[2]))
        assert row is not None
        row.practice = True
        session.flush()
        keep.rebuild(session, FEED)
        assert {row.entity_id for row in session.query(PlaceRow)} >= set(homes[:2])
        assert session.get(PlaceRow, (FEED, homes[2])) is None

"""Where households live, as GeoJSON (RFC 7946): WGS-84, longitude first, values masked as in every export."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from fieldsvc.services import exports
from fieldsvc.services.capture import fix_of
from fieldsvc.services.coverage import HOUSEHOLDS
from fieldsvc.services.definitions import datasets
from fieldsvc.services.exporting import orders
from fieldsvc.services.exporting.orders import Box
from fieldsvc.services.exporting.work import Making
from fieldsvc.store import exports as rows

#: The property that holds where a house stands.
HOME = "home_gps"
_EVERY = 2000


def make(making: Making) -> None:
    """One feature for each household with a known place; `without_place` says how many have none."""
    ctx, by, wanted, file = making.ctx, making.by, making.order, making.file
    without = number = 0
    with ctx.db.read() as session:
        properties = {
            name: said for name, said in datasets(ctx, session).properties(HOUSEHOLDS).items() if name != HOME
        }
        paths = orders.paths_of(session, by, wanted)
        file.write(b'{"type":"FeatureCollection","features":[')
        for seen, row in enumerate(rows.subjects(session, by.feed_id, HOUSEHOLDS, paths), start=1):
            place = fix_of(row.properties.get(HOME))
            if place is None:
                without += wanted.box is None
            elif wanted.box is None or _inside(place[0], place[1], wanted.box):
                file.write(b"," * bool(number) + b"\n" + orjson.dumps(_feature(row, place, properties, wanted.full)))
                number += 1
            if seen % _EVERY == 0:
                making.step(seen, 0)
        file.write(b'\n],"without_place":%d}\n' % without)
    making.step(number, number)


def _feature(row: Any, place: tuple[float, ...], properties: Mapping[str, Mapping[str, Any]], full: bool) -> Any:
    said = {exports.CODE: row.area_code or "", exports.AREA: row.area_name or ""}
    said |= exports.cells(row.properties, properties, full=full)
    point = {"type": "Point", "coordinates": [round(place[1], 6), round(place[0], 6)]}
    return {"type": "Feature", "id": row.id, "geometry": point, "properties": said}


def _inside(latitude: float, longitude: float, box: Box) -> bool:
    west, south, east, north = box
    return south <= latitude <= north and west <= longitude <= east

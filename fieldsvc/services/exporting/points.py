"""Households as files: where they live as GeoJSON (RFC 7946: WGS-84, longitude first), or as a table."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from fieldsvc import sheets
from fieldsvc.services import exports
from fieldsvc.services.capture import fix_of
from fieldsvc.services.coverage import HOUSEHOLDS
from fieldsvc.services.definitions import datasets
from fieldsvc.services.exporting import orders
from fieldsvc.services.exporting.work import Making
from fieldsvc.services.mapping import marks, reading
from fieldsvc.store import exports as rows
from fieldsvc.store.places.keep import HOME

_EVERY = 2000


def make(making: Making) -> None:
    """One feature for each household with a known place; `without_place` says how many have none."""
    without = number = 0
    file = making.file
    file.write(b'{"type":"FeatureCollection","features":[')
    for row, said in _households(making):
        place = fix_of(row.properties.get(HOME))
        if place is None:
            without += 1
            continue
        point = {"type": "Point", "coordinates": [round(place[1], 6), round(place[0], 6)]}
        accuracy = {"accuracy_m": round(place[2])} if place[2] else {}
        feature = {"type": "Feature", "id": row.id, "geometry": point, "properties": {**said, **accuracy}}
        file.write(b"," * bool(number) + b"\n" + orjson.dumps(feature))
        number += 1
    file.write(b'\n],"without_place":%d}\n' % without)
    making.step(number, number)


def table(making: Making) -> None:
    """A sheet with a row for each household, masked as every export."""
    with making.ctx.db.read() as session:
        labels = [said["label"]["zh"] for said in datasets(making.ctx, session).properties(HOUSEHOLDS).values()]
    headings = [exports.CODE, exports.AREA, *labels]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "households.xlsx"
        sheets.write(path, headings, (said for _, said in _households(making)))
        making.take(path)


def _households(making: Making) -> Iterator[tuple[Any, Mapping[str, str]]]:
    """The households that are asked for with their values in words, in the order of their numbers."""
    ctx, by, wanted = making.ctx, making.by, making.order
    chosen = _chosen(making)
    with ctx.db.read() as session:
        properties = datasets(ctx, session).properties(HOUSEHOLDS)
        paths = orders.paths_of(session, by, wanted)
        for seen, row in enumerate(rows.subjects(session, by.feed_id, HOUSEHOLDS, paths), start=1):
            if chosen is None or row.id in chosen:
                said = {exports.CODE: row.area_code or "", exports.AREA: row.area_name or ""}
                yield row, said | exports.cells(row.properties, properties, full=wanted.full)
            if seen % _EVERY == 0:
                making.step(seen, 0)


def _chosen(making: Making) -> set[str] | None:
    """The households of a selection on the map; nothing where everything is asked for."""
    wanted = making.order
    if wanted.box is None and wanted.only is None:
        return None
    asked = reading.Wanted(wanted.area, wanted.mark or marks.UNVISITED, wanted.only, wanted.box)
    return reading.chosen(making.ctx, asked, by=making.by)

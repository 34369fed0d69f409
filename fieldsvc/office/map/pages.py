"""The map, what stands in its view, and the list of a selection. Without JavaScript the villages are a table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, render_template, request, url_for

from fieldsvc.extensions import context
from fieldsvc.office.exporting.box import box_of, text_of_box
from fieldsvc.office.frame import POLICY, actor, words
from fieldsvc.office.map import layers
from fieldsvc.office.titles import in_language
from fieldsvc.services.access import Action, area_paths
from fieldsvc.services.mapping import marks, reading
from fieldsvc.services.mapping.marks import Offered
from fieldsvc.services.mapping.reading import Wanted

_ONLY = {"yes": True, "no": False}


def add_pages(pages: Blueprint) -> None:
    """Give the office its map."""
    pages.add_url_rule("/map", "map", show)
    pages.add_url_rule("/map/places", "map_places", places)
    pages.add_url_rule("/map/list", "map_list", listed)


def show() -> Response:
    """The map over its table of villages; the table alone without JavaScript."""
    wanted, layer = _wanted(), layers.layer(context().settings)
    found = reading.frame(context(), wanted, by=actor())
    extent = found.extent
    corners = [*layer.shown(extent[1], extent[0]), *layer.shown(extent[3], extent[2])] if extent is not None else None
    page = make_response(
        render_template(
            "office/map.html",
            **_choices(found.marks, wanted),
            areas=list(found.reach.areas.values()),
            villages=found.villages,
            corners=corners,
            named=[
                [*layer.shown(one.latitude, one.longitude), one.name]
                for one in found.villages
                if one.latitude is not None and one.longitude is not None
            ],
            layer=layer,
            arguments=_arguments(wanted),
        )
    )
    images = " ".join(("'self'", "data:", *layer.origins)) if layer.tiles else "'self'"
    page.headers["Content-Security-Policy"] = POLICY.replace("img-src 'self'", f"img-src {images}; connect-src 'self'")
    return page


def places() -> Response:
    """What stands in a view: cells with their numbers, or each house; never more than a screen can show."""
    wanted, layer = _wanted(), layers.layer(context().settings)
    found = reading.view(context(), wanted, by=actor(), across=request.args.get("across", 16, int))
    return jsonify(
        cells=[[*layer.shown(one.latitude, one.longitude), one.number, one.marked] for one in found.cells],
        homes=[
            [*layer.shown(one.latitude, one.longitude), one.id, one.label, int(one.marked), one.accuracy]
            for one in found.homes
        ],
    )


def listed() -> str:
    """The households of a rectangle or a filter, to open, or to take along."""
    wanted = _wanted()
    after = (request.args.get("after"), request.args.get("after_id"))
    key = (after[0], after[1]) if after[0] is not None and after[1] else None
    found = reading.selection(context(), wanted, by=actor(), after=key)
    here = _arguments(wanted)
    t = words()
    return render_template(
        "office/map_list.html",
        **_choices(found.marks, wanted),
        number=found.number,
        lines=[
            {
                "id": one.id,
                "label": one.label,
                "area": " ".join(found.reach.places(one.area_id)),
                "marked": one.marked,
                "accuracy": one.accuracy,
            }
            for one in found.homes
        ],
        about=" ".join(found.reach.places(wanted.area)) if wanted.area else t("comma").join(found.reach.roots()),
        arguments=here,
        may_export=bool(area_paths(actor(), Action.EXPORT)),
        first_url=url_for("office.map_list", **here) if key else None,
        next_url=url_for("office.map_list", **here, after=found.next[0], after_id=found.next[1])
        if found.next
        else None,
    )


def _wanted() -> Wanted:
    """What an address asks; `view` is a box as it was drawn, `box` the same in WGS-84."""
    arguments = request.args
    wanted = Wanted(
        area=arguments.get("area") or None,
        mark=arguments.get("mark") or marks.UNVISITED,
        only=_ONLY.get(arguments.get("only", "")),
        box=box_of(arguments.get("box")),
    )
    drawn = box_of(arguments.get("view"))
    return replace(wanted, box=layers.layer(context().settings).pointed(drawn)) if drawn else wanted


def _arguments(wanted: Wanted) -> dict[str, Any]:
    """The address's arguments for what is asked, only those that say something."""
    only = {True: "yes", False: "no", None: None}[wanted.only]
    box = text_of_box(wanted.box) if wanted.box else None
    mark = wanted.mark if wanted.mark != marks.UNVISITED else None
    said = {"area": wanted.area, "mark": mark, "only": only, "box": box}
    return {name: value for name, value in said.items() if value}


def _choices(known: dict[str, Offered] | Any, wanted: Wanted) -> dict[str, Any]:
    t = words()
    names = {
        code: t("map.mark.unvisited")
        if code == marks.UNVISITED
        else t("map.mark.open", process=in_language(one.label, t.language))
        for code, one in known.items()
    }
    return {"marks": names, "wanted": wanted, "marked_as": names[wanted.mark]}

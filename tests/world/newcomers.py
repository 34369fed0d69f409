"""Families that are found on the way: the form that registers one, as a compiled definition like the visit's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fieldsvc.services import published
from tests.world.forms import question, text_of
from tests.world.places import Household

if TYPE_CHECKING:
    from tests.world import World
    from tests.world.cadre import Cadre
    from tests.world.outbox import Entry

_SAVES = ("area_code", "kind", "phone", "water")
DEFINITION: dict[str, Any] = {
    "form": "world_household",
    "version": "1",
    "title": text_of("New household"),
    "languages": ["zh", "en"],
    "default_language": "zh",
    "subject_dataset": "households",
    "new_subject": True,
    "root": "/data",
    "nodes": [question("head"), *(question(name) for name in _SAVES)],
    "choices": {},
    "instances": {},
    "entities": [
        {
            "dataset": "households",
            "path": "/data",
            "create": True,
            "label": ["p", "/", [["c", "data"], ["c", "head"]]],
            "saves": {name: f"/data/{name}" for name in _SAVES},
        }
    ],
}


def family(world: World, area: str) -> Household:
    """A family that nobody has registered, in the village with this id."""
    by = world.county.who()
    published.publish_form(world.server.ctx, by, DEFINITION, digest="world_household")
    home = world.new_id()
    return Household(home, f"Family {home[-4:]}", area)


def registers(cadre: Cadre, home: Household, *, replaces: Entry | None = None, **answers: str) -> Entry:
    """Fill in the form for a family that is not in the register."""
    changes: dict[str, str | None] = {"area_code": home.area_id[-12:], **answers}
    now = cadre.clock()
    touch = cadre.phone.touch("households", home.id, changes, create=True)
    return cadre.phone.freeze(
        "submission",
        home.id,
        (touch,),
        form=DEFINITION["form"],
        version=DEFINITION["version"],
        subject=home.id,
        answers={"head": home.label, **changes},
        started_at=now,
        ended_at=now,
        context={"now": now, "utc_offset": 480, "seed": 1, "preloads": {}},
        **({"replaces": replaces.id} if replaces else {}),
        entities=[{"path": "/data", **touch.declared}],
    )

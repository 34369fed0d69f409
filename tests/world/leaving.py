"""Leave for the stories: the county turns it on, opens files for its people, and they fill in the real form."""

from __future__ import annotations

from typing import Any

from fieldsvc import forms
from fieldsvc.services import published, reference_lists
from fieldsvc.services.staff import own_file
from fieldsvc.xlsform import compile_form
from tests.forms.filled import ALL_ON
from tests.forms.forms import completed
from tests.world.cadre import Cadre
from tests.world.cases import Record
from tests.world.outbox import Entry
from tests.world.world import World


def turn_on(world: World) -> None:
    """Publish the two kinds of record and the form, as `fieldsvc process publish` does."""
    ctx, by = world.server.ctx, world.county.who()
    known = forms.datasets(ALL_ON)
    for name in ("team_members", "leaves"):
        published.publish_dataset(ctx, by, known[name], digest=known[name]["version"])
    for listed in forms.lists().values():
        reference_lists.publish_list(ctx, by, listed)
    source = forms.form_sources()["leave"]
    made = compile_form(source.read_bytes(), source.name)
    published.publish_form(ctx, by, made.definition, digest=made.digest)


def opens_file(world: World, cadre: Cadre) -> None:
    """The administrator lets this person ask for leave on the phone."""
    own_file.open_for(world.server.ctx, world.county.who(), cadre.person_id)
    cadre.syncs()


def leave_of(world: World, cadre: Cadre) -> Record:
    """A leave of theirs that nobody knows yet."""
    return Record("leaves", world.new_id(), cadre.person_id)


def asks(cadre: Cadre, leave: Record, first: str, last: str, *, subject: str = "") -> Entry:
    """Ask for leave from one day to another, under 我的."""
    answers = {"task": "ask", "from_on": first, "until_on": last, "reason": "回家办婚事"}
    return _fills(cadre, leave, answers, subject or cadre.person_id, create=True)


def comes_back(cadre: Cadre, leave: Record, day: str) -> Entry:
    """Report back."""
    return _fills(cadre, leave, {"task": "back", "request": leave.id, "back_on": day}, cadre.person_id, create=False)


def asks_longer(cadre: Cadre, leave: Record, last: str) -> Entry:
    """Ask to stay away longer than was agreed."""
    said = {"task": "longer", "request": leave.id, "longer_until": last, "longer_reason": "路断了"}
    return _fills(cadre, leave, said, cadre.person_id, create=False)


def _fills(cadre: Cadre, leave: Record, said: dict[str, str], subject: str, *, create: bool) -> Entry:
    source = forms.form_sources()["leave"]
    form = compile_form(source.read_bytes(), source.name).definition
    held = [
        {"name": id_, "label": row.get("label") or "", **cadre.phone.properties(id_)}
        for id_, row in cadre.phone.replica.entities.items()
        if row["dataset"] == "leaves" and row["subject"] == subject
    ]
    context: dict[str, Any] = {"now": cadre.clock(), "utc_offset": 480, "seed": 1, "preloads": {}}
    away, known = (str(sum(row.get("stage") in ones for row in held)) for ones in (["granted"], ["granted", "longer"]))
    answers = {"person": cadre.name, "known": known, "away": away, "begin": said}
    whole = completed(form, answers, {**context, "instances": {"leaves": held}})
    changes = {
        "stage": whole["stage"],
        **{name: said[name] for name in ("from_on", "longer_reason", "reason", "back_on") if name in said},
        **({"until_on": whole["until_now"]} if "until_now" in whole else {}),
        **{name: whole[name] for name in ("agreed_until", "longer_on") if name in whole},
        **({"person": whole["who"], "asked_on": whole["asked_on"], "title": whole["title"]} if create else {}),
    }
    shown = {"leaves": [[row["name"], cadre.phone.replica.version(row["name"])] for row in held]}
    touch = cadre.phone.touch("leaves", leave.id, changes, create=create)
    return cadre.phone.freeze(
        "submission",
        subject,
        (touch,),
        form=form["form"],
        version=str(form["version"]),
        subject=subject,
        answers=whole,
        started_at=cadre.clock(),
        ended_at=cadre.clock(),
        context={**context, "rows": shown},
        entities=[{"path": "/data", **touch.declared}],
    )

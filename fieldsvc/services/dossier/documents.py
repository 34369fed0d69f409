"""Documents about a household: the templates, and leave to print one, noted before it is made."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from fieldsvc.problems import ReasonMissing
from fieldsvc.services import access, views
from fieldsvc.services.access import Action, Actor
from fieldsvc.services.context import Context


@dataclass(frozen=True, slots=True)
class Template:
    """One document as data. `of`: the dataset it is made of a record of. `public`: for a board or a wall, so it is
    masked whoever prints it. `archive`: the item of the file its signed copy belongs to. `scale`: how much larger it is
    written than a paper on a desk."""

    name: str
    label: Mapping[str, str]
    of: str | None
    public: bool
    archive: str | None
    blocks: Sequence[Mapping[str, Any]]
    scale: float = 1.0


@cache
def templates() -> Mapping[str, Template]:
    """The templates by name (`fieldsvc/forms/documents`); docs/documents.md explains their keys."""
    folder = resources.files("fieldsvc.forms").joinpath("documents")
    files = sorted((one for one in folder.iterdir() if one.name.endswith(".toml")), key=lambda one: one.name)
    return {
        one.name[: -len(".toml")]: _read(one.name[: -len(".toml")], one.read_text(encoding="utf-8")) for one in files
    }


def allow(ctx: Context, by: Actor, household_id: str, document: str, *, full: bool = False, reason: str = "") -> None:
    """Note who prints what of a household, before it is made. Values that are masked on the screen leave unmasked only
    `full`, with the right to export and a reason. Raises `not-found`, `reason-missing`."""
    with ctx.db.write() as session:
        access.require(session, by, Action.EXPORT if full else Action.REVIEW, household_id)
        if full and not reason.strip():
            raise ReasonMissing()
        detail = {"document": document} | ({"full": True, "reason": reason.strip()[:500]} if full else {})
        views.note(session, ctx, by, household_id, detail)


def _read(name: str, text: str) -> Template:
    said = tomllib.loads(text)
    return Template(
        name=name,
        label={"zh": said["zh"], "en": said["en"]},
        of=said.get("of"),
        public=bool(said.get("public")),
        archive=said.get("archive"),
        blocks=tuple(said["blocks"]),
        scale=float(said.get("scale", 1)),
    )

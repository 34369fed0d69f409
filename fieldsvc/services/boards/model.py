"""What a board counts: read from the definitions, so that a county's own board is a file and no code."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

Text = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Share:
    """A part of all records: those at this stage or a later one (`since`), or with one of these codes (`among`)."""

    label: Text
    since: str | None
    among: Sequence[str]

    def counts(self, line: Sequence[str]) -> frozenset[str]:
        """The codes that count for it, given the stages of the process in their order."""
        if self.since is None:
            return frozenset(self.among)
        return frozenset(line[line.index(self.since) :] if self.since in line else ())


@dataclass(frozen=True, slots=True)
class Board:
    """One board: records of `dataset` by their code of `by`; `paid` is the dataset and the amount that add up.

    `subject`: what those whom the records are about are called, where they are no households.
    """

    name: str
    label: Text
    subject: Text | None
    dataset: str
    by: str
    shares: Sequence[Share]
    items: str | None
    planned: str | None
    paid: tuple[str, str] | None
    columns: Sequence[str]
    gallery: bool


@cache
def boards() -> Mapping[str, Board]:
    """The boards by name, in their order (`fieldsvc/forms/boards.toml`)."""
    text = resources.files("fieldsvc.forms").joinpath("boards.toml").read_text(encoding="utf-8")
    return {name: _board(name, said) for name, said in tomllib.loads(text).items()}


def _board(name: str, said: Mapping[str, Any]) -> Board:
    paid = said.get("paid")
    return Board(
        name=name,
        label={"zh": said["zh"], "en": said["en"]},
        subject=said.get("subject"),
        dataset=said["dataset"],
        by=said["by"],
        shares=tuple(
            Share({"zh": one["zh"], "en": one["en"]}, one.get("from"), tuple(one.get("among", ())))
            for one in said.get("shares", ())
        ),
        items=said.get("items"),
        planned=said.get("planned"),
        paid=(paid["dataset"], paid["amount"]) if paid else None,
        columns=tuple(said.get("columns", ())),
        gallery=bool(said.get("gallery")),
    )

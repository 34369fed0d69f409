"""The page on processes: its examples work, and its tables name every key there is."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from fieldsvc.forms import datasets, processes
from fieldsvc.processes import read
from fieldsvc.processes.read import parse

PAGE = Path(__file__).resolve().parents[2] / "docs" / "processes.md"
TEXT = PAGE.read_text(encoding="utf-8")


def blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", TEXT, re.S)


def wells() -> dict[str, Any]:
    labelled = {"label": {"zh": "x", "en": "x"}}
    codes = [{"value": code, **labelled} for code in ("reported", "granted", "mended", "refused")]
    dates = {f"{code}_on": {"type": "date", **labelled} for code in ("reported", "granted", "mended")}
    texts = {name: {"type": "string", **labelled} for name in ("cost", "builder", "villagers")}
    stage = {"type": "select_one", "policy": "ordered", "choices": codes, **labelled}
    return {"wells": {"properties": {"stage": stage, **dates, **texts}}}


def test_the_example_is_a_process() -> None:
    [text] = blocks("process")
    [(name, content)] = tomllib.loads(text).items()
    assert parse(name, content, wells(), {}).line == ("reported", "granted", "mended")


def test_the_example_of_a_county_lies_over_the_shipped_files() -> None:
    [own] = blocks("county")
    assert datasets(own)["leaves"]
    [stage] = [one for one in processes(own)["housing"]["stages"] if one["code"] == "reviewed"]
    assert (stage["notice"]["days"], stage["date"]) == (10, "reviewed_on")


@pytest.mark.parametrize("keys", re.findall(r'"([a-z_ ]{20,})"', Path(read.__file__).read_text(encoding="utf-8")))
def test_every_key_is_explained(keys: str) -> None:
    explained = set(re.findall(r"`([a-z_]+)`", TEXT))
    assert set(keys.split()) - {"forms", "all"} <= explained | {"clauses", "stages", "clocks", "sums"}

"""Every figure a rule sets stands in one list, by place and year, and an expression finds the one that counts."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from fieldsvc import forms
from fieldsvc.forms import form_sources, lists
from fieldsvc.xlsform import compile_form
from tests.forms.both import recalculated

FORM = """
| survey |
| | type | name | label | calculation |
| | calculate | found | | {line} |
| | text | why | 原因 | |
| | csv-external | thresholds | | |

| settings |
| | form_title | form_id | version |
| | 线 | line | 1 |
"""
LINE = (
    "instance('thresholds')/root/item[name = 'line' and starts-with('{area}', area) and year <= {year}][last()]/value"
)
COUNTY, TOWN = "990101", "990101201"


def shipped() -> list[dict[str, str]]:
    return lists()["thresholds"].rows


def order(row: dict[str, str]) -> tuple[str, int, str, int]:
    return row["name"], len(row.get("area", "")), row.get("area", ""), int(row["year"])


def row(area: str, year: str, value: str) -> dict[str, str]:
    return {"name": "line", "area": area, "year": year, "value": value}


@pytest.mark.parametrize(
    ("area", "year", "value"),
    [
        ("110101200201", 2017, "2995"),
        ("110101200201", 2016, None),
        ("110101200201", 2020, "4000"),
        ("990101200201", 2018, "3200"),
        ("990101201207", 2018, "3500"),
        ("", 2018, "2995"),
    ],
)
def test_the_narrowest_place_and_then_the_newest_year_not_after_the_visit_counts(
    area: str, year: int, value: str | None
) -> None:
    form = compile_form(FORM.format(line=LINE.format(area=area, year=year)), "line.md").definition
    rows = [row("", "2017", "2995"), row("", "2020", "4000"), row(COUNTY, "2018", "3200"), row(TOWN, "2018", "3500")]
    context = {"now": 1_795_327_200_000, "utc_offset": 480, "seed": 7, "instances": {"thresholds": rows}}
    assert recalculated(form, {}, context).get("/data/found") == value


def test_the_shipped_figures_stand_in_the_order_that_makes_the_last_one_count() -> None:
    rows = shipped()
    assert all(order(one) < order(other) for one, other in pairwise(rows))


def test_every_figure_is_a_number_with_a_source_and_a_name_in_both_languages() -> None:
    for each in shipped():
        assert float(each["value"]) > 0, each
        assert each["label"], each
        assert each["label::en"].isascii(), each
        assert each["source"], each


def test_every_figure_is_read_by_a_form_or_a_process() -> None:
    """A figure that nothing reads would be changed by a county, and nothing would follow."""
    folder = Path(forms.__file__).parent
    sources = [*form_sources().values(), *folder.glob("processes/*.toml"), *folder.glob("rules/*.toml")]
    said = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    assert {row["name"] for row in shipped() if not re.search(rf"['\"]{row['name']}['\"]", said)} == set()

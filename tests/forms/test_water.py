"""饮水安全核查: one failing item fails all, each failing item is filed, and the standard in use is chosen."""

from __future__ import annotations

from typing import Any

import pytest

from tests.forms.filled import PHOTO, computed, found, one, written


def check(*, standard: str = "2018", region: str = "wet", **answers: str) -> dict[str, Any]:
    """A check of piped water that is in order, but for what is given."""
    asked = {"source": "piped", "tap": "yes", "litres": "60", "quality": "sensed", "dry_days": "0", **answers}
    proof = {"standard": standard, "region": region, "photo": PHOTO, "sign_reason": "外出"}
    return {"household": "h-1", "check": asked, "proof": proof}


def fetched(**answers: str) -> dict[str, str]:
    """Water that is not piped into the house."""
    return {"source": "well", "tap": "no", "fetch_min": "10", **answers}


def result(**given: Any) -> tuple[str | None, str | None]:
    values = computed("water", check(**given))
    return values["/check/result"], values["/check/failed_codes"]


def test_piped_water_in_order_is_two_pages_and_nothing_is_filed() -> None:
    assert found("water", check()) == set()
    assert result() == ("met", None)
    assert [each.dataset for each in written("water", check())] == ["water_checks", "households"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"litres": "35"}, ("basic", None)),
        ({"litres": "34.9"}, ("unmet", "litres")),
        ({"litres": "20", "region": "dry"}, ("basic", None)),
        ({"litres": "19.9", "region": "dry"}, ("unmet", "litres")),
        ({"quality": "unfit"}, ("unmet", "quality")),
        ({"dry_days": "18"}, ("met", None)),
        ({"dry_days": "36"}, ("basic", None)),
        ({"dry_days": "37"}, ("unmet", "supply")),
        (fetched(), ("met", None)),
        (fetched(fetch_min="20"), ("basic", None)),
        (fetched(fetch_min="21"), ("unmet", "fetching")),
        (fetched(fetch_min="30", fetch_m="800", climb_m="80"), ("basic", None)),
        (fetched(fetch_min="30", fetch_m="801", climb_m="80"), ("unmet", "fetching")),
        (fetched(fetch_min="30", fetch_m="800", climb_m="81"), ("unmet", "fetching")),
        ({"litres": "10", "quality": "unfit", "dry_days": "90"}, ("unmet", "litres quality supply")),
    ],
)
def test_each_item_has_its_limit_and_one_failing_item_fails_all(
    given: dict[str, str], expected: tuple[str, str | None]
) -> None:
    assert result(**given) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"litres": "40"}, "met"),
        ({"litres": "20"}, "basic"),
        ({"litres": "19.9"}, "unmet"),
        (fetched(fetch_min="30", fetch_m="800", climb_m="80"), "unmet"),
    ],
)
def test_the_standard_of_2004_asks_for_less_water_and_knows_no_distance(given: dict[str, str], expected: str) -> None:
    assert result(standard="2004", **given)[0] == expected


def test_each_failing_item_becomes_a_problem_that_names_it() -> None:
    changes = written("water", check(litres="10", quality="unfit") | {"problems": [{"_id": "p-1"}, {"_id": "p-2"}]})
    problems = [each for each in changes if each.dataset == "problems"]
    assert [each.changes["problem"] for each in problems] == ["饮水安全不达标：水量", "饮水安全不达标：水质"]
    assert [each.changes["item"] for each in problems] == ["litres", "quality"]
    assert problems[0].changes | {"item": "", "problem": ""} == {
        "item": "",
        "problem": "",
        "source": "own",
        "scope": "household",
        "category": "water",
        "found_on": "2026-11-22",
        "due": "2026-12-22",
        "status": "to_verify",
    }


@pytest.mark.parametrize(("quality", "safe"), [("sensed", "yes"), ("unfit", "no")])
def test_the_household_and_the_check_keep_the_result(quality: str, safe: str) -> None:
    changes = written("water", check(quality=quality))
    assert one(changes, "households").changes == {"water_safe": safe}
    assert one(changes, "water_checks").changes["quality"] == quality


def test_the_way_to_the_water_is_asked_only_where_it_is_not_piped_in() -> None:
    assert ("/check/fetch_min", "required") in found("water", check(source="well", tap="no"))
    assert ("/check/tap", "soft") in found("water", check(tap="no", fetch_min="5"))


def test_a_test_report_is_shown_or_its_place_told() -> None:
    assert found("water", check(quality="tested")) == {("/check/report", "soft")}


@pytest.mark.parametrize(
    ("name", "value"), [("dry_days", "366"), ("dry_days", "-1"), ("litres", "-0.1"), ("litres", "1001")]
)
def test_impossible_figures_are_refused(name: str, value: str) -> None:
    assert (f"/check/{name}", "constraint") in found("water", check(**{name: value}))

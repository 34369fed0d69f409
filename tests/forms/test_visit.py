"""The visit form asks what the paper 入户走访记录表 asks, and little of it when nothing changed."""

from __future__ import annotations

from typing import Any

import pytest

from fieldsvc.forms import datasets, lists
from fieldsvc.xlsform.compile import walk
from fieldsvc.xlsform.reference import attach
from tests.forms.both import validate
from tests.forms.forms import completed, node
from tests.forms.vectors import DEFINITIONS, read

VISIT = attach(
    read(DEFINITIONS / "visit.json"), {name: (1, listed.rows) for name, listed in lists().items()}, datasets()
)
NODES: dict[str, Any] = {each["ref"]: each for each in walk(VISIT["nodes"])}
MEMBERS = [{"name": "m-1", "label": "张小宝"}]
CONTEXT = {"now": 1_795_327_200_000, "utc_offset": 480, "seed": 7, "instances": {"members": MEMBERS}}


def visited(**pages: Any) -> dict[str, Any]:
    """Answers to a visit of household h-1 that met its head."""
    visit = {"mode": "home", "met": "head", "changes": "none", **pages.pop("visit", {})}
    nobody = visit["met"] == "nobody"
    if nobody:
        visit.pop("changes")
    return {"household": "h-1", "visit": visit, **pages}


def found(**pages: Any) -> set[tuple[str, str]]:
    answers = completed(VISIT, visited(**pages), CONTEXT)
    return {(each.ref, each.kind) for each in validate(VISIT, answers, CONTEXT)}


@pytest.mark.parametrize(
    "ref",
    [
        *("/data/visit/mode", "/data/visit/met", "/data/visit/not_home_reason", "/data/visit/changes"),
        *("/data/visit/satisfied", "/data/details/role", "/data/details/companions", "/data/details/purpose"),
        *("/data/details/policies", "/data/details/next_date", "/data/big_spend", "/data/income_events"),
        *("/data/needs", "/data/measures_done", "/data/record/log", "/data/evidence/photo_head"),
        *("/data/evidence/position", "/data/evidence/position_state", "/data/signing/sign", "/data/started_at"),
    ],
)
def test_a_field_of_the_paper_form_is_there(ref: str) -> None:
    assert ref in NODES


def test_every_question_and_choice_is_written_in_both_languages() -> None:
    for ref, each in NODES.items():
        unseen = all(child["kind"] == "calculate" for child in each.get("children", [{"kind": ""}]))
        if each["kind"] != "calculate" and not unseen:
            assert set(each["label"]) == {"zh", "en"}, ref
        for message in each.get("messages", {}).values():
            assert set(message) == {"zh", "en"}, ref
        for rule in each.get("soft", []):
            assert set(rule["message"]) == {"zh", "en"}, ref
    for name, rows in VISIT["choices"].items():
        assert all(set(row["label"]) == {"zh", "en"} for row in rows), name


def test_photos_position_and_signature_are_never_demanded() -> None:
    for ref, each in NODES.items():
        if each.get("type") in ("image", "signature", "geopoint") and "/photos/" not in ref:
            assert "required" not in each, ref


def test_a_visit_where_nothing_changed_is_complete_as_it_opens() -> None:
    assert found() == set()


@pytest.mark.parametrize(
    ("change", "page"),
    [
        *(("people", "member_changes"), ("work", "member_changes"), ("school", "member_changes")),
        *(("illness", "big_spend"), ("income", "income_events"), ("house", "house"), ("water", "water")),
        ("disaster", "disaster"),
    ],
)
def test_each_change_opens_its_own_part(change: str, page: str) -> None:
    assert change in {row["value"] for row in VISIT["choices"]["changes"]}
    assert f'"{change}"' in str(node(VISIT, f"/data/{page}")["relevant"]).replace("'", '"')


def test_no_change_excludes_any_change() -> None:
    assert ("/data/visit/changes", "constraint") in found(visit={"changes": "none house"}, house={"house_note": "x"})


def test_a_drop_out_needs_a_reason_for_the_doubt_and_a_cause() -> None:
    item = {"_id": "1", "what": "school", "member": "m-1", "in_school": "no"}
    assert found(visit={"changes": "school"}, member_changes=[item]) == {
        ("/data/member_changes[1]/in_school", "soft"),
        ("/data/member_changes[1]/dropout_reason", "required"),
    }


@pytest.mark.parametrize(
    ("id_no", "kind"),
    [
        ("99000020000229001X", None),
        ("990000195210142325", None),
        ("99000019521014232511", None),
        ("990000195210142324", "constraint"),
        ("99000020000229001x", None),
        ("9900001952101423", "constraint"),
        ("990000521014232", "soft"),
    ],
)
def test_an_identity_number_is_checked_by_its_last_digit(id_no: str, kind: str | None) -> None:
    item = {
        "_id": "1",
        "what": "joined",
        "name": "张三",
        "relation": "head",
        "change": "moved_in",
        "change_date": "2026-11-01",
        "id_no": id_no,
        "sex": "male" if id_no[16:17] in "13579" else "female",
    }
    expected = {("/data/member_changes[1]/id_no", kind)} if kind else set()
    assert found(visit={"changes": "people"}, member_changes=[item]) == expected


def test_a_phone_number_has_eleven_digits() -> None:
    more = {"more": "corrections"}
    assert found(visit=more, corrections={"phone": "1380000000"}) == {("/data/corrections/phone", "constraint")}
    assert found(visit=more, corrections={"phone": "13800000000"}) == set()


def test_a_position_half_a_kilometre_away_is_doubted_a_nearer_one_is_not() -> None:
    more = {"more": "evidence"}
    home = "29.71 118.31 0 8"
    near = {"evidence": {"position": "29.7144 118.31 0 8"}, "home": home}
    far = {"evidence": {"position": "29.7146 118.31 0 8"}, "home": home}
    assert found(visit=more, **near) == set()
    assert found(visit=more, **far) == {("/data/evidence/position", "soft")}


@pytest.mark.parametrize(
    ("left", "told"),
    [
        ("09:14:00.000+08:00", {("/data/details/left", "soft")}),
        ("09:15:00.000+08:00", set()),
        ("09:09:00.000+08:00", {("/data/details/left", "constraint"), ("/data/details/left", "soft")}),
    ],
)
def test_whoever_notes_the_times_is_asked_about_a_visit_of_less_than_five_minutes(
    left: str, told: set[tuple[str, str]]
) -> None:
    assert found(visit={"more": "details"}, details={"arrived": "09:10:00.000+08:00", "left": left}) == told


def test_a_home_point_outside_the_county_is_refused() -> None:
    more = {"more": "corrections"}
    for wrong in ("0 0 0 5", "39.90 -77.03 20 5", "60.17 118.31 20 5"):
        assert found(visit=more, corrections={"home_point": wrong}) == {("/data/corrections/home_point", "constraint")}
    assert found(visit=more, corrections={"home_point": "29.71 118.31 200 5"}) == set()


def test_a_county_bounds_its_home_points_by_figures_of_its_own_and_one_that_has_none_is_bounded_by_nothing() -> None:
    shipped = {name: listed.rows for name, listed in lists().items()}
    own = {"name": "home_north", "area": "990101", "year": "2026", "value": "29.9"}
    without = [row for row in shipped["thresholds"] if not row["name"].startswith("home_")]
    for rows, point, fine in (
        ([*shipped["thresholds"], own], "29.95 118.31 200 5", False),
        ([*shipped["thresholds"], own], "29.85 118.31 200 5", True),
        (without, "60 118.31 200 5", True),
    ):
        form = attach(
            read(DEFINITIONS / "visit.json"),
            {name: (1, rows if name == "thresholds" else listed) for name, listed in shipped.items()},
            datasets(),
        )
        said = visited(visit={"more": "corrections"}, area="990101200201", corrections={"home_point": point})
        broken = {each.ref for each in validate(form, completed(form, said, CONTEXT), CONTEXT)}
        assert ("/data/corrections/home_point" in broken) is not fine, point


def test_a_visit_to_nobody_does_not_move_the_date_of_the_last_visit() -> None:
    assert found(visit={"met": "nobody", "not_home_reason": "work"}) == set()

"""The number of a record is the server's: no two have the same, and nobody's changes, in each database."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from sqlalchemy import delete, select

from fieldsvc.problems import NotAllowed
from fieldsvc.services import backup, practice, published, register
from fieldsvc.services.access import Actor
from fieldsvc.store.tables import EntityRow, EntityVersionRow, NumberRow
from tests.contract.place import Place, at_once
from tests.world.forms import question, text_of

WORDS = {"visit": "走访发现", "own": "自查排查"}
FAULTS = {
    "name": "faults",
    "label": {"zh": "问题", "en": "Fault"},
    "label_property": "title",
    "unique": [],
    "numbering": {"property": "number", "by": "source", "year": "found_on"},
    "properties": [
        {"name": "title", "type": "string", "policy": "review", "label": {"zh": "题", "en": "Title"}},
        {"name": "number", "type": "string", "policy": "derived", "label": {"zh": "编号", "en": "Number"}},
        {"name": "found_on", "type": "date", "policy": "min", "label": {"zh": "日", "en": "Day"}},
        {
            "name": "source",
            "type": "select_one",
            "policy": "review",
            "label": {"zh": "来源", "en": "Source"},
            "choices": [{"value": code, "label": {"zh": word, "en": code}} for code, word in WORDS.items()],
        },
    ],
}


#: A visit that says where a fault that is known already came from.
SORTING: dict[str, Any] = {
    "form": "sorting",
    "version": "1",
    "title": text_of("Sorting"),
    "languages": ["zh", "en"],
    "default_language": "zh",
    "subject_dataset": "households",
    "visit": True,
    "root": "/data",
    "nodes": [question("fault"), question("source")],
    "choices": {},
    "instances": {},
    "entities": [
        {
            "dataset": "faults",
            "path": "/data",
            "id": ["p", "/", [["c", "data"], ["c", "fault"]]],
            "update": True,
            "saves": {"source": "/data/source"},
        }
    ],
}
FAULT_ROWS = select(EntityRow).where(EntityRow.dataset == "faults")


@pytest.fixture
def village(place: Place) -> Place:
    """A county that numbers what is wrong."""
    published.publish_dataset(place.ctx, place.office, FAULTS, digest="1")
    return place


def fault(place: Place, by: Actor, home: str, *, more: Any = None, **properties: str) -> tuple[str, str]:
    """An operation that enters a fault: of the visit of a day in 2026, unless it says otherwise."""
    said: dict[str, str | None] = {"source": "visit", "found_on": "2026-03-01", **properties}
    told: dict[str, Any] = {"entity": place.ctx.new_id(), "base_version": 0, "trunk_version": 0, **(more or {})}
    return place.edit(by, home, said, dataset="faults", create=True, **told)


def numbers(place: Place) -> dict[str, str | None]:
    """The number of every fault, by its title."""
    with place.ctx.db.read() as session:
        rows = session.scalars(FAULT_ROWS).all()
        return {str(row.properties.get("title")): row.properties.get("number") for row in rows}


def test_faults_are_numbered_by_source_and_year_in_the_order_they_arrive(village: Place) -> None:
    home = village.household()
    by = village.cadre(home)
    village.push(by, fault(village, by, home, title="roof"), fault(village, by, home, title="well"))
    village.push(by, fault(village, by, home, title="wire", source="own"))
    village.push(by, fault(village, by, home, title="road", found_on="2025-12-31"))
    village.push(by, fault(village, by, home, title="wall"))
    assert numbers(village) == {
        "roof": "走访发现-2026-0001",
        "well": "走访发现-2026-0002",
        "wire": "自查排查-2026-0001",
        "road": "走访发现-2025-0001",
        "wall": "走访发现-2026-0003",
    }


def test_two_phones_that_send_in_the_same_moment_get_two_numbers(village: Place) -> None:
    homes = [village.household() for _ in range(6)]
    cadres = [village.cadre(home, name=f"C{place}") for place, home in enumerate(homes)]
    sent = [fault(village, by, home, title=home) for by, home in zip(cadres, homes, strict=True)]
    at_once([partial(village.push, by, one) for by, one in zip(cadres, sent, strict=True)])
    assert sorted(str(one) for one in numbers(village).values()) == [f"走访发现-2026-000{n}" for n in range(1, 7)]


def test_what_was_entered_and_changed_offline_carries_its_number_from_its_first_version(village: Place) -> None:
    home = village.household()
    by, id_ = village.cadre(home), village.ctx.new_id()
    line: dict[str, Any] = {"entity": id_, "branch_id": village.ctx.new_id()}
    after = village.edit(by, home, {"title": "roof, north"}, dataset="faults", base_version=1, trunk_version=0, **line)
    village.push(by, fault(village, by, home, more=line, title="roof"), after)
    with village.ctx.db.read() as session:
        rows = session.scalars(select(EntityVersionRow).where(EntityVersionRow.entity_id == id_)).all()
        found = [(row.properties["number"], "number" in row.changed) for row in sorted(rows, key=lambda r: r.version)]
    assert found == [("走访发现-2026-0001", True), ("走访发现-2026-0001", False)]


def test_a_number_outlives_the_correction_of_its_source_and_waits_for_one_that_is_not_known(village: Place) -> None:
    ctx, office = village.ctx, village.office
    home = village.household()
    made = register.create(ctx, office, "faults", {"title": "roof", "source": "visit"}, subject_id=home)
    unknown = register.create(ctx, office, "faults", {"title": "well"}, subject_id=home)
    year = numbers(village)["roof"]
    assert (str(year)[-5:], numbers(village)["well"]) == ("-0001", None)
    register.edit(ctx, office, made, {"source": "own"}, seen_version=1)
    register.edit(ctx, office, unknown, {"source": "visit", "found_on": "2024-05-01"}, seen_version=1)
    assert numbers(village) == {"roof": year, "well": "走访发现-2024-0001"}


def test_what_is_tried_on_a_practice_household_uses_no_number_up(village: Place) -> None:
    by = village.cadre(village.household())
    to_learn = practice.give(village.ctx, village.office, by.person_id)
    village.push(by, fault(village, by, to_learn, title="tried"))
    assert numbers(village) == {"tried": None}


def test_a_withdrawn_visit_leaves_a_problem_the_number_that_it_brought(village: Place) -> None:
    published.publish_form(village.ctx, village.office, SORTING, digest="1")
    home = village.household()
    by, id_ = village.cadre(home), village.ctx.new_id()
    village.push(by, fault(village, by, home, more={"entity": id_}, title="well", source=""))
    entry = {"dataset": "faults", "path": "/data", "id": id_, "base_version": 1, "trunk_version": 1}
    form: dict[str, Any] = {"kind": "submission", "form": "sorting", "version": "1", "entities": [entry]}
    visit = village.edit(by, home, {}, answers={"fault": id_, "source": "visit"}, **form)
    village.push(by, visit)
    assert numbers(village) == {"well": "走访发现-2026-0001"}
    village.push(by, village.edit(by, home, {}, kind="withdrawal", submission=visit[0]))
    assert numbers(village) == {"well": "走访发现-2026-0001"}
    with village.ctx.db.read() as session:
        assert [row.properties["source"] for row in session.scalars(FAULT_ROWS)] == [None]


def test_no_desk_writes_a_number_nor_takes_one_away(village: Place) -> None:
    ctx, office = village.ctx, village.office
    home = village.household()
    typed = {"title": "roof", "source": "visit", "found_on": "2026-03-01", "number": "走访发现-2026-0777"}
    made = register.create(ctx, office, "faults", typed, subject_id=home)
    for wanted in ("走访发现-2026-0013", None):
        with pytest.raises(NotAllowed):
            register.edit(ctx, office, made, {"number": wanted}, seen_version=1)
    assert numbers(village) == {"roof": "走访发现-2026-0001"}


def test_a_series_begins_behind_the_highest_number_that_a_record_carries_from_before(village: Place) -> None:
    home = village.household()
    by = village.cadre(home)
    village.push(by, *(fault(village, by, home, title=each) for each in ("a", "b", "c")))
    carried = {"a": "走访发现-2026-0011", "b": "走访发现-2026-9", "c": "走访发现-2026-old"}
    with village.ctx.db.write() as session:
        for row in session.scalars(FAULT_ROWS):
            row.properties = {**row.properties, "number": carried[row.properties["title"]]}
        session.execute(delete(NumberRow))
    village.push(by, fault(village, by, home, title="next"))
    assert numbers(village) == {**carried, "next": "走访发现-2026-0012"}


def test_a_restored_server_gives_no_number_that_the_lost_one_may_have_given(village: Place) -> None:
    home = village.household()
    by = village.cadre(home)
    village.push(by, fault(village, by, home, title="before"))
    backup.new_epochs(village.ctx)
    village.push(by, fault(village, by, home, title="after"))
    village.push(by, fault(village, by, home, title="begun since", source="own"))
    assert numbers(village) == {
        "before": "走访发现-2026-0001",
        "after": "走访发现-2026-1002",
        "begun since": "自查排查-2026-1001",
    }


def test_after_a_restore_a_series_of_a_later_year_begins_with_its_first_number(village: Place) -> None:
    home = village.household()
    by = village.cadre(home)
    village.push(by, fault(village, by, home, title="before"))
    for _ in range(2):
        backup.new_epochs(village.ctx)
    village.push(
        by,
        fault(village, by, home, title="late", found_on="2025-12-30"),
        fault(village, by, home, title="next year", found_on="2027-01-04"),
        fault(village, by, home, title="again", found_on="2027-01-05"),
    )
    assert numbers(village) == {
        "before": "走访发现-2026-0001",
        "late": "走访发现-2025-2001",
        "next year": "走访发现-2027-0001",
        "again": "走访发现-2027-0002",
    }


def test_numbers_that_an_earlier_release_left_out_stay_left_out_in_a_series_that_has_not_begun(village: Place) -> None:
    home = village.household()
    by = village.cadre(home)
    with village.ctx.db.write() as session:  # as a restore left it while every year was left out alike
        session.add(NumberRow(feed_id=by.feed_id, series="", last=1000))
    village.push(by, fault(village, by, home, title="before"))
    backup.new_epochs(village.ctx)
    village.push(by, fault(village, by, home, title="begun since", source="own"))
    village.push(by, fault(village, by, home, title="next year", found_on="2027-01-04"))
    assert numbers(village) == {
        "before": "走访发现-2026-1001",
        "begun since": "自查排查-2026-2001",
        "next year": "走访发现-2027-1001",
    }

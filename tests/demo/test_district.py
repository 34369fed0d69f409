"""The demo district has the figures of the district it stands for, and nobody real in it."""

from collections import Counter
from datetime import date

import pytest

from fieldsvc.demo.district import District, make
from fieldsvc.demo.people import CHECK, WEIGHTS

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def district() -> District:
    return make(TODAY)


def test_the_district_has_the_figures_of_its_model(district: District) -> None:
    assert len(district.places.towns) == 7
    assert len(district.places.villages) == 42
    assert len(district.households) == 2235
    assert sum(len(household.members) for household in district.households) == 4621
    assert len(district.cadres) == 1193
    assert len({cadre.unit for cadre in district.cadres}) == 62


def test_those_still_on_the_register_are_split_as_in_its_model(district: District) -> None:
    left = [household for household in district.households if not household.left]
    assert Counter(household.kind for household in left) == {"dibao": 556, "tekun": 28, "general": 140}
    people = Counter(dict.fromkeys(("dibao", "tekun", "general"), 0))
    for household in left:
        people[household.kind] += len(household.members)
    assert people == {"dibao": 1243, "tekun": 34, "general": 318}


def test_every_household_has_exactly_one_helper(district: District) -> None:
    paired = Counter(household.id for cadre in district.cadres for household in cadre.households)
    assert len(paired) == 2235
    assert set(paired.values()) == {1}
    assert all(cadre.households for cadre in district.cadres)


def test_identity_numbers_are_right_unique_and_nobodys(district: District) -> None:
    numbers = [member.id_no for household in district.households for member in household.members]
    assert len(set(numbers)) == len(numbers)
    for number in numbers:
        assert number.startswith("99")
        assert CHECK[sum(int(d) * w for d, w in zip(number, WEIGHTS, strict=False)) % 11] == number[17]


def test_a_family_has_one_head_and_at_most_one_spouse_and_numbers_that_fit(district: District) -> None:
    for household in district.households:
        relations = Counter(member.relation for member in household.members)
        assert relations["head"] == 1
        assert relations["spouse"] <= 1
        for member in household.members:
            assert (int(member.id_no[16]) % 2 == 1) == (member.sex == "male")
            assert member.id_no[6:14] == f"{member.born:%Y%m%d}"
            assert 0 <= TODAY.year - member.born.year <= 110


def test_the_same_seed_makes_the_same_district_and_only_ages_follow_the_day(district: District) -> None:
    assert make(TODAY) == district
    later = make(date(2027, 3, 1))
    assert [household.id for household in later.households] == [h.id for h in district.households]
    assert [cadre.staff_no for cadre in later.cadres] == [cadre.staff_no for cadre in district.cadres]

"""People who do not exist: families, names fit for their age, identity numbers that can belong to nobody."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any, Literal

Sex = Literal["male", "female"]
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK = "10X98765432"


@dataclass(frozen=True, slots=True)
class Member:
    """One person of a household; relation and health are codes of the shared choice lists."""

    id: str
    name: str
    sex: Sex
    born: date
    id_no: str
    relation: str
    health: str
    works_months: int


def identity_number(county_code: str, born: date, sequence: int, sex: Sex) -> str:
    """An 18-character number with a right check character (GB 11643); odd sequences are men's."""
    sequence = sequence * 2 % 1000 + (1 if sex == "male" else 0)
    digits = f"{county_code}{born:%Y%m%d}{sequence:03d}"
    return digits + CHECK[sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS, strict=True)) % 11]


class Namer:
    """Draws names: a surname, and a given name that was common in the person's years."""

    def __init__(self, random: Random, people: dict[str, Any]) -> None:
        self._random = random
        surnames = [*people["surnames"], *people["doubled_surnames"]]
        # A few surnames are everywhere and most are rare: the n-th is drawn 1/(n+8) as often.
        self._surnames, self._weights = surnames, [1 / (place + 8) for place in range(len(surnames))]
        self._given = people["given"]

    def surname(self) -> str:
        """A surname; a family shares one."""
        return str(self._random.choices(self._surnames, self._weights)[0])

    def given(self, born: date, sex: Sex) -> str:
        """A given name of that year and sex."""
        names = next(names for names in self._given if born.year < names["before"])
        return str(self._random.choice(names["men" if sex == "male" else "women"]))


class Families:
    """Makes families of a wanted size around a head, each person with an identity number of their own."""

    def __init__(self, random: Random, namer: Namer, ids: Iterator[str], today: date, county_code: str) -> None:
        self._random, self._namer, self._ids = random, namer, ids
        self._today, self._county_code = today, county_code
        self._taken: set[str] = set()

    def family(self, size: int, *, alone: bool = False) -> tuple[Member, ...]:
        """The members of one household, head first. `alone`: elderly without children (五保)."""
        surname = self._namer.surname()
        head_age = self._random.randint(62, 88) if alone else self._random.randint(34, 79)
        head_sex: Sex = "male" if self._random.random() < 0.82 else "female"
        people = [self._person(surname, head_sex, head_age, "head")]
        for relation, sex, age in self._others(size - 1, head_sex, head_age, alone):
            married_in = relation in {"spouse", "mother"}
            people.append(self._person(self._namer.surname() if married_in else surname, sex, age, relation))
        return tuple(people)

    def _others(self, count: int, head_sex: Sex, head_age: int, alone: bool) -> list[tuple[str, Sex, int]]:
        """Relation, sex and age of everybody but the head, at most one spouse among them."""
        roll = self._random
        other: Sex = "female" if head_sex == "male" else "male"
        found: list[tuple[str, Sex, int]] = []
        if alone:
            return [("sibling", "male", max(60, head_age - roll.randint(1, 9))) for _ in range(count)]
        if count and roll.random() < 0.78:
            found.append(("spouse", other, max(30, head_age + roll.randint(-6, 3))))
        if len(found) < count and head_age < 58 and roll.random() < 0.35:
            sex: Sex = roll.choice(("male", "female"))
            found.append(("father" if sex == "male" else "mother", sex, head_age + roll.randint(21, 29)))
        while len(found) < count:
            sex = roll.choice(("male", "female"))
            child_age = head_age - roll.randint(22, 36)
            if child_age >= 44 and roll.random() < 0.6:
                found.append(
                    ("grandson" if sex == "male" else "granddaughter", sex, max(2, child_age - roll.randint(22, 34)))
                )
            else:
                found.append(("son" if sex == "male" else "daughter", sex, max(1, child_age)))
        return found

    def _person(self, surname: str, sex: Sex, age: int, relation: str) -> Member:
        roll = self._random
        born = date(self._today.year - age, roll.randint(1, 12), roll.randint(1, 28))
        number = identity_number(self._county_code, born, roll.randrange(500), sex)
        while number in self._taken:
            number = identity_number(self._county_code, born, roll.randrange(500), sex)
        self._taken.add(number)
        frail = min(0.75, max(0.05, (age - 25) / 90))
        health = roll.choices(
            ("healthy", "chronic", "serious", "disabled"), (1 - frail, frail * 0.7, frail * 0.1, frail * 0.2)
        )[0]
        works = roll.choice((0, 6, 8, 10, 11)) if 18 <= age < 60 and health == "healthy" else 0
        name = surname + self._namer.given(born, sex)
        return Member(next(self._ids), name, sex, born, number, relation, health, works)

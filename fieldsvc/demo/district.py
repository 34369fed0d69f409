"""The demo district itself: 2,235 households with 4,621 members in 42 villages, and 1,193 cadres of 62 units.

The figures are those of a real district's year report: 724 households had not yet left the register
(556 on subsistence allowance, 28 cared for by the state, 140 others), the rest had. The same seed makes the
same district on every machine; only ages follow today's date.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import accumulate, pairwise
from random import Random
from typing import Any

from fieldsvc.demo.people import Families, Member, Namer, Sex
from fieldsvc.demo.places import Places, Village, near, places
from fieldsvc.demo.words import SEED, identifiers, words

# kind of household, whether it has left the register, households, people
GROUPS = (
    ("dibao", False, 556, 1243),
    ("tekun", False, 28, 34),
    ("general", False, 140, 318),
    ("dibao", True, 846, 1739),
    ("tekun", True, 61, 68),
    ("general", True, 604, 1219),
)
CADRES = 1193
# The cadre of the demo has a resident team's list: enough households that the day's work shows.
FIRST_CADRE_HOUSEHOLDS = 20


@dataclass(frozen=True, slots=True)
class Household:
    """One household. `home` is where it is, if anybody has stood there with a phone yet."""

    id: str
    number: str
    village: Village
    hamlet: str
    kind: str
    left: bool
    members: tuple[Member, ...]
    phone: str
    home: tuple[float, float] | None
    house_grade: str
    house_built: int
    practice: bool = False

    @property
    def head(self) -> Member:
        """The head of the household, who gives it its name."""
        return self.members[0]


@dataclass(frozen=True, slots=True)
class Cadre:
    """A helper and the households they are paired with."""

    id: str
    name: str
    staff_no: str
    unit: str
    phone: str
    households: tuple[Household, ...]


@dataclass(frozen=True, slots=True)
class District:
    """Everything of the demo that does not depend on what was visited."""

    places: Places
    households: tuple[Household, ...]
    cadres: tuple[Cadre, ...]
    practice: Household


def sizes(random: Random, households: int, people: int) -> list[int]:
    """How many people live in each of so many households, one to six, adding up exactly."""
    drawn = random.choices((1, 2, 3, 4, 5, 6), (34, 36, 14, 9, 5, 2), k=households)
    while (excess := sum(drawn) - people) != 0:
        at = random.randrange(households)
        drawn[at] = min(6, max(1, drawn[at] - (1 if excess > 0 else -1)))
    return drawn


def shares(random: Random, total: int, parts: int, least: int) -> list[int]:
    """`total` cut into so many uneven parts of at least `least` each."""
    weights = [random.uniform(0.5, 1.6) for _ in range(parts)]
    spare = total - least * parts
    edges = [round(edge * spare / sum(weights)) for edge in accumulate(weights, initial=0.0)]
    return [least + end - start for start, end in pairwise(edges)]


def make(today: date) -> District:
    """The demo district as it would be on that day."""
    vocabulary = words()
    random = Random(SEED)
    land = places(random, vocabulary, identifiers("area"))
    namer = Namer(random, vocabulary["people"])
    families = Families(random, namer, identifiers("member"), today, vocabulary["county_code"])
    households = _households(random, land, families)
    practice = _practice(random, land, families)
    return District(land, households, _cadres(random, namer, vocabulary, today, households), practice)


def _households(random: Random, land: Places, families: Families) -> tuple[Household, ...]:
    kinds = [
        (kind, left, size) for kind, left, households, people in GROUPS for size in sizes(random, households, people)
    ]
    random.shuffle(kinds)
    ids = identifiers("household")
    made: list[Household] = []
    waiting = iter(kinds)
    for village, count in zip(land.villages, shares(random, len(kinds), len(land.villages), 28), strict=True):
        # Neighbours follow each other, as they do on a helper's list.
        for place, hamlet in enumerate(sorted(random.choices(village.hamlets, k=count))):
            kind, left, size = next(waiting)
            made.append(_household(random, families, next(ids), village, hamlet, place, kind, left, size))
    return tuple(made)


def _household(
    random: Random,
    families: Families,
    id_: str,
    village: Village,
    hamlet: str,
    place: int,
    kind: str,
    left: bool,
    size: int,
) -> Household:
    grade = random.choices(("A", "B", "C", "D"), (30, 58, 8, 4) if left else (16, 56, 18, 10))[0]
    return Household(
        id=id_,
        number=f"{village.area.code}{place + 1:04d}",
        village=village,
        hamlet=hamlet,
        kind=kind,
        left=left,
        members=families.family(size, alone=kind == "tekun"),
        phone=phone_number(random),
        home=near(random, village.middle, 900) if random.random() < 0.86 else None,
        house_grade=grade,
        house_built=random.randint(1972, 2018),
    )


def _practice(random: Random, land: Places, families: Families) -> Household:
    """A family to learn with, which says so by its name."""
    village = land.villages[0]
    id_ = next(identifiers("practice"))
    drawn = _household(random, families, id_, village, "练习", 9998, "general", False, 4)
    head = replace(drawn.head, name="练习户（不是真的）")
    return replace(drawn, members=(head, *drawn.members[1:]), home=None, practice=True)


def _cadres(
    random: Random, namer: Namer, vocabulary: dict[str, Any], today: date, households: Sequence[Household]
) -> tuple[Cadre, ...]:
    counts = [2] * (CADRES - 1)
    excess = sum(counts) - (len(households) - FIRST_CADRE_HOUSEHOLDS)
    for at in random.sample(range(len(counts)), excess):
        counts[at] = 1
    edges = list(accumulate([FIRST_CADRE_HOUSEHOLDS, *counts], initial=0))
    units = [
        unit
        for unit, size in zip(
            vocabulary["units"]["names"],
            shares(random, CADRES, len(vocabulary["units"]["names"]), 6),
            strict=True,
        )
        for _ in range(size)
    ]
    ids = identifiers("cadre")
    made: list[Cadre] = []
    for place, unit in enumerate(units):
        sex: Sex = random.choice(("male", "male", "female"))
        born = date(today.year - random.randint(25, 59), 6, 1)
        made.append(
            Cadre(
                next(ids),
                namer.surname() + namer.given(born, sex),
                f"99{place + 1:05d}",
                unit,
                phone_number(random),
                tuple(households[edges[place] : edges[place + 1]]),
            )
        )
    return tuple(made)


def phone_number(random: Random) -> str:
    """Eleven digits in the shape of a mobile number, of a block (100) that is given to nobody."""
    return f"100{random.randrange(10**8):08d}"

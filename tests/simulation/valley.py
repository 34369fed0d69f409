"""One valley: four cadres with phones who share its households, and the desk that decides about them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from fieldsvc.services import assignments, enrol
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from tests.simulation.fleet import Row
from tests.world.county import County
from tests.world.places import Household

PHONES = 4
HOMES = 4
PHOTO_BYTES = (2_000, 2_000, 30_000)


@dataclass
class Valley:
    """A seed, and what was drawn from it. Valleys share a server and nothing else."""

    seed: int
    dice: random.Random
    homes: list[Household]
    people: dict[str, str]
    phones: list[Row] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """The phones by name."""
        return [phone["name"] for phone in self.phones]

    def next_phones(self) -> Sequence[str]:
        """Who takes the next step: mostly one, at times two in the same moment."""
        return self.dice.sample(self.names, 2 if self.dice.random() < 0.2 else 1)


def settle(ctx: Context, by: Actor, county: County, seed: int) -> Valley:
    """Found a valley: every household has two helpers, so that people write about the same things."""
    dice = random.Random(seed)
    homes = []
    for _ in range(HOMES):
        home = county.add_household(ctx, by, None, {"phone": "1", "water": "1", "visits_made": "0"})
        county.add_member(ctx, by, home, "Head")
        homes.append(home)
    valley = Valley(seed, dice, homes, {})
    for number in range(PHONES):
        name = f"v{seed}-p{number}"
        person = county.add_person(ctx, by, name)
        for home in (homes[number % HOMES], homes[(number + 1) % HOMES]):
            assignments.assign(ctx, by, person, subject_id=home.id)
        valley.people[name] = person
        valley.phones.append(
            {
                "name": name,
                "person": person,
                "seed": str(seed),
                "code": enrol.new_code(ctx, by, person),
                "photo": dice.choice(PHOTO_BYTES),
            }
        )
    return valley

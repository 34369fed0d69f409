"""Phones that cannot send or are lost: their files are carried to the office, which signs out and gives new codes."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field

from fieldsvc.problems import Problem
from fieldsvc.services import enrol, rescue
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.store import people
from tests.simulation.fleet import Fleet
from tests.simulation.valley import Valley
from tests.world.office import Desk


@dataclass
class LostPhones:
    """The counter to which people bring files, and come when their phone is gone."""

    ctx: Callable[[], Context]
    by: Actor
    desk: Desk
    fleet: Fleet
    #: Every file that was made: whoever has one may bring it again, as after an older backup was put back.
    files: list[bytes] = field(default_factory=list)
    #: Who was given another code, by the phone.
    recoded: dict[str, str] = field(default_factory=dict)
    #: Files that were not taken in whole.
    complaints: list[str] = field(default_factory=list)

    def backs_up(self, valley: Valley) -> bool:
        """A phone on which something waits makes a file, which comes to the office at once or some time."""
        made = any(self._backs_up(name) for name in valley.dice.sample(valley.names, len(valley.names)))
        if made and valley.dice.random() < 0.5:
            self._takes_in(self.files[-1])
        return made

    def carries(self, valley: Valley) -> bool:
        """Any of the files is brought, for the first time or once more."""
        if not self.files:
            return False
        self._takes_in(valley.dice.choice(self.files))
        return True

    def loses(self, valley: Valley) -> bool:
        """A phone is gone for good. The office hears of it before its owner has a new one, or never."""
        name = valley.dice.choice(valley.names)
        if valley.dice.random() < 0.5:
            self._backs_up(name)
        if valley.dice.random() < 0.5:
            self._signs_out(valley.people[name])
        self.fleet.lose(name, self._code(name, valley.people[name]))
        return True

    def signs_out(self, valley: Valley) -> bool:
        """A phone is taken for lost and signed out, and found again by its owner."""
        name = valley.dice.choice(valley.names)
        if not self._signs_out(valley.people[name]):
            return False
        self.fleet.tell(name, self._code(name, valley.people[name]))
        return True

    def brings_everything(self) -> None:
        """Every file there is comes to the office."""
        for file in self.files:
            self._takes_in(file)

    def hands_out_codes(self) -> None:
        """The codes that were given since the backup that was put back: the server knows none of them."""
        for name, person in self.recoded.items():
            self.fleet.tell(name, self._code(name, person))

    def _backs_up(self, name: str) -> bool:
        if file := self.fleet.back_up(name):
            self.files.append(file)
        return bool(file)

    def _takes_in(self, file: bytes) -> None:
        try:
            taken = rescue.take_in(self.ctx(), self.desk.who(), io.BytesIO(file))
        except Problem as problem:
            self.complaints.append(f"a file was not taken in: {problem.as_json()}")
            return
        if taken.kept != len(taken.receipts):
            self.complaints.append(
                f"of {len(taken.receipts)} operations of a file of {taken.author} {taken.kept} are here"
            )

    def _signs_out(self, person: str) -> bool:
        """As lost; whether there was a phone to be signed out."""
        with self.ctx().db.read() as session:
            phones = [row.id for row in people.devices_of(session, person) if row.revoked_at is None]
        for phone in phones:
            enrol.revoke_device(self.ctx(), self.by, person, phone)
        return bool(phones)

    def _code(self, name: str, person: str) -> str:
        self.recoded[name] = person
        return enrol.new_code(self.ctx(), self.by, person)

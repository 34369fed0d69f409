"""How large a run is, and the seed of everything in it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tests.simulation.valley import PHONES

#: Valleys that take a step in the same moment.
ABREAST = 8


@dataclass(frozen=True)
class Plan:
    """So many phones in valleys of four, so many things that happen on each, and a seed."""

    phones: int
    steps: int
    seed: int
    #: The share of rounds in which the server falters.
    cuts: float = 0.02
    #: After how many requests of such a round, at most.
    within: int = 3 * ABREAST
    #: The share of steps in a valley after which the office does something about it.
    acts: float = 0.3
    #: How often a tab dies at a moment with a name, beside what else happens on a phone (`phones/habits.js`).
    deaths: float = 3
    #: The shares of rounds after which a backup is made, and after which the last one is put back.
    backed_up: float = 0.008
    restored: float = 0.004
    #: Requests one after the other, at moments that were drawn: such a run can be played again (`turns.py`).
    in_turn: bool = False
    #: The seeds of these valleys, of four phones each, in place of those from `seed` on.
    valleys: tuple[int, ...] = ()

    @property
    def often(self) -> Plan:
        """The same with a server that falters in more rounds, of which each has fewer requests in turn."""
        return replace(self, cuts=0.1, within=ABREAST)

    @property
    def seeds(self) -> list[int]:
        """A seed for every valley of four phones."""
        if self.valleys:
            return list(self.valleys)
        return [self.seed + number for number in range(max(1, self.phones // PHONES))]

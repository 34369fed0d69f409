"""The cast of the stories: cadres with phones, a supervisor, households, and the server between them.

`world` is the only place that knows HTTP from a test. Its phones follow `docs/protocol.md`; that the real app does
too is proven in a browser.
"""

from tests.world.cadre import Cadre
from tests.world.office import Desk, Shown
from tests.world.places import Household, Member, Record
from tests.world.world import World

__all__ = ["Cadre", "Desk", "Household", "Member", "Record", "Shown", "World"]

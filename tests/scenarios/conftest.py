"""Where stories of registered households begin; a story about something else has an east of its own."""

from __future__ import annotations

import pytest

from tests.world import World
from tests.world.cadre import Cadre


@pytest.fixture
def upper(world: World) -> str:
    """The village in which families were missed."""
    return world.village("Upper")


@pytest.fixture
def east(world: World, upper: str) -> Cadre:
    """Somebody who helps one household there."""
    return world.cadre("East", visits=[world.household(in_village=upper)])

"""The stories in which two people or two requests meet, and what is whole, told once more on PostgreSQL."""

import pytest

from tests.scenarios.test_amendments_taken_back import *  # noqa: F403
from tests.scenarios.test_deadlines import *  # noqa: F403
from tests.scenarios.test_forks_of_amendments import *  # noqa: F403
from tests.scenarios.test_forms_left_open import *  # noqa: F403
from tests.scenarios.test_gaps_in_a_branch import *  # noqa: F403
from tests.scenarios.test_handover import *  # noqa: F403
from tests.scenarios.test_offline_branches import *  # noqa: F403
from tests.scenarios.test_processes import *  # noqa: F403
from tests.scenarios.test_receipts import *  # noqa: F403
from tests.scenarios.test_two_cadres_one_household import *  # noqa: F403
from tests.scenarios.test_whole import *  # noqa: F403
from tests.world import World

pytestmark = pytest.mark.proof


@pytest.fixture
def world(world_on_postgres: World) -> World:
    """In place of the usual one, on SQLite."""
    return world_on_postgres

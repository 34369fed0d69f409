"""The stories in which a backup is put back, and what waits is found again, told once more on PostgreSQL."""

import pytest

from tests.scenarios.test_accepted_in_another_order import *  # noqa: F403
from tests.scenarios.test_amendments_after_a_handover import *  # noqa: F403
from tests.scenarios.test_begun_anew import *  # noqa: F403
from tests.scenarios.test_chains_of_amendments import *  # noqa: F403
from tests.scenarios.test_lost_form_versions import *  # noqa: F403
from tests.scenarios.test_numbers_given_again import *  # noqa: F403
from tests.scenarios.test_replaced_visits import *  # noqa: F403
from tests.scenarios.test_restored_backup import *  # noqa: F403
from tests.scenarios.test_what_an_amendment_repeats import *  # noqa: F403
from tests.scenarios.test_whatever_waits import *  # noqa: F403
from tests.world import World

pytestmark = pytest.mark.proof


@pytest.fixture
def world(world_on_postgres: World) -> World:
    """In place of the usual one, on SQLite."""
    return world_on_postgres

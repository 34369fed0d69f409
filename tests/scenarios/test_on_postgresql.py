"""The stories in which two people or two requests meet, and what is whole, told once more on PostgreSQL."""

import pytest

from tests.scenarios.test_amendments_after_a_handover import (  # noqa: F401 - the others put back a file of SQLite
    test_a_visit_that_waits_ends_with_the_new_helpers_amendment_and_counts_once,
    test_nobody_puts_a_visit_of_their_own_in_the_place_of_a_colleagues,
    test_the_visit_of_the_one_before_stands_again_when_the_new_helper_takes_the_amendment_back,
)
from tests.scenarios.test_amendments_taken_back import *  # noqa: F403
from tests.scenarios.test_chains_of_amendments import (  # noqa: F401 - the others put back a file of SQLite
    test_an_amended_visit_is_taken_back_as_a_whole_whatever_it_waited_for,
)
from tests.scenarios.test_deadlines import *  # noqa: F403
from tests.scenarios.test_forks_of_amendments import *  # noqa: F403
from tests.scenarios.test_forms_left_open import *  # noqa: F403
from tests.scenarios.test_gaps_in_a_branch import *  # noqa: F403
from tests.scenarios.test_handover import *  # noqa: F403
from tests.scenarios.test_offline_branches import *  # noqa: F403
from tests.scenarios.test_processes import *  # noqa: F403
from tests.scenarios.test_receipts import *  # noqa: F403
from tests.scenarios.test_replaced_visits import (  # noqa: F401 - the other one puts back a file of SQLite
    test_a_household_is_visited_though_its_visit_made_the_server_fail_and_was_amended,
    test_a_visit_amended_before_it_was_sent_is_one_visit,
    test_a_visit_that_is_carried_to_the_office_after_its_amendment_took_effect_ends,
)
from tests.scenarios.test_two_cadres_one_household import *  # noqa: F403
from tests.scenarios.test_what_an_amendment_repeats import (  # noqa: F401 - the others put back a file of SQLite
    test_an_amendment_whose_visit_never_comes_does_not_wait_for_ever,
)
from tests.scenarios.test_whole import *  # noqa: F403
from tests.world import World

pytestmark = pytest.mark.proof


@pytest.fixture
def world(world_on_postgres: World) -> World:
    """In place of the usual one, on SQLite."""
    return world_on_postgres

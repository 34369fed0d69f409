"""A power cut at any moment: every receipt a phone ever got is in the database afterwards, once, with its effects."""

from __future__ import annotations

import random
from contextlib import suppress

import psutil
import pytest

from fieldsvc.ids import random_uuid7
from tests.faults.client import Counter, Pusher, at_work, everything_is_there
from tests.support.server import Server, StartServer
from tests.world import World
from tests.world.server import database_of

CLIENTS = 4
BATCH = 5


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kills", "receipts"),
    [(5, 200), pytest.param(50, 2000, marks=[pytest.mark.proof, pytest.mark.timeout(1800)])],
)
def test_every_receipt_survives_the_power_cuts(
    world: World, start_server: StartServer, kills: int, receipts: int
) -> None:
    homes = [world.household(visits_made="0") for _ in range(CLIENTS)]
    cadres = [world.cadre(f"Cadre {number}", visits=[home]) for number, home in enumerate(homes)]
    for cadre in cadres:
        cadre.phone.new_id = lambda: random_uuid7(world.clock.now_ms)  # the story's own counter is for one thread
    folder = world.server.folder
    world.server.stop()
    server = start_server(folder)
    counter = Counter()
    pushers = [
        Pusher(cadre.phone, home, server.port, BATCH, counter.add) for cadre, home in zip(cadres, homes, strict=True)
    ]
    dice = random.Random(0)
    with at_work(pushers):
        for number in range(kills):
            # Cut while requests are under way: after a number of receipts, never after a number of seconds.
            enough = counter.wait_for(receipts * (number + 1) // kills + dice.randint(0, 2 * BATCH))
            assert enough, f"the clients came to a stand: {[pusher.failures[:1] for pusher in pushers]}"
            if number % 2:
                _kill_workers(server)
            else:
                server.kill()
                server.start()
    server.stop()

    assert [pusher.failures for pusher in pushers] == [[]] * CLIENTS
    every = [receipt for pusher in pushers for receipt in pusher.receipts]
    assert len(every) >= receipts
    everything_is_there(database_of(folder), pushers)


def _kill_workers(server: Server) -> None:
    """Kill the processes that answer requests; gunicorn, which started them, starts others."""
    main = server.processes()[0].pid
    for process in server.processes()[1:]:
        with suppress(psutil.NoSuchProcess):
            if process.ppid() != main:
                process.kill()

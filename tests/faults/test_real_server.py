"""The same deaths in the server as it is run: gunicorn, its workers, a phone on real HTTP that gets no answer."""

from __future__ import annotations

import http.client
import json

import pytest

from fieldsvc.ids import random_uuid7
from tests.faults.client import Pusher
from tests.faults.test_crash_matrix import is_whole
from tests.support.server import StartServer
from tests.world import World

pytestmark = pytest.mark.proof


@pytest.mark.parametrize("place", ["push.decided", "push.receipted", "push.effected", "push.fed"])
def test_a_worker_that_dies_while_it_answers_costs_the_phone_a_repeat(
    world: World, start_server: StartServer, place: str
) -> None:
    home = world.household(phone="13900000001")
    east = world.cadre("East", visits=[home])
    east.phone.new_id = lambda: random_uuid7(world.clock.now_ms)
    east.corrects(home, phone="13900000009")
    folder = world.server.folder
    world.server.stop()

    server = start_server(folder, failpoint=place)
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {east.phone.token}"}
    line.request("POST", "/api/v1/sync", json.dumps(east.phone.request()), headers)
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        line.getresponse()
    line.close()
    server.kill()

    server.environment.pop("FIELDSVC_FAILPOINT")
    server.start()
    pusher = Pusher(east.phone, home, server.port, 1, lambda _: None)
    pusher.stop.set()
    pusher.run()
    assert [(each["status"], each.get("duplicate")) for each in pusher.receipts] == [("applied", None)]
    server.stop()
    world.server.start()
    is_whole(world, east)

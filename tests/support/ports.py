"""Free TCP ports of the loopback interface, never the same one twice in a run."""

import itertools
import os
import random
import socket
import time

# Below the ports that Linux gives to outgoing connections: one of those may be gone before a server takes it.
FIRST, PER_WORKER, WORKERS = 20_000, 1_500, 8


def _mine() -> range:
    """The ports of this process: tests that run side by side share none."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % WORKERS
    return range(FIRST + worker * PER_WORKER, FIRST + (worker + 1) * PER_WORKER)


# Begun anywhere, because another run of the tests on this machine draws from the same ports.
_candidates = itertools.chain.from_iterable(itertools.repeat(random.sample(_mine(), PER_WORKER)))


def free_port() -> int:
    """Return a port of 127.0.0.1 that nothing listens on now; the caller binds it at once."""
    for port in itertools.islice(_candidates, PER_WORKER):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            if _is_free(probe, port):
                return port
    raise AssertionError("every port for tests is taken")


def _is_free(probe: socket.socket, port: int) -> bool:
    try:
        probe.bind(("127.0.0.1", port))
    except OSError:
        return False
    return True


def accepts(port: int, *, within_seconds: float) -> bool:
    """Tell whether something on 127.0.0.1 accepts a connection to `port` before the time is over."""
    deadline = time.monotonic() + within_seconds
    while time.monotonic() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return True
        except OSError:
            time.sleep(0.02)
    return False

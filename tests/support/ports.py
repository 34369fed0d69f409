"""Free TCP ports of the loopback interface."""

import socket
import time


def free_port() -> int:
    """Return a port of 127.0.0.1 that nothing listens on now; the caller binds it at once."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


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

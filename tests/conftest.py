"""What every test may ask for by name, and which files begin first."""

import pytest
import structlog

pytest_plugins = [
    "tests.support.chance",
    "tests.support.watching",
    "tests.support.postgres",
    "tests.support.seaweed",
    "tests.support.browser",
    "tests.support.server",
    "tests.support.demo",
    "tests.support.passwords",
    "tests.world.fixtures",
]


def pytest_configure() -> None:
    """Write tracebacks as Python does: with every variable in them, which is the default, one takes ten seconds."""
    *before, _ = structlog.get_config()["processors"]
    plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*before, plain])


#: What starts a browser or a server takes a file to a minute; the many others, of a second or two, fill the end evenly.
DEAR = {"playwright", "start_server"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests first, then those of browsers and servers: one at the end would keep all others waiting."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    dear = {item.path for item in items if not DEAR.isdisjoint(getattr(item, "fixturenames", ()))}
    items.sort(key=lambda item: (item.path not in slow, item.path not in dear))

"""What every test may ask for by name, and which files begin first."""

import pytest
import structlog

pytest_plugins = [
    "tests.support.chance",
    "tests.support.eye",
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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests first: a worker that takes one at the end would keep all others waiting."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)

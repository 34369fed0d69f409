"""What every test may ask for by name, and which files begin first."""

import pytest

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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests first: a worker that takes one at the end would keep all others waiting."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)

"""What every test may ask for by name."""

pytest_plugins = [
    "tests.support.chance",
    "tests.support.postgres",
    "tests.support.browser",
    "tests.support.server",
    "tests.support.demo",
    "tests.world.fixtures",
]

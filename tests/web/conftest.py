"""What the tests of the phone app's addresses ask for by name."""

from tests.web.shop import app, release, shop

__all__ = ["app", "release", "shop"]

"""What the tests of the phone app's addresses ask for by name."""

from tests.web.bare import browser, page
from tests.web.field import field
from tests.web.shop import app, release, shop

__all__ = ["app", "browser", "field", "page", "release", "shop"]

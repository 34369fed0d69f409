"""What the tests of the phone app's addresses ask for by name."""

from tests.web.bare import browser, page
from tests.web.field import field
from tests.web.shop import app, ctx, release, shop

__all__ = ["app", "browser", "ctx", "field", "page", "release", "shop"]

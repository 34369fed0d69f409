"""What lies below the houses, in a real browser: tiles of the county, those of 天地图, and a plain ground without."""

import math
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from fieldsvc.services.context import Context
from tests.office.district import District
from tests.office.test_in_chromium import OLD_SCREEN, answering, enters
from tests.support.app import app_on
from tests.support.browser import OpenBrowser

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HOUSE = (29.87, 118.33)
#: Whether this address answers with a picture that the page may show.
LOADS = """address => new Promise((done) => {
  const picture = new Image();
  picture.onload = () => done(true);
  picture.onerror = () => done(false);
  picture.src = address;
})"""


@dataclass
class Tiles:
    """A server of tiles: what it was asked for, by host; it answers with one picture, or, `away`, with nothing."""

    port: int
    asked: list[tuple[str, str]] = field(default_factory=list)
    away: bool = False


def _picture() -> bytes:
    picture = BytesIO()
    Image.new("RGB", (256, 256), "#cfe8cf").save(picture, "PNG")
    return picture.getvalue()


@contextmanager
def tile_server() -> Iterator[Tiles]:
    """Tiles on this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            tiles.asked.append((self.headers["Host"], self.path))
            self.send_response(404 if tiles.away else 200)
            self.send_header("Content-Type", "image/png")
            self.end_headers()
            self.wfile.write(b"" if tiles.away else _picture())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    tiles = Tiles(server.server_port)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield tiles
    server.shutdown()
    server.server_close()
    thread.join()


@contextmanager
def office(ctx: Context, **settings: str) -> Iterator[str]:
    """The office with these settings."""
    app = app_on(replace(ctx, settings=replace(ctx.settings, **settings)))
    with answering(app) as url:
        yield url


@pytest.fixture
def page(open_browser: OpenBrowser, district: District) -> Page:
    """A desk, and a house to look at."""
    district.household("陈一", district.upper, home_gps=f"{HOUSE[0]} {HOUSE[1]} 0 8")
    return open_browser(viewport=OLD_SCREEN).page


def opens_map(page: Page, address: str) -> None:
    """The map, once its houses stand on it."""
    enters(page, address)
    page.goto(f"{address}/office/map")
    expect(page.locator("#map-frame")).to_have_attribute("data-shown", "1")


def sees_all_tiles(page: Page) -> None:
    """Wait until each tile that the view wants has come: all are there as pictures from the first moment on."""
    expect(page.locator("img.leaflet-tile-loaded").first).to_be_visible()
    expect(page.locator("img.leaflet-tile:not(.leaflet-tile-loaded)")).to_have_count(0)


def tile_of(zoom: int) -> tuple[int, int]:
    """The tile on which the house stands, column and row, as every map of the web counts them."""
    latitude, longitude = math.radians(HOUSE[0]), HOUSE[1]
    row = (1 - math.asinh(math.tan(latitude)) / math.pi) / 2
    return int((longitude + 180) / 360 * 2**zoom), int(row * 2**zoom)


def test_tiles_of_the_countys_own_server_are_asked_for_where_the_house_stands_and_no_other_host_is_let_in(
    ctx: Context, page: Page
) -> None:
    with tile_server() as tiles, tile_server() as stranger:
        own = f"http://t{{s}}.localhost:{tiles.port}/{{z}}/{{x}}/{{y}}.png"
        with office(ctx, map_tiles=own, map_credit="县自然资源局") as address:
            opens_map(page, address)
            sees_all_tiles(page)
            expect(page.locator("#map")).to_contain_text("县自然资源局")
            assert page.locator(".graticule").count() == 0
            for host, allowed in ((f"t0.localhost:{tiles.port}", True), (f"t8.localhost:{tiles.port}", False)):
                assert page.evaluate(LOADS, f"http://{host}/1/1/1.png") is allowed, host
            assert page.evaluate(LOADS, f"http://127.0.0.1:{stranger.port}/1/1/1.png") is False
    assert stranger.asked == []
    hosts = {host for host, _ in tiles.asked}
    assert hosts <= {f"t{number}.localhost:{tiles.port}" for number in range(8)}
    assert len(hosts) > 1, "a browser spreads what it asks for among them"
    places = [re.fullmatch(r"/(\d+)/(\d+)/(\d+)\.png", path) for _, path in tiles.asked if path != "/1/1/1.png"]
    found = {tuple(int(part) for part in place.groups()) for place in places if place}
    assert len(found) == len(set(places)), "every address is a tile's"
    zoom = max(level for level, _, _ in found)
    assert (zoom, *tile_of(zoom)) in found


def test_tianditu_is_asked_for_its_streets_and_their_names_with_the_countys_key(ctx: Context, page: Page) -> None:
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(body=_picture(), content_type="image/png")

    page.route(re.compile(r"^https://.*tianditu"), answer)
    with office(ctx, map_tianditu_key="99key") as address:
        opens_map(page, address)
        sees_all_tiles(page)
        expect(page.locator("#map")).to_contain_text("天地图")
    pattern = (
        r"https://t[0-7]\.tianditu\.gov\.cn/(vec|cva)_w/wmts\?SERVICE=WMTS&REQUEST=GetTile&VERSION=1\.0\.0&LAYER=\1"
        r"&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX=(\d+)&TILEROW=(\d+)&TILECOL=(\d+)&tk=99key"
    )
    parts = [re.fullmatch(pattern, url) for url in asked]
    assert all(parts), asked
    layers = {part[1] for part in parts if part}
    assert layers == {"vec", "cva"}
    zoom = max(int(part[2]) for part in parts if part)
    column, row = tile_of(zoom)
    assert {(part[1], int(part[4]), int(part[3])) for part in parts if part} >= {(one, column, row) for one in layers}


def test_where_no_tile_comes_the_plain_ground_and_the_names_are_there_and_go_when_one_does(
    ctx: Context, page: Page
) -> None:
    with tile_server() as tiles:
        tiles.away = True
        with office(ctx, map_tiles=f"http://127.0.0.1:{tiles.port}/{{z}}/{{x}}/{{y}}.png") as address:
            opens_map(page, address)
            expect(page.locator(".graticule").first).to_be_attached()
            expect(page.locator(".village")).to_have_text("上村")
            tiles.away = False
            page.get_by_role("button", name="放大").click()
            expect(page.locator("img.leaflet-tile-loaded").first).to_be_visible()
            expect(page.locator(".graticule")).to_have_count(0)
            expect(page.locator(".village")).to_have_count(0)


def test_without_tiles_the_ground_is_plain_and_nobody_is_asked(ctx: Context, page: Page) -> None:
    elsewhere: list[str] = []
    with office(ctx) as address:
        page.on("request", lambda request: request.url.startswith((address, "data:")) or elsewhere.append(request.url))
        opens_map(page, address)
        expect(page.locator(".graticule").first).to_be_attached()
        expect(page.locator(".village")).to_have_text("上村")
        assert page.locator("img.leaflet-tile").count() == 0
    assert elsewhere == []

"""What lies below the houses: nothing (the default: it needs no network), 天地图, or the county's own tiles.

A layer says in which datum it is drawn. Houses are stored as WGS-84 and are shifted for it here, in both directions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

from fieldsvc.config import Settings
from fieldsvc.geo import datum
from fieldsvc.geo.datum import Datum
from fieldsvc.store.places.read import Box

#: 天地图, the national map service: streets and their Chinese names, drawn in CGCS2000, which is WGS-84 to a decimetre.
_NATIONAL = (
    "https://t{s}.tianditu.gov.cn/vec_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=vec&STYLE=default"
    "&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=",
    "https://t{s}.tianditu.gov.cn/cva_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=cva&STYLE=default"
    "&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=",
)
#: What `{s}` stands for: hosts of one service, among which a browser spreads what it asks for (as in `map.js`).
SUBDOMAINS = "01234567"


@dataclass(frozen=True, slots=True)
class Layer:
    """Addresses of tiles one above the other (none: a plain ground), the datum they are drawn in, whose they are, and
    the origins the page's policy has to let in."""

    tiles: tuple[str, ...] = ()
    datum: Datum = "wgs84"
    credit: str = ""
    origins: tuple[str, ...] = ()

    def shown(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Where this layer shows a WGS-84 point, to a decimetre."""
        north, east = datum.shown((latitude, longitude), self.datum)
        return round(north, 6), round(east, 6)

    def pointed(self, box: Box) -> Box:
        """The WGS-84 box that is meant by a box drawn on this layer."""
        south, west = datum.pointed((box[1], box[0]), self.datum)
        north, east = datum.pointed((box[3], box[2]), self.datum)
        return west, south, east, north


def layer(settings: Settings) -> Layer:
    """The layer this server is set to."""
    if settings.map_tiles:
        known = cast(Datum, settings.map_datum)
        return Layer((settings.map_tiles,), known, settings.map_credit, _origins(settings.map_tiles))
    if settings.map_tianditu_key:
        tiles = tuple(address + settings.map_tianditu_key for address in _NATIONAL)
        return Layer(tiles, "wgs84", "天地图", _origins(_NATIONAL[0]))
    return Layer()


def _origins(address: str) -> tuple[str, ...]:
    """Where tiles come from, as a policy names it: each host that stands in for `{s}`, and no other of its domain."""
    parts = urlsplit(address)
    if not parts.netloc:
        return ("'self'",)
    hosts = [parts.netloc.replace("{s}", one) for one in SUBDOMAINS] if "{s}" in parts.netloc else [parts.netloc]
    return tuple(f"{parts.scheme}://{host}" for host in hosts)

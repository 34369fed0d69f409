"""The phone app as one release: every file of `static/`, made small, and a name that follows from the content.

The same source gives the same release id in every worker and on every machine, because phones ask for it by name. No
build step and no Node: this runs at start, from the package as it was installed.
"""

from __future__ import annotations

import base64
import functools
import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import brotli

from fieldsvc.web import minify

_SERVED = (".js", ".css", ".svg", ".json")
_SOURCE = files("fieldsvc") / "static"
_WORKER = ("join.js", "sw.js")
_PAGE = files("fieldsvc") / "web" / "shell"
PAGE = "index.html"
POLICY = "policy"
MARK = "{{release}}"
_ON_DEMAND = ("parts/", "locales/en.js", "core/problems-en.js", "preview.js")
#: The page's own rules. Everything comes from this origin; what is inline is named by its digest.
_POLICY = (
    "default-src 'none'; script-src 'self' '{script}'; style-src 'self' '{style}'; img-src 'self' blob: data:; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; child-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)


def on_demand(path: str) -> bool:
    """Whether a file stays out of the pack: fetched by the phones that want it, which then keep it too."""
    return path.startswith(_ON_DEMAND)


@dataclass(frozen=True, slots=True)
class Release:
    """One state of the app: its id, its files by path, and its worker's code.

    Two files are not modules: `index.html` is the first page, with a mark where the id goes, and `policy` its content
    security policy. Neither changes with the id, so an update does not carry them.
    """

    id: str
    files: Mapping[str, str]
    worker: str

    @property
    def worker_path(self) -> str:
        """Where the worker's code is: named by its content, so that an update seldom has to fetch it."""
        return f"/worker-{hashlib.sha256(self.worker.encode()).hexdigest()[:12]}.js"

    @property
    def entry(self) -> str:
        """The worker's address for all time: other bytes for every release, and as few as can be."""
        return f'const RELEASE="{self.id}";importScripts("{self.worker_path}");'

    @property
    def page(self) -> str:
        """The first page, naming this release."""
        return self.files[PAGE].replace(MARK, self.id)

    def pack(self, base: Release | None = None, *, whole: bool = False) -> str:
        """All files as one text; given a base, only what a phone with that release lacks.

        What a phone asks for on demand is left out, unless `whole`. Given a base, the head names under `stale` those
        of them that differ from it: the others a phone carries over by itself.

        The first line is a JSON head that names the files; their texts follow as they are, with a zero character
        between them. Texts inside JSON would cost a kilobyte of escapes.
        """
        known = base.files if base else {}
        carried = [path for path in self.files if whole or not on_demand(path)]
        paths = [path for path in carried if known.get(path) != self.files[path]]
        head: dict[str, Any] = {
            "release": self.id,
            "base": base.id if base else None,
            "count": len(carried),
            "paths": paths,
        }
        if removed := sorted(known.keys() - self.files.keys()):
            head["removed"] = removed
        stale = [path for path in self.files if on_demand(path) and known.get(path) != self.files[path]]
        if base and stale:
            head["stale"] = stale
        return json.dumps(head, separators=(",", ":")) + "\n" + "\0".join(self.files[path] for path in paths)

    @classmethod
    def unpacked(cls, pack: str) -> Release:
        """The release of a whole pack. Its worker is not in it: a phone with that release has it already."""
        line, texts = pack.split("\n", 1)
        head = json.loads(line)
        return cls(head["release"], dict(zip(head["paths"], texts.split("\0"), strict=True)), "")


def read_release(source: Traversable = _SOURCE) -> Release:
    """The release that a source tree makes."""
    found = _read(source)
    modules = {path: small for path in sorted(found, key=_order) if (small := _made_small(path, found[path]))}
    worker = minify.javascript("".join(source.joinpath(name).read_text(encoding="utf-8") for name in _WORKER))
    style = minify.css(_PAGE.joinpath("shell.css").read_text(encoding="utf-8"))
    script = minify.javascript(_PAGE.joinpath("shell.js").read_text(encoding="utf-8"))
    page = _PAGE.joinpath("shell.html").read_text(encoding="utf-8")
    for name, value in {"styles": " ".join(_styles(modules)), "style": style, "script": script}.items():
        page = page.replace("{{" + name + "}}", value)
    content = {PAGE: page, POLICY: _POLICY.format(script=_digest(script), style=_digest(style)), **modules}
    release_id = hashlib.sha256(json.dumps([content, worker]).encode()).hexdigest()[:12]
    return Release(release_id, content, worker)


@functools.cache
def packaged_release() -> Release:
    """The release of the installed package, read once per process."""
    return read_release()


def release_of_the_tree() -> Release:
    """The release of the files as they are now: made anew when one was saved, because somebody works on them."""
    tree = Path(str(_SOURCE)).parent
    saved = [
        path.stat().st_mtime_ns for folder in ("static", "web/shell") for path in sorted((tree / folder).rglob("*.*"))
    ]
    return _release_saved(tuple(saved))


@functools.lru_cache(maxsize=1)
def _release_saved(_saved: tuple[int, ...]) -> Release:
    return read_release()


#: Sizes of blocks that are tried, as powers of two; 0 leaves it to the compressor, which is often fifty bytes off.
_BLOCKS = (0, 16)


def compressed(text: str, encoding: str) -> bytes:
    """The text as `br` or `gzip`, as small as it gets: a phone pays for every byte and we pay once per release."""
    if encoding == "br":
        tries = (brotli.compress(text.encode(), mode=brotli.MODE_TEXT, quality=11, lgblock=size) for size in _BLOCKS)
        return bytes(min(tries, key=len))
    return gzip.compress(text.encode(), 9, mtime=0)


def _read(folder: Traversable, prefix: str = "") -> dict[str, str]:
    """The texts under a folder by path, without the worker, which is served on its own."""
    found: dict[str, str] = {}
    for child in folder.iterdir():
        path = prefix + child.name
        if child.is_dir():
            found |= _read(child, f"{path}/")
        elif child.name.endswith(_SERVED) and path not in _WORKER:
            found[path] = child.read_text(encoding="utf-8")
    return found


def _made_small(path: str, text: str) -> str:
    """A file as phones get it; empty for a module that holds nothing but types."""
    if path.startswith("vendor/") or path.endswith(".json"):
        return text
    if path.endswith(".css"):
        return minify.css(text)
    if path.endswith(".js"):
        small = minify.javascript(text)
        return "" if small.rstrip(";") in ("", "export{}") else small
    return text


#: Like beside like, which packs a little better: words, engine, screens, vendor.
_FOLDERS = ("locales", "", "adapters", "core", "ui", "vendor")


def _order(path: str) -> tuple[bool, int, bool, str]:
    """Where a file stands in the pack: styles last, before them folder by folder, and forms at the end of theirs."""
    folder = path.split("/")[0] if "/" in path else ""
    forms = path.startswith(("core/form", "core/expr"))
    return path.endswith(".css"), _FOLDERS.index(folder) if folder in _FOLDERS else len(_FOLDERS), forms, path


def _styles(modules: Mapping[str, str]) -> list[str]:
    """The pack's style sheets in the order they count: tokens first, because all others speak of them."""
    found = (path for path in modules if path.endswith(".css") and not on_demand(path))
    return sorted(found, key=lambda path: ("tokens" not in path, path))


def _digest(text: str) -> str:
    """The name a content security policy gives to an inline text."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()

"""What the pages name is there: every file, every function of a file, every module, every link and picture."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "sync" / "README.md"])
TOUR = ROOT / "docs" / "tour.md"
BIGGEST_PICTURE = 60_000

# A path of this repository: its first folder is one of ours, so that "application/json" is not taken for one.
TOP = "|".join(sorted(path.name for path in ROOT.iterdir() if path.is_dir() and path.name[0].isalpha()))
FILE = re.compile(rf"`((?:{TOP})/[\w./-]*)(?::+ ?(\w+))?`")
MODULE = re.compile(r"`((?:fieldsvc|sync|tests|bench)(?:\.\w+)+)`")
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)|<img [^>]*src=\"([^\"]+)\"")


def text_of(page: Path) -> str:
    """The page without its fenced blocks: those are examples of somebody's own files."""
    return re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)


def defines(file: Path, name: str) -> bool:
    """Whether a source file has a function, method, class or constant of this name."""
    patterns = {
        ".py": rf"^\s*(?:async )?(?:def|class) {name}\b|^{name}\b.*=",
        ".js": rf"\bfunction\*? {name}\b|\b(?:const|let|class) {name}\b|^\s+(?:async )?{name}(\(.*\{{$|: \w+\()",
    }
    return re.search(patterns[file.suffix], file.read_text(encoding="utf-8"), re.M) is not None


def is_there(dotted: str) -> bool:
    """Whether `package.module` is a module, or `package.module.name` something a module defines."""
    path = ROOT.joinpath(*dotted.split("."))
    if path.is_dir() or path.with_suffix(".py").is_file():
        return True
    owner = path.parent
    files = [file for file in (owner.with_suffix(".py"), owner / "__init__.py") if file.is_file()]
    return any(re.search(rf"\b{path.name}\b", file.read_text(encoding="utf-8")) for file in files)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_and_function_a_page_names_is_there(page: Path) -> None:
    for path, name in FILE.findall(text_of(page)):
        file = ROOT / path
        assert file.exists(), f"{page.name} names {path}"
        assert not name or defines(file, name), f"{page.name} names {name} in {path}"
    for dotted in MODULE.findall(text_of(page)):
        assert is_there(dotted), f"{page.name} names {dotted}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_and_picture_of_a_page_leads_somewhere(page: Path) -> None:
    for target in (link or picture for link, picture in LINK.findall(text_of(page))):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_the_tour_goes_through_phone_server_engine_and_office() -> None:
    named = {path for path, _ in FILE.findall(text_of(TOUR))}
    for layer in ("static/ui", "static/core", "static/adapters", "api", "services", "store", "office", "media"):
        assert any(path.startswith(f"fieldsvc/{layer}/") for path in named), layer
    assert any(path.startswith("sync/") for path in named)


def test_every_picture_is_small_and_some_page_shows_it() -> None:
    shown = {
        (page.parent / target).resolve()
        for page in PAGES
        for target in (link or picture for link, picture in LINK.findall(text_of(page)))
    }
    pictures = sorted((ROOT / "docs" / "screenshots").iterdir())
    assert pictures
    for picture in pictures:
        assert picture.stat().st_size <= BIGGEST_PICTURE, picture.name
        assert picture.resolve() in shown, f"no page shows {picture.name}"

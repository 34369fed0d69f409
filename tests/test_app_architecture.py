"""Which part of the phone app may know which, and how old a browser may be, by reading the modules."""

import re
from pathlib import Path

import pytest

from fieldsvc.xlsform.parts import FUNCTION_PARTS

ROOT = Path(__file__).resolve().parents[1]
STATIC = ROOT / "fieldsvc" / "static"

#: Parts that are neither screens nor functions of a form: what a backup and a PIN need.
SEALING = ("seal", "vault", "keys", "letters", "secrets", "away")
IMPORT = re.compile(r"""(?:^|[;}\s])(?:import|export)\b(?:[^'";()]*?\bfrom)?\s*\(?\s*['"]([^'"]+)['"]""", re.M)
NOT_CODE = re.compile(r"""//[^\n]*|/\*.*?\*/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\$])*`""", re.S)
WORLD = re.compile(
    r"\b(?:document|window|navigator|fetch|XMLHttpRequest|indexedDB|localStorage|sessionStorage|caches"
    r"|setTimeout|setInterval|queueMicrotask|performance|crypto|globalThis|self|importScripts|process)\b(?!\s*[:?])"
    r"|\blocation\.(?:href|search|hash|origin|reload)\b|\bDate\.now\b|\bnew Date\(\s*\)|\bMath\.random\b"
)
# Chrome 90 and Safari 15.4 lack these: such a phone shows a white page and cannot say why.
TOO_NEW = re.compile(
    r"\.(?:findLast|findLastIndex|toSorted|toReversed|toSpliced|isWellFormed|groupBy|withResolvers|fromAsync)\b"
    r"|\bstructuredClone\(|\bcrypto\.randomUUID\b|\bObject\.hasOwn\(|\bAbortSignal\.(?:timeout|any)\("
    r"|\.at\(|\bscheduler\.|\bnavigator\.userAgentData\b"
)


def scripts(folder: str = "") -> list[Path]:
    return [path for path in sorted((STATIC / folder).rglob("*.js")) if "vendor" not in path.parts]


def imported(path: Path) -> list[str]:
    """What a module imports, as paths below static/, comments taken out."""
    code = re.sub(r"//[^\n]*|/\*.*?\*/", "", path.read_text(), flags=re.S)
    found = IMPORT.findall(code)
    assert all(name.startswith(("./", "../")) for name in found), f"{path.name} imports by a bare name: {found}"
    targets = [(path.parent / name).resolve() for name in found]
    for target in targets:
        assert target.is_file(), f"{path.relative_to(ROOT)} imports {target.name}, which is not there"
    return [target.relative_to(STATIC).as_posix() for target in targets]


@pytest.mark.parametrize(
    ("part", "may_know"),
    [
        ("core", ("core/",)),
        ("adapters", ("adapters/", "core/", "vendor/")),
        ("ui", ("ui/", "core/", "vendor/", "locales/")),
        ("parts", ("parts/", "ui/", "core/", "vendor/")),
        ("locales", ("locales/",)),
    ],
)
def test_each_part_of_the_phone_app_knows_only_what_lies_inward(part: str, may_know: tuple[str, ...]) -> None:
    for path in scripts(part):
        for target in imported(path):
            assert target.startswith(may_know), f"{path.relative_to(ROOT)} imports {target}"


def test_no_module_of_the_pack_needs_a_part_to_be_there() -> None:
    for path in scripts():
        if path.parent != STATIC / "parts":
            assert not [name for name in imported(path) if name.startswith("parts/")], path.relative_to(ROOT)


def test_no_two_modules_need_each_other_for_they_are_joined_one_after_the_other() -> None:
    needs = {path.relative_to(STATIC).as_posix(): imported(path) for path in scripts()}
    done: set[str] = set()

    def walk(path: str, above: tuple[str, ...]) -> None:
        assert path not in above, " → ".join((*above[above.index(path) :], path))
        if path not in done:
            for target in needs.get(path, []):
                walk(target, (*above, path))
            done.add(path)

    for path in needs:
        walk(path, ())


def test_no_module_changes_what_it_has_exported() -> None:
    """Joined, a module hands over its exports once, when it is done."""
    assert [path.name for path in scripts() if re.search(r"^export let\b", path.read_text(), re.M)] == []


def test_main_and_the_office_s_preview_alone_bring_adapters_and_screens_together() -> None:
    for path in scripts():
        parts = {target.split("/")[0] for target in imported(path)}
        if {"adapters", "ui"} <= parts:
            assert path in (STATIC / "main.js", STATIC / "preview.js"), path.relative_to(ROOT)


def functions_on_demand() -> list[Path]:
    """The parts that add functions to expressions; a part with a control knows the screens, and two seal."""
    own = [path for path in scripts("parts") if path.stem not in SEALING]
    return [path for path in own if not any(name.startswith("ui/") for name in imported(path))]


def test_the_core_of_the_phone_app_touches_no_browser_no_clock_and_no_chance() -> None:
    assert {path.stem for path in functions_on_demand()} == set(FUNCTION_PARTS.values())
    for path in [*scripts("core"), *functions_on_demand()]:
        code = NOT_CODE.sub("''", path.read_text())
        found = WORLD.search(code)
        assert not found, f"{path.relative_to(ROOT)} says {found and found.group()}"


def test_the_phone_app_uses_nothing_newer_than_the_oldest_browser_it_serves() -> None:
    for path in scripts():
        found = TOO_NEW.search(NOT_CODE.sub("''", path.read_text()))
        assert not found, f"{path.relative_to(ROOT)} says {found and found.group()}"

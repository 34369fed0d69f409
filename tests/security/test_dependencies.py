"""`docs/dependencies.md` lists what an install brings to a server: nothing comes in unseen, and all may be used."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from importlib.metadata import metadata, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.releases import EARLIER, FAR_OLDER, needs_of

ROOT = Path(__file__).resolve().parents[2]
CHOSEN, BROUGHT = (
    dict(re.findall(r"^\| ((?!library)[a-z0-9-]+) \| ([^|]+) \| [^|]+ \|$", part, re.MULTILINE))
    for part in (ROOT / "docs" / "dependencies.md").read_text("utf-8").split("## What these bring along")
)
#: Whoever runs a server may use them and pass them on unaltered without asking anybody.
FREE = {"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "LGPL-3.0-only", "MIT", "MIT-0", "MIT-CMU", "MPL-2.0"}
FREE |= {"OFL-1.1", "PSF-2.0"}


def wanted() -> list[Requirement]:
    """What a server on PostgreSQL and an object store is installed with."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return [Requirement(each) for each in (*project["dependencies"], *project["optional-dependencies"]["scaled"])]


def brought(chosen: Iterable[Requirement]) -> set[str]:
    """The names of these and of all that they need on this machine."""
    found: set[tuple[str, frozenset[str]]] = set()
    rest = list(chosen)
    while rest:
        one = rest.pop()
        extras = frozenset(one.extras)
        if (key := (canonicalize_name(one.name), extras)) in found:
            continue
        found.add(key)
        for each in map(Requirement, requires(one.name) or ()):
            if each.marker is None or any(each.marker.evaluate({"extra": extra}) for extra in extras | {""}):
                rest.append(each)
    return {name for name, _ in found}


def test_what_an_install_brings_is_listed() -> None:
    """Of what is brought along another release of Python may need less: that stands in the list all the same."""
    own = {canonicalize_name(each.name) for each in wanted()}
    assert own == CHOSEN.keys()
    assert brought(wanted()) - own <= BROUGHT.keys()


def test_every_library_has_a_licence_that_lets_a_county_use_it_and_pass_it_on() -> None:
    for name, licence in {**CHOSEN, **BROUGHT}.items():
        parts = set(re.split(r" AND | OR ", licence.replace("(", "").replace(")", "")))
        assert parts <= FREE, name


def test_no_library_says_itself_that_it_may_only_be_passed_on_with_all_that_uses_it() -> None:
    listed = {**CHOSEN, **BROUGHT}
    for name in brought(wanted()):
        licence, about = listed[name], metadata(name)
        told = [about.get("License-Expression") or "", *(about.get_all("Classifier") or ())]
        strict = [each for each in told if re.search(r"(?<!L)\b(A?GPL|GNU (Affero )?General Public)", each)]
        assert not strict or "LGPL" in licence, (name, strict)


@pytest.mark.parametrize("migration", [EARLIER, FAR_OLDER])
def test_the_tests_still_bring_what_the_releases_need_that_upgrades_are_proven_from(migration: str) -> None:
    """Without a library that this release has let go of, an earlier server would not even start."""
    extra = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]["test"]
    at_hand = {canonicalize_name(each.name) for each in (*wanted(), *map(Requirement, extra))}
    assert {canonicalize_name(Requirement(each).name) for each in needs_of(migration)} <= at_hand

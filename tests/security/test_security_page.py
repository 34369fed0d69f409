"""`docs/security.md` promises nothing without a test; this keeps the promise."""

import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.sync.test_invariants_page import names_in

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
PROMISES = re.split(r"^(?=\d+\. \*\*)", PAGE, flags=re.MULTILINE)[1:]
IN_PYTHON = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)
IN_JAVASCRIPT = re.findall(r'`(tests/[\w/.]+\.js)`: "([^"]+)"', PAGE)


def test_every_promise_is_numbered_and_names_a_test() -> None:
    assert [int(promise.split(".")[0]) for promise in PROMISES] == list(range(1, len(PROMISES) + 1))
    assert [promise.splitlines()[0] for promise in PROMISES if "`tests/" not in promise] == []


def test_every_test_a_promise_names_exists() -> None:
    assert [named for named in IN_PYTHON if named[1] not in names_in(named[0])] == []
    assert [
        (file, title) for file, title in IN_JAVASCRIPT if f'test("{title}"' not in (ROOT / file).read_text("utf-8")
    ] == []
    assert len(IN_PYTHON) + len(IN_JAVASCRIPT) == PAGE.count("`tests/") - PAGE.count(
        "`tests/security/test_security_page.py` "
    )


_PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
_LIBRARIES = [*_PROJECT["dependencies"], *_PROJECT["optional-dependencies"]["test"]]


@pytest.mark.parametrize("library", _LIBRARIES)
def test_every_library_has_a_floor_and_this_install_stands_above_it(library: str) -> None:
    wanted = Requirement(library)
    assert {each.operator for each in wanted.specifier} & {">=", "=="}, library
    assert version(wanted.name) in wanted.specifier, library

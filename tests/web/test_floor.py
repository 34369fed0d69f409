"""The app keeps to what the oldest phones of its floor understand: Chrome 90 and Safari 15.4."""

import re
from pathlib import Path

STATIC = Path(__file__).parents[2] / "fieldsvc" / "static"
#: Newer than the floor, and easy to type without noticing.
TOO_NEW = re.compile(
    r"\.at\(|\.findLast|Object\.hasOwn|structuredClone|\(\?<[=!]|\.toSorted|\.toReversed|\.with\(|withResolvers"
    r"|groupBy|randomUUID|requestIdleCallback|Array\.fromAsync|^import .* with \{|static \{"
)
TOO_NEW_STYLE = re.compile(r":has\(|[\d.](?:d|s|l)vh\b|@container|color-mix|subgrid|@layer|&:")


def test_no_module_uses_what_an_old_phone_lacks() -> None:
    for path in STATIC.rglob("*.js"):
        if "vendor" not in path.parts:
            found = [line for line in path.read_text(encoding="utf-8").splitlines() if TOO_NEW.search(line)]
            assert found == [], path.name


def test_no_style_uses_what_an_old_phone_lacks() -> None:
    for path in STATIC.rglob("*.css"):
        found = [line for line in path.read_text(encoding="utf-8").splitlines() if TOO_NEW_STYLE.search(line)]
        assert found == [], path.name

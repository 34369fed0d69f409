"""The cases both engines must agree on: reads `tests/vectors`, and rewrites what is derived in them.

The phone has no parser, so each expression stands beside its tree, and each form beside its compiled definition.
`python -m tests.forms.vectors` writes trees and definitions anew; a test holds them to their sources.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from fieldsvc.forms import form_sources
from fieldsvc.xlsform import compile_form
from fieldsvc.xlsform.parse import parse
from fieldsvc.xlsform.problems import ExpressionError

HERE = Path(__file__).parent
VECTORS = HERE.parent / "vectors"
DEFINITIONS = VECTORS / "forms" / "definitions"


def read(path: Path) -> Any:
    """The JSON in `path`."""
    return json.loads(path.read_text(encoding="utf-8"))


def expression_files() -> list[Path]:
    """The files with expressions, their trees and their values."""
    return sorted(VECTORS.glob("expressions-*.json"))


def form_files() -> list[Path]:
    """The files with forms being filled."""
    return sorted((VECTORS / "forms").glob("*.json"))


def sources() -> dict[str, Path]:
    """The forms whose definitions stand among the vectors, by name."""
    return {**{path.stem: path for path in sorted((HERE / "data").glob("*.md"))}, **form_sources()}


def tree_of(expression: str) -> Any:
    """The tree of `expression`, or the code of why there is none."""
    try:
        return parse(expression)
    except ExpressionError as error:
        return error.code


def seen(text: str) -> str:
    """JSON in which what breaks a line without being seen is an escape, so that who reads a case sees what it tries."""
    return re.sub("[\x85\u2028\u2029]", lambda sign: f"\\u{ord(sign[0]):04x}", text)


def _rewrite() -> None:
    for path in expression_files():
        content = read(path)
        lines = [
            seen(json.dumps({**case, "tree": tree_of(case["expression"])}, ensure_ascii=False))
            for case in content["cases"]
        ]
        head = {key: value for key, value in content.items() if key != "cases"}
        text = seen(json.dumps(head, ensure_ascii=False))[:-1].rstrip()
        joined = ",\n  ".join(lines)
        comma = ", " if head else ""
        path.write_text(f'{text}{comma}"cases": [\n  {joined}\n]}}\n', encoding="utf-8")
    DEFINITIONS.mkdir(parents=True, exist_ok=True)
    for name, source in sources().items():
        definition = compile_form(source.read_bytes(), source.name).definition
        (DEFINITIONS / f"{name}.json").write_text(
            json.dumps(definition, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    _rewrite()

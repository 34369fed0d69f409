"""The shipped definitions, read once: reading the TOML of all datasets and compiling all forms takes seconds.

`tests/forms/test_vectors.py` proves that the stored forms are what their sources compile to.
"""

from __future__ import annotations

import copy
from functools import cache
from typing import Any

import orjson

from fieldsvc.forms import datasets, form_sources
from fieldsvc.xlsform.datasets import DatasetDefinition
from tests.support.tools import ROOT

_DEFINITIONS = ROOT / "tests" / "vectors" / "forms" / "definitions"
_datasets = cache(datasets)


def dataset(name: str) -> DatasetDefinition:
    """A shipped dataset, for the caller alone to change."""
    return copy.deepcopy(_datasets()[name])


@cache
def compiled() -> dict[str, dict[str, Any]]:
    """The shipped forms as they are compiled, by name; everybody reads the same ones."""
    return {name: orjson.loads((_DEFINITIONS / f"{name}.json").read_bytes()) for name in form_sources()}

"""Reading the keys of a table, with messages that say where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from fieldsvc.processes.model import Text

_NOTHING = object()


class ProcessProblem(ValueError):
    """A process that cannot be used; the sentence names the process, and the stage or clock in it."""


class Keys:
    """One table of the file. A key nobody knows is a slip of the pen and is refused."""

    def __init__(self, where: str, content: Any, known: str, limits: Mapping[str, Decimal] | None = None) -> None:
        if not isinstance(content, Mapping):
            raise ProcessProblem(f"{where}: must be a table")
        unknown = sorted(set(content) - set(known.split()))
        if unknown:
            raise ProcessProblem(f"{where}: there is no key {', '.join(unknown)}")
        self._where, self._content, self._limits = where, content, limits or {}

    def text(self, key: str, default: object = _NOTHING) -> str:
        """A text; required unless there is a default."""
        return str(self._get(key, str, default))

    def number(self, key: str, default: object = _NOTHING) -> int:
        """A whole number from 0 on, or the limit of that name."""
        return self._number(key, self._content.get(key, default))

    def _number(self, key: str, value: object) -> int:
        if isinstance(value, str):
            if value not in self._limits:
                raise ProcessProblem(f"{self._where}: {key} names the limit {value}, which there is not")
            value = int(self._limits[value])
        value = self._is(key, int, value)
        assert isinstance(value, int)
        if isinstance(value, bool) or value < 0:
            raise ProcessProblem(f"{self._where}: {key} must be a whole number from 0 on")
        return value

    def numbers(self, key: str, default: tuple[int, ...]) -> tuple[int, ...]:
        """Whole numbers from 0 on, each of them or the limit of that name; the default when it is not there."""
        value = self._get(key, list, list(default))
        assert isinstance(value, list)
        return tuple(self._number(f"{key}, place {place}", one) for place, one in enumerate(value, start=1))

    def flag(self, key: str) -> bool:
        """True or false; false when it is not there."""
        return bool(self._get(key, bool, False))

    def texts(self, key: str) -> list[str]:
        """Texts; none when it is not there."""
        value = self._get(key, list, [])
        assert isinstance(value, list)
        if not all(isinstance(one, str) for one in value):
            raise ProcessProblem(f"{self._where}: {key} must be a list of texts")
        return list(value)

    def table(self, key: str) -> Mapping[str, Any]:
        """One table; empty when it is not there."""
        value = self._get(key, dict, {})
        assert isinstance(value, Mapping)
        return value

    def tables(self, key: str) -> list[Mapping[str, Any]]:
        """Tables; none when it is not there."""
        value = self._get(key, list, [])
        assert isinstance(value, list)
        if not all(isinstance(one, Mapping) for one in value):
            raise ProcessProblem(f"{self._where}: {key} must be tables, each under [[…]]")
        return list(value)

    def _get(self, key: str, kind: type, default: object) -> object:
        return self._is(key, kind, self._content.get(key, default))

    def _is(self, key: str, kind: type, value: object) -> object:
        if value is _NOTHING:
            raise ProcessProblem(f"{self._where}: {key} is missing")
        if not isinstance(value, kind):
            raise ProcessProblem(f"{self._where}: {key} must be a {kind.__name__}")
        return value


def words(where: str, content: Mapping[str, Any], otherwise: Any) -> Text:
    """The label in both languages: the table's own, or the one of the choice it names."""
    given = {tag: content[tag] for tag in ("zh", "en") if content.get(tag)}
    label = given or otherwise
    if not isinstance(label, Mapping) or not (label.get("zh") and label.get("en")):
        raise ProcessProblem(f"{where}: labels in zh and en are needed")
    return {"zh": str(label["zh"]), "en": str(label["en"])}

"""Whoever searches the log by kind finds every act: none is written under a name that no kind holds."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path

import fieldsvc
from fieldsvc.services.audit_search import KINDS

_PACKAGE = Path(fieldsvc.__file__).parent
#: `audit.Entry(at, actor, action, …)`.
_ENTRY, _PLACE = "Entry", 2


@cache
def trees() -> list[ast.Module]:
    """Every module of the server that can write into the log."""
    return [ast.parse(file.read_text(encoding="utf-8")) for file in (_PACKAGE / "services").rglob("*.py")]


def shapes(action: ast.expr) -> Iterator[str]:
    """What an expression may say, with `*` for what is put in."""
    if isinstance(action, ast.Constant) and isinstance(action.value, str):
        yield action.value
    elif isinstance(action, ast.JoinedStr):
        yield "".join(str(one.value) if isinstance(one, ast.Constant) else "*" for one in action.values)
    elif isinstance(action, ast.IfExp):
        yield from chain(shapes(action.body), shapes(action.orelse))


def written(tree: ast.Module) -> Iterator[str]:
    """The acts a module writes: in an entry itself, or through its own function that is given the act by name."""
    places = {_ENTRY: _PLACE}
    for function in (one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)):
        names = [one.arg for one in function.args.args if one.arg != "self"]
        for call in (one for one in ast.walk(function) if isinstance(one, ast.Call)):
            action = call.args[_PLACE] if _name(call) == _ENTRY and len(call.args) > _PLACE else None
            if isinstance(action, ast.Name) and action.id in names:
                places[function.name] = names.index(action.id)
    for call in (one for one in ast.walk(tree) if isinstance(one, ast.Call)):
        place = places.get(_name(call))
        if place is not None and len(call.args) > place:
            yield from shapes(call.args[place])


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def test_every_act_the_server_writes_is_of_one_kind_of_the_search() -> None:
    acts = set(chain.from_iterable(map(written, trees())))
    assert len(acts) > 40, "the reader of the code reads it"
    listed = list(chain.from_iterable(KINDS.values()))
    assert len(listed) == len(set(listed)), "no act is of two kinds"
    known = [act.partition("*") for act in acts]
    unheard = {head + star for head, star, _ in known if not any(_fits(head, star, one) for one in listed)}
    assert not unheard


def _fits(head: str, star: str, act: str) -> bool:
    return act.startswith(head) if star else act == head


def test_every_act_of_the_search_has_its_words_and_every_word_its_kind() -> None:
    for language in ("zh", "en"):
        words = json.loads((_PACKAGE / "office" / "words" / f"{language}.json").read_text(encoding="utf-8"))
        acts = {name.removeprefix("log.act.") for name in words if name.startswith("log.act.")}
        assert acts == set(chain.from_iterable(KINDS.values()))
        assert {name.removeprefix("log.kind.") for name in words if name.startswith("log.kind.")} == set(KINDS)

"""Which part may know which: the walls of the design, checked by reading imports."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

HTTP = {"flask", "werkzeug", "marshmallow"}
FACES = {"fieldsvc.api", "fieldsvc.office", "fieldsvc.web", "fieldsvc.cli"}
DATABASE = {"sqlalchemy", "fieldsvc.store"}
FORBIDDEN = {
    "fieldsvc/store": HTTP | FACES | {"PIL", "fieldsvc.services"},
    "fieldsvc/services": HTTP | FACES | {"PIL"},
    "fieldsvc/api": {"sqlalchemy", "PIL", "fieldsvc.office", "fieldsvc.store.engine"},
    "fieldsvc/office": {"sqlalchemy", "PIL", "fieldsvc.api", "fieldsvc.store.engine"},
    "fieldsvc/media": HTTP | FACES | DATABASE | {"fieldsvc.services"},
    "fieldsvc/papers": HTTP | FACES | DATABASE | {"PIL", "fieldsvc.services"},
    "fieldsvc/blobs": HTTP | FACES | DATABASE | {"fieldsvc.services"},
    "fieldsvc/xlsform": HTTP | FACES | DATABASE | {"fieldsvc.services"},
    "fieldsvc/geo": HTTP | FACES | DATABASE | {"PIL", "fieldsvc.services", "fieldsvc.forms", "fieldsvc.xlsform"},
    "fieldsvc/processes": HTTP | FACES | DATABASE | {"PIL", "fieldsvc.services", "fieldsvc.forms", "fieldsvc.xlsform"},
    "fieldsvc/ledgers": HTTP | FACES | DATABASE | {"PIL", "fieldsvc.services", "fieldsvc.forms", "fieldsvc.xlsform"},
    "fieldsvc/web": DATABASE | {"PIL", "fieldsvc.services"},
}
# These are pure: with these modules nothing can tell the time, roll dice, read a file or open a socket.
PACKAGES = ("sync", "fieldsvc/geo", "fieldsvc/processes", "fieldsvc/ledgers")
PURE = {
    "__future__", "abc", "bisect", "collections", "csv", "dataclasses", "datetime", "decimal", "enum", "functools",
    "hashlib", "heapq", "itertools", "math", "operator", "re", "sync", "types", "typing", "uuid",
}  # fmt: skip
IMPURE_CALLS = {"now", "utcnow", "today", "uuid1", "uuid4", "open", "print", "input", "eval", "exec"}
ONLY_IN = {
    "PIL": ("fieldsvc/media/", "fieldsvc/demo/"),
    "pillow_heif": ("fieldsvc/media/",),
    "zxingcpp": ("fieldsvc/media/",),
    "pyxform": ("fieldsvc/xlsform/",),
    "fpdf": ("fieldsvc/papers/",),
    "docx": ("fieldsvc/papers/",),
    "gunicorn": ("fieldsvc/serve/",),
    "obstore": ("fieldsvc/blobs/",),
    # The server fetches no address that anybody gives it; what needs one gets a decision record first.
    **dict.fromkeys(("urllib.request", "http.client", "requests", "httpx", "smtplib", "ftplib"), ()),
    "fieldsvc.demo": ("fieldsvc/demo/", "fieldsvc/cli/"),
}


def modules(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    """Every module and name the file imports, dotted, wherever in it the import stands."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{name.name}" for name in node.names)


def is_of(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


@pytest.mark.parametrize("package", FORBIDDEN)
def test_dependencies_point_inward(package: str) -> None:
    for path in modules(package):
        for name in imports(path):
            bad = {wall for wall in FORBIDDEN[package] if is_of(name, wall)}
            assert not bad, f"{path.relative_to(ROOT)} imports {name}"


@pytest.mark.parametrize("part", ONLY_IN)
def test_some_parts_are_known_in_one_place_only(part: str) -> None:
    for path in modules("fieldsvc"):
        where = path.relative_to(ROOT).as_posix()
        if not where.startswith(ONLY_IN[part]):
            assert not any(is_of(name, part) for name in imports(path)), f"{where} imports {part}"


@pytest.mark.parametrize("package", PACKAGES)
def test_a_pure_package_imports_nothing_that_can_tell_time_roll_dice_or_do_io(package: str) -> None:
    for path in modules(package):
        for name in imports(path):
            own = any(is_of(name, one.replace("/", ".")) for one in PACKAGES)
            assert own or name.split(".")[0] in PURE, f"{path.relative_to(ROOT)} imports {name}"


@pytest.mark.parametrize("package", PACKAGES)
def test_a_pure_package_asks_neither_the_clock_nor_chance_of_what_it_may_import(package: str) -> None:
    for path in modules(package):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Call):
                called = node.func
                name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
                assert name not in IMPURE_CALLS, f"{path.relative_to(ROOT)}:{node.lineno} calls {name}"


def test_no_source_file_is_longer_than_a_person_reads_in_one_go() -> None:
    limits = {"sync": 300, "fieldsvc": 300, "tests": 400, "bench": 300}
    for folder, limit in limits.items():
        for path in [*modules(folder), *(ROOT / folder).rglob("*.js")]:
            if {"vendor", "versions"} & set(path.parts):
                continue
            lines = len(path.read_text().splitlines())
            assert lines <= limit, f"{path.relative_to(ROOT)} has {lines} lines"


def at_start(path: Path) -> Iterator[str]:
    """The modules that are imported when this one is: what stands in a function or is there for types comes later."""
    waiting: list[ast.AST] = [ast.parse(path.read_bytes())]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            waiting.extend(node.orelse)
        elif not isinstance(node, ast.FunctionDef | ast.expr):
            waiting.extend(ast.iter_child_nodes(node))


def test_no_module_needs_itself() -> None:
    """Of a ring, what is imported first decides: a server starts, and a command that begins elsewhere does not."""
    paths = [path for folder in ("fieldsvc", "sync") for path in modules(folder)]
    names = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in paths}

    def loaded(name: str) -> Iterator[str]:
        """The module of that name and the packages it lies in."""
        parts = name.split(".")
        yield from (known for end in range(1, len(parts) + 1) if (known := ".".join(parts[:end])) in names)

    needs = {
        name: {other for said in at_start(path) for other in loaded(said) if not is_of(name, other)}
        for name, path in names.items()
    }
    while free := {name for name, others in needs.items() if not others & needs.keys()}:
        needs = {name: others for name, others in needs.items() if name not in free}
    assert sorted(needs) == []

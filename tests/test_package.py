"""What `pip install` gives is complete: built as a wheel, installed elsewhere, without Node, it serves the app."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# Runs inside the installed package: open the first page, the worker, the whole pack, every file it names.
FOLLOW = """
import json, re, sys
from pathlib import Path
import fieldsvc
from fieldsvc.app import create_app
from fieldsvc.config import Settings
from fieldsvc.store.migrate import upgrade
settings = Settings(mode="test", data_folder=Path(sys.argv[1]))
upgrade(settings.database_url)
client = create_app(settings).test_client()
page, worker = client.get("/"), client.get("/sw.js")
release = re.search(r"data-release=.?([0-9a-f]+)", page.text).group(1)
pack = client.get(f"/app/{release}.pack")
manifest = client.get("/manifest.webmanifest")
print(json.dumps({
    "from": fieldsvc.__file__,
    "statuses": [page.status_code, worker.status_code, pack.status_code, manifest.status_code],
    "icons": [client.get(icon["src"]).status_code for icon in manifest.json["icons"]],
    "office": client.get("/office/sign-in").status_code,
    "health": client.get("/healthz").status_code,
    "modules": pack.text.count("export "),
}))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the sources as they are."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    [file] = folder.glob("*.whl")
    return file


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a fresh environment with the wheel; what it depends on is lent from this one."""
    folder = tmp_path_factory.mktemp("installed") / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = folder / "bin" / "python"
    install = [str(python), "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(install, check=True, env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"})
    [packages] = folder.glob("lib/python*/site-packages")
    # Lent after its own packages, so that ours is the wheel's and not the one installed for development.
    (packages / "lent.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    return python


def run(installed: Path, folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run the installed Python far from the sources, with nothing but itself on the PATH."""
    environment = {"PATH": str(installed.parent), "HOME": str(folder), "LANG": "C.UTF-8"}
    return subprocess.run(
        [str(installed), *words], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_the_wheel_holds_what_runs_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"fieldsvc", "sync"}
    for wanted in ("fieldsvc/static/main.js", "fieldsvc/forms/visit.md", "fieldsvc/demo/trust.html"):
        assert wanted in names
    assert any(name.startswith("fieldsvc/store/migrations/versions/0001") for name in names)
    assert not [name for name in names if "node_modules" in name or name.endswith((".pyc", ".test.js"))]


def test_the_installed_package_serves_the_whole_app_without_node(installed: Path, tmp_path: Path) -> None:
    assert shutil.which("node", path=str(installed.parent)) is None
    answered = run(installed, tmp_path, "-c", FOLLOW, str(tmp_path / "data"))
    assert answered.returncode == 0, answered.stderr
    found = json.loads(answered.stdout.splitlines()[-1])
    assert str(ROOT) not in found["from"]
    assert found["statuses"] == [200] * 4
    assert set(found["icons"]) == {200}
    assert (found["office"], found["health"]) == (200, 200)
    assert found["modules"] > 100


def test_the_installed_command_says_what_it_can_do(installed: Path, tmp_path: Path) -> None:
    said = run(installed, tmp_path, "-m", "fieldsvc", "--help")
    assert said.returncode == 0, said.stderr
    assert "doctor" in said.stdout

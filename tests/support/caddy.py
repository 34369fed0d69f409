"""Caddy before a server of ours with the configuration that a county copies: other addresses, nothing else."""

import os
import shutil
import subprocess
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.ports import accepts, free_port
from tests.support.tools import ROOT

#: No certificate is to be had here, and nobody needs its door for orders.
ALONE = "{\n\tadmin off\n\tauto_https off\n}\n"


@contextmanager
def running_caddy(folder: Path, *, web: int, uploads: int) -> Iterator[int]:
    """Start Caddy as `deploy/Caddyfile` has it before these two doors of a server, yield its own port, stop it."""
    program = shutil.which("caddy", path=sysconfig.get_path("scripts"))
    assert program is not None, "make test installs what is missing"
    folder.mkdir(parents=True)
    port, shipped = free_port(), (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")
    for ours, here in (
        ("visits.example.gov {", f"http://127.0.0.1:{port} {{"),
        ("127.0.0.1:8000 {", f"127.0.0.1:{web} {{"),
        ("127.0.0.1:8001 {", f"127.0.0.1:{uploads} {{"),
        ("/var/log/caddy/", f"{folder}/"),
    ):
        assert shipped.count(ours) == 1, ours
        shipped = shipped.replace(ours, here)
    file, log = folder / "Caddyfile", folder / "caddy.log"
    file.write_text(ALONE + shipped, encoding="utf-8")
    with log.open("wb") as said:
        process = subprocess.Popen(
            [program, "run", "--config", str(file), "--adapter", "caddyfile"],
            env={**os.environ, "HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "XDG_DATA_HOME": str(folder)},
            stderr=said,
        )
    try:
        assert accepts(port, within_seconds=20), log.read_text()
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)

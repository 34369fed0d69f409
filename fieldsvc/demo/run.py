"""`make demo`: data on the first start, then a server and everything a person needs to get in.

The data are made in a folder beside and moved into place when they are whole, so that a start that was
interrupted is simply started again.
"""

import json
import os
import secrets
import shutil
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fieldsvc import logs
from fieldsvc.config import PREFIX, SettingProblem, Settings
from fieldsvc.demo import trust
from fieldsvc.demo.accounts import ACCOUNTS
from fieldsvc.demo.authority import Authority, is_private
from fieldsvc.serve import programs

SIGN_INS = "sign-ins.json"
# Without letters and figures that look alike on a phone in the sun.
LEGIBLE = "abcdefghjkmnpqrstuvwxyz23456789"
READY_SECONDS = 60


class CannotRun(Exception):
    """Why the demo cannot run here, as a sentence."""


@dataclass(frozen=True, slots=True)
class Entrance:
    """How to get in: the address, the link that signs the cadre's phone in, and three sign-ins."""

    url: str
    link: str
    sign_ins: dict[str, str]


def run(folder: Path, *, port: int, phone: bool, address: str | None, https_port: int, say: Callable[[str], None],
        show: Callable[[Entrance], None]) -> int:  # fmt: skip
    """Make the data if there are none, serve until told to stop, and return an exit status."""
    data = folder / "demo"
    if not data.exists():
        say("第一次运行：正在准备演示县的数据，约半分钟…  First run: making the demo district, half a minute…")
        _make(folder)
    sign_ins: dict[str, str] = json.loads((data / SIGN_INS).read_text())
    settings = settings_of(data, f"127.0.0.1:{port}", f"http://127.0.0.1:{port}", os.environ)
    stop_page: Callable[[], None] = lambda: None  # noqa: E731
    front = settings.public_url
    if phone:
        settings, authority = _for_phones(folder, settings, address or _own_address(), https_port)
        front = f"http://{_host(settings)}:{port}"
        stop_page = trust.serve(("0.0.0.0", port), authority.as_der(), settings.public_url)  # noqa: S104 - phones come from outside
    os.environ.update(_environment(settings))

    def welcome() -> None:
        code = _code(settings)
        show(Entrance(settings.public_url, f"{front}/#/signin/{code}", sign_ins))

    def ready() -> None:
        threading.Thread(target=welcome, daemon=True).start()

    try:
        return programs.serve(settings, ready=ready)
    finally:
        stop_page()


def settings_of(data: Path, bind: str, url: str, environment: Mapping[str, str]) -> Settings:
    """What the environment says, but for what makes it this demo: whose data these are, and where it listens.

    Somebody who tries the demo in a shell that knows a county's real database must not change a line there, nor may
    the demo's own backup take the place of the county's, or the demo listen where the county takes photos.
    Raises `CannotRun` for a setting that cannot be read.
    """
    key = data / "secret-key"
    own = {
        "mode": "development",
        "data_folder": str(data),
        "database_url": "",
        "standby_url": "",
        "blobs_url": "",
        "backup_folder": "",
        "secret_key": key.read_text() if key.exists() else secrets.token_hex(32),
        "bind": bind,
        "uploads_bind": "",
        "tls_certificate": "",
        "tls_key": "",
        "public_url": url,
    }
    quiet = {f"{PREFIX}LOG_LEVEL": "warning"}
    try:
        return Settings.from_environment(
            {**quiet, **environment, **{PREFIX + name.upper(): value for name, value in own.items()}}
        )
    except SettingProblem as reason:
        raise CannotRun(str(reason)) from None


def _make(folder: Path) -> None:
    """Make the data in a folder beside, and give it its name when nothing is missing."""
    # Only the first start pays for loading what reads forms and draws pictures.
    from fieldsvc.demo.load import load
    from fieldsvc.services.context import open_context
    from fieldsvc.store.migrate import upgrade

    unfinished = folder / "demo.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    logs.configure("warning")
    settings = settings_of(unfinished, "", "", os.environ)
    passwords = {login: "".join(secrets.choice(LEGIBLE) for _ in range(8)) for login in ACCOUNTS}
    upgrade(settings.database_url)
    ctx = open_context(settings)
    load(ctx, datetime.now(ZoneInfo(settings.time_zone)), passwords)
    ctx.db.dispose()
    _write_secret(unfinished / "secret-key", settings.secret_key)
    _write_secret(unfinished / SIGN_INS, json.dumps(passwords))
    unfinished.rename(folder / "demo")


def _write_secret(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text)


def _for_phones(folder: Path, settings: Settings, address: str, https_port: int) -> tuple[Settings, Authority]:
    """The settings with HTTPS on the network's address, signed by this machine's own authority."""
    if not is_private(address):
        raise CannotRun(
            f"{address} 不是局域网地址。请用 ADDRESS=192.168.… 指定。"
            f"{address} is not an address of a private network: name one with ADDRESS=192.168.…"
        )
    authority = Authority(folder / "authority")
    names = [address, "127.0.0.1", "localhost", f"{socket.gethostname().split('.')[0]}.local"]
    certificate, key = authority.certificate_for(names, datetime.now(UTC))
    https = replace(
        settings,
        bind=f"0.0.0.0:{https_port}",
        public_url=f"https://{address}:{https_port}",
        tls_certificate=str(certificate),
        tls_key=str(key),
    )
    return https, authority


def _own_address() -> str:
    """This machine's address on the network it would use; no packet is sent for asking."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            raise CannotRun("这台电脑没有连上网络。This machine is on no network.") from None
        return str(probe.getsockname()[0])


def _host(settings: Settings) -> str:
    return settings.public_url.split("//")[1].split(":")[0]


def _environment(settings: Settings) -> dict[str, str]:
    """The settings as the server's processes read them."""
    names: tuple[str, ...] = tuple(Settings.__dataclass_fields__)
    values: dict[str, Any] = {name: getattr(settings, name) for name in names}
    return {PREFIX + name.upper(): str(value) for name, value in values.items()}


def _code(settings: Settings) -> str:
    """A fresh enrolment code for the demo's cadre: yesterday's has run out."""
    # Loaded while the server's own processes load the same: a start takes seconds, and this would be one more.
    from fieldsvc.services import enrol, people, setup
    from fieldsvc.services.context import open_context

    _wait_until_open(settings)  # then the database is of this release
    ctx = open_context(settings)
    try:
        by = setup.console(ctx)
        return enrol.new_code(ctx, by, people.of_login(ctx, by, "cadre").id)
    finally:
        ctx.db.dispose()


def _wait_until_open(settings: Settings) -> None:
    """Wait until the server takes connections; it says itself why, when it does not."""
    port = int(settings.bind.rsplit(":", 1)[1])
    for _ in range(READY_SECONDS * 20):
        with socket.socket() as probe:
            probe.settimeout(0.5)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        threading.Event().wait(0.05)

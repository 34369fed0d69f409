"""The files a county copies onto its server fit the program and its documentation."""

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from fieldsvc.cli import COMMANDS
from fieldsvc.config import PREFIX, Settings

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
UNITS = sorted([*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")])
CADDY = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
OPERATING = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
PROGRAM = "/opt/fieldsvc/bin/fieldsvc"
ENVIRONMENT = dict(
    line.split("=", 1)
    for line in (DEPLOY / "fieldsvc.env").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
)


def unit(name: str) -> configparser.ConfigParser:
    """A unit by its file's name; what stands twice in it is an error."""
    parsed = configparser.ConfigParser(interpolation=None)
    parsed.optionxform = str  # type: ignore[assignment, method-assign]  # systemd's keys have capitals
    parsed.read(DEPLOY / name, encoding="utf-8")
    return parsed


def test_the_environment_file_is_read_as_settings_once_the_secret_is_filled_in() -> None:
    settings = Settings.from_environment({**ENVIRONMENT, f"{PREFIX}SECRET_KEY": "0123456789abcdef" * 4})
    assert {PREFIX + name.upper() for name in Settings.__dataclass_fields__} >= set(ENVIRONMENT)
    assert ENVIRONMENT[f"{PREFIX}SECRET_KEY"] == "", "a secret in a file everybody has is none"
    assert (settings.mode, settings.public_url.split(":")[0]) == ("production", "https")


@pytest.mark.parametrize("file", UNITS, ids=lambda path: path.name)
def test_systemd_has_nothing_to_say_against_a_unit(file: Path, tmp_path: Path) -> None:
    """It is asked where it is at hand; without it, the unit is at least one that can be parsed."""
    sections = {"Unit", "Install", file.suffix.removeprefix(".").capitalize()}
    assert set(unit(file.name).sections()) <= sections
    if analyze := shutil.which("systemd-analyze"):
        # The program is not installed here, and a timer is looked at together with what it starts.
        for each in UNITS:
            (tmp_path / each.name).write_text(each.read_text(encoding="utf-8").replace(PROGRAM, shutil.which("true")))
        asked = subprocess.run([analyze, "verify", tmp_path / file.name], capture_output=True, text=True, check=False)
        assert (asked.returncode, asked.stdout + asked.stderr) == (0, "")


@pytest.mark.parametrize("name", ["fieldsvc.service", "fieldsvc-backup.service"])
def test_a_service_runs_a_command_that_exists_with_the_settings_and_as_the_user_the_documentation_makes(
    name: str,
) -> None:
    service = unit(name)["Service"]
    program, command = service["ExecStart"].split()
    assert (program, service["EnvironmentFile"]) == (PROGRAM, "/etc/fieldsvc.env")
    assert command in COMMANDS
    assert "install -m 600 deploy/fieldsvc.env /etc/fieldsvc.env" in OPERATING
    assert re.search(rf"useradd .* {service['User']}\n", OPERATING)


def test_the_service_may_write_its_data_and_finishes_what_it_is_doing_before_systemd_ends_it() -> None:
    service = unit("fieldsvc.service")["Service"]
    assert service["ProtectSystem"] == "strict"
    writable = [Path(path.removeprefix("-")) for path in service["ReadWritePaths"].split()]
    assert Path(ENVIRONMENT[f"{PREFIX}DATA_FOLDER"]) in writable
    assert set(writable) & set(Path(ENVIRONMENT[f"{PREFIX}BACKUP_FOLDER"]).parents), "the worker makes a backup too"
    assert int(service["TimeoutStopSec"]) > Settings(secret_key="x" * 32).graceful_seconds
    assert service["Restart"] == "always", "a part that dies ends the server on purpose"


def test_the_backup_is_made_every_night_and_made_up_for_when_the_machine_was_off() -> None:
    timer = unit("fieldsvc-backup.timer")["Timer"]
    assert re.fullmatch(r"\*-\*-\* \d\d:\d\d:\d\d", timer["OnCalendar"])
    assert timer["Persistent"] == "true"
    assert (DEPLOY / "fieldsvc-backup.service").exists()
    assert "fieldsvc-backup.timer" in OPERATING


def test_the_front_sends_uploads_and_everything_else_to_the_addresses_the_server_listens_on() -> None:
    assert CADDY.count("{") == CADDY.count("}")
    uploads, rest = re.findall(r"reverse_proxy (?:@uploads )?([\d.:]+) \{", CADDY)
    assert (uploads, rest) == (ENVIRONMENT[f"{PREFIX}UPLOADS_BIND"], ENVIRONMENT[f"{PREFIX}BIND"])
    assert "@uploads path /api/v1/uploads /api/v1/uploads/*" in CADDY
    [site] = re.findall(r"^(\S+) \{", CADDY, re.M)
    assert ENVIRONMENT[f"{PREFIX}PUBLIC_URL"] == f"https://{site}"


def test_the_front_lets_the_largest_body_through_that_the_server_takes() -> None:
    [megabytes] = re.findall(r"max_size (\d+)MB", CADDY)
    settings = Settings(secret_key="x" * 32)
    assert int(megabytes) * 1_000_000 >= max(settings.photo_bytes, settings.sync_body_bytes)


def test_the_front_keeps_what_phones_push_until_it_is_whole_and_passes_photos_on_as_they_come() -> None:
    uploads, rest = CADDY.split("reverse_proxy ")[1:]
    [megabytes] = re.findall(r"request_buffers (\d+)MB", rest)
    assert int(megabytes) * 1_000_000 > Settings(secret_key="x" * 32).sync_body_bytes
    assert "buffer" not in uploads


def test_the_front_writes_down_neither_tokens_nor_whole_addresses() -> None:
    for field in ("Authorization delete", "Cookie delete", "request>remote_ip ip_mask"):
        assert field in CADDY

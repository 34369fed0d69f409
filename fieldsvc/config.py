"""Every setting of a server: its name, its environment variable, its default and what it is for.

One frozen value, read once. A setting `x` comes from the environment variable `FIELDSVC_X`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PREFIX = "FIELDSVC_"


class SettingProblem(ValueError):
    """A setting is missing or cannot be read; the sentence names the environment variable."""


def setting(default: Any, explanation: str) -> Any:
    """A field of `Settings` with the sentence that documents it."""
    return dataclasses.field(default=default, metadata={"help": explanation})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What one server needs to know. Sizes are bytes; times say their unit in their name."""

    mode: str = setting("production", "production, development or test; only production insists on secrets.")
    data_folder: Path = setting(Path("var"), "Folder of database, photos and job queue.")  # noqa: RUF009
    database_url: str = setting("", "SQLAlchemy URL; empty: SQLite in the data folder.")
    standby_url: str = setting("", "A standby of that PostgreSQL, from which ordered files are read; empty: none.")
    blobs_url: str = setting(
        "", "Object store of photos: s3://KEY:SECRET@bucket/prefix?endpoint=…&region=…; empty: the data folder."
    )
    secret_key: str = setting(
        "",
        "Signs office sessions and cursors, and opens phones' backups and forgotten PINs; at least 32 random "
        "characters, the same on every node, kept with the backups.",
    )
    old_secret_keys: str = setting(
        "",
        "Secret keys of before, separated by spaces: what phones sealed to them is still opened, and nothing else "
        "goes by them.",
    )
    public_url: str = setting("http://127.0.0.1:8000", "Address phones use; enrolment codes contain it.")
    time_zone: str = setting("Asia/Shanghai", "Decides days, months and deadlines.")

    bind: str = setting("127.0.0.1:8000", "Address and port to listen on.")
    uploads_bind: str = setting("", "Second address for photo uploads, so that slow bodies wait elsewhere.")
    workers: int = setting(2, "Server processes.")
    threads: int = setting(16, "Threads of each server process.")
    upload_threads: int = setting(256, "Threads of the process that receives photos.")
    tls_certificate: str = setting("", "Certificate file, when no proxy in front speaks HTTPS.")
    tls_key: str = setting("", "Key file of the certificate.")
    trusted_proxies: str = setting("127.0.0.1", "Addresses whose X-Forwarded headers are believed.")
    graceful_seconds: int = setting(30, "How long a stopping server lets running requests finish.")
    backup_folder: str = setting("", "Where backups are written; empty: none are made, and doctor warns.")
    backup_hour: int = setting(3, "Hour of the day at which the worker makes a backup, if none is fresh; -1: never.")
    backup_stale_hours: int = setting(26, "Age of the newest backup in hours from which the office is alarmed.")
    log_level: str = setting("info", "debug, info, warning or error.")
    metrics_key: str = setting("", "Bearer token that may read /metrics; empty: nobody may.")

    sync_body_bytes: int = setting(1_500_000, "Largest body of a sync request as it travels.")
    sync_inflated_bytes: int = setting(4_000_000, "Largest body of a sync request after inflating.")
    operation_bytes: int = setting(1_000_000, "Largest single operation.")
    operations_per_push: int = setting(50, "Most operations in one request.")
    page_bytes: int = setting(192_000, "A pull page ends after about this many bytes of changes, before compression.")
    photo_bytes: int = setting(40_000_000, "Largest photo or file.")
    thumbnail_bytes: int = setting(30_000, "Largest thumbnail a phone may send.")
    upload_part_bytes: int = setting(
        2_000_000, "Largest body of a request with a piece of an upload, or with several whole photos."
    )
    upload_days: int = setting(60, "Days an unfinished upload is kept.")
    enrolment_hours: int = setting(24, "Hours an enrolment code is valid.")
    card_days: int = setting(14, "Days a printed enrolment card is valid.")
    phone_pin: int = setting(
        0,
        "1: cadres may lock their phones' households with a PIN; 2: they must, before they see any; 0: no such button.",
    )
    lost_phones: str = setting(
        "refuse",
        "What a phone signed out as lost had not sent: refuse, or drain: taken in once, for a person to look at.",
    )
    enrolment_uses: int = setting(3, "Times an enrolment code may be used.")
    sign_in_failures: int = setting(5, "Failed sign-ins of an account before it must wait.")
    sign_in_minutes: int = setting(15, "Minutes over which failed sign-ins are counted.")
    sign_ins_per_minute: int = setting(300, "Sign-ins one address may try in a minute, for each server process.")
    processes_file: str = setting("", "The county's own processes (TOML), laid over the shipped ones.")
    ledgers_file: str = setting("", "The county's own ledgers (TOML), beside or in place of the shipped ones.")
    slots_file: str = setting("", "The county's own slots of photo series (TOML), laid over the shipped ones.")
    paper_font: str = setting(
        "", "Font file (TTF, OTF) of printed documents; empty: the Noto Sans SC that is installed."
    )
    flag_far_metres: int = setting(200, "A visit's position farther than this from the house is flagged.")
    flag_clock_minutes: int = setting(10, "A phone's clock that is off by more than this is flagged.")
    similar_bits: int = setting(
        7, "Photos whose fingerprints differ in at most so many of 64 bits are compared (0 to 7)."
    )
    similar_percent: int = setting(88, "Photos that agree in at least so many of 100 parts are flagged as the same.")
    unsent_days: int = setting(3, "Days of silence after which a phone with unsent work is listed.")
    review_levels: int = setting(1, "Approvals a visit needs: 1, or 2 (a town's, then the county's).")
    review_share_percent: int = setting(10, "Share of a month's visits drawn at random for review, in percent.")
    map_tiles: str = setting("", "Address of the office map's tiles, with {z}, {x}, {y}; empty: a plain ground.")
    map_datum: str = setting("wgs84", "What these tiles are drawn in: wgs84 (also CGCS2000), gcj02 or bd09.")
    map_credit: str = setting("", "Whose tiles they are, as the map says below.")
    map_tianditu_key: str = setting("", "Key for Tianditu, when the office map shall lie over it.")
    export_hours: int = setting(48, "Hours a file that was ordered may be fetched by whoever ordered it.")
    keep_views_days: int = setting(1095, "Days after which purge empties who looked at what; 0: never.")
    keep_tombstones_days: int = setting(
        1095, "Days after which purge takes the values out of deleted records; 0: never."
    )
    keep_evidence_days: int = setting(0, "Days after which purge deletes photos of deleted households; 0: never.")
    keep_exports_days: int = setting(90, "Days after which purge forgets orders of files that are over; 0: never.")
    keep_imports_days: int = setting(
        365, "Days after which purge empties what imported sheets held, which then are not taken back; 0: never."
    )
    keep_jobs_days: int = setting(30, "Days after which the worker forgets jobs that are done; 0: never.")
    report_levels: str = setting("", "Levels whose reports are published by themselves: county, town, both; or empty.")
    hold_days: int = setting(5, "Days an operation waits for a missing earlier one before a person looks.")

    def __post_init__(self) -> None:
        """Fill what follows from other settings, and insist on secrets in production."""
        if not self.database_url:
            object.__setattr__(self, "database_url", f"sqlite:///{self.data_folder / 'fieldsvc.db'}")
        if self.mode not in ("production", "development", "test"):
            raise SettingProblem(
                f"{PREFIX}MODE 只能是 production、development 或 test。It must be production, development or test."
            )
        if self.mode != "production" and not self.secret_key:
            object.__setattr__(self, "secret_key", "only for development, never for production")
        if self.lost_phones not in ("refuse", "drain"):
            raise SettingProblem(f"{PREFIX}LOST_PHONES 只能是 refuse 或 drain。It must be refuse or drain.")
        if self.phone_pin not in (0, 1, 2):
            raise SettingProblem(f"{PREFIX}PHONE_PIN 只能是 0、1 或 2。It must be 0, 1 or 2.")
        if self.map_datum not in ("wgs84", "gcj02", "bd09"):
            raise SettingProblem(f"{PREFIX}MAP_DATUM 只能是 wgs84、gcj02 或 bd09。It must be wgs84, gcj02 or bd09.")
        if self.standby_url and self.database_url.startswith("sqlite"):
            raise SettingProblem(
                f"{PREFIX}STANDBY_URL 只能和 PostgreSQL 的 {PREFIX}DATABASE_URL 一起用。"
                f"It needs a PostgreSQL in {PREFIX}DATABASE_URL."
            )
        if self.blobs_url and not self.blobs_url.startswith("s3://"):
            raise SettingProblem(f"{PREFIX}BLOBS_URL 要以 s3:// 开头，或留空。It must begin with s3://, or be empty.")
        if self.mode == "production" and len(self.secret_key) < 32:
            raise SettingProblem(
                f"{PREFIX}SECRET_KEY 至少要有 32 个随机字符，例如 openssl rand -hex 32 的输出。"
                "It must have at least 32 random characters, for example what openssl rand -hex 32 says."
            )

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """The secrets whose seals are opened: the one of now, then those of before."""
        return (self.secret_key, *self.old_secret_keys.split())

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read every setting that the environment names; the rest keep their defaults."""
        values: dict[str, Any] = {}
        for field in dataclasses.fields(cls):
            name = PREFIX + field.name.upper()
            if name in environment:
                values[field.name] = _read(name, environment[name], type(field.default))
        return cls(**values)


def _read(name: str, text: str, kind: type) -> Any:
    """One setting's value, of the type its default has."""
    try:
        return kind(text)
    except ValueError:
        raise SettingProblem(f"{name} 必须是整数，不能是 {text!r}。It must be a whole number, not {text!r}.") from None

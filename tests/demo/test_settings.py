"""The demo keeps to what its environment says, and never touches anybody else's data."""

from pathlib import Path

import pytest

from fieldsvc.demo.run import CannotRun, settings_of


def test_what_somebody_set_holds_in_the_demo_too(tmp_path: Path) -> None:
    given = {"FIELDSVC_MAP_TIANDITU_KEY": "own-key", "FIELDSVC_LOG_LEVEL": "info", "FIELDSVC_THREADS": "4"}
    made = settings_of(tmp_path, "127.0.0.1:8000", "http://127.0.0.1:8000", given)
    assert (made.map_tianditu_key, made.log_level, made.threads) == ("own-key", "info", 4)
    assert settings_of(tmp_path, "127.0.0.1:8000", "http://127.0.0.1:8000", {}).log_level == "warning"


def test_the_demo_writes_into_its_own_folder_whatever_database_the_shell_knows(tmp_path: Path) -> None:
    county = {
        "FIELDSVC_MODE": "production",
        "FIELDSVC_DATABASE_URL": "postgresql+psycopg://county/real",
        "FIELDSVC_BLOBS_URL": "s3://key:secret@photos/real",
        "FIELDSVC_DATA_FOLDER": "/srv/county",
        "FIELDSVC_SECRET_KEY": "of the county",
        "FIELDSVC_PUBLIC_URL": "https://county.example",
        "FIELDSVC_BIND": "0.0.0.0:80",
    }
    made = settings_of(tmp_path, "127.0.0.1:8000", "http://127.0.0.1:8000", county)
    assert (made.mode, made.data_folder, made.blobs_url) == ("development", tmp_path, "")
    assert made.database_url == f"sqlite:///{tmp_path / 'fieldsvc.db'}"
    assert (made.bind, made.public_url) == ("127.0.0.1:8000", "http://127.0.0.1:8000")
    assert made.secret_key != "of the county"


def test_the_demo_leaves_the_countys_backups_and_doors_alone(tmp_path: Path) -> None:
    county = {
        "FIELDSVC_BACKUP_FOLDER": "/srv/county-backup",
        "FIELDSVC_UPLOADS_BIND": "0.0.0.0:8001",
        "FIELDSVC_TLS_CERTIFICATE": "/etc/county/certificate.pem",
        "FIELDSVC_TLS_KEY": "/etc/county/key.pem",
    }
    made = settings_of(tmp_path, "127.0.0.1:8000", "http://127.0.0.1:8000", county)
    assert made.backup_folder == "", "its backup would replace the county's"
    assert (made.uploads_bind, made.tls_certificate, made.tls_key) == ("", "", "")


def test_a_setting_that_cannot_be_read_is_said_and_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(CannotRun, match="FIELDSVC_WORKERS"):
        settings_of(tmp_path, "127.0.0.1:8000", "http://127.0.0.1:8000", {"FIELDSVC_WORKERS": "many"})

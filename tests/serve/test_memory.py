"""What the web processes do with memory before they are forked."""

import gc
from pathlib import Path

from fieldsvc.config import Settings
from fieldsvc.serve.web import WebServer


def test_what_a_server_has_loaded_is_left_alone_by_the_collector(tmp_path: Path) -> None:
    before = gc.get_freeze_count()
    try:
        application = WebServer(Settings(mode="test", data_folder=tmp_path)).load()
        assert gc.get_freeze_count() - before > 50_000
    finally:
        gc.unfreeze()
    application.extensions["fieldsvc"].db.dispose()

"""The web processes: gunicorn with threads, told everything by our settings."""

import os
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.sock import ssl_context

from fieldsvc.app import create_app
from fieldsvc.config import PREFIX, SettingProblem, Settings
from fieldsvc.serve.memory import leave_what_is_loaded
from fieldsvc.serve.words import Words
from fieldsvc.serve.worker import Worker

# Heartbeats go to a file; on a disk that is busy with photos a worker could look dead.
HEARTBEAT_FOLDER = "/dev/shm"  # noqa: S108 - a folder of gunicorn's choosing inside it, not a name of ours


def gunicorn_options(settings: Settings, *, uploads: bool, door: int | None = None) -> dict[str, Any]:
    """What gunicorn is told, for the ordinary pool or for the one that only receives photos.

    A phone on 2G sends a photo for minutes and holds a thread meanwhile. Two thousand of them must not be
    what a supervisor's page waits behind, so a proxy may send uploads to a pool of their own. `door` is the
    number of a socket that listens already.
    """
    address = settings.uploads_bind if uploads else settings.bind
    return {
        "bind": address if door is None else f"fd://{door}",
        "worker_class": Worker,
        "workers": 1 if uploads else settings.workers,
        "threads": settings.upload_threads if uploads else settings.threads,
        "worker_connections": 4096,
        "backlog": 4096,
        # Longer than the proxy keeps an idle connection (our Caddyfile and nginx: 60 s). If we closed first, it could
        # send a push into a closed one, and the phone would read 502.
        "keepalive": 75,
        # Heartbeats come from the accepting thread: a slow body does not make a worker look dead.
        "timeout": 120,
        "graceful_timeout": settings.graceful_seconds,
        "forwarded_allow_ips": settings.trusted_proxies,
        "certfile": settings.tls_certificate or None,
        "keyfile": settings.tls_key or None,
        "loglevel": settings.log_level,
        # An access log would hold who looked at whom; the audit log does that, and keeps it safe.
        "accesslog": None,
        "errorlog": "-",
        "logger_class": Words,
        "worker_tmp_dir": HEARTBEAT_FOLDER if Path(HEARTBEAT_FOLDER).is_dir() else None,
        "control_socket_disable": True,
        "preload_app": True,
        "pre_fork": _close_connections,
        "proc_name": "fieldsvc-uploads" if uploads else "fieldsvc-web",
    }


def _close_connections(server: Any, _worker: Any) -> None:
    """Close what loading the application has opened: two processes on one connection mix up their answers."""
    server.app.wsgi().extensions["fieldsvc"].db.dispose()


class WebServer(BaseApplication):  # type: ignore[misc] # gunicorn is not typed
    """One pool of web processes; `run()` returns when it was told to stop and has finished its requests."""

    def __init__(
        self, settings: Settings, *, uploads: bool = False, door: int | None = None, told: int | None = None
    ) -> None:
        self._settings = settings
        self._options = gunicorn_options(settings, uploads=uploads, door=door)
        self._told = told
        super().__init__()

    def load_config(self) -> None:
        """Hand our settings to gunicorn."""
        for name, value in {**self._options, "when_ready": self._is_ready}.items():
            self.cfg.set(name, value)
        if self.cfg.is_ssl:
            # Gunicorn reads the files anew for every connection: between the two of them being replaced nobody would
            # get in, and a key that does not fit would shut everybody out. Read once, here, they end a program that
            # cannot use them before it takes the place of one that can.
            try:
                read = ssl_context(self.cfg)
            except OSError as error:
                raise SettingProblem(
                    f"{PREFIX}TLS_CERTIFICATE 和 {PREFIX}TLS_KEY 的文件读不出来，或者对不上。"
                    f"The files cannot be read, or do not fit each other: {error}"
                ) from None
            self.cfg.set("ssl_context", lambda _config, _default: read)

    def _is_ready(self, _server: Any) -> None:
        """Say so to who waits for it. From here on requests are answered, by workers that are about to be forked."""
        if self._told is not None:
            os.write(self._told, b"1")
            os.close(self._told)

    def load(self) -> Flask:
        """The application; loaded once, before the fork, so that its pages of memory are shared."""
        application = create_app(self._settings)
        leave_what_is_loaded()
        return application


def run(settings: Settings, *, uploads: bool = False, door: int | None = None, told: int | None = None) -> None:
    """Serve until told to stop: at a door that is open already, or at one of our own; one byte to `told` once ready."""
    os.environ.pop("GUNICORN_CMD_ARGS", None)  # only our settings decide
    WebServer(settings, uploads=uploads, door=door, told=told).run()

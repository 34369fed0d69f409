"""The bare limit: Flask and gunicorn that read a body, append it to a file, fsync, and answer a constant."""

import os
from pathlib import Path
from threading import Lock

from flask import Flask, Response, request

app = Flask(__name__)
_turn = Lock()
_file = os.open(Path(os.environ["BENCH_FOLDER"]) / f"bodies-{os.getpid()}", os.O_CREAT | os.O_APPEND | os.O_WRONLY)


@app.post("/api/v1/sync")
def sync() -> Response:
    """Keep the body durably and say so."""
    body = request.get_data()
    with _turn:
        os.write(_file, body)
        os.fsync(_file)
    return Response(b'{"receipts":[]}', content_type="application/json")


@app.get("/healthz")
def healthz() -> str:
    """Ready."""
    return "ok"

"""The bare limit: Flask and gunicorn that read a body, append it to a file, fsync, and answer a constant.

What asks for nothing to be kept gets the constant alone.

`bench.bare_server` starts it as a program of its own.
"""

import os
from pathlib import Path
from threading import Lock

from flask import Flask, Response, request

app = Flask(__name__)
_turn = Lock()
_file = os.open(Path(os.environ["BENCH_FOLDER"]) / f"bodies-{os.getpid()}", os.O_CREAT | os.O_APPEND | os.O_WRONLY)


@app.post("/api/v1/sync")
def sync() -> Response:
    """Keep the body durably and say so; a sync without operations has nothing to keep."""
    body = request.get_data()
    if b'"operations": []' not in body:
        _keep(body)
    return Response(b'{"receipts":[]}', content_type="application/json")


@app.post("/api/v1/uploads")
def upload() -> Response:
    """Keep a photo durably, as if it had come whole."""
    body = request.get_data()
    _keep(body)
    return Response(status=201, headers={"Location": "/", "Upload-Offset": str(len(body))})


@app.post("/api/v1/uploads/together")
def together() -> Response:
    """Keep the photos of a visit durably, all in one; which they are nobody reads."""
    body = request.get_data()
    _keep(body)
    return Response(b'{"stored":["","",""]}', content_type="application/json")


def _keep(body: bytes) -> None:
    with _turn:
        os.write(_file, body)
        os.fsync(_file)


@app.get("/healthz")
def healthz() -> str:
    """Ready."""
    return "ok"

"""nginx before servers of ours, as counties put it there: with request buffering, its default, or without."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.ports import accepts, free_port
from tests.support.tools import nginx

CONFIGURATION = """
daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
worker_processes 1;
events {{}}
http {{
    access_log off;
    add_header Served-By $upstream_addr always;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    client_max_body_size 50m;
    upstream nodes {{
        {servers}
    }}
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://nodes;
            proxy_set_header Host 127.0.0.1;
            # Every operation and every piece is received once however often it comes: the next node may be asked too.
            proxy_next_upstream error timeout non_idempotent;
            proxy_connect_timeout 5s;
            proxy_http_version 1.1;
            proxy_request_buffering {buffering};
        }}
    }}
}}
"""


@contextmanager
def running_nginx(folder: Path, *behind: int, buffering: bool) -> Iterator[int]:
    """Start nginx before these ports, which take turns, yield its own port, stop it."""
    program = nginx()
    assert program is not None, "python -m tests.support.tools installs what is missing"
    folder.mkdir(parents=True)
    port, words = free_port(), "on" if buffering else "off"
    file = folder / "nginx.conf"
    servers = " ".join(f"server 127.0.0.1:{each} max_fails=1 fail_timeout=2s;" for each in behind)
    file.write_text(CONFIGURATION.format(folder=folder, port=port, servers=servers, buffering=words))
    # As root it would give its worker to `nobody`, who may not enter pytest's folders.
    process = subprocess.Popen(
        [program, "-c", str(file), "-p", str(folder), "-e", str(folder / "error.log"), "-g", "user root;"]
    )
    try:
        assert accepts(port, within_seconds=20), (folder / "error.log").read_text()
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)

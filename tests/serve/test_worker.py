"""The thread of a web process that accepts connections, and those that ring for it until the very end."""

import os
import socket
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from gunicorn.config import Config
from gunicorn.workers.gthread import TConn

from fieldsvc.serve.worker import Worker


def test_whoever_hangs_up_after_the_end_of_a_stop_writes_into_no_file(tmp_path: Path) -> None:
    """The number of a pipe that was closed is given to the next file that is opened: here to a database."""
    worker = Worker(1, os.getppid(), [], None, 1, Config(), None)
    worker.method_queue.init()
    worker.leaving = ThreadPoolExecutor(1)
    ours, theirs = socket.socketpair()
    line = object.__new__(TConn)
    line.sock = ours
    answered: Future[bool] = Future()
    answered.set_result(False)
    worker.finish_request(line, answered)
    worker.method_queue.close()  # as gunicorn does once the time to finish is over
    database = tmp_path / "fieldsvc.db"
    database.write_bytes(b"SQLite format 3\0")
    opened = [os.open(database, os.O_RDWR) for _ in range(3)]
    theirs.close()
    worker.leaving.shutdown(wait=True)
    worker.tmp.close()
    for number in opened:
        os.close(number)
    assert database.read_bytes() == b"SQLite format 3\0"

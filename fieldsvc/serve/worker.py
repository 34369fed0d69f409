"""A web process of gunicorn's that counts its connections right, and waits for nobody who hangs up slowly."""

from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from gunicorn.workers.gthread import PollableMethodQueue, TConn, ThreadWorker

#: Connections that take leave at the same time, of which each may take two seconds.
LEAVING = 16


class Bell(PollableMethodQueue):  # type: ignore[misc] # gunicorn is not typed
    """What the other threads call the accepting one by: a pipe, which is open for as long as the process lives.

    Closed at the end of a stop, as gunicorn does, its number may become that of a file while somebody still rings: a
    zero byte was then the first of a database.
    """

    def close(self) -> None:
        """Leave that to the end of the process."""


class Worker(ThreadWorker):  # type: ignore[misc] # gunicorn is not typed
    """Threads that answer requests, threads that take leave, and the one that accepts connections and counts them."""

    nr_conns: int

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.method_queue = Bell()

    def init_process(self) -> None:
        """Run until told to stop."""
        self.leaving = ThreadPoolExecutor(max_workers=LEAVING, thread_name_prefix="leaving")
        super().init_process()

    def finish_request(self, conn: TConn, fs: "Future[Any]") -> None:
        """Keep the connection or close it, and take it off the count once.

        Whoever was answered for the last time is given up to two seconds to hang up first, so that the end of the
        answer is not lost. Gunicorn waits for that in the thread that accepts connections: on a slow line four phones
        in a row kept everybody else from the door for eight seconds.

        Gunicorn also takes one off twice whose socket was gone already: that of somebody who came to the door of HTTPS
        and spoke something else, or hung up while they greeted each other. A process that is to stop waits for as many
        connections as it counts, and so cut phones off that had been told that it would hear them.
        """
        if not fs.cancelled() and fs.exception() is None and not fs.result():
            left = self.leaving.submit(conn.close, graceful=True)
            left.add_done_callback(lambda _: self.method_queue.defer(self._has_left))
            return
        before = self.nr_conns
        super().finish_request(conn, fs)
        self.nr_conns = max(self.nr_conns, before - 1)

    def _has_left(self) -> None:
        self.nr_conns -= 1

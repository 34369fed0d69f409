"""A web process of gunicorn's that counts its connections right."""

from concurrent.futures import Future
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker


class Worker(ThreadWorker):  # type: ignore[misc] # gunicorn is not typed
    """Threads that answer requests, and the one that accepts connections and counts them."""

    nr_conns: int

    def finish_request(self, conn: TConn, fs: "Future[Any]") -> None:
        """Keep the connection or close it, and take it off the count once.

        Gunicorn takes one off twice whose socket was gone already: that of somebody who came to the door of HTTPS and
        spoke something else, or hung up while they greeted each other. A process that is to stop waits for as many
        connections as it counts, and so cut phones off that had been told that it would hear them.
        """
        before = self.nr_conns
        super().finish_request(conn, fs)
        self.nr_conns = max(self.nr_conns, before - 1)

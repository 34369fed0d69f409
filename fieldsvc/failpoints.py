"""Named places at which the tests end this process as a power cut would. In a server that works they do nothing.

A process of the tests is started with `FIELDSVC_MODE=test` and the name of one place in `FIELDSVC_FAILPOINT`; when it
passes there it kills itself: nothing is told, nothing is flushed. The name is read once, when the program starts, and
in test mode alone, so that nothing which is sent to a server can choose a place.
"""

from __future__ import annotations

import os
import signal

#: Every place, with what has happened by then.
PLACES = {
    "push.decided": "operations were decided and have their places in the feed; nothing is written",
    "push.receipted": "operations and their receipts are written",
    "push.effected": "records, visits and grants are written, and the feed is not",
    "push.fed": "everything is written, and not committed",
    "commit.before": "any transaction is about to commit",
    "commit.after": "any transaction has committed",
    "reply.ready": "an answer is complete and has not been sent",
    "blob.written": "a file is written beside its place, and not yet on the disk",
    "blob.synced": "the file is on the disk, and not yet in its place",
    "blob.placed": "the file is in its place, and a power cut may forget that",
    "blob.kept": "the file and its place are on the disk",
    "piece.noted": "a piece of a photo is on the disk and its offset is moved",
    "upload.joined": "all pieces are one file, and the photo is not linked",
    "upload.linked": "the photo is linked, and its pieces are still there",
    "job.taken": "a worker has taken a job",
    "job.done": "the work of the job is done, and not noted",
    "job.noted": "the job is noted as done",
}

_CHOSEN = os.environ.get("FIELDSVC_FAILPOINT", "") if os.environ.get("FIELDSVC_MODE") == "test" else ""


def reached(place: str) -> None:
    """Say that this place of `PLACES` was reached: where the tests have chosen it, the process ends here."""
    if place == _CHOSEN:
        os.kill(os.getpid(), signal.SIGKILL)

"""`fieldsvc` as the tests start it: the same program, and whatever of it answers has the eye open.

`python -m tests.support.watched serve …` is `python -m fieldsvc serve …`. A server watches over its parts and imports
little: only a part that answers imports the eye.
"""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

from fieldsvc.cli import main
from fieldsvc.serve import programs

#: The name in the environment of the file in which the eye tells what it saw.
FILE = "TESTS_EYE"

_command = programs.command


def command(part: str, door: socket.socket | None = None, told: int | None = None) -> list[str]:
    """As a server starts its parts, each being this program."""
    words = _command(part, door, told)
    return [__spec__.name if word == "fieldsvc" else word for word in words]


def opens_the_eye() -> None:
    """Have it look at every answer of this process and of those forked from it, if it is said where it shall tell."""
    if FILE not in os.environ:
        return
    from flask import request_finished

    from tests.support.eye import Eye

    request_finished.connect(Eye(Path(os.environ[FILE])).look, weak=False)


if __name__ == "__main__":
    programs.command = command
    if not {"web", "uploads"}.isdisjoint(sys.argv):
        opens_the_eye()
    main()

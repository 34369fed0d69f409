"""What files are called when they leave the office: by what is in them, so that a clerk finds the right one again.

A town's folder of downloads holds the same report for seven villages and four months. Names of people stand in none.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from flask import Response

#: What no computer of an office takes in the name of a file.
_UNFIT = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
_LONGEST = 80


def named(response: Response, *parts: str, ending: str, shown: bool = False) -> Response:
    """The response as a file called after these parts; `shown`: in the browser rather than saved at once."""
    words = " ".join(_UNFIT.sub(" ", " ".join(part for part in parts if part)).split())[:_LONGEST].strip(" .")
    how = "inline" if shown else "attachment"
    # RFC 6266: the second name is for browsers that read no other than ASCII.
    name, plain = f"{words}.{ending}", f"fieldsvc.{ending}"
    response.headers["Content-Disposition"] = f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return response

"""Resumable uploads: every piece is durable before its offset is told, and bytes are linked only once verified.

Pieces are rows and small objects, so any process or machine may take the next one. Moving the offset is a
compare-and-set under a generation that every new connection raises: a half-open connection that the server
still believes alive can never write behind a newer one's back.
"""

from fieldsvc.services.uploads.begin import begin_append, create, keep, resume, salvage
from fieldsvc.services.uploads.end import sweep, terminate, tidy
from fieldsvc.services.uploads.pieces import append
from fieldsvc.services.uploads.standing import Upload
from fieldsvc.services.uploads.together import keep_all

__all__ = [
    "Upload",
    "append",
    "begin_append",
    "create",
    "keep",
    "keep_all",
    "resume",
    "salvage",
    "sweep",
    "terminate",
    "tidy",
]

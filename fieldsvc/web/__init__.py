"""What a phone fetches before it has an app: the first page, the worker, the packs and the icons."""

from fieldsvc.web.shell import blueprint

__all__ = ["blueprint"]

"""Pictures: the only package that sees Pillow. Bytes in, bytes out."""

from fieldsvc.media.derive import Derived, Unreadable, screen_size, thumbnail
from fieldsvc.media.sniff import Picture, sniff

__all__ = ["Derived", "Picture", "Unreadable", "screen_size", "sniff", "thumbnail"]

"""Pictures: the only package that sees Pillow. Bytes in, bytes out."""

from fieldsvc.media.apart import codes, views
from fieldsvc.media.derive import Derived, Unreadable, Views
from fieldsvc.media.likeness import likeness
from fieldsvc.media.sniff import PICTURES, Picture, sniff
from fieldsvc.media.strip import strip

__all__ = ["PICTURES", "Derived", "Picture", "Unreadable", "Views", "codes", "likeness", "sniff", "strip", "views"]

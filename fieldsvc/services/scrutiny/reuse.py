"""The same photo, or nearly the same, at another household, in another slot or another month."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy.orm import Session

from fieldsvc import media
from fieldsvc.services import definitions, slots
from fieldsvc.services.context import Context
from fieldsvc.store import attachments, fingerprints, flags
from fieldsvc.store.flags import Flag, Use

#: Of one photo so many uses are compared, and so many near ones looked at: a placeholder picture has hundreds.
MOST_USES = 40
MOST_NEAR = 20


class Slots:
    """The slot of a photo where it is used, each form read once."""

    def __init__(self, ctx: Context, session: Session) -> None:
        self._ctx, self._session = ctx, session
        self._known: dict[tuple[str, str], Mapping[str, str]] = {}

    def of(self, use: Use) -> str | None:
        """The name of the slot, or None for a question that has none."""
        form = use.form_id, use.form_version
        if form not in self._known:
            definition = definitions.form(self._ctx, self._session, *form)
            self._known[form] = slots.of_form(definition or {})
        return self._known[form].get(slots.without_places(use.ref))


class Alike:
    """Which photos look like one, each looked up once: a sweep meets a shared picture in hundreds of visits."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._known: dict[str, Mapping[str, int]] = {}

    def to(self, session: Session, feed_id: str, sha256: str) -> Mapping[str, int]:
        """Itself and the photos near it, with how many bits lie between."""
        if sha256 not in self._known:
            self._known[sha256] = {sha256: 0, **_near(self._ctx, session, feed_id, sha256)}
        return self._known[sha256]


def of_photo(
    ctx: Context, session: Session, feed_id: str, sha256: str, alike: Alike, visit_id: str | None = None
) -> Iterator[Flag]:
    """Flags for the visits that this photo makes look like an earlier one; given a visit, for its part in it alone.

    A visit is held against the earliest only: forty pairs of one picture tell a person nothing that one does not.
    """
    bits = alike.to(session, feed_id, sha256)
    found = flags.uses(session, feed_id, list(bits), MOST_USES)
    if visit_id is not None:
        found += [
            own for own in flags.uses(session, feed_id, [sha256], MOST_USES, of_visit=visit_id) if own not in found
        ]
    slot = Slots(ctx, session)
    for at, later in enumerate(found):
        pairs = (use for use in found[:at] if sha256 in (later.sha256, use.sha256))
        earlier = next((use for use in pairs if _is_reuse(later, use, slot)), None)
        if earlier and visit_id in (None, later.submission_id, earlier.submission_id):
            yield _flag(later, earlier, slot, bits)


def _flag(later: Use, earlier: Use, slot: Slots, bits: Mapping[str, int]) -> Flag:
    same = later.sha256 == earlier.sha256
    return Flag(
        later.submission_id,
        "photo-reused" if same else "photo-similar",
        later.ref,
        {
            "sha256": later.sha256,
            "other": earlier.submission_id,
            "other_ref": earlier.ref,
            "other_sha256": earlier.sha256,
            "other_slot": slot.of(earlier),
            "slot": slot.of(later),
            "bits": max(bits[later.sha256], bits[earlier.sha256]),
        },
        about=f"{earlier.submission_id} {earlier.ref}",
    )


def _is_reuse(one: Use, other: Use, slot: Slots) -> bool:
    """Another household, another month, or two slots that both have a name. The same photo twice in a visit is not."""
    if one.submission_id == other.submission_id:
        return one.ref != other.ref and bool(slot.of(one) and slot.of(other)) and slot.of(one) != slot.of(other)
    if one.subject_id != other.subject_id or one.month != other.month:
        return True
    return bool(slot.of(one) and slot.of(other)) and slot.of(one) != slot.of(other)


def _near(ctx: Context, session: Session, feed_id: str, sha256: str) -> Mapping[str, int]:
    """Photos whose fingerprints are near and whose thumbnails, looked at tile by tile, show the same."""
    own = fingerprints.of(session, feed_id, sha256)
    if own is None or ctx.settings.similar_bits < 0:
        return {}
    candidates = fingerprints.near(session, feed_id, own, ctx.settings.similar_bits)
    near = [(other, bits) for other, bits in candidates if other != sha256][:MOST_NEAR]
    picture = _thumbnail(ctx, session, feed_id, sha256) if near else None
    if picture is None:
        return {}
    found = {}
    for other, bits in near:
        theirs = _thumbnail(ctx, session, feed_id, other)
        if theirs is not None and media.likeness(picture, theirs) * 100 >= ctx.settings.similar_percent:
            found[other] = bits
    return found


def _thumbnail(ctx: Context, session: Session, feed_id: str, sha256: str) -> bytes | None:
    row = attachments.derivative(session, feed_id, sha256, "thumb")
    return ctx.blobs.get(row.blob_sha256) if row is not None and row.made_here else None

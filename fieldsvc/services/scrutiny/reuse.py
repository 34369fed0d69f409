"""The same photo, or nearly the same, at another household, in another slot or another month."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy.orm import Session

from fieldsvc import media
from fieldsvc.services import slots
from fieldsvc.services.context import Context
from fieldsvc.store import attachments, fingerprints, flags, household_record
from fieldsvc.store.flags import Flag, Use

#: Of one photo so many uses are compared, and so many near ones looked at: a placeholder picture has hundreds.
MOST_USES = 40
MOST_NEAR = 20


class Slots:
    """The slot of a photo where it is used, each form read once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[tuple[str, str], Mapping[str, str]] = {}

    def of(self, use: Use) -> str | None:
        """The name of the slot, or None for a question that has none."""
        form = use.form_id, use.form_version
        if form not in self._known:
            definition = household_record.definition(self._session, *form)
            self._known[form] = slots.of_form(definition or {})
        return self._known[form].get(slots.without_places(use.ref))


def of_photo(ctx: Context, session: Session, feed_id: str, sha256: str) -> Iterator[Flag]:
    """Flags for every two visits that this photo makes look alike; the later of the two is flagged."""
    alike = {sha256: 0, **_near(ctx, session, feed_id, sha256)}
    found = flags.uses(session, feed_id, list(alike), MOST_USES)
    slot = Slots(session)
    for own in (use for use in found if use.sha256 == sha256):
        for other in found:
            if _is_reuse(own, other, slot):
                later, earlier = sorted((own, other), key=lambda use: (use.received_at, use.submission_id))[::-1]
                same = own.sha256 == other.sha256
                yield Flag(
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
                        "bits": alike[other.sha256],
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

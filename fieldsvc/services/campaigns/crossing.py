"""Towns that check each other (乡镇互查): for the days of a campaign, cadres of one town get households of another.

Each household goes to one checker, village by village, so that nobody sees more than the check needs; never to who
helps it. The assignments carry the campaign's last moment and end by themselves, and a checker's word never goes over
the helper's: what differs waits for a person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from sqlalchemy.orm import Session

from fieldsvc.problems import NotFound
from fieldsvc.services import access
from fieldsvc.services.access import Action, Actor
from fieldsvc.services.apart import apart
from fieldsvc.services.campaigns.reading import of_reader
from fieldsvc.services.campaigns.right import area_path, arranger
from fieldsvc.services.context import Context
from fieldsvc.store import areas, audit, campaigns, pairings
from fieldsvc.store.locks import lock_things
from fieldsvc.store.tables import CampaignRow, CrossingRow

ROLE = "checker"


def arrange(ctx: Context, campaign_id: str, checkers: str, checked: str, *, by: Actor) -> None:
    """Let the cadres of one area check the campaign's targets in another; begun at once if the campaign has begun.

    Raises `not-found` unless the asker answers for the campaign's area and may assign in both; the same area twice is
    nobody's check. Asked again for the same two, nothing is given out anew; a check that has not begun is the asker's
    from then on.
    """
    now = ctx.now_ms()
    with ctx.db.write() as session:
        campaign, within = of_reader(session, campaign_id, by)
        if campaign.area_id not in within.areas:
            raise NotFound  # a town reads the county's campaign for its own villages; who checks whom is the county's
        lock_things(session, [f"crossings:{campaign_id}"])
        paths = [area_path(session, by.feed_id, one) for one in (checkers, checked)]
        if not all(access.may_in_area(by, Action.ASSIGN, path) for path in paths) or now >= campaign.to_at:
            raise NotFound
        if paths[0].startswith(paths[1]) or paths[1].startswith(paths[0]):
            raise NotFound
        if not _note_down(ctx, session, campaign_id, checkers, checked, by):
            return
        detail = {"checkers": checkers, "checked": checked}
        entry = audit.Entry(now, by.person_id, "arrange-crossing", f"campaign:{campaign_id}", by.device_id, detail)
        audit.append(session, by.feed_id, [entry])
    begin_due(ctx)


def begin_due(ctx: Context) -> int:
    """Give out the households of every crossing whose campaign has begun; how many began. For the sweep, too.

    With the rights of whoever arranged it as they are by then: without them it waits for somebody else to arrange it.
    """
    with ctx.db.read() as session:
        due = campaigns.due_crossings(session, ctx.now_ms())
    return sum(bool(apart(f"crossing:{one.id}", partial(_begin, ctx, one, campaign))) for one, campaign in due)


def share_out(homes: Sequence[str], checkers: Sequence[str], helps: Mapping[str, set[str]]) -> dict[str, list[str]]:
    """Each household to one checker, as evenly as can be and neighbours together; none to who holds it anyway.

    A household that everybody there holds is in nobody's list.
    """
    found: dict[str, list[str]] = {one: [] for one in checkers}
    most = -(-len(homes) // len(checkers)) if checkers else 0
    for home in homes:
        free = [one for one in checkers if home not in helps.get(one, set())]
        # The first who is not full yet, so that one person's households lie in one village.
        chosen = next(
            (one for one in free if len(found[one]) < most), min(free, key=lambda one: len(found[one]), default=None)
        )
        if chosen is not None:
            found[chosen].append(home)
    return {person: homes for person, homes in found.items() if homes}


def _note_down(ctx: Context, session: Session, campaign_id: str, checkers: str, checked: str, by: Actor) -> bool:
    """Whether there is something new: the button is pressed twice, and two people have the same idea."""
    for one in campaigns.crossings(session, campaign_id):
        if (one.checkers_area_id, one.checked_area_id) == (checkers, checked):
            return campaigns.take_crossing_over(session, one.id, by.person_id)
    campaigns.add_crossing(
        session,
        id=ctx.new_id(),
        campaign_id=campaign_id,
        feed_id=by.feed_id,
        checkers_area_id=checkers,
        checked_area_id=checked,
        by_id=by.person_id,
        begun_at=None,
        counts={},
    )
    return True


def _begin(ctx: Context, crossing: CrossingRow, campaign: CampaignRow) -> bool:
    with ctx.db.write() as session:
        return _give_out(ctx, session, crossing, campaign)


def _give_out(ctx: Context, session: Session, crossing: CrossingRow, campaign: CampaignRow) -> bool:
    feed, now = campaign.feed_id, ctx.now_ms()
    if arranger(ctx, session, crossing) is None:
        return False
    if not campaigns.begin_crossing(session, crossing.id, now):
        return False  # the worker's sweep and the desk that arranged it found it at once
    checkers = campaigns.helpers_in(session, feed, _below(session, feed, crossing.checkers_area_id), now)
    homes = campaigns.targets_in(session, campaign.id, _below(session, feed, crossing.checked_area_id))
    before = {person: pairings.reached(session, feed, person) for person in checkers}
    shared = share_out(homes, checkers, {person: set(held) for person, held in before.items()})
    rows = [_assignment(ctx, campaign, now, person, home) for person, given in shared.items() for home in given]
    campaigns.add_assignments(session, rows)
    given = sum(len(some) for some in shared.values())
    counts = {"checkers": len(shared), "households": given, "left": len(homes) - given}
    campaigns.count_crossing(session, crossing.id, counts)
    detail = {name: str(number) for name, number in counts.items()}
    audit.append(
        session, feed, [audit.Entry(now, crossing.by_id, "begin-crossing", f"campaign:{campaign.id}", detail=detail)]
    )
    grants = {person: dict.fromkeys(given, ROLE) for person, given in shared.items()}
    pairings.rescope(session, feed, now, grants=grants)
    return True


def _below(session: Session, feed_id: str, area_id: str) -> list[str]:
    return areas.below(session, feed_id, (area_path(session, feed_id, area_id),))


def _assignment(ctx: Context, campaign: CampaignRow, now: int, person: str, home: str) -> dict[str, str | int | None]:
    return {
        "id": ctx.new_id(),
        "feed_id": campaign.feed_id,
        "person_id": person,
        "subject_id": home,
        "area_id": None,
        "role": ROLE,
        "from_at": now,
        "to_at": campaign.to_at,
        "from_pos": None,
        "to_pos": None,
        "reason": campaign.name,
    }

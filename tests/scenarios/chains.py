"""Questions that stories of amendments ask: what a record holds, and which visits of a household stand."""

from fieldsvc.problems import FromLostPhone
from fieldsvc.services import enrol
from fieldsvc.services.intake import keep_for_a_person
from fieldsvc.store import coverage, visit_log
from fieldsvc.store.visit_order import VisitFilter
from tests.world import Cadre, Household, World
from tests.world.outbox import Entry


def kept(world: World, east: Cadre, *entries: Entry) -> None:
    """These come from her lost phone: each waits for a person, undecided."""
    author = enrol.actor_of(world.server.ctx, east.person_id)
    assert author is not None
    keep_for_a_person(world.server.ctx, author, [(each.id, each.body) for each in entries], FromLostPhone())


def record(world: World, home: Household) -> tuple[str | None, str | None]:
    """The telephone number of a household, and how often it was visited."""
    record = world.record(home)
    return record.phone, record.properties["visits_made"]


def visited(world: World, home: Household, visit: Entry) -> tuple[bool, list[str]]:
    """Whether the household is visited in the visit's month, and which visits the log holds that were not withdrawn."""
    feed = world.county.who().feed_id
    with world.server.ctx.db.read() as session:
        visited = session.scalars(coverage.visited_subjects(feed, world.month_of(visit))).all()
        lines = visit_log.page(session, feed, VisitFilter(None))
        return home.id in visited, [line.id for line in lines if not line.withdrawn]

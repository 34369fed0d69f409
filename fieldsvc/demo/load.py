"""Makes the whole demo in an empty database: the district, three months of visits, and work left to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert
from sqlalchemy.orm import Session

from fieldsvc.demo import disputes, district, findings, history, photos, plans, register, renovation, tasks, visits
from fieldsvc.demo.clock import standing_at
from fieldsvc.demo.district import District
from fieldsvc.demo.register import Place
from fieldsvc.demo.words import SEED, identifiers
from fieldsvc.forms import datasets
from fieldsvc.services import claims, setup, standard
from fieldsvc.services.context import Context
from fieldsvc.services.passwords import hash_password
from fieldsvc.store import areas, flags, people, pull
from fieldsvc.store.places import keep as places
from fieldsvc.store.tables import DeviceRow

PHONES = ("红米 9A", "荣耀畅玩 20", "华为畅享 10e", "OPPO A8", "vivo Y3s", "小米 Note 9", "iPhone SE")
#: So many of the newest visits come last of all: the server looks through them for flags itself, once it runs.
LAST_VISITS = 80


@dataclass(frozen=True, slots=True)
class Settled:
    """A district in the database before anybody visited: `town`, `county` and `checker` are people's ids."""

    district: District
    place: Place
    county: str
    town: str
    checker: str


def load(ctx: Context, now: datetime, passwords: Mapping[str, str]) -> None:
    """Fill the empty database of `ctx` as of `now` (in the county's own time), with these passwords."""
    settled = settle(ctx, now, passwords)
    made, place = settled.district, settled.place
    pictures = photos.keep(ctx, place.feed_id)
    past = visits.make(made, now, "1", pictures)
    # What is filed of a house under renovation follows on the record as its visits left it.
    building = {home.id for _, home, _, _ in renovation.households(made)}
    earlier = past[:-LAST_VISITS]
    newest = [visit for visit in past[-LAST_VISITS:] if visit.household.id not in building]
    with ctx.db.write() as session:
        devices = _devices(session, place, made, past)
        writer = history.History(place, devices, _properties("households"), settled.town, ctx.settings.time_zone)
        writer.write(session, earlier, now - timedelta(days=12))
    deciders = (settled.town, settled.county)
    renovation.work(ctx, made, deciders, now, pictures)
    findings.note(ctx, made, deciders, now)
    plans.draw_up(ctx, made, settled.county, now)
    with ctx.db.write() as session:
        # The district shares thirty pictures, which would flag every visit; the newest show how it looks.
        flags.seen_to(session, place.feed_id, pull.head(session, place.feed_id).position)
        writer.write(session, newest, now - timedelta(days=12))
        places.rebuild(session, place.feed_id)
    disputes.open_ten(ctx, made, settled.checker, now)
    disputes.return_two(ctx, made.cadres[0], settled.town)
    tasks.assign(ctx, made, place.county_id, settled.county, now)


def settle(ctx: Context, now: datetime, passwords: Mapping[str, str]) -> Settled:
    """Put the district into the empty database: forms, areas, people, households and who visits whom."""
    made = district.make(now.date())
    begun = now - timedelta(days=120)
    early = standing_at(ctx, begun)
    feed_id = setup.begin(
        early,
        county=made.places.county.name,
        code=made.places.county.code,
        name="周管理",
        login="county",
        password=passwords["county"],
    )
    standard.publish(early, setup.console(early))
    with ctx.db.write() as session:
        county = areas.topmost(session, feed_id)
        assert county is not None
        place = Place(feed_id, county.id, now.date(), int(begun.timestamp() * 1000))
        others = _register(session, place, made, passwords)
        administrator = people.by_login(session, "county")
        assert administrator is not None
    return Settled(made, place, administrator.id, others["town"], others["checker"])


def _properties(dataset: str) -> frozenset[str]:
    return frozenset(datasets()[dataset]["properties"])


def _register(session: Session, place: Place, made: District, passwords: Mapping[str, str]) -> dict[str, str]:
    """Write areas, people and households; return the ids of those who are not cadres."""
    register.write_areas(session, place, made)
    ids = identifiers("office")
    first_town = made.places.towns[0]
    others = [
        {
            "id": next(ids),
            "name": "吴审核",
            "staff_no": "town",
            "unit": f"{first_town.name}人民政府",
            "phone": None,
            "password_hash": hash_password(passwords["town"]),
            "role": "supervisor",
            "area_id": first_town.id,
        },
        {
            "id": next(ids),
            "name": "郑核查",
            "staff_no": "9990001",
            "unit": f"{made.places.towns[1].name}互查组",
            "phone": None,
            "password_hash": None,
            "role": "checker",
            "area_id": place.county_id,
        },
    ]
    cadres = [register.cadre_row(cadre) for cadre in made.cadres]
    cadres[0] |= {"staff_no": "cadre", "password_hash": hash_password(passwords["cadre"])}
    register.write_people(session, place, [*others, *cadres])
    names = {name: _properties(name) for name in ("households", "members")}
    register.write_households(session, place, [*made.households, made.practice], names)
    for name, definition in datasets().items():
        claims.begin(session, place.feed_id, name, definition["unique"])
    pairs = {cadre.id: [*cadre.households] for cadre in made.cadres}
    pairs[made.cadres[0].id].append(made.practice)
    register.write_pairings(session, place, pairs)
    return {"town": str(others[0]["id"]), "checker": str(others[1]["id"])}


def _devices(session: Session, place: Place, made: District, past: Sequence[visits.Visit]) -> dict[str, str]:
    """One phone for every cadre, last seen when their last visit arrived; return its id by the cadre's."""
    ids = identifiers("device")
    seen = {visit.cadre.id: int(visit.received.timestamp() * 1000) for visit in past}
    rows = [
        {
            "id": next(ids),
            "feed_id": place.feed_id,
            "person_id": cadre.id,
            "install_id": f"demo-{cadre.staff_no}",
            "name": PHONES[number % len(PHONES)],
            # No token has this digest: nobody can use these phones.
            "token_sha256": f"{SEED}/{number}",
            "created_at": place.at,
            "last_seen_at": seen.get(cadre.id, place.at),
            "pending_operations": 0,
            "pending_photos": 0,
        }
        for number, cadre in enumerate(made.cadres)
    ]
    session.execute(insert(DeviceRow), rows)
    return {str(row["person_id"]): str(row["id"]) for row in rows}

"""The worker: does the jobs that requests have noted, as soon as it is woken and at least once a minute.

Any number of machines may run one: each job is taken by one of them, and so is each sweep.
"""

import logging
from collections.abc import Callable, Mapping
from functools import partial

from huey import crontab

from fieldsvc.config import Settings
from fieldsvc.office.exporting import job
from fieldsvc.serve.nightly import Nightly
from fieldsvc.services import aside, assignments, intake, jobs, scrutiny, uploads
from fieldsvc.services.apart import apart
from fieldsvc.services.campaigns import crossing
from fieldsvc.services.context import Context, open_context
from fieldsvc.services.exporting import orders
from fieldsvc.services.handover import plan
from fieldsvc.services.job_kinds import HANDLERS
from fieldsvc.services.ledgers import stored
from fieldsvc.services.reports import schedule
from fieldsvc.services.staff import own_place
from fieldsvc.store.locks import alone

POLL_SECONDS = 1.0
#: What falls due by itself, looked for once a minute.
STEPS: Mapping[str, Callable[[Context], object]] = {
    "uploads": uploads.sweep,
    "assignments": assignments.end_due,
    "handovers": plan.carry_out_due,
    "crossings": crossing.begin_due,
    "deliveries": intake.force_overdue,
    "forms": intake.take_up,
    "scrutiny": scrutiny.sweep,
    "exports": orders.sweep,
}


def sweep(ctx: Context) -> None:
    """Do what has fallen due. A step that fails holds up no other, nor the server when it starts."""
    with alone(ctx.db, "sweep") as mine:
        for name, step in STEPS.items() if mine else ():
            apart(name, partial(step, ctx))


def publish(ctx: Context) -> None:
    """Publish the reports that are due, on one machine."""
    with alone(ctx.db, "reports") as mine:
        if mine:
            schedule.publish(ctx)


def keep_ledgers(ctx: Context) -> None:
    """Count what changed in the ledgers, on one machine."""
    with alone(ctx.db, "ledgers") as mine:
        if mine:
            stored.keep(ctx)


def run(settings: Settings) -> None:
    """Work until told to stop; the job under way is finished first."""
    logging.getLogger("huey").setLevel(logging.WARNING)
    ctx = open_context(settings)
    queue = jobs.open_queue(settings.database_url, settings.data_folder)

    def quick(_: Context) -> None:
        jobs.run_due(ctx, HANDLERS)

    every = {**HANDLERS, **job.handlers(quick)}

    def work() -> None:
        jobs.run_due(ctx, every)

    nightly = Nightly(settings)

    def look() -> None:
        """Do what nobody woke us for: the wake-up was lost, or a failed attempt's wait is over."""
        apart("jobs", work)
        apart("backup", nightly.look)
        apart("sweep", partial(sweep, ctx))

    def tidy() -> None:
        """Seldom anything, and an object store takes money for every look: once an hour."""
        apart("parts", partial(uploads.tidy, ctx))
        apart("orders", partial(orders.tidy, ctx))
        apart("aside", partial(aside.settle, ctx))
        apart("done jobs", partial(jobs.tidy, ctx))
        apart("own files", partial(own_place.follow, ctx))
        apart("ledgers", partial(keep_ledgers, ctx))

    jobs.on_wake(queue, work)
    queue.periodic_task(crontab())(look)
    queue.periodic_task(crontab(minute="5"))(lambda: publish(ctx))
    queue.periodic_task(crontab(minute="35"))(tidy)
    look()
    queue.create_consumer(workers=1, max_delay=POLL_SECONDS, graceful_signal="TERM").run()

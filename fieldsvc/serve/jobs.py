"""The worker: does the jobs that requests have noted, as soon as it is woken and at least once a minute."""

import logging

from huey import crontab

from fieldsvc.config import Settings
from fieldsvc.office.exporting import job
from fieldsvc.serve.nightly import Nightly
from fieldsvc.services import assignments, intake, jobs, scrutiny, uploads
from fieldsvc.services.campaigns import crossing
from fieldsvc.services.context import Context, open_context
from fieldsvc.services.exporting import orders
from fieldsvc.services.handover import plan
from fieldsvc.services.job_kinds import HANDLERS
from fieldsvc.services.reports import schedule

POLL_SECONDS = 1.0


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

    def sweep() -> None:
        """Do what nobody woke us for: the wake-up was lost, or a failed attempt's wait is over."""
        jobs.run_due(ctx, every)
        nightly.look()
        uploads.sweep(ctx)
        assignments.end_due(ctx)
        plan.carry_out_due(ctx)
        crossing.begin_due(ctx)
        intake.force_overdue(ctx)
        scrutiny.sweep(ctx)
        orders.sweep(ctx)

    jobs.on_wake(queue, work)
    queue.periodic_task(crontab())(sweep)
    queue.periodic_task(crontab(minute="5"))(lambda: schedule.publish(ctx))
    sweep()
    queue.create_consumer(workers=1, max_delay=POLL_SECONDS, graceful_signal="TERM").run()

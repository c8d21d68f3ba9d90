"""Everything that recurs, in one command that may be run as often as one likes."""

from argparse import ArgumentParser
from datetime import date, datetime, time
from typing import Any

from django.core.checks import Tags
from django.core.management import BaseCommand
from django.utils import timezone

from pms.corrective_actions import services as corrective_actions
from pms.cycles import services as cycles
from pms.dashboard.reminders import RULES
from pms.dashboard.system import take_up_lost_tasks
from pms.incidents import services as incidents
from pms.notifications import services as notifications
from pms.reminders import services as reminders
from pms.training import services as training


class Command(BaseCommand):
    """Bring records in line with the dates of today, remind who has something to do, send mails.

    A second run the same day changes nothing and tells nobody twice, be it at the same moment.
    """

    help = "Does what is due by date. Call it once a day; after an outage it catches up."

    # Whatever is unsafe is refused as everywhere. The other checks judge the program, not the day,
    # and would load every page of it each time.
    requires_system_checks = (Tags.security,)

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Another day than today, for trying out."""
        parser.add_argument(
            "--today",
            type=date.fromisoformat,
            default=None,
            help="act as if it were noon of this day (YYYY-MM-DD)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """One line for each: training's dated rules, erased lists, reminders, mails."""
        now = _noon(options["today"]) if options["today"] else timezone.now()
        today = timezone.localdate(now)
        changed = training.apply_dated_rules(today=today)
        self.stdout.write(
            f"{today}: training: {changed.added} added, {changed.excused} excused, "
            f"{changed.returned} due again."
        )
        missed = cycles.record_missed(today=today)
        self.stdout.write(f"{today}: plan of the year: {missed} milestones missed.")
        erased = incidents.erase_due_lists(today=today)
        self.stdout.write(f"{today}: incidents: {len(erased)} lists of addressees erased.")
        followed = incidents.follow_posts_everywhere(now=now)
        self.stdout.write(
            f"{today}: incidents: {followed.let_in} let in and {followed.out} out by their posts."
        )
        opened = corrective_actions.reopen_accepted(today=today, now=now)
        self.stdout.write(f"{today}: corrective actions: {opened} accepted risks opened again.")
        told = reminders.remind(RULES, today=today, now=now)
        self.stdout.write(
            f"{today}: reminders: {told.told} told to {told.people} people, "
            f"{told.through_managers} of them through managers, {told.overtaken} overtaken, "
            f"{told.untold} not told."
        )
        delivery = notifications.deliver_waiting(now=now)
        self.stdout.write(
            f"{today}: mails: {delivery.sent} sent, {len(delivery.put_off)} put off, "
            f"{delivery.failed} failed."
        )
        taken = take_up_lost_tasks(now=now)
        self.stdout.write(
            f"{today}: tasks: {taken.again} taken up again, {taken.given_up} given up, "
            f"{taken.imports} imports started again."
        )


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))

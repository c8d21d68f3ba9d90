"""Fills an empty system with the invented company."""

from argparse import ArgumentParser
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation

from pms.dashboard.reminders import RULES
from pms.demo import actions, incidents, organization, years
from pms.notifications.choices import MailState
from pms.notifications.models import Notification
from pms.organization.models import Person
from pms.reminders import services as reminders
from pms.training.models import TrainingRecord

# A company made for measuring fills its ledger in its own way.
MOST_REMINDED = 1_000
DAYS_OF_REMINDERS = 21


def remind_lately(today: date) -> None:
    """Remind as `run_due` would have done every day of the last weeks; the mails went out then."""
    for ago in range(DAYS_OF_REMINDERS, 0, -1):
        day = today - timedelta(days=ago)
        now = timezone.make_aware(datetime.combine(day, time(6)))
        reminders.remind(RULES, today=day, now=now)
    sent = {"mail_state": MailState.SENT, "attempts": 1, "next_try_at": None}
    waiting = Notification.objects.filter(mail_state=MailState.WAITING, kind="reminders.digest")
    waiting.update(**sent, sent_at=F("created_at"))


class Command(BaseCommand):
    """The same arguments on the same day give the same company."""

    help = "Loads the invented company into an empty system."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How large, how old, and which roll of the dice."""
        parser.add_argument("--people", type=int, default=240, help="rows in the roster")
        parser.add_argument("--years", type=int, default=2, help="finished years before this one")
        parser.add_argument("--seed", type=int, default=15001)
        parser.add_argument("--today", type=date.fromisoformat, default=None)
        parser.add_argument(
            "--training-rows", type=int, default=0, help="at least so many training records"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """All of it or nothing."""
        if Person.objects.exists():
            raise CommandError("There are people already; the demo needs an empty system.")
        if options["people"] < 40:
            raise CommandError("The company needs at least 40 people to fill its posts.")
        today = options["today"] or timezone.localdate()
        random = Random(options["seed"])  # noqa: S311 - invents people, guards nothing
        since = years.first_days(options["years"], today)[0]
        with transaction.atomic(), translation.override("ja"):
            firm = organization.build(random, people=options["people"], since=since, today=today)
            years.build(random, firm, years=options["years"], today=today)
            actions.build(random, firm, today=today)
            actor = firm.account("training_officer")
            incidents.build(random, firm, first=since, today=today)
            years.fill_up(rows=options["training_rows"], actor=actor)
            if options["people"] <= MOST_REMINDED:
                remind_lately(today)
        people, rows = Person.objects.count(), TrainingRecord.objects.count()
        self.stdout.write(f"{people} people, {rows} training records.")

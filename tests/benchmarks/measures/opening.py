"""Opening a campaign, against creating its records one by one."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from pms.accounts.models import User
from pms.history.context import acting
from pms.history.models import HistoryEntry
from pms.training import services
from pms.training.choices import CampaignStatus
from pms.training.models import Campaign, TrainingRecord

from .common import HR, clock


def _draft(title: str) -> Campaign:
    former = Campaign.objects.filter(status=CampaignStatus.OPEN).earliest("pk")
    return Campaign.objects.create(
        cycle=former.cycle,
        course=former.course,
        title=title,
        starts_on=former.starts_on,
        ends_on=former.ends_on,
        pass_mark=None,
    )


def ours(title: str) -> dict[str, Any]:
    """Open a campaign for everybody; seconds, people, journal entries, and the campaign."""
    user = User.objects.get(person__employee_number=HR)
    draft = _draft(title)
    before = HistoryEntry.objects.count()
    begun = clock()
    services.open_campaign(draft.pk, actor=user, today=timezone.localdate(), now=timezone.now())
    ended = clock() - begun
    return {
        "seconds": ended,
        "people": draft.records.count(),
        "journal": HistoryEntry.objects.count() - before,
        "campaign": draft.pk,
    }


def plain(title: str, people: int) -> dict[str, Any]:
    """The same records by `create()` in one transaction, journaled by auditlog's signals."""
    user = User.objects.get(person__employee_number=HR)
    draft = _draft(title)
    today = timezone.localdate()
    before = HistoryEntry.objects.count()
    begun = clock()
    with transaction.atomic(), acting(actor=user):
        Campaign.objects.filter(pk=draft.pk).update(
            status=CampaignStatus.OPEN,
            opened_at=timezone.now(),
            opened_by=user,
            population_on=today,
            course_version=draft.course.versions.latest("number"),
        )
        for stay in draft.audience_on(today).select_related("person", "department")[:people]:
            TrainingRecord.objects.create(
                campaign=draft,
                person=stay.person,
                employee_number=stay.person.employee_number,
                name=stay.person.full_name,
                department=stay.department,
                employment_kind=stay.employment_kind,
                due_on=draft.ends_on,
            )
    return {
        "seconds": clock() - begun,
        "people": draft.records.count(),
        "journal": HistoryEntry.objects.count() - before,
    }

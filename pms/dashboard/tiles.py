"""The tiles of the overview: an explicit list of numbers, each with the list that it counts."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import npgettext

from pms.core.views import with_query
from pms.training.choices import OPEN_STATUSES, ExcuseStatus, RecordStatus
from pms.training.models import Campaign
from pms.transfer.choices import ImportStatus

from .reports import Numbers, progress_by_department, tally
from .waiting import AHEAD


@dataclass(frozen=True, slots=True)
class Tile:
    """One number of the overview.

    Attributes:
        label: what is counted.
        value, unit: the number; the list behind `url` has exactly so many rows.
        url: the address of that list.
        permission: who may see the tile, because they may see that list.
        tone: "alert" when a person must act, else "".
        note: the number seen in another way.
    """

    label: str
    value: int
    unit: str
    url: str
    permission: str
    tone: str = ""
    note: str = ""


def tiles_for(
    has_perm: Callable[[str], bool], numbers: Numbers, campaign: Campaign | None, today: date
) -> list[Tile]:
    """The tiles that an account may see.

    Args:
        has_perm: whether a permission is held.
        numbers: counted today.
        campaign: the running campaign that the overview is about; None while there is none.
        today: the day that they were counted on.
    """
    tiles = [
        *_incident_tiles(numbers),
        *_year_tiles(numbers, today),
        *_action_tiles(numbers),
        *_campaign_tiles(numbers, campaign),
        *_office_tiles(numbers),
    ]
    return [tile for tile in tiles if has_perm(tile.permission)]


def _incident_tiles(numbers: Numbers) -> Iterator[Tile]:
    late = numbers.incidents_late
    yield Tile(
        label=_("Incidents with open legal days"),
        value=numbers.incidents,
        unit=npgettext("unit", "incident", "incidents", numbers.incidents),
        url=with_query(reverse("incidents:list"), duty="any"),
        permission="incidents.view_incident",
        tone="alert" if late else "",
        note=_("%(number)s overdue") % {"number": late} if late else "",
    )


def _year_tiles(numbers: Numbers, today: date) -> Iterator[Tile]:
    late, near = numbers.milestones_late, numbers.milestones_near
    yield Tile(
        label=_("Milestones overdue"),
        value=late,
        unit=npgettext("unit", "milestone", "milestones", late),
        url=with_query(reverse("cycles:milestone_list"), state="overdue"),
        permission="cycles.view_milestone",
        tone="alert" if late else "",
    )
    yield Tile(
        label=_("Milestones due within two weeks"),
        value=near,
        unit=npgettext("unit", "milestone", "milestones", near),
        url=with_query(
            reverse("cycles:milestone_list"),
            state="open",
            due_from=today.isoformat(),
            due_until=(today + AHEAD).isoformat(),
        ),
        permission="cycles.view_milestone",
    )


def _action_tiles(numbers: Numbers) -> Iterator[Tile]:
    late = numbers.actions_late
    yield Tile(
        label=_("Corrective actions overdue"),
        value=late,
        unit=npgettext("unit", "action", "actions", late),
        url=with_query(reverse("corrective_actions:action_list"), state="overdue"),
        permission="corrective_actions.view_correctiveaction",
        tone="alert" if late else "",
    )


def _campaign_tiles(numbers: Numbers, campaign: Campaign | None) -> Iterator[Tile]:
    if campaign:
        counted = tally(numbers.records.get(campaign.pk, {}))
        passed = counted[RecordStatus.PASSED]
        left = sum(counted[status] for status in OPEN_STATUSES)
        yield Tile(
            label=_("Not completed yet"),
            value=left,
            unit=people(left),
            url=record_list(campaign=campaign.pk, status="open"),
            permission="training.view_trainingrecord",
            note=_share(passed, passed + left),
        )
    overdue = numbers.overdue.total()
    yield Tile(
        label=_("Overdue"),
        value=overdue,
        unit=people(overdue),
        url=record_list(overdue="on"),
        permission="training.view_trainingrecord",
        tone="alert" if overdue else "",
        note=_("in all running trainings"),
    )


def _office_tiles(numbers: Numbers) -> Iterator[Tile]:
    yield Tile(
        label=_("Excuses to decide"),
        value=numbers.excuses,
        unit=npgettext("unit", "request", "requests", numbers.excuses),
        url=with_query(reverse("training:excuse_list"), status=ExcuseStatus.REQUESTED),
        permission="training.view_excuse",
        tone="alert" if numbers.excuses else "",
    )
    yield Tile(
        label=_("Imports to confirm"),
        value=numbers.imports,
        unit=npgettext("unit", "file", "files", numbers.imports),
        url=with_query(reverse("transfer:run_list"), status=ImportStatus.PREVIEWED),
        permission="transfer.view_importrun",
    )


@dataclass(frozen=True, slots=True)
class Alert:
    """Something red: a person must act.

    Attributes:
        text: what it is about.
        value, unit: how many; the list behind `url` has exactly so many rows.
        day: since when it is red.
        url: where to act.
    """

    text: str
    value: int
    unit: str
    day: date
    url: str


def alerts(campaigns: Iterable[Campaign], numbers: Numbers, today: date) -> list[Alert]:
    """Running campaigns that somebody has not finished in time, the oldest first."""
    return [
        Alert(
            text=str(campaign),
            value=numbers.overdue[campaign.pk],
            unit=people(numbers.overdue[campaign.pk]),
            day=min(campaign.ends_on, today),
            url=record_list(campaign=campaign.pk, overdue="on"),
        )
        for campaign in campaigns
        if numbers.overdue[campaign.pk]
    ]


# So many bars are read at a glance; the campaign's own page shows every department.
MOST_BARS = 12


def bars(campaign: Campaign, numbers: Numbers, today: date) -> list[dict[str, Any]]:
    """Rows of the chart "how far is each department", the one furthest behind first."""
    rows = progress_by_department(numbers.records.get(campaign.pk, {}), numbers.names)
    is_over = campaign.ends_on < today
    return [
        {
            "label": row.name,
            "url": record_list(campaign=campaign.pk, unit=row.id),
            "total": row.total,
            "segments": [
                {
                    "key": key,
                    "label": label,
                    "value": value,
                    "percent": 100 * value / row.total,
                    "url": record_list(campaign=campaign.pk, unit=row.id, status=status),
                }
                for key, label, value, status in (
                    ("passed", _("Passed"), row.passed, RecordStatus.PASSED),
                    ("excused", _("Excused"), row.excused, RecordStatus.EXCUSED),
                    ("overdue" if is_over else "open", _("Not completed yet"), row.open, "open"),
                )
            ],
        }
        for row in rows[:MOST_BARS]
    ]


def people(number: int) -> str:
    """The unit behind a number of people (名)."""
    return npgettext("unit", "person", "people", number)


def record_list(**filters: object) -> str:
    """The address of the training records that the filters leave."""
    return with_query(reverse("training:record_list"), **filters)


def _share(part: int, whole: int) -> str:
    if not whole:
        return ""
    return _("%(rate)d%% of %(whole)s people") % {
        "rate": 100 * part // whole,
        "whole": f"{whole:,}",
    }

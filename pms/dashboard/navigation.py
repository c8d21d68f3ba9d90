"""The places of the left navigation: one explicit list, each with who may go there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from django.forms.utils import flatatt
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from pms.core.templatetags.pms import icon


@dataclass(frozen=True)
class Place:
    """A page that the navigation leads to.

    Attributes:
        label: its name, as on the page itself.
        view: the name of its address.
        permissions: any one of them opens it.
        icon: a symbol of `img/icons.svg`.
        key: the letter that leads there after "g"; empty for none.
    """

    label: Any
    view: str
    permissions: tuple[str, ...]
    icon: str
    key: str = ""

    @cached_property
    def url(self) -> str:
        """Its address; the same in every language."""
        return reverse(self.view)


@dataclass(frozen=True)
class Group:
    """Places that belong together, under a title of their own or none."""

    title: Any
    places: tuple[Place, ...]


NAVIGATION = (
    Group(
        "",
        (
            Place(
                _("Overview"), "dashboard:overview", ("dashboard.view_overview",), "overview", "o"
            ),
            Place(_("My duties"), "dashboard:home", ("dashboard.view_duties",), "home", "h"),
            Place(
                _("Report an incident"),
                "incidents:report",
                ("incidents.report_incident",),
                "report",
                "x",
            ),
            Place(_("My reports"), "incidents:own_list", ("incidents.report_incident",), "record"),
            Place(
                _("In an emergency"),
                "incidents:emergency",
                ("incidents.report_incident",),
                "people",
            ),
        ),
    ),
    Group(
        _("The year"),
        (
            Place(_("This year"), "cycles:this_year", ("cycles.view_yearplan",), "plan", "y"),
            Place(
                _("Milestones"), "cycles:milestone_list", ("cycles.view_milestone",), "check", "m"
            ),
            Place(_("Fiscal years"), "cycles:cycle_list", ("cycles.view_cycle",), "cycle"),
            Place(_("Guideline"), "cycles:clause_list", ("cycles.view_clause",), "guideline"),
        ),
    ),
    Group(
        _("Incidents"),
        (
            Place(_("Incidents"), "incidents:list", ("incidents.view_incident",), "report", "v"),
            Place(
                _("Statistics of incidents"),
                "incidents:statistics",
                ("incidents.view_statistics",),
                "summary",
            ),
            Place(
                _("Rules of obligations"),
                "incidents:rule_list",
                ("incidents.view_obligationrule",),
                "guideline",
            ),
        ),
    ),
    Group(
        _("Training"),
        (
            Place(
                _("Training campaigns"),
                "training:campaign_list",
                ("training.view_campaign", "training.view_own_people"),
                "campaign",
                "t",
            ),
            Place(
                _("Training records"),
                "training:record_list",
                ("training.view_trainingrecord", "training.view_own_people"),
                "record",
                "r",
            ),
            Place(
                _("Excuses"),
                "training:excuse_list",
                ("training.view_excuse", "training.request_excuse"),
                "excuse",
                "e",
            ),
            Place(
                _("Training plans"),
                "training:plan_list",
                ("training.view_trainingplan",),
                "plan",
                "p",
            ),
            Place(_("Courses"), "training:course_list", ("training.view_course",), "course", "c"),
            Place(
                _("Question bank"),
                "training:question_list",
                ("training.view_question",),
                "question",
                "q",
            ),
            Place(
                _("Training summary"), "training:summary", ("training.view_report",), "summary", "s"
            ),
        ),
    ),
    Group(
        _("Corrective actions"),
        (
            Place(
                _("Register of corrective actions"),
                "corrective_actions:action_list",
                (
                    "corrective_actions.view_correctiveaction",
                    "corrective_actions.view_own_departments",
                ),
                "check",
                "k",
            ),
            Place(
                _("By step"),
                "corrective_actions:board",
                ("corrective_actions.view_correctiveaction",),
                "record",
            ),
            Place(
                _("Examiner's findings"),
                "corrective_actions:finding_list",
                ("corrective_actions.view_examinerfinding",),
                "question",
                "f",
            ),
        ),
    ),
    Group(
        _("Organization"),
        (
            Place(
                _("People"),
                "organization:person_list",
                ("organization.view_person", "organization.view_own_people"),
                "people",
                "u",
            ),
            Place(
                _("Departments"),
                "organization:department_list",
                ("organization.view_department",),
                "department",
                "d",
            ),
            Place(
                _("Appointments"),
                "organization:appointment_list",
                ("organization.view_appointment",),
                "appointment",
                "a",
            ),
            Place(_("Sites"), "organization:site_list", ("organization.view_site",), "site"),
            Place(
                _("Closed days"),
                "organization:closed_day_list",
                ("organization.view_closedday",),
                "calendar",
            ),
        ),
    ),
    Group(
        _("Records and data"),
        (
            Place(_("Imports"), "transfer:run_list", ("transfer.view_importrun",), "import", "i"),
            Place(
                _("Sent notifications"),
                "notifications:outbox",
                ("notifications.view_notification",),
                "bell",
                "n",
            ),
            Place(
                _("Reminders"),
                "reminders:reminder_list",
                ("reminders.view_reminder", "organization.view_own_people"),
                "calendar",
            ),
            Place(
                _("Journal"), "history:entry_list", ("history.view_historyentry",), "history", "l"
            ),
            Place(
                _("Background work"),
                "dashboard:system",
                ("dashboard.view_system",),
                "overview",
                "b",
            ),
            Place(_("Administration"), "admin:index", ("accounts.use_admin",), "admin"),
        ),
    ),
)


class Link(NamedTuple):
    """A place as the navigation shows it.

    Attributes:
        label, url: its name and address.
        icon: the symbol, drawn.
        marks: further attributes of the link: whether it is the present place, and its key.
        is_current: whether the present page lies in it.
    """

    label: str
    url: str
    icon: SafeString
    marks: SafeString
    is_current: bool


def navigation_for(has_perm: Callable[[str], bool], path: str) -> Iterator[dict[str, Any]]:
    """The groups and places open to somebody, with the one marked that `path` lies in.

    Args:
        has_perm: whether a permission is held.
        path: of the present page.
    """
    groups = [
        (group.title, [place for place in group.places if _is_open(place, has_perm)])
        for group in NAVIGATION
    ]
    present = max(
        (
            place.url
            for __, places in groups
            for place in places
            if path == place.url or (place.url != "/" and path.startswith(place.url))
        ),
        key=len,
        default=None,
    )
    for title, places in groups:
        if places:
            yield {
                "title": title,
                "places": [_link(place, is_current=place.url == present) for place in places],
            }


def _link(place: Place, *, is_current: bool) -> Link:
    marks = _marks(place.key, is_current)
    return Link(str(place.label), place.url, icon(place.icon), marks, is_current)


@cache
def _marks(key: str, is_current: bool) -> SafeString:
    return flatatt({"aria-current": "page" if is_current else None, "data-go": key or None})


def _is_open(place: Place, has_perm: Callable[[str], bool]) -> bool:
    return any(has_perm(permission) for permission in place.permissions)

"""How what happens to calendars and to work in the background reads in the journal."""

from django.utils.translation import gettext_lazy as _

EVENTS = {
    "dashboard.calendar_address_made": _(
        "%(actor)s made an address for their calendar; one from before opens nothing any more."
    ),
    "dashboard.calendar_address_revoked": _("%(actor)s revoked the address of their calendar."),
    "dashboard.task_retried": _("%(actor)s had the task %(task)s done again after: %(reason)s"),
    "dashboard.task_taken_up": _("The task %(task)s was taken up again; its worker was lost."),
    "dashboard.task_given_up": _("The task %(task)s was given up; its worker was lost."),
}

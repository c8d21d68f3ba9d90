"""How what happens to work in the background reads in the journal."""

from django.utils.translation import gettext_lazy as _

EVENTS = {
    "dashboard.task_retried": _("%(actor)s had the task %(task)s done again after: %(reason)s"),
    "dashboard.task_taken_up": _("The task %(task)s was taken up again; its worker was lost."),
    "dashboard.task_given_up": _("The task %(task)s was given up; its worker was lost."),
}

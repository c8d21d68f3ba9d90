"""How the events of the years read in the journal."""

from django.utils.translation import gettext_lazy as _

from .choices import Verdict

CHOICES = {"cycles.objective_measured": {"verdict": Verdict}}

EVENTS = {
    "cycles.created": _("%(actor)s registered the fiscal year “%(record)s”."),
    "cycles.guideline_added": _(
        "%(actor)s added “%(record)s” with %(count)s clauses; it holds from %(from)s on."
    ),
    "cycles.plan_made": _("%(actor)s made “%(record)s” with %(milestones)s milestones."),
    "cycles.plan_submitted": _("%(actor)s asked top management for the approval of “%(record)s”."),
    "cycles.plan_returned": _("%(actor)s sent “%(record)s” back."),
    "cycles.plan_approved": _("%(actor)s approved “%(record)s”."),
    "cycles.milestone_added": _("%(actor)s planned “%(record)s”."),
    "cycles.milestone_removed": _("%(actor)s removed “%(record)s” from the plan."),
    "cycles.milestone_dropped": _("%(actor)s decided that “%(record)s” is not needed."),
    "cycles.milestone_completed": _("%(actor)s said that “%(record)s” was done on %(on)s."),
    "cycles.milestone_fulfilled": _("“%(record)s” is done: %(by)s."),
    "cycles.milestone_missed": _("“%(record)s” was not done by %(due_on)s."),
    "cycles.milestone_reopened": _(
        "%(actor)s took back what was said of “%(record)s”; it is open again."
    ),
    "cycles.extension_requested": _("%(actor)s asked for “%(record)s” to be due on %(due_on)s."),
    "cycles.extension_granted": _("%(actor)s granted %(due_on)s for “%(record)s”."),
    "cycles.extension_refused": _("%(actor)s refused %(due_on)s for “%(record)s”."),
    "cycles.extension_withdrawn": _("The request for a later date of “%(record)s” is off."),
    "cycles.objective_set": _("%(actor)s set the objective “%(record)s”."),
    "cycles.objective_changed": _("%(actor)s changed the objective “%(record)s”."),
    "cycles.objective_removed": _("%(actor)s removed the objective “%(record)s”."),
    "cycles.objective_measured": _("%(actor)s measured “%(record)s”: %(verdict)s."),
}

NOTICES = {
    "cycles.plan_submitted": _("A plan waits for approval"),
    "cycles.plan_returned": _("A plan was sent back"),
    "cycles.plan_approved": _("A plan was approved"),
    "cycles.extension_requested": _("A later date is asked for"),
    "cycles.extension_decided": _("A later date was decided on"),
}

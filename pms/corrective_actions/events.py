"""How the events of corrective actions read in the journal."""

from django.utils.translation import gettext_lazy as _

from .choices import Source, Verdict

CHOICES = {
    "corrective_actions.raised": {"source": Source},
    "corrective_actions.effect_checked": {"verdict": Verdict},
}

EVENTS = {
    "corrective_actions.raised": _(
        "%(actor)s raised “%(record)s” (source: %(source)s); %(owner)s answers for it."
    ),
    "corrective_actions.recurrence_found": _(
        "“%(record)s” is a recurrence: %(earlier)s did not hold."
    ),
    "corrective_actions.recurrence_set": _(
        "%(actor)s decided that “%(record)s” is a recurrence of %(earlier)s."
    ),
    "corrective_actions.recurrence_dismissed": _(
        "%(actor)s decided that “%(record)s” is not a recurrence."
    ),
    "corrective_actions.facts_changed": _("%(actor)s corrected the facts of “%(record)s”."),
    "corrective_actions.reassigned": _("%(actor)s handed “%(record)s” over to %(owner)s."),
    "corrective_actions.withdrawn": _("%(actor)s withdrew “%(record)s”."),
    "corrective_actions.answered": _(
        "%(actor)s wrote the answer to the examiner for “%(record)s”."
    ),
    "corrective_actions.corrected": _(
        "%(actor)s wrote down the immediate correction for “%(record)s”, made on %(on)s."
    ),
    "corrective_actions.cause_recorded": _("%(actor)s wrote down the cause of “%(record)s”."),
    "corrective_actions.measure_added": _("%(actor)s planned the measure “%(title)s”."),
    "corrective_actions.measure_changed": _("%(actor)s changed the measure “%(title)s”."),
    "corrective_actions.measure_removed": _(
        "%(actor)s took the measure “%(title)s” out of the plan."
    ),
    "corrective_actions.measure_reassigned": _(
        "%(actor)s handed the measure “%(title)s” over to %(owner)s."
    ),
    "corrective_actions.plan_submitted": _("%(actor)s asked for the approval of the plan."),
    "corrective_actions.plan_approved": _("%(actor)s approved the plan of “%(record)s”."),
    "corrective_actions.plan_returned": _("%(actor)s sent the plan of “%(record)s” back."),
    "corrective_actions.replanned": _(
        "%(actor)s took the plan of “%(record)s” up again to change it."
    ),
    "corrective_actions.measure_done": _(
        "%(actor)s said that “%(title)s” was carried out on %(on)s (files as proof: %(files)s)."
    ),
    "corrective_actions.proof_attached": _(
        "%(actor)s attached proof of “%(title)s” (files: %(files)s)."
    ),
    "corrective_actions.carried_out": _(
        "All measures of “%(record)s” are carried out; the effect can be checked from "
        "%(check_from)s on."
    ),
    "corrective_actions.checker_assigned": _("%(actor)s asked %(checker)s to check the effect."),
    "corrective_actions.effect_checked": _(
        "%(actor)s checked the effect of round %(round)s: %(verdict)s."
    ),
    "corrective_actions.closed": _("%(actor)s closed “%(record)s”."),
    "corrective_actions.extension_requested": _(
        "%(actor)s asked for “%(of)s” to be due on %(due_on)s."
    ),
    "corrective_actions.extension_granted": _("%(actor)s granted %(due_on)s for “%(of)s”."),
    "corrective_actions.extension_refused": _("%(actor)s refused %(due_on)s for “%(of)s”."),
    "corrective_actions.extension_withdrawn": _("The request for a later date of “%(of)s” is off."),
    "corrective_actions.risk_accepted": _(
        "%(actor)s accepted the risk of “%(record)s” until %(until)s."
    ),
    "corrective_actions.reopened": _(
        "“%(record)s” was opened again: the time for which its risk was accepted is over."
    ),
}

NOTICES = {
    "corrective_actions.raised": _("A corrective action was given to you"),
    "corrective_actions.plan_submitted": _("The plan of a corrective action waits for approval"),
    "corrective_actions.plan_approved": _("The plan of a corrective action was approved"),
    "corrective_actions.plan_returned": _("The plan of a corrective action was sent back"),
    "corrective_actions.measure_given": _("A measure was given to you"),
    "corrective_actions.check_planned": _("An effect is to be checked"),
    "corrective_actions.effect_checked": _("An effect was checked"),
    "corrective_actions.extension_requested": _("A later date of a corrective action is asked for"),
    "corrective_actions.extension_decided": _("A later date of a corrective action was decided on"),
    "corrective_actions.risk_accepted": _("A risk was accepted for a time"),
    "corrective_actions.reopened": _("A corrective action was opened again"),
}

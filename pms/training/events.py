"""How the events of training read in the journal, and which values not everyone may read there."""

from django.utils.translation import gettext_lazy as _

EVENTS = {
    "training.course_created": _("%(actor)s registered the course “%(record)s”."),
    "training.course_changed": _("%(actor)s changed the course “%(record)s”."),
    "training.starter_course_installed": _(
        "%(actor)s installed the course “%(record)s” with its %(questions)s questions."
    ),
    "training.version_created": _("%(actor)s started “%(record)s”."),
    "training.version_changed": _("%(actor)s changed the material of “%(record)s”."),
    "training.version_published": _("%(actor)s published “%(record)s”."),
    "training.question_created": _("%(actor)s registered the question “%(record)s”."),
    "training.question_changed": _("%(actor)s changed the question “%(record)s”."),
    "training.plan_created": _("%(actor)s made the draft “%(record)s”."),
    "training.plan_changed": _("%(actor)s changed the draft “%(record)s”."),
    "training.plan_item_added": _("%(actor)s added the line “%(record)s” to the plan."),
    "training.plan_item_changed": _("%(actor)s changed the line “%(record)s” of the plan."),
    "training.plan_item_removed": _("%(actor)s took the line “%(record)s” out of the plan."),
    "training.plan_submitted": _("%(actor)s asked for the approval of “%(record)s”."),
    "training.plan_returned": _("%(actor)s sent “%(record)s” back."),
    "training.plan_approved": _("%(actor)s approved “%(record)s”."),
    "training.plan_superseded": _("“%(record)s” was replaced by a later version."),
    "training.campaign_created": _("%(actor)s prepared the training “%(record)s”."),
    "training.campaign_changed": _("%(actor)s changed the training “%(record)s”."),
    "training.campaign_discarded": _("%(actor)s discarded the training “%(record)s”."),
    "training.campaign_opened": _(
        "%(actor)s opened the training “%(record)s” for %(people)s people, %(excused)s of them "
        "excused, with %(questions)s questions."
    ),
    "training.campaign_extended": _(
        "%(actor)s moved the last day of the training “%(record)s” from %(from)s to %(to)s for "
        "%(people)s people."
    ),
    "training.campaign_closed": _(
        "%(actor)s closed the training “%(record)s”: of %(population)s people, %(passed)s passed, "
        "%(excused)s were excused and %(open)s were left with a decision."
    ),
    "training.session_added": _("%(actor)s planned the session “%(record)s”."),
    "training.session_changed": _("%(actor)s changed the session “%(record)s”."),
    "training.session_removed": _("%(actor)s removed the session “%(record)s”."),
    "training.person_added": _("%(actor)s put %(record)s on the list of the training."),
    "training.person_excused": _("%(record)s was excused by a dated rule."),
    "training.person_returned": _("The excuse of %(record)s is over; the training is due again."),
    "training.excuse_requested": _("%(actor)s asked to excuse the person: %(record)s."),
    "training.excuse_approved": _("%(actor)s approved the excuse: %(record)s."),
    "training.excuse_refused": _("%(actor)s refused the excuse: %(record)s."),
    "training.excuse_ended": _("%(actor)s ended the excuse: %(record)s."),
    "training.excused_by_rule": _("A dated rule excused the person: %(record)s."),
    "training.followed_up": _("%(actor)s recorded a follow-up: %(record)s."),
    "training.attempt_started": _("%(actor)s started the test: %(record)s."),
    "training.attempt_submitted": _("%(actor)s sent the test in: %(record)s."),
    "training.acknowledged": _("%(actor)s stated “I understood”."),
    "training.completion_logged": _("%(actor)s logged the training of %(record)s."),
    "training.completions_logged": _(
        "%(actor)s logged the training of %(people)s people in “%(record)s”."
    ),
    "training.record_corrected": _("%(actor)s corrected the record of %(record)s."),
    "training.record_voided": _("%(actor)s declared the record of %(record)s void."),
    "training.record_replaced": _(
        "%(actor)s put a new record of %(record)s in the place of the void one."
    ),
    "training.report_written": _("%(actor)s wrote “%(record)s”."),
    "training.report_approved": _("%(actor)s approved “%(record)s”."),
}

# Scores are for who runs training; see `permissions.may_see_score`.
GUARDED_FIELDS = {
    "training.trainingrecord.score": "training.view_score",
    "training.trainingrecord.failures": "training.view_score",
    "training.attempt.paper": "training.view_score",
    "training.attempt.answers": "training.view_score",
    "training.attempt.score": "training.view_score",
    "training.attempt.is_passed": "training.view_score",
}

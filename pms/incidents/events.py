"""How the events of incidents read in the journal; what happened is behind the record."""

from django.utils.translation import gettext_lazy as _

EVENTS = {
    "incidents.reported": _("“%(record)s” was reported."),
    "incidents.words_added": _("Who reported “%(record)s” added something."),
    "incidents.read": _("%(actor)s read “%(record)s”."),
    "incidents.described": _("%(actor)s corrected “%(record)s”."),
    "incidents.assessed": _("%(actor)s assessed “%(record)s” (assessment %(assessment)s)."),
    "incidents.contained": _("%(actor)s noted what stopped “%(record)s”."),
    "incidents.cause_recorded": _("%(actor)s wrote down the cause of “%(record)s”."),
    "incidents.no_action_needed": _("%(actor)s said why “%(record)s” needs no corrective action."),
    "incidents.action_raised": _("%(actor)s raised a corrective action for “%(record)s”."),
    "incidents.publication_decided": _("%(actor)s decided on the publication of “%(record)s”."),
    "incidents.timeline_told": _("%(actor)s added to the timeline of “%(record)s”."),
    "incidents.let_in": _("%(actor)s shared “%(record)s” with %(user)s."),
    "incidents.excluded": _("%(actor)s stopped sharing “%(record)s” with %(user)s."),
    "incidents.let_in_by_rule": _(
        "By rule, %(user)s may know of “%(record)s” because of their post."
    ),
    "incidents.lapsed": _(
        "By rule, %(user)s may know of “%(record)s” no more: no post of theirs concerns it."
    ),
    "incidents.items_written": _("%(actor)s wrote items of the report of “%(record)s”."),
    "incidents.report_submitted": _("%(actor)s asked for approval of a report of “%(record)s”."),
    "incidents.report_approved": _("%(actor)s approved a report of “%(record)s”."),
    "incidents.report_returned": _("%(actor)s sent a report of “%(record)s” back."),
    "incidents.report_filed": _(
        "%(actor)s noted that a report of “%(record)s” was filed on %(day)s."
    ),
    "incidents.difference_noted": _("%(actor)s noted what changed after a report of “%(record)s”."),
    "incidents.obligation_waived": _("%(actor)s waived an obligation of “%(record)s”."),
    "incidents.persons_told": _("%(actor)s noted how “%(group)s” of “%(record)s” are told."),
    "incidents.notice_updated": _("%(actor)s updated the notice to “%(group)s” of “%(record)s”."),
    "incidents.notice_dropped": _(
        "%(actor)s took back the planned notice to “%(group)s” of “%(record)s”."
    ),
    "incidents.not_told": _("%(actor)s said why the persons of “%(record)s” are not told."),
    "incidents.addressees_added": _(
        "%(actor)s added %(count)s addressees to the notice to “%(group)s” of “%(record)s”."
    ),
    "incidents.list_erased": _(
        "The list of %(count)s addressees of “%(group)s” of “%(record)s” was erased by rule."
    ),
    "incidents.contact_added": _("%(actor)s added the emergency contact “%(record)s”."),
    "incidents.contact_changed": _("%(actor)s changed the emergency contact “%(record)s”."),
    "incidents.contact_removed": _("%(actor)s removed the emergency contact “%(record)s”."),
    "incidents.procedure_written": _("%(actor)s wrote the emergency procedure."),
    "incidents.paper_taken": _("%(actor)s downloaded a report of “%(record)s” as a PDF."),
    "incidents.letters_taken": _(
        "%(actor)s downloaded %(count)s letters to “%(group)s” of “%(record)s”."
    ),
    "incidents.closed": _("%(actor)s closed “%(record)s”."),
    "incidents.dismissed": _("%(actor)s said that “%(record)s” is not an incident."),
    "incidents.promoted": _("%(actor)s said that “%(record)s” was an incident after all."),
    "incidents.reopened": _("%(actor)s opened “%(record)s” again."),
    "incidents.category_added": _("%(actor)s entered the line “%(record)s” of the lists."),
    "incidents.category_ended": _(
        "%(actor)s said until which year the line “%(record)s” of the lists holds."
    ),
    "incidents.category_withdrawn": _(
        "%(actor)s withdrew the line “%(record)s” of the lists, which no case was counted by."
    ),
    "incidents.rule_added": _("%(actor)s entered the rule “%(record)s”."),
    "incidents.rule_withdrawn": _("%(actor)s withdrew the rule “%(record)s” before it began."),
    "incidents.rule_ended": _("%(actor)s said until when the rule “%(record)s” holds."),
}

NOTICES = {
    "incidents.reported": _("An incident or near miss was reported"),
    "incidents.words_added": _("Something was added to a report"),
    "incidents.let_in": _("An incident was shared with you"),
    "incidents.report_submitted": _("A report waits for approval"),
}

# That somebody was told of an incident says that there is one.
GUARDED_NOTICES = dict.fromkeys(NOTICES, "incidents.handle_incident")

"""How the events of the organization read in the journal."""

from django.utils.translation import gettext_lazy as _

EVENTS = {
    "organization.person_registered": _("%(actor)s registered %(record)s."),
    "organization.person_moved": _(
        "%(actor)s moved %(record)s from “%(from)s” to “%(to)s” on %(on)s."
    ),
    "organization.affiliation_corrected": _("%(actor)s corrected an affiliation of %(record)s."),
    "organization.concurrent_post_added": _("%(actor)s added a concurrent post of %(record)s."),
    "organization.concurrent_post_ended": _("%(actor)s ended a concurrent post of %(record)s."),
    "organization.leave_added": _("%(actor)s registered a leave of %(record)s."),
    "organization.leave_ended": _("%(actor)s set the end of a leave of %(record)s."),
    "organization.employment_ended": _(
        "%(actor)s registered that the last day of %(record)s is %(left_on)s."
    ),
    "organization.leaving_withdrawn": _("%(actor)s took back the leaving of %(record)s."),
    "organization.account_opened": _("%(actor)s opened an account for %(record)s."),
    "organization.account_invited": _(
        "%(actor)s sent %(record)s the way to set a password once more."
    ),
    "organization.account_closed": _("%(actor)s closed the account of %(record)s."),
    "organization.account_reopened": _("%(actor)s opened the account of %(record)s again."),
    "organization.department_created": _("%(actor)s registered the department “%(record)s”."),
    "organization.department_renamed": _(
        "%(actor)s renamed the department “%(from)s” to “%(to)s” from %(on)s on."
    ),
    "organization.department_moved": _(
        "%(actor)s moved the department “%(record)s” from “%(from)s” to “%(to)s”."
    ),
    "organization.department_closed": _("%(actor)s closed the department “%(record)s”."),
    "organization.appointed": _("%(actor)s registered the appointment “%(record)s”."),
    "organization.appointment_ended": _("%(actor)s set the end of the appointment “%(record)s”."),
    "organization.letter_printed": _("%(actor)s took the letter of the appointment “%(record)s”."),
    "organization.appointment_withdrawn": _("%(actor)s withdrew the appointment “%(record)s”."),
}

"""Separation of duties: who may hold which post of the management system, and when.

The rules come from JIS Q 15001:2023 5.3 and the PrivacyMark guideline J.2.3: the audit officer is
neither the privacy manager nor the representative, both officers come from inside the company,
and those who audit the company by law hold no post in the structure that they watch. They are
asked over the whole period of an appointment, not only of today.
"""

import re
from datetime import date
from typing import Final

from django.contrib.contenttypes.models import ContentType
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from pms.accounts.roles import Role
from pms.organization.choices import EmploymentKind
from pms.organization.exceptions import DutyConflictError, OverlapError
from pms.organization.models import SINGLE_ROLES, Affiliation, Appointment, Person

# Posts that one person must not hold together with the audit officer's.
APART_FROM_AUDIT: Final = (Role.PRIVACY_MANAGER, Role.TOP_MANAGEMENT)
INSIDER_ROLES: Final = (Role.PRIVACY_MANAGER, Role.AUDIT_OFFICER)
# Consultants may help and dispatched workers may work, but neither is from inside.
OUTSIDE_KINDS: Final = (EmploymentKind.DISPATCHED, EmploymentKind.EXTERNAL)

# 監査役室 and 監査役会事務局 are where ordinary employees work.
_BARRED = re.compile(
    r"(?:監査役|監査等?委員|会計参与)(?!室|付|補助|補佐|スタッフ|事務局|会事務局)"
    r"|statutory auditor|corporate auditor|audit and supervisory|accounting advis[eo]r",
    re.IGNORECASE,
)


def one_at_a_time() -> None:
    """Hold every other transaction that asks the rules of duties until this one ends.

    The rules look at other rows, which two appointments made at the same moment do not see of
    each other. The row that stands for the model always exists, so it can be locked.
    """
    kind = ContentType.objects.get_for_model(Appointment)
    list(ContentType.objects.select_for_update(no_key=True).filter(pk=kind.pk))


def is_barred_post(post: str) -> bool:
    """Whether `post` is 監査役, 監査委員 or 会計参与, who hold no post of the structure."""
    return bool(_BARRED.search(post))


def check_appointment(appointment: Appointment) -> None:
    """Refuse an appointment that breaks a rule anywhere in its period; nothing is written.

    Args:
        appointment: stored or not; its person, role, department and period are asked.

    Raises:
        OverlapError: the post is held in that period already.
        DutyConflictError: one of the rules at the top of this module, or the person does not
            work here throughout; all reasons are named.
    """
    _refuse_double(appointment)
    refusals = [*_absences(appointment), *_conflicts(appointment)]
    affiliations = list(
        Affiliation.objects.overlapping(appointment.starts_on, appointment.ends_on)
        .filter(person=appointment.person)
        .order_by("starts_on")
    )
    refusals += [text for it in affiliations if (text := _bar(appointment.person, it, appointment))]
    if appointment.role in INSIDER_ROLES and not any(
        it.holds_on(appointment.starts_on) for it in affiliations
    ):
        refusals.append(
            _("Where %(person)s belongs on %(day)s is not recorded; %(post)s needs an insider.")
            % {
                "person": appointment.person,
                "day": day_text(appointment.starts_on),
                "post": appointment.get_role_display(),
            }
        )
    if refusals:
        raise DutyConflictError(refusals)


def check_affiliation(affiliation: Affiliation) -> None:
    """Refuse an affiliation that would bar its person from a post held in the same period.

    Raises:
        DutyConflictError: says which post; it must be ended first.
    """
    held = Appointment.objects.overlapping(affiliation.starts_on, affiliation.ends_on).filter(
        person=affiliation.person
    )
    refusals = [text for it in held if (text := _bar(affiliation.person, affiliation, it))]
    if refusals:
        raise DutyConflictError(
            [*refusals, _("End the appointment first, or change the affiliation.")]
        )


def _refuse_double(appointment: Appointment) -> None:
    others = (
        Appointment.objects.overlapping(appointment.starts_on, appointment.ends_on)
        .filter(role=appointment.role)
        .exclude(pk=appointment.pk)
        .select_related("person")
        .order_by("starts_on")
    )
    if appointment.role not in SINGLE_ROLES:
        others = others.filter(person=appointment.person, department=appointment.department)
    other = others.first()
    if other is not None:
        raise OverlapError(
            _("%(person)s holds the post “%(post)s” %(period)s. End that appointment first.")
            % {
                "person": other.person,
                "post": other.get_role_display(),
                "period": period_text(other.starts_on, other.ends_on),
            }
        )


def _absences(appointment: Appointment) -> list[str]:
    person, department = appointment.person, appointment.department
    refusals = []
    if person.joined_on > appointment.starts_on:
        refusals.append(
            _("%(person)s joins only on %(day)s; the appointment cannot start before.")
            % {"person": person, "day": day_text(person.joined_on)}
        )
    if person.left_on and (appointment.ends_on is None or appointment.ends_on > person.left_on):
        refusals.append(
            _("%(person)s leaves on %(day)s; the appointment must end by then.")
            % {"person": person, "day": day_text(person.left_on)}
        )
    if department and not department.holds_on(appointment.starts_on):
        refusals.append(
            _("The department “%(department)s” does not exist on %(day)s.")
            % {"department": department, "day": day_text(appointment.starts_on)}
        )
    return refusals


def _conflicts(appointment: Appointment) -> list[str]:
    if appointment.role == Role.AUDIT_OFFICER:
        apart: tuple[str, ...] = APART_FROM_AUDIT
    elif appointment.role in APART_FROM_AUDIT:
        apart = (Role.AUDIT_OFFICER,)
    else:
        return []
    held = (
        Appointment.objects.overlapping(appointment.starts_on, appointment.ends_on)
        .filter(person=appointment.person, role__in=apart)
        .exclude(pk=appointment.pk)
    )
    return [
        _(
            "%(person)s is %(held)s %(period)s and cannot be %(post)s in that time: the audit "
            "officer must be neither the privacy manager nor the representative."
        )
        % {
            "person": appointment.person,
            "held": it.get_role_display(),
            "period": period_text(it.starts_on, it.ends_on),
            "post": appointment.get_role_display(),
        }
        for it in held
    ]


def _bar(person: Person, affiliation: Affiliation, appointment: Appointment) -> str:
    """Why `person` cannot have the affiliation and the appointment at a time; empty if possible."""
    facts = {
        "person": person,
        "post": appointment.get_role_display(),
        "kind": affiliation.get_employment_kind_display(),
        "title": affiliation.post,
        "period": period_text(affiliation.starts_on, affiliation.ends_on),
    }
    if is_barred_post(affiliation.post):
        return (
            _(
                "%(person)s is “%(title)s” %(period)s and cannot be %(post)s: statutory auditors "
                "and accounting advisers hold no post of the management system."
            )
            % facts
        )
    if appointment.role in INSIDER_ROLES and affiliation.employment_kind in OUTSIDE_KINDS:
        return (
            _(
                "%(person)s is “%(kind)s” %(period)s and cannot be %(post)s, who must come from "
                "inside the company."
            )
            % facts
        )
    return ""


def day_text(day: date) -> str:
    """`day` as it stands in a message."""
    return date_format(day, "SHORT_DATE_FORMAT")


def period_text(starts_on: date, ends_on: date | None) -> str:
    """A period as it stands in a message."""
    if ends_on is None:
        return _("from %(start)s on") % {"start": day_text(starts_on)}
    return _("from %(start)s to %(end)s") % {"start": day_text(starts_on), "end": day_text(ends_on)}

"""The tree of departments, and the names they had in time."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pms.core.exceptions import DomainError
from pms.core.text import fold, fold_code
from pms.history.context import as_actor
from pms.history.services import record
from pms.organization.exceptions import OverlapError
from pms.organization.models import Affiliation, Appointment, Department, DepartmentName, Site

from .duties import day_text

ONE_DAY = timedelta(days=1)


@transaction.atomic
@as_actor
def create_department(
    *,
    code: str,
    name: str,
    name_en: str = "",
    parent: Department | None = None,
    site: Site | None = None,
    starts_on: date,
    actor: Any,
) -> Department:
    """Register a department with its first name.

    Raises:
        ValidationError: a field is missing or the code is taken.
        DomainError: the department above it does not exist on that day.
    """
    if parent is not None and not parent.holds_on(starts_on):
        raise _missing(parent, starts_on)
    department = Department(
        code=fold_code(code),
        name=fold(name),
        name_en=fold(name_en),
        parent=parent,
        site=site,
        starts_on=starts_on,
    )
    department.full_clean()
    department.save()
    _name(department, starts_on)
    record("organization.department_created", department, actor=actor)
    return department


@transaction.atomic
@as_actor
def update_department(
    department_id: int, *, code: str, site: Site | None, actor: Any
) -> Department:
    """Change code and site; name, place in the tree and end have services of their own.

    Raises:
        ValidationError: the code is missing or taken.
    """
    department = Department.objects.select_for_update().get(pk=department_id)
    department.code, department.site = fold_code(code), site
    department.full_clean()
    department.save()
    return department


@transaction.atomic
@as_actor
def rename_department(
    department_id: int,
    *,
    name: str,
    name_en: str = "",
    on: date,
    today: date,
    actor: Any,
    reason: str = "",
) -> Department:
    """Give a department another name from a day on; what it was called before stays known.

    Args:
        on: the first day of the new name, today at the latest. On the day on which the present
            name began, it corrects that name.
        today: the present day.

    Raises:
        DomainError: the day is to come, or the name is the same.
        OverlapError: the present name began after that day.
    """
    department = Department.objects.select_for_update().get(pk=department_id)
    former, former_en = department.name, department.name_en
    if on > today:
        raise DomainError(
            _("A new name can be registered from the day on which it begins, %(day)s.")
            % {"day": day_text(on)}
        )
    name, name_en = fold(name), fold(name_en)
    if (name, name_en) == (department.name, department.name_en):
        raise DomainError(_("The department has this name already."))
    present = department.names.select_for_update().order_by("-starts_on").first()
    if present is None:
        present = DepartmentName(
            department=department,
            name=former,
            name_en=former_en,
            starts_on=department.starts_on,
        )
    if on < present.starts_on:
        raise OverlapError(
            _("The present name began on %(day)s; a new one can begin only after that day.")
            % {"day": day_text(present.starts_on)}
        )
    department.name, department.name_en = name, name_en
    department.full_clean()
    department.save()
    if on == present.starts_on:
        present.name, present.name_en = name, name_en
    else:
        present.ends_on = on - ONE_DAY
        _name(department, on)
    present.save()
    details = {"from": former, "to": name, "on": on.isoformat()}
    record(
        "organization.department_renamed", department, actor=actor, details=details, reason=reason
    )
    return department


@transaction.atomic
@as_actor
def move_department(
    department_id: int, *, parent: Department | None, actor: Any, reason: str = ""
) -> Department:
    """Hang a department, with all below it, under another one or at the top.

    Raises:
        DomainError: the new place is the department itself or lies below it.
    """
    # All of them: two moves at a time could close a circle that neither sees.
    everything = {it.pk: it for it in Department.objects.select_for_update().order_by("pk")}
    department = everything[department_id]
    if parent is not None and parent.pk in Department.objects.subtree_ids([department.pk]):
        raise DomainError(
            _("“%(parent)s” belongs to “%(department)s”, so it cannot stand above it.")
            % {"parent": parent, "department": department}
        )
    details = {
        "from": str(everything[department.parent_id]) if department.parent_id else "–",
        "to": str(parent) if parent else "–",
    }
    department.parent = parent
    department.full_clean()
    department.save()
    record("organization.department_moved", department, actor=actor, details=details, reason=reason)
    return department


@transaction.atomic
@as_actor
def close_department(
    department_id: int, *, ends_on: date, actor: Any, reason: str = ""
) -> Department:
    """Let a department end; whoever belongs to it must have been moved.

    Args:
        ends_on: its last day.

    Raises:
        DomainError: people, departments or managers still belong to it afterwards.
        ValidationError: the day is before its first one.
    """
    department = Department.objects.select_for_update().get(pk=department_id)
    _refuse_if_in_use(department, ends_on)
    department.ends_on = ends_on
    department.full_clean()
    department.save()
    for name in department.names.filter(ends_on=None).select_for_update():
        name.ends_on = max(ends_on, name.starts_on)
        name.save()
    record("organization.department_closed", department, actor=actor, reason=reason)
    return department


def _refuse_if_in_use(department: Department, ends_on: date) -> None:
    after = ends_on + ONE_DAY
    people = (
        Affiliation.objects.overlapping(after, None)
        .filter(department=department)
        .values("person")
        .distinct()
        .count()
    )
    if people:
        raise DomainError(
            ngettext(
                "%(count)d person belongs to “%(department)s” after %(day)s. Move them first.",
                "%(count)d people belong to “%(department)s” after %(day)s. Move them first.",
                people,
            )
            % {"count": people, "department": department, "day": day_text(ends_on)}
        )
    below = Department.objects.current(after).filter(parent=department).first()
    if below is not None:
        raise DomainError(
            _("“%(below)s” belongs to “%(department)s”. Move or close it first.")
            % {"below": below, "department": department}
        )
    manager = (
        Appointment.objects.overlapping(after, None)
        .filter(department=department)
        .select_related("person")
        .first()
    )
    if manager is not None:
        raise DomainError(
            _("%(person)s is %(post)s of “%(department)s”. End that appointment first.")
            % {
                "person": manager.person,
                "post": manager.get_role_display(),
                "department": department,
            }
        )


def _missing(department: Department, day: date) -> DomainError:
    return DomainError(
        _("The department “%(department)s” does not exist on %(day)s.")
        % {"department": department, "day": day_text(day)}
    )


def _name(department: Department, starts_on: date) -> None:
    DepartmentName.objects.create(
        department=department,
        name=department.name,
        name_en=department.name_en,
        starts_on=starts_on,
    )

"""Presentation only: query links, relative days, status shapes."""

from datetime import date
from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

register = template.Library()


@register.filter
def relative_days(day: date | None) -> str:
    """Say "in 3 days", "today", "2 days late": `day` seen from today."""
    if day is None:
        return ""
    distance = (day - timezone.localdate()).days
    if distance == 0:
        return _("today")
    if distance > 0:
        return ngettext("in %(days)d day", "in %(days)d days", distance) % {"days": distance}
    return ngettext("%(days)d day late", "%(days)d days late", -distance) % {"days": -distance}


@register.filter
def days_ago(day: date | None) -> int:
    """Whole days from `day` until today; negative for days to come."""
    return (timezone.localdate() - day).days if day else 0


@register.simple_tag(takes_context=True)
def query_link(context: Any, **changes: Any) -> str:
    """The present address with some query values replaced; None removes one."""
    query = context["request"].GET.copy()
    for name in ("page", "export"):
        query.pop(name, None)
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def sort_link(context: Any, name: str) -> str:
    """The address that sorts by `name`, the other way round if it is sorted so already."""
    present = context.get("sort", "")
    return query_link(context, sort=f"-{name}" if present == name else name)


@register.simple_tag(takes_context=True)
def sort_state(context: Any, name: str) -> str:
    """The value of aria-sort for the heading of `name`."""
    return {name: "ascending", f"-{name}": "descending"}.get(context.get("sort", ""), "none")

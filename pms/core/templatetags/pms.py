"""Presentation only: query links, relative days, shapes of states, geometry of charts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from django import template
from django.forms.utils import flatatt
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pms.core.text import escaped, listed

register = template.Library()
register.filter("listed", listed)

# The shape that goes with a state, everywhere the same: ○ ◐ ● ▲ ‖ –
SHAPES = {
    "todo": ("not_started", "planned", "new", "reported", "needed", "raised"),
    "doing": (
        "in_progress",
        "partly",
        "open",
        "draft",
        "submitted",
        "requested",
        "uploaded",
        "checking",
        "previewed",
        "writing",
        "running",
        "changed",
        "waiting",
        "sending",
        "handling",
        "drafting",
        "analysis",
        "planning",
        "execution",
    ),
    "done": (
        "passed",
        "closed",
        "approved",
        "done",
        "met",
        "granted",
        "active",
        "published",
        "unchanged",
        "clean",
        "sent",
        "filed",
        "verified",
        "effective",
    ),
    "alert": (
        "failed",
        "overdue",
        "missed",
        "not_met",
        "refused",
        "error",
        "warning",
        "missing",
        "infected",
        "bounced",
        "not_effective",
    ),
    "hold": (
        "excused",
        "on_hold",
        "leave",
        "ended",
        "to_be_checked",
        "to_clarify",
        "secondary",
        "accepted",
    ),
    "none": (
        "void",
        "cancelled",
        "undone",
        "superseded",
        "left",
        "inactive",
        "dropped",
        "withdrawn",
    ),
}
_SHAPE = {key: shape for shape, keys in SHAPES.items() for key in keys}


# Django prints attributes and options with a template each; a list page has hundreds of them.
register.filter("flatatt", flatatt)


@register.simple_tag
def select_options(groups: Iterable[tuple[str | None, list[dict[str, Any]], int]]) -> SafeString:
    """The options of a select, as `widget.optgroups` has them."""
    parts = [
        _options(options) if name is None else _group(name, options) for name, options, _ in groups
    ]
    return mark_safe("".join(parts))  # noqa: S308


def _group(name: str, options: list[dict[str, Any]]) -> str:
    return f'<optgroup label="{escaped(name)}">{_options(options)}</optgroup>'


def _options(options: list[dict[str, Any]]) -> str:
    return "".join(
        f'<option value="{escaped(str(it["value"]))}"{flatatt(it["attrs"]) if it["attrs"] else ""}>'
        f"{escaped(it['label'])}</option>"
        for it in options
    )


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """An icon beside words, never instead of them: a symbol of `img/icons.svg`."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false" width="20" height="20">'
        '<use href="{}#{}"></use></svg>',
        static("img/icons.svg"),
        name,
    )


@register.simple_tag
def status(key: str, label: str) -> SafeString:
    """A state as word, shape and colour; a key without a shape of its own counts as "none"."""
    return format_html(
        '<span class="status status-{}">{}</span>', _SHAPE.get(str(key), "none"), label
    )


@register.simple_tag
def due(day: date | None, is_done: bool = False) -> SafeString | str:
    """A last day and, until it is `is_done`, its distance from today; red once it is over."""
    if day is None:
        return ""
    if isinstance(day, datetime):
        day = timezone.localtime(day).date()
    if is_done:
        return format_html('<time class="due" datetime="{0}">{0}</time>', day.isoformat())
    distance = (day - timezone.localdate()).days
    tone = " due-late" if distance < 0 else " due-soon" if distance <= 7 else ""
    return format_html(
        '<span class="due{1}"><time datetime="{0}">{0}</time> <small>{2}</small></span>',
        day.isoformat(),
        tone,
        relative_days(day),
    )


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


@register.filter
def grouped(number: Any) -> str:
    """A number with its thousands apart; what is no number stays as it is, None is nothing."""
    if number is None:
        return ""
    return f"{number:,}" if isinstance(number, int | float) else str(number)


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


@register.filter
def at_page(query: str, cursor: str) -> str:
    """The address of the page that `cursor` names, in the list of the encoded `query`."""
    return f"?{query}&page={cursor}" if query else f"?page={cursor}"


@register.simple_tag(takes_context=True)
def sort_link(context: Any, name: str) -> str:
    """The address that sorts by `name`, the other way round if it is sorted so already."""
    present = context.get("sort", "")
    return query_link(context, sort=f"-{name}" if present == name else name)


@register.simple_tag(takes_context=True)
def sort_state(context: Any, name: str) -> str:
    """The value of aria-sort for the heading of `name`."""
    return {name: "ascending", f"-{name}": "descending"}.get(context.get("sort", ""), "none")


@register.filter
def field_groups(form: Any) -> Iterator[tuple[str, str, list[Any]]]:
    """The visible fields of `form` by its `groups` of (title, why, names); the rest comes last."""
    fields = {field.name: field for field in form.visible_fields()}
    for title, why, names in getattr(form, "groups", ()):
        found = [fields.pop(name) for name in names if name in fields]
        if found:
            yield title, why, found
    if fields:
        yield "", "", list(fields.values())


@register.filter
def is_checkbox(field: Any) -> bool:
    """Whether `field` is a single box to tick, whose words stand behind it."""
    return getattr(field.field.widget, "input_type", "") == "checkbox" and not field.use_fieldset


class DrawnBar(NamedTuple):
    """A row of a comparison: its name, its bar as rectangles, its numbers as cells, their sum."""

    label: str
    bar: SafeString
    numbers: SafeString
    total: str


@register.filter
def drawn(rows: Iterable[Mapping[str, Any]]) -> list[DrawnBar]:
    """The rows of `components/bars.html`, each number a link where it has an address."""
    return [
        DrawnBar(
            label=_linked(row["label"], row["url"]),
            bar=_stacked(row["segments"]),
            numbers=mark_safe("".join(map(_number_cell, row["segments"]))),  # noqa: S308
            total=grouped(row["total"]),
        )
        for row in rows
    ]


def _stacked(segments: Iterable[Mapping[str, Any]]) -> SafeString:
    """The segments of one bar as rectangles, x and width in hundredths of the whole."""
    x, parts = 0.0, []
    for segment in segments:
        width = float(segment["percent"] or 0)
        parts.append(
            f'<rect class="segment segment-{escaped(segment["key"])}" x="{x:.2f}" y="0"'
            f' width="{width:.2f}" height="10"></rect>'
        )
        x += width
    return mark_safe("".join(parts))  # noqa: S308


def _number_cell(segment: Mapping[str, Any]) -> str:
    zero = "" if segment["value"] else " zero"
    number = _linked(grouped(segment["value"]), segment["url"])
    return f'<td class="num{zero}" data-label="{escaped(segment["label"])}">{number}</td>'


def _linked(text: Any, url: str) -> SafeString:
    found = f'<a href="{escaped(url)}">{escaped(text)}</a>' if url else escaped(text)
    return mark_safe(found)  # noqa: S308


class CurvePoint(NamedTuple):
    """A point of a curve in words."""

    day: str
    value: str


# The frame of a curve, in the units of its drawing.
_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 720, 260, 64, 704, 16, 220


@register.simple_tag
def curve_shape(points: Sequence[tuple[date, int]], total: int) -> dict[str, Any]:
    """The geometry of a line through `points` in a frame as high as `total`; {} without points."""
    if not points or not total:
        return {}
    first, last = points[0][0], points[-1][0]
    span = max((last - first).days, 1)

    def x(day: date) -> float:
        return round(_LEFT + (day - first).days / span * (_RIGHT - _LEFT), 1)

    def y(value: float) -> float:
        return round(_BOTTOM - value / total * (_BOTTOM - _TOP), 1)

    places = [(x(day), y(value)) for day, value in points]
    line = "M" + "L".join(f"{across} {down}" for across, down in places)
    middle = points[len(points) // 2][0]
    return {
        "width": _WIDTH,
        "height": _HEIGHT,
        "left": _LEFT,
        "right": _RIGHT,
        "numbers": [
            CurvePoint(date_format(day, "SHORT_DATE_FORMAT"), grouped(value))
            for day, value in points
        ],
        "lines": [{"y": y(value), "value": value} for value in sorted({0, total // 2, total})],
        "marks": [
            {"x": x(day), "day": day, "anchor": anchor}
            for day, anchor in ((first, "start"), (middle, "middle"), (last, "end"))
        ][: min(len(points), 3)],
        "line": line,
        "area": f"{line}L{places[-1][0]} {_BOTTOM}L{places[0][0]} {_BOTTOM}Z",
        "end_x": places[-1][0],
        "end_y": places[-1][1],
    }

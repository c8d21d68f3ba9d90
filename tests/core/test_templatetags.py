"""Presentation: links that keep the filters, distances of days, shapes of states, charts."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates, get_default_renderer
from django.template import Context, Template
from django.test import RequestFactory
from django.test.html import parse_html
from django.utils import timezone, translation

from pms.core.templatetags.pms import (
    curve_shape,
    days_ago,
    drawn,
    due,
    field_groups,
    grouped,
    icon,
    is_checkbox,
    relative_days,
    status,
)
from pms.training.choices import CampaignStatus, ExcuseStatus, PlanStatus, RecordStatus
from pms.transfer.choices import ImportStatus

TODAY = timezone.localdate()


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def render(source, path="/", **context):
    return Template(source).render(Context({"request": RequestFactory().get(path), **context}))


class TestQueryLink:
    def test_changes_one_value_and_keeps_the_others(self):
        link = render('{% query_link status="open" %}', "/list/?q=a&status=closed")

        assert link == "?q=a&amp;status=open"

    def test_removes_a_value_that_is_set_to_nothing(self):
        assert render('{% query_link q="" %}', "/list/?q=a&status=open") == "?status=open"

    def test_forgets_page_and_export(self):
        link = render('{% query_link sort="name" %}', "/list/?page=abc&export=csv")

        assert link == "?sort=name"


class TestPageLink:
    @pytest.mark.parametrize(
        ("query", "link"), [("", "?page=abc"), ("q=a&sort=name", "?q=a&amp;sort=name&amp;page=abc")]
    )
    def test_adds_the_page_to_the_list(self, query, link):
        assert render("{{ query|at_page:cursor }}", query=query, cursor="abc") == link


class TestSortLink:
    @pytest.mark.parametrize(
        ("sort", "link", "state"),
        [
            ("", "?sort=name", "none"),
            ("name", "?sort=-name", "ascending"),
            ("-name", "?sort=name", "descending"),
            ("number", "?sort=name", "none"),
        ],
    )
    def test_turns_the_present_order_round(self, sort, link, state):
        assert render('{% sort_link "name" %}', sort=sort) == link
        assert render('{% sort_state "name" %}', sort=sort) == state


class TestDays:
    @pytest.mark.parametrize(
        ("distance", "words"),
        [
            (0, "today"),
            (1, "in 1 day"),
            (12, "in 12 days"),
            (-1, "1 day late"),
            (-3, "3 days late"),
        ],
    )
    def test_say_the_distance_from_today(self, distance, words):
        day = TODAY + timedelta(days=distance)

        assert relative_days(day) == words
        assert days_ago(day) == -distance

    def test_say_nothing_without_a_day(self):
        assert (relative_days(None), days_ago(None), due(None)) == ("", 0, "")

    @pytest.mark.parametrize(
        ("distance", "css"), [(-1, "due due-late"), (0, "due due-soon"), (8, "due")]
    )
    def test_a_last_day_turns_red_once_it_is_over(self, distance, css):
        assert f'class="{css}"' in due(TODAY + timedelta(days=distance))

    def test_a_last_day_of_something_done_is_never_late(self):
        shown = due(TODAY - timedelta(days=9), is_done=True)

        assert "late" not in shown
        assert (TODAY - timedelta(days=9)).isoformat() in shown

    def test_a_moment_counts_as_its_day_in_tokyo(self):
        assert "2026-11-22" in due(datetime(2026, 11, 21, 22, tzinfo=UTC), is_done=True)


class TestStatus:
    @pytest.mark.parametrize(
        ("key", "shape"),
        [
            (RecordStatus.NOT_STARTED, "todo"),
            (RecordStatus.IN_PROGRESS, "doing"),
            (RecordStatus.PASSED, "done"),
            (RecordStatus.FAILED, "alert"),
            (RecordStatus.EXCUSED, "hold"),
            (RecordStatus.VOID, "none"),
            ("overdue", "alert"),
            ("unheard of", "none"),
        ],
    )
    def test_is_a_word_with_a_shape(self, key, shape):
        assert status(key, "Word") == f'<span class="status status-{shape}">Word</span>'

    @pytest.mark.parametrize(
        "states", [RecordStatus, CampaignStatus, PlanStatus, ExcuseStatus, ImportStatus]
    )
    def test_every_state_that_goes_on_has_a_shape(self, states):
        ended = {"void", "cancelled", "undone", "superseded"}

        shapeless = {it.value for it in states if "status-none" in status(it, "Word")}

        assert shapeless <= ended

    def test_escapes_its_word(self):
        assert "&lt;b&gt;" in status("open", "<b>")


class TestNumbers:
    @pytest.mark.parametrize(
        ("number", "text"), [(0, "0"), (1234567, "1,234,567"), (None, ""), ("10+", "10+")]
    )
    def test_are_grouped_by_thousands(self, number, text):
        assert grouped(number) == text


class FamilyForm(forms.Form):
    """Two fields in a group, one besides."""

    groups = [("Name", "As on papers.", ["family", "given", "gone"])]
    note = forms.CharField()
    family = forms.CharField()
    given = forms.CharField()
    is_active = forms.BooleanField()
    days = forms.MultipleChoiceField(
        choices=[("1", "Mon")], widget=forms.CheckboxSelectMultiple, required=False
    )


class TestFields:
    def test_stand_in_their_groups_and_the_rest_behind(self):
        found = [
            (title, [field.name for field in it]) for title, _, it in field_groups(FamilyForm())
        ]

        assert found == [("Name", ["family", "given"]), ("", ["note", "is_active", "days"])]

    def test_of_a_form_without_groups_stand_together(self):
        class Plain(forms.Form):
            note = forms.CharField()

        assert [title for title, _, _ in field_groups(Plain())] == [""]

    def test_know_a_single_box_to_tick(self):
        form = FamilyForm()

        assert [field.name for field in form if is_checkbox(field)] == ["is_active"]

    def test_show_what_is_required_the_help_and_the_errors(self):
        form = FamilyForm({"given": "A"})
        form.fields["family"].help_text = "As in the register."

        shown = form["family"].as_field_group()

        assert "Required" in shown
        assert 'id="id_family_helptext"' in shown
        assert 'id="id_family_error"' in shown
        assert 'aria-invalid="true"' in shown
        assert 'aria-describedby="id_family_helptext id_family_error"' in shown

    def test_that_are_optional_say_nothing_of_it(self):
        assert "Required" not in FamilyForm()["days"].as_field_group()


class TestCharts:
    def test_segments_of_a_bar_lie_side_by_side(self):
        passed = {
            "key": "passed",
            "percent": 60,
            "label": "Passed",
            "value": 1200,
            "url": "/p/?a&b",
        }
        left = {"key": "open", "percent": 40, "label": "<Open>", "value": 0, "url": ""}
        row = {"label": "A & B", "url": "", "total": 1200, "segments": [passed, left]}

        (bar,) = drawn([row])

        assert re.findall('segment-([a-z]+)" x="([0-9.]+)" y="0" width="([0-9.]+)"', bar.bar) == [
            ("passed", "0.00", "60.00"),
            ("open", "60.00", "40.00"),
        ]
        assert (bar.label, bar.total) == ("A &amp; B", "1,200")
        assert '<td class="num" data-label="Passed"><a href="/p/?a&amp;b">1,200</a>' in bar.numbers
        assert '<td class="num zero" data-label="&lt;Open&gt;">0</td>' in bar.numbers

    def test_a_curve_runs_from_its_first_to_its_last_day(self):
        points = [(date(2026, 9, 1), 0), (date(2026, 9, 11), 5), (date(2026, 9, 21), 10)]

        shape = curve_shape(points, 10)

        assert shape["line"] == "M64.0 220.0L384.0 118.0L704.0 16.0"
        assert [mark["day"].day for mark in shape["marks"]] == [1, 11, 21]
        assert [line["value"] for line in shape["lines"]] == [0, 5, 10]

    @pytest.mark.parametrize(("points", "total"), [([], 10), ([(date(2026, 9, 1), 0)], 0)])
    def test_a_curve_of_nothing_is_nothing(self, points, total):
        assert curve_shape(points, total) == {}

    def test_a_curve_of_one_day_is_a_point(self):
        assert len(curve_shape([(date(2026, 9, 1), 3)], 3)["marks"]) == 1


class TestWidgets:
    """Our quick templates print what Django's own print."""

    @pytest.mark.parametrize(
        "widget",
        [
            forms.Select(
                choices=[("", "All"), (1, "<One>"), ("Group", [(2, "Two"), (3, "Three")])]
            ),
            forms.SelectMultiple(attrs={"size": 3}, choices=[("a&b", "A"), (2, "Two")]),
            forms.TextInput(attrs={"required": True, "disabled": False, "data-x": '"'}),
            forms.NumberInput(attrs={"min": 1}),
            forms.CheckboxInput(),
            forms.Textarea(attrs={"rows": 3}),
        ],
        ids=lambda it: type(it).__name__,
    )
    @pytest.mark.parametrize("value", [None, "", 2, ["a&b", 2], "<x>"], ids=repr)
    def test_print_the_same(self, widget, value):
        ours = widget.render("name", value, {"id": "id_name"}, get_default_renderer())
        djangos = widget.render("name", value, {"id": "id_name"}, DjangoTemplates())

        assert parse_html(ours) == parse_html(djangos)


class TestIcon:
    def test_is_a_symbol_of_the_drawn_ones(self):
        assert '<use href="/static/img/icons.svg#home">' in icon("home")

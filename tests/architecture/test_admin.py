"""The administration: every page opens, all that is wired is used, states move only by services."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import RequestFactory
from django.urls import reverse
from import_export.resources import Resource

from pms.core.models import StatefulModel
from pms.history.admin import RecordedModelAdmin
from pms.history.models import HistoryEntry

from .form_reader import fields_of
from .world import VISITORS, World

# Our models that have no page of their own in the administration, and where they are seen.
ELSEWHERE: dict[str, str] = {
    "corrective_actions.handover": "in the journal of its action",
    "corrective_actions.why": "in its round",
    "dashboard.calendarkey": "in one's own settings",
    "incidents.addressee": "in its notice",
    "incidents.emergencycontact": "on the page of the emergency",
    "incidents.emergencyprocedure": "on the page of the emergency",
    "incidents.firstreport": "in its case",
    "incidents.incidentsettings": "on the page of the rules for incidents",
    "incidents.incidentaction": "in its case",
    "incidents.judgement": "in its case",
    "incidents.member": "in its case",
    "incidents.reportitem": "at the desk of its case",
    "incidents.timelineentry": "in its case",
    "notifications.notification": "on the list of sent notifications",
    "notifications.preference": "in one's own settings",
    "organization.numberseries": "in the numbers of records",
    "organization.departmentname": "in its department",
    "training.campaignquestion": "in its campaign",
    "training.choice": "in its question",
    "training.planitem": "in its plan",
    "transfer.savedfilter": "above its list",
    "transfer.headingmemory": "where columns of an import are named",
    "transfer.importrun": "on the pages of imports",
}

# Whose row of `World` a model's pages are opened with.
ROWS: dict[str, str] = {
    "accounts.user": "user",
    "corrective_actions.acceptance": "acceptance",
    "corrective_actions.correctiveaction": "action",
    "corrective_actions.examinerfinding": "finding",
    "corrective_actions.extension": "action_extension",
    "corrective_actions.measure": "measure",
    "corrective_actions.round": "round",
    "cycles.clause": "clause",
    "cycles.cycle": "cycle",
    "cycles.extension": "extension",
    "cycles.guidelineedition": "edition",
    "cycles.milestone": "milestone",
    "cycles.objective": "objective",
    "cycles.yearplan": "year_plan",
    "evidence.evidencefile": "evidence",
    "history.historyentry": "entry",
    "incidents.assessment": "first_assessment",
    "incidents.category": "incident_category",
    "incidents.filedreport": "filed_report",
    "incidents.incident": "incident",
    "incidents.obligation": "obligation",
    "incidents.obligationrule": "obligation_rule",
    "incidents.personsnotice": "persons_notice",
    "organization.affiliation": "affiliation",
    "organization.appointment": "appointment",
    "organization.closedday": "closed_day",
    "organization.company": "company",
    "organization.department": "department",
    "organization.leave": "leave",
    "organization.person": "person",
    "organization.site": "site",
    "reminders.reminder": "reminder",
    "training.attempt": "sent_attempt",
    "training.campaign": "campaign",
    "training.course": "course",
    "training.courseversion": "version",
    "training.excuse": "excuse",
    "training.followup": "follow_up",
    "training.question": "question",
    "training.report": "report",
    "training.session": "session",
    "training.trainingplan": "plan",
    "training.trainingrecord": "record",
}
REGISTRY = admin.site._registry
OURS = [config for config in apps.get_app_configs() if config.name.startswith("pms.")]
MODELS = [pytest.param(model, id=model._meta.label_lower) for model in REGISTRY]
EXPORTED = [it for it in MODELS if hasattr(REGISTRY[it.values[0]], "export_action")]
STATEFUL = [it for it in MODELS if issubclass(it.values[0], StatefulModel)]


class Visit:
    """Somebody who keeps the records in order, at the pages of the administration."""

    def __init__(self, client: Any, world: World, letter: str) -> None:
        self.world = world
        self.user = self.world.visitor(letter)
        self.client = client
        client.force_login(self.user)
        self.request = RequestFactory().get("/admin/")
        self.request.user = self.user

    def row(self, model: type) -> Any:
        """The example row of `model`."""
        return self.world.row(ROWS[model._meta.label_lower])

    def get(self, model: type, name: str, *args: Any, **query: str) -> Any:
        """The answer of a model's page."""
        path = f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}"
        return self.client.get(reverse(path, args=args), query)

    def rows(self, model: type, first: Any) -> list[Any]:
        """What a list shows on all of its pages; `first` is the answer with the first of them."""
        rows = shown = list(first.context["cl"].result_list)
        page = 1
        while len(shown) == REGISTRY[model].list_per_page:
            page += 1
            answer = self.get(model, "changelist", p=str(page))
            # Where the number of pages is known, there is none after the last one.
            shown = list(answer.context["cl"].result_list) if answer.status_code == 200 else []
            rows = rows + shown
        return rows

    def may(self, model: type, verb: str) -> bool:
        """Whether the page lets the visitor in."""
        return getattr(REGISTRY[model], f"has_{verb}_permission")(self.request)

    def may_change(self, row: Any) -> bool:
        """Whether the page of `row` can be saved."""
        return REGISTRY[type(row)].has_change_permission(self.request, row)


@pytest.fixture(params=["P", "R"], ids=lambda it: VISITORS[it].replace(" ", "_"))
def visit(request, client, world):
    return Visit(client, world, request.param)


class TestRegistry:
    def test_has_every_model_of_ours_or_says_where_it_is_seen(self):
        shown = {model._meta.label_lower for model in REGISTRY}
        ours = {model._meta.label_lower for config in OURS for model in config.get_models()}

        assert shown | set(ELSEWHERE) == ours
        assert not shown & set(ELSEWHERE)

    def test_has_an_example_row_for_each(self):
        assert set(ROWS) == {model._meta.label_lower for model in REGISTRY}

    @pytest.mark.parametrize("model", MODELS)
    def test_builds_every_page_on_the_base_that_leaves_a_trace(self, model):
        assert isinstance(REGISTRY[model], RecordedModelAdmin)


class TestPages:
    def test_the_index_opens(self, visit):
        assert visit.client.get(reverse("admin:index")).status_code == 200

    @pytest.mark.parametrize("model", MODELS)
    def test_the_list_shows_the_row(self, visit, model):
        row = visit.row(model)

        answer = visit.get(model, "changelist")

        assert answer.status_code == (200 if visit.may(model, "view") else 403)
        if answer.status_code == 200:
            assert row in visit.rows(model, answer)

    @pytest.mark.parametrize("model", MODELS)
    def test_the_list_can_be_searched_sorted_and_filtered(self, visit, model):
        visit.row(model)
        columns = range(1, len(REGISTRY[model].get_list_display(visit.request)) + 1)

        for query in [{"q": "営業"}, *({"o": str(number)} for number in columns)]:
            answer = visit.get(model, "changelist", **query)
            assert answer.status_code == (200 if visit.may(model, "view") else 403), query

    @pytest.mark.parametrize("model", MODELS)
    def test_the_empty_form_opens_for_who_may_add(self, visit, model):
        answer = visit.get(model, "add")

        assert answer.status_code == (200 if visit.may(model, "add") else 403)

    @pytest.mark.parametrize("model", MODELS)
    @pytest.mark.parametrize("name", ["change", "history"])
    def test_the_row_and_its_journal_open(self, visit, model, name):
        answer = visit.get(model, name, visit.row(model).pk)

        assert answer.status_code == (200 if visit.may(model, "view") else 403)

    @pytest.mark.parametrize("model", MODELS)
    def test_saving_what_nobody_touched_changes_nothing(self, visit, model):
        row = visit.row(model)
        if not visit.may_change(row):
            return
        page = visit.get(model, "change", row.pk)
        sent = fields_of(page.text, f"{model._meta.model_name}_form")
        assert sent
        last = HistoryEntry.objects.first()

        answer = visit.client.post(page.request["PATH_INFO"], sent)

        assert answer.status_code == 302, errors_on(answer)
        written = HistoryEntry.objects.filter(pk__gt=last.pk)
        assert [(it.object_repr, it.changes) for it in written if it.changes] == []

    @pytest.mark.parametrize("model", EXPORTED)
    def test_the_export_opens_where_there_is_one(self, visit, model):
        visit.row(model)

        answer = visit.get(model, "export")

        assert answer.status_code == (200 if visit.may(model, "export") else 403)


def errors_on(answer: Any) -> list[Any]:
    """What a form that came back complains about."""
    inlines = answer.context["inline_admin_formsets"]
    return [answer.context["adminform"].form.errors, *(it.formset.errors for it in inlines)]


class TestStates:
    @pytest.mark.parametrize("model", STATEFUL)
    def test_are_read_only(self, visit, model):
        shown = REGISTRY[model]

        for row in (None, visit.row(model)):
            assert "status" not in shown.get_form(visit.request, row).base_fields
        assert "status" not in shown.list_editable


class TestResources:
    def test_each_one_is_used_by_a_page(self):
        used = {it for shown in REGISTRY.values() for it in resources_of(shown)}

        assert set(resources()) == used


def resources(base: type = Resource) -> Iterator[type[Resource]]:
    """Every resource of ours that is about a model."""
    for it in base.__subclasses__():
        yield from resources(it)
        if it.__module__.startswith("pms.") and it._meta.model:
            yield it


def resources_of(shown: Any) -> list[type[Resource]]:
    """The resources that a page of the administration uses."""
    return [
        *getattr(shown, "resource_classes", ()),
        *filter(None, [getattr(shown, "resource_class", None)]),
    ]

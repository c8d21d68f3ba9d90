"""The year in the administration: the guideline's words are mended there, the plan is looked at."""

import csv
import io

import pytest
from django.urls import reverse

from pms.accounts.roles import Role
from pms.cycles.choices import Confidence
from pms.cycles.models import Clause, Extension, Milestone, Objective, YearPlan
from pms.cycles.services import CLAUSE_HEADINGS
from pms.history.models import HistoryEntry
from tests.accounts.factories import UserFactory

from .factories import (
    ClauseFactory,
    ExtensionFactory,
    GuidelineEditionFactory,
    MilestoneFactory,
    ObjectiveFactory,
    YearPlanFactory,
)

pytestmark = pytest.mark.django_db


def page_of(row, name="change"):
    args = [row.pk] if name == "change" else []
    return reverse(f"admin:cycles_{row._meta.model_name}_{name}", args=args)


def sign_in(client, role):
    client.force_login(UserFactory(roles=[role], language="en"))


@pytest.fixture
def office(client):
    sign_in(client, Role.PMS_OFFICE)


def form_of(page):
    """What the browser would send if nothing were changed."""
    form = page.context["adminform"].form
    return {name: form[name].value() or "" for name in form.fields}


def exported(client, row):
    """The file that the administration writes of all rows like `row`."""
    fields = client.get(page_of(row, "export")).context["form"].fields
    chosen = dict.fromkeys(set(fields) - {"export_items"}, "on")
    answer = client.post(page_of(row, "export"), chosen | {"format": "0", "resource": "0"})
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.mark.usefixtures("office")
class TestClause:
    def test_is_marked_as_compared_with_its_source(self, client):
        clause = ClauseFactory(
            title_confidence=Confidence.TO_BE_CHECKED, mapping_confidence=Confidence.TO_BE_CHECKED
        )
        sent = form_of(client.get(page_of(clause)))
        read = {"title_confidence": "verified", "mapping_confidence": "verified", "jis_2023": "4.4"}

        assert client.post(page_of(clause), sent | read).status_code == 302

        clause.refresh_from_db()
        assert not clause.is_to_be_checked
        assert clause.jis_2023 == "4.4"
        assert "title_confidence" in HistoryEntry.objects.of(clause)[0].changes

    def test_keeps_number_edition_and_place(self, client):
        """Milestones and questions cite it by them."""
        clause = ClauseFactory(code="J.99.5")

        sent = form_of(client.get(page_of(clause)))

        for name in ("edition", "code", "position", "phase", "is_section"):
            assert name not in sent
        client.post(page_of(clause), sent | {"code": "J.1.1", "title": "別の題名"})
        clause.refresh_from_db()
        assert (clause.code, clause.title) == ("J.99.5", "別の題名")

    def test_asks_for_nothing_where_it_is_a_heading(self, client):
        heading = ClauseFactory(is_section=True)

        sent = form_of(client.get(page_of(heading)))
        client.post(page_of(heading), sent | {"evidence": "台帳"})

        heading.refresh_from_db()
        assert heading.evidence == ""

    def test_says_what_is_no_article(self, client):
        clause = ClauseFactory()
        sent = form_of(client.get(page_of(clause)))

        answer = client.post(page_of(clause), sent | {"act_article": "第二十条"})

        assert "act_article" in answer.context["adminform"].form.errors

    def test_leaves_as_the_file_that_the_next_edition_is_made_from(self, client, guideline):
        (heading, *rows) = exported(client, Clause.objects.first())

        assert heading == ["版", *CLAUSE_HEADINGS.values()]
        assert len(rows) == Clause.objects.count()
        first = dict(zip(heading, rows[0], strict=True))
        assert (first["項番"], first["見出しのみ"]) == ("J.1", "1")

    def test_is_neither_added_nor_deleted(self, client):
        clause = ClauseFactory()

        assert client.get(page_of(clause, "add")).status_code == 403
        deleted = reverse("admin:cycles_clause_delete", args=[clause.pk])
        assert client.post(deleted, {"post": "yes"}).status_code == 403


def test_words_of_the_guideline_are_only_read_by_who_does_not_run_the_year(client):
    sign_in(client, Role.TRAINING_OFFICER)
    clause = ClauseFactory(title="元の題名")

    assert client.post(page_of(clause), {"title": "別の題名"}).status_code == 403


@pytest.mark.usefixtures("office")
def test_the_words_of_an_edition_are_mended_but_not_its_days(client):
    edition = GuidelineEditionFactory()
    sent = form_of(client.get(page_of(edition)))

    assert "starts_on" not in sent
    assert client.get(client.get(page_of(edition)).context["absolute_url"]).status_code == 200
    client.post(page_of(edition), sent | {"applies_to": "2024年10月以降の申請"})

    edition.refresh_from_db()
    assert edition.applies_to == "2024年10月以降の申請"


@pytest.mark.usefixtures("office")
class TestPlan:
    """Its rows are what services with guards made of them: looked at, searched and taken out."""

    ROWS = [
        pytest.param(lambda: YearPlanFactory(), YearPlan, id="plan"),
        pytest.param(lambda: ObjectiveFactory(cycle=YearPlanFactory().cycle), Objective, id="goal"),
        pytest.param(
            lambda: MilestoneFactory(cycle=YearPlanFactory().cycle), Milestone, id="milestone"
        ),
        pytest.param(
            lambda: ExtensionFactory(milestone__cycle=YearPlanFactory().cycle), Extension, id="more"
        ),
    ]

    @pytest.mark.parametrize(("make", "model"), ROWS)
    def test_is_not_written_here_but_on_its_page(self, client, make, model):
        row = make()

        assert client.post(page_of(row), {}).status_code == 403
        page = client.get(page_of(row))
        assert page.context["absolute_url"] in page.text
        assert client.get(page.context["absolute_url"]).url.endswith(row.get_absolute_url())

    @pytest.mark.parametrize(("make", "model"), ROWS)
    def test_leaves_as_a_file_and_the_journal_knows(self, client, make, model):
        row = make()
        headings, *rows = exported(client, row)

        assert "年度" in headings
        assert len(rows) == 1
        assert HistoryEntry.objects.filter(event="history.exported").exists()

"""What the forms of the year say when they refuse: at which field, and how to mend it."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from pms.accounts.roles import Role
from pms.cycles.models import Extension
from tests.accounts.factories import UserFactory

from .factories import (
    CycleFactory,
    ExtensionFactory,
    MilestoneFactory,
    ObjectiveFactory,
    YearPlanFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client):
    user = UserFactory(roles=[Role.PRIVACY_MANAGER], language="en")
    client.force_login(user)
    return user


@pytest.fixture
def milestone():
    """Due on 30 September of a year that is in force."""
    return MilestoneFactory(cycle=YearPlanFactory(approved=True).cycle)


def refused(client, page, row, /, **sent):
    """The complaints about what was sent, by field."""
    answer = client.post(reverse(f"cycles:{page}", args=[row.pk] if row else []), sent)
    assert answer.status_code == 200
    return {field: list(words) for field, words in answer.context["form"].errors.items()}


class TestYear:
    def test_that_overlaps_names_the_other_and_its_days(self, client, manager):
        CycleFactory(year=2026)

        errors = refused(client, "cycle_create", None, name="2027年度", starts_on="2026-10-01")

        assert list(errors) == ["starts_on"]
        for words in ("2026年度", "2026-04-01", "2027-03-31", "Choose"):
            assert words in errors["starts_on"][0]

    def test_that_ends_before_it_starts_says_so_at_its_last_day(self, client, manager):
        days = {"starts_on": "2027-10-01", "ends_on": "2027-01-01"}

        errors = refused(client, "cycle_create", None, name="2027年度", **days)

        assert list(errors) == ["ends_on"]
        assert "after the first day" in errors["ends_on"][0]

    def test_that_has_begun_says_which_days_it_keeps(self, client, manager):
        cycle = CycleFactory(year=2025)

        errors = refused(
            client, "cycle_update", cycle, name="x", starts_on="2025-05-01", ends_on="2026-03-31"
        )

        assert "2025-04-01" in errors["__all__"][0]
        assert "2026-03-31" in errors["__all__"][0]


class TestDone:
    def done(self, client, milestone, day):
        return refused(client, "milestone_complete", milestone, done_on=day, result="した。")

    def test_in_the_future_asks_for_the_day_it_was_done(self, client, manager, milestone):
        errors = self.done(client, milestone, timezone.localdate() + timedelta(days=1))

        assert errors == {"done_on": ["This day has not come yet. Enter when it was done."]}

    def test_before_the_year_names_its_first_day(self, client, manager, milestone):
        (words,) = self.done(client, milestone, date(2026, 3, 31))["done_on"]

        assert "2026-04-01" in words


class TestLaterDate:
    @pytest.mark.parametrize("day", ["2026-09-30", "2026-09-01"])
    def test_that_is_not_later_is_refused_at_its_field(self, client, manager, milestone, day):
        errors = refused(client, "extension_request", milestone, new_due_on=day, reason="都合。")

        assert list(errors) == ["new_due_on"]
        assert "2026-09-30" in errors["new_due_on"][0]
        assert not Extension.objects.exists()

    def test_is_not_refused_without_a_reason(self, client, manager, milestone):
        extension = ExtensionFactory(milestone=milestone)

        errors = refused(client, "extension_decide", extension, decision="refuse", answer=" ")

        assert errors == {"answer": ["Say why it is refused."]}


class TestLabels:
    """In the summary of what is to be mended stands what stands above the field."""

    @pytest.mark.parametrize("name", ["milestone_create", "objective_create"])
    def test_begin_with_a_capital(self, client, manager, milestone, name):
        page = client.get(reverse(f"cycles:{name}", args=[milestone.cycle.pk])).text

        assert "Person responsible</label>" in page

    def test_begin_with_a_capital_above_filters_as_well(self, client, manager):
        page = client.get(reverse("cycles:milestone_list")).text

        for label in ("Fiscal year", "Phase", "Status", "Clause"):
            assert f">{label}</label>" in page


def test_a_year_is_a_fiscal_year_in_english(client, manager, milestone):
    for address in (
        reverse("cycles:milestone_list"),
        reverse("training:plan_list"),
        reverse("training:campaign_list"),
        reverse("admin:cycles_milestone_change", args=[milestone.pk]),
    ):
        text = client.get(address).text
        assert "Fiscal year" in text
        assert not re.search(r">\s*Cycles?\s*<", text), address


class TestOneWordForOneThing:
    """担当者 answers for a milestone, 項番 is its clause; on every page, paper and file."""

    @pytest.fixture(autouse=True)
    def in_japanese(self, manager):
        manager.language = "ja"
        manager.save()

    @pytest.mark.parametrize(
        "page",
        [
            lambda it: reverse("cycles:milestone_list"),
            lambda it: reverse("cycles:milestone_list") + "?export=csv",
            lambda it: it.get_absolute_url(),
            lambda it: reverse("cycles:milestone_create", args=[it.cycle_id]),
            lambda it: reverse("admin:cycles_milestone_change", args=[it.pk]),
        ],
        ids=["list", "file", "milestone", "form", "administration"],
    )
    def test_of_a_milestone(self, client, milestone, page):
        answer = client.get(page(milestone))
        text = answer.getvalue().decode() if answer.streaming else answer.text

        assert "担当者" in text
        assert "項番" in text
        assert "条項" not in text
        assert not re.search(r"(?<![査育口扱])責任者", text)  # but for the names of posts

    def test_of_a_request_for_a_later_date(self, client, milestone):
        """Its columns are about dates that are due, not about a first and a last day."""
        ExtensionFactory(milestone=milestone)

        text = client.get(milestone.get_absolute_url()).text

        assert "これまでの期限" in text
        assert "新しい期限" in text
        assert "開始日" not in text

    def test_what_is_removed_is_not_taken_back(self, client):
        plan = YearPlanFactory()
        objective = ObjectiveFactory(cycle=plan.cycle)
        milestone = MilestoneFactory(cycle=plan.cycle)

        for page in (milestone.get_absolute_url(), plan.get_absolute_url()):
            text = client.get(page).text
            assert "削除する" in text
            assert "取り消す" not in text
        for name, row in (("milestone_remove", milestone), ("objective_remove", objective)):
            text = client.get(reverse(f"cycles:{name}", args=[row.pk])).text
            assert "削除します" in text

    def test_open_is_not_yet_done(self, client, milestone):
        """A milestone that waits is 未完了 in the months as in the filter; nobody works on it."""
        months = client.get(reverse("cycles:months", args=[milestone.cycle.pk])).text
        listed = client.get(reverse("cycles:milestone_list") + "?state=open").text

        assert "未完了" in months
        assert "実施中" not in months
        assert "未完了" in listed


class TestWhatSpeaksAgainstAsking:
    """What keeps a plan from being sent to top management leads to where it is mended."""

    def test_leads_to_the_milestone_that_nobody_answers_for(self, client, manager):
        plan = YearPlanFactory()
        nobody = MilestoneFactory(cycle=plan.cycle, owner=None, title_en="Drill")
        MilestoneFactory(cycle=plan.cycle, owner=None, status="dropped", title_en="Fair")

        page = client.get(plan.get_absolute_url()).text

        edit = reverse("cycles:milestone_edit", args=[nobody.pk])
        assert f'<a href="{edit}">Nobody answers for “Drill”. Name somebody.</a>' in page
        assert "Nobody answers for “Fair”" not in page

    def test_is_said_of_an_empty_plan_as_well(self, client, manager):
        page = client.get(YearPlanFactory().get_absolute_url()).text

        assert "The plan has no milestone yet." in page


def test_an_empty_field_is_asked_for_without_a_word_of_machines(client, manager, milestone):
    manager.language = "ja"
    manager.save()

    errors = refused(client, "milestone_drop", milestone)

    assert errors == {"reason": ["必須の項目です。入力または選択してください。"]}


class TestObjectiveForm:
    """It asks for nothing that would be refused, and is not offered where nothing may change."""

    def test_of_a_plan_in_force_asks_for_person_and_date_only(self, client, manager):
        objective = ObjectiveFactory(cycle=YearPlanFactory(approved=True).cycle)
        address = reverse("cycles:objective_edit", args=[objective.pk])

        page = client.get(address)

        assert list(page.context["form"].fields) == ["due_on", "owner"]
        assert "What was approved stays" in page.text
        client.post(address, {"due_on": "2027-02-28", "owner": ""})
        objective.refresh_from_db()
        assert (objective.title, objective.due_on) == ("漏えい等を年間0件にする", date(2027, 2, 28))

    def test_of_a_draft_asks_for_everything(self, client, manager):
        objective = ObjectiveFactory(cycle=YearPlanFactory().cycle)

        page = client.get(reverse("cycles:objective_edit", args=[objective.pk]))

        assert "title" in page.context["form"].fields
        assert "What was approved stays" not in page.text

    def test_is_not_offered_while_the_plan_waits(self, client, manager):
        plan = YearPlanFactory(submitted=True)
        objective = ObjectiveFactory(cycle=plan.cycle)

        page = client.get(plan.get_absolute_url()).text

        assert reverse("cycles:objective_edit", args=[objective.pk]) not in page
        assert reverse("cycles:objective_create", args=[plan.cycle.pk]) not in page


@pytest.mark.parametrize(
    ("state", "title"),
    [
        ({"done": True}, "Take back that it is done"),
        ({"status": "dropped", "result": "x"}, "Take back that it is not needed"),
    ],
)
def test_taking_back_says_in_its_heading_what_is_taken_back(client, manager, state, title):
    milestone = MilestoneFactory(cycle=YearPlanFactory(approved=True).cycle, **state)

    page = client.get(reverse("cycles:milestone_reopen", args=[milestone.pk]))

    assert page.context["title"] == title


def test_a_card_of_the_board_says_that_nobody_is_named(client, manager):
    """There it stands without a heading."""
    plan = YearPlanFactory()
    MilestoneFactory(cycle=plan.cycle, owner=None)

    assert "<span>Nobody named yet</span>" in client.get(plan.get_absolute_url()).text

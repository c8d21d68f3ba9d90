"""The pages: who sees which action, what each step shows and refuses, lists, board and figures."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from pms.accounts.roles import Role
from pms.corrective_actions import services
from pms.corrective_actions.choices import CauseClass, Grade, Source, Status
from pms.corrective_actions.models import CorrectiveAction, Measure
from pms.cycles.deadlines import add_months
from tests.accounts.factories import UserFactory
from tests.organization.factories import DepartmentFactory, PersonFactory

from .factories import (
    CAUSE,
    CorrectiveActionFactory,
    ExtensionFactory,
    MeasureFactory,
    a_file,
    accept,
    add_measure,
    at,
    carry,
)

pytestmark = pytest.mark.django_db

LIST = reverse("corrective_actions:action_list")


def page_of(name, row):
    """The address of a page about a row."""
    return reverse(f"corrective_actions:{name}", args=[row.pk])


@pytest.fixture
def manager(client):
    """The privacy manager, signed in and reading English."""
    user = UserFactory(roles=[Role.PRIVACY_MANAGER], language="en")
    client.force_login(user)
    return user


def recent(**facts):
    """An action found a week ago, so that pages of today can act on it."""
    today = timezone.localdate()
    values = {
        "found_on": today - timedelta(days=7),
        "today": today - timedelta(days=7),
        "due_on": today + timedelta(days=60),
    }
    return CorrectiveActionFactory(**values | facts)


class TestVisibility:
    @pytest.mark.parametrize(
        "role",
        [
            Role.PRIVACY_MANAGER,
            Role.PMS_OFFICE,
            Role.AUDIT_OFFICER,
            Role.AUDITOR,
            Role.TOP_MANAGEMENT,
        ],
    )
    def test_is_of_all_for_who_runs_examines_or_approves(self, client, role):
        action = CorrectiveActionFactory()
        client.force_login(UserFactory(roles=[role]))

        assert client.get(action.get_absolute_url()).status_code == 200
        assert client.get(LIST).context["page"].total == 1

    def test_is_of_ones_departments_for_their_manager(self, client):
        sales = DepartmentFactory()
        below, elsewhere = DepartmentFactory(parent=sales), DepartmentFactory()
        seen = [CorrectiveActionFactory(department=it) for it in (sales, below)]
        hidden = CorrectiveActionFactory(department=elsewhere)
        client.force_login(UserFactory(roles=[Role.DEPARTMENT_MANAGER], department=sales))

        assert set(client.get(LIST).context["page"].rows) == set(seen)
        assert client.get(hidden.get_absolute_url()).status_code == 404

    @pytest.mark.parametrize("part", ["owner", "measure", "checker"])
    def test_is_of_what_one_has_a_part_in(self, client, part):
        user = UserFactory(roles=[])
        if part == "owner":
            action = CorrectiveActionFactory(owner=user.person)
        elif part == "measure":
            action = MeasureFactory(owner=user.person).round.action
        else:
            action = CorrectiveActionFactory(at=Status.CHECKING)
            services.assign_checker(
                action.pk, checker=user.person, actor=None, now=at(date(2026, 6, 1))
            )
        CorrectiveActionFactory()
        client.force_login(user)

        assert client.get(LIST).context["page"].rows == [action]
        assert client.get(action.get_absolute_url()).status_code == 200

    def test_hides_everything_else(self, client):
        action = CorrectiveActionFactory(at=Status.EXECUTION)
        client.force_login(UserFactory(roles=[]))

        for name in ("action_detail", "action_pdf", "correction", "cause", "effect_check"):
            assert client.get(page_of(name, action)).status_code == 404, name
        assert client.get(page_of("measure_complete", Measure.objects.get())).status_code == 404
        exported = client.get(f"{LIST}?export=csv").getvalue().decode("utf-8-sig")
        assert action.number not in exported

    def test_of_a_recurrence_names_the_earlier_one_only_to_who_sees_it(self, client):
        former = CorrectiveActionFactory(cause_class=CauseClass.SLIP, title="秘密の件")
        user = UserFactory(roles=[])
        action = CorrectiveActionFactory(cause_class=CauseClass.SLIP, owner=user.person)
        client.force_login(user)

        text = client.get(action.get_absolute_url()).text

        assert former.number in text
        assert "秘密の件" not in text.split('class="timeline"')[0]


class TestList:
    @pytest.mark.parametrize(
        ("query", "titles"),
        [
            ("state=open", {"開", "遅"}),
            ("state=overdue", {"遅"}),
            ("state=closed", {"閉"}),
            ("state=raised", {"開", "遅"}),
            ("state=before_approval", {"開", "遅"}),
            ("source=audit", {"遅"}),
            ("grade=major", {"遅"}),
            ("q=CA-2026-001", {"開"}),
            ("q=閉", {"閉"}),
            ("age=0-30&state=open", {"開"}),
            ("mine=on", {"開"}),
        ],
    )
    def test_is_narrowed(self, client, manager, query, titles):
        today = timezone.localdate()
        recent(title="開", owner=manager.person)
        CorrectiveActionFactory(at=Status.CLOSED, title="閉")
        CorrectiveActionFactory(
            title="遅",
            source=Source.AUDIT,
            grade=Grade.MAJOR,
            found_on=today - timedelta(days=120),
            today=today - timedelta(days=120),
            due_on=today - timedelta(days=1),
        )
        first = CorrectiveAction.objects.get(title="開")
        query = query.replace("CA-2026-001", first.number)

        rows = client.get(f"{LIST}?{query}").context["page"].rows

        assert {it.title for it in rows} == titles

    def test_can_show_recurrences_only(self, client, manager):
        former = CorrectiveActionFactory(cause_class=CauseClass.SLIP)
        again = CorrectiveActionFactory(cause_class=CauseClass.SLIP)

        assert client.get(f"{LIST}?recurrence=on").context["page"].rows == [again]
        assert former != again

    def test_knows_a_department_with_and_without_those_below(self, client, manager):
        sales = DepartmentFactory()
        CorrectiveActionFactory(department=sales)
        CorrectiveActionFactory(department=DepartmentFactory(parent=sales))

        assert client.get(f"{LIST}?department={sales.pk}").context["page"].total == 2
        assert client.get(f"{LIST}?unit={sales.pk}").context["page"].total == 1

    def test_leaves_as_a_file_with_headings_that_stay(self, client, manager):
        action = CorrectiveActionFactory(at=Status.CHECKING)

        answer = client.get(f"{LIST}?export=csv")

        (row,) = csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig")))
        assert row["番号"] == action.number
        assert row["当初の期限"] == "2026-06-30"
        # The headings are Japanese, and so is what stands below them, whoever takes the file.
        assert row["状態"] == "効果確認"
        assert row["効果確認の予定日"] == "2026-08-29"


class TestBoardAndFigures:
    def test_every_number_opens_its_rows(self, client, manager):
        today = timezone.localdate()
        for step in (Status.RAISED, Status.PLANNING, Status.CHECKING):
            CorrectiveActionFactory(at=step)
        recent(grade=Grade.MAJOR)
        accept(recent(), until=today + timedelta(days=9))

        columns = client.get(reverse("corrective_actions:board")).context["columns"]
        for column in columns:
            assert client.get(column.url).context["page"].total == column.number
            assert len(column.actions) == column.number
        found = client.get(reverse("corrective_actions:figures")).context["figures"]
        for row in [*found.ages, *found.departments]:
            assert client.get(row["url"]).context["page"].total == row["total"]
            for segment in row["segments"]:
                total = client.get(segment["url"]).context["page"].total
                assert total == segment["value"], segment
        assert found.open == client.get(f"{LIST}?state=open").context["page"].total
        assert found.overdue == client.get(f"{LIST}?state=overdue").context["page"].total


class TestRaising:
    def facts(self, **changes):
        today = timezone.localdate()
        return {
            "source": "complaint",
            "source_label": "申出 第3号",
            "title": "返信先の取り違え",
            "fact": "別の人の名前で返信した。",
            "department": DepartmentFactory().pk,
            "grade": "minor",
            "found_on": today.isoformat(),
            "owner": PersonFactory().employee_number,
            "due_on": (today + timedelta(days=60)).isoformat(),
        } | changes

    def test_by_hand_serves_every_source(self, client, manager):
        url = reverse("corrective_actions:action_raise")
        offered = dict(client.get(url).context["form"].fields["source"].choices)
        assert set(offered) - {""} == set(Source.values)

        answer = client.post(url, self.facts())

        action = CorrectiveAction.objects.get()
        assert answer["Location"] == action.get_absolute_url()
        assert (action.source, action.source_label) == ("complaint", "申出 第3号")
        assert action.raised_by == manager

    @pytest.mark.parametrize(("repeated", "months"), [("", 3), ("on", 1)])
    def test_of_an_examiners_finding_sets_its_clock(self, client, manager, repeated, months):
        received_on = timezone.localdate() - timedelta(days=9)
        facts = {
            "source": "external",
            "source_label": "指摘3",
            "received_on": received_on.isoformat(),
            "is_repeated": repeated,
        }
        client.post(reverse("corrective_actions:action_raise"), self.facts(**facts))

        finding = CorrectiveAction.objects.get(source="external").finding
        assert (finding.number, finding.received_on) == ("指摘3", received_on)
        assert finding.answer_due_on == add_months(received_on, months)

    @pytest.mark.parametrize(
        ("facts", "field"),
        [
            ({"source": "external", "received_on": ""}, "received_on"),
            ({"source": "external", "received_on": "2999-01-01"}, "received_on"),
            ({"source": "external", "source_label": ""}, "source_label"),
            ({"source": "external", "source_label": "長い" * 16}, "source_label"),
            ({"source": "complaint"}, "source"),
            ({"source": "complaint", "received_on": "", "is_repeated": "on"}, "source"),
        ],
    )
    def test_of_an_examiners_finding_alone_takes_number_and_day(
        self, client, manager, facts, field
    ):
        usual = {"received_on": timezone.localdate().isoformat()}
        answer = client.post(
            reverse("corrective_actions:action_raise"), self.facts(**usual | facts)
        )

        assert list(answer.context["form"].errors) == [field]
        assert not CorrectiveAction.objects.exists()

    def test_comes_back_with_what_is_wrong_at_its_field(self, client, manager):
        answer = client.post(
            reverse("corrective_actions:action_raise"), self.facts(due_on="2020-01-01")
        )

        assert "due_on" in answer.context["form"].errors
        assert not CorrectiveAction.objects.exists()


class TestSteps:
    def test_lead_from_the_fact_to_the_end(self, client, manager):
        today = timezone.localdate()
        owner = UserFactory(roles=[], language="en")
        action = recent(owner=owner.person)
        client.force_login(owner)

        client.post(
            page_of("correction", action), {"correction": "消した。", "corrected_on": today}
        )
        answers = {"why_1": "確かめなかった。", "why_2": "決まりがない。"}
        client.post(page_of("cause", action), CAUSE | answers)
        client.post(
            page_of("measure_create", action),
            {
                "title": "手順書を改める",
                "kind": "rule",
                "owner": owner.person.employee_number,
                "due_on": today + timedelta(days=30),
            },
        )
        client.post(page_of("plan_submit", action))
        action.refresh_from_db()
        assert action.status == Status.SUBMITTED

        client.force_login(manager)
        assert "Read and approve" in client.get(action.get_absolute_url()).text
        client.post(page_of("plan_approve", action), {"comment": "よい。"})
        client.force_login(owner)
        client.post(
            page_of("measure_complete", Measure.objects.get()),
            {"done_on": today, "result": "改めた。", "evidence": a_file()},
        )

        action.refresh_from_db()
        assert action.status == Status.CHECKING
        assert Measure.objects.get().is_proven
        assert action.current.checker == manager.person

    def test_check_and_close(self, client, manager):
        action = CorrectiveActionFactory(at=Status.CHECKING)  # measures carried out in May

        client.post(
            page_of("effect_check", action),
            {"verdict": "effective", "method": "20件見た。", "result": "よい。"},
        )
        page = client.get(action.get_absolute_url())
        assert page.context["can_close"]
        client.post(page_of("action_close", action), {"comment": "終わり。"})

        action.refresh_from_db()
        assert action.is_closed
        assert "Next step" not in client.get(action.get_absolute_url()).text

    def test_closing_too_early_says_which_locks_hold(self, client, manager):
        action = carry(CorrectiveActionFactory(), Status.CHECKING, proof=False)

        answer = client.post(page_of("action_close", action), {"comment": "終わり。"})

        assert len(answer.context["form"].non_field_errors()) == 2
        action.refresh_from_db()
        assert not action.is_closed

    def test_a_second_sending_makes_one_measure(self, client, manager):
        action = recent(at=Status.PLANNING)
        facts = {
            "title": "手順書を改める",
            "kind": "rule",
            "owner": action.owner.employee_number,
            "due_on": action.due_on.isoformat(),
            "form_token": "abc",
        }

        for _time in range(2):
            client.post(page_of("measure_create", action), facts)

        assert Measure.objects.count() == 1

    def test_a_step_that_is_over_leads_back_to_the_action(self, client, manager):
        action = CorrectiveActionFactory(at=Status.EXECUTION)

        answer = client.get(page_of("cause", action))

        assert answer["Location"] == action.get_absolute_url()

    def test_the_plan_says_what_is_missing(self, client, manager):
        action = recent(at=Status.PLANNING)

        page = client.get(action.get_absolute_url())

        assert len(page.context["obstacles"]) == 1
        refused = client.post(page_of("plan_submit", action))
        assert refused.context["form"].non_field_errors()

    def test_removing_a_measure_leads_back_to_the_action(self, client, manager):
        action = recent(at=Status.PLANNING)
        measure = add_measure(action, due_on=action.due_on)

        answer = client.post(page_of("measure_remove", measure))

        assert answer["Location"] == action.get_absolute_url()
        assert not Measure.objects.exists()

    def test_a_later_date_is_decided_by_somebody_else(self, client, manager):
        extension = ExtensionFactory()

        client.post(
            page_of("extension_decide", extension), {"decision": "grant", "answer": "よい。"}
        )

        extension.refresh_from_db()
        assert extension.status == "granted"
        assert extension.answer in client.get(extension.get_absolute_url()).text

    def test_earlier_rounds_stay_readable(self, client, manager):
        action = CorrectiveActionFactory(round=2)

        page = client.get(action.get_absolute_url())

        assert [it.number for it in page.context["rounds"]] == [2, 1]
        assert CAUSE["root_cause"] in page.text
        assert "3件で記録がなかった。" in page.text

    def test_top_management_accepts_a_risk(self, client):
        action = recent()
        client.force_login(UserFactory(roles=[Role.TOP_MANAGEMENT]))

        client.post(
            page_of("risk_accept", action),
            {"reason": "来年入れ替える。", "until": timezone.localdate() + timedelta(days=90)},
        )

        action.refresh_from_db()
        assert action.status == Status.ACCEPTED
        assert "来年入れ替える。" in client.get(action.get_absolute_url()).text

    def test_no_measure_is_late_while_its_risk_is_accepted(self, client, manager):
        action = CorrectiveActionFactory(at=Status.EXECUTION)
        late = client.get(action.get_absolute_url()).text
        accept(action, until=timezone.localdate() + timedelta(days=90))

        waiting = client.get(action.get_absolute_url()).text

        assert "due-late" in late
        assert "due-late" not in waiting

    def test_facts_can_be_corrected_by_the_office(self, client, manager):
        action = recent()
        facts = {
            "title": "正しい件名",
            "fact": action.fact,
            "department": action.department_id,
            "grade": "observation",
        }

        client.post(page_of("action_edit", action), facts)

        action.refresh_from_db()
        assert (action.title, action.grade) == ("正しい件名", "observation")

    def test_proof_can_be_brought_later(self, client, manager):
        action = CorrectiveActionFactory(at=Status.CHECKING, proof=False)
        measure = Measure.objects.get()

        client.post(page_of("measure_files", measure), {"evidence": a_file(), "note": "写し"})

        measure.refresh_from_db()
        assert measure.proof.note == "写し"
        assert measure.proof.name in client.get(action.get_absolute_url()).text

    def test_a_recurrence_can_be_settled_by_hand(self, client, manager):
        former = CorrectiveActionFactory()
        action = CorrectiveActionFactory()

        client.post(
            page_of("recurrence", action), {"earlier": former.pk, "reason": "同じ作業である。"}
        )

        action.refresh_from_db()
        assert action.recurrence_of == former


class TestWaiting:
    """Red is for what somebody has to do: nobody can check an effect that cannot show yet."""

    def test_an_effect_that_cannot_show_yet_is_not_marked_as_missing(self, client, manager):
        action = recent_in_check(check_from_on=timezone.localdate() + timedelta(days=1))

        assert "status-alert" not in client.get(action.get_absolute_url()).text

    def test_an_effect_that_can_be_checked_is_missing(self, client, manager):
        action = recent_in_check(check_from_on=timezone.localdate())

        assert "status-alert" in client.get(action.get_absolute_url()).text


def recent_in_check(**facts):
    """An action whose measures are carried out, with the days of its check as given."""
    action = carry(CorrectiveActionFactory(), "checking")
    type(action.current).objects.filter(pk=action.current.pk).update(**facts)
    return action


def test_a_plan_that_is_sent_back_is_named(client, manager):
    action = carry(CorrectiveActionFactory(), "submitted")

    assert str(action) in client.get(page_of("plan_return", action)).text

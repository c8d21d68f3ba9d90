"""A case is closed when nothing is left to do; what is missing is named."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from pms.accounts.roles import Role
from pms.core.exceptions import DomainError
from pms.core.triggers import suspended
from pms.corrective_actions.choices import CauseClass
from pms.corrective_actions.models import CorrectiveAction, Round
from pms.corrective_actions.services import withdraw
from pms.cycles.choices import Fulfilment, MilestoneStatus
from pms.history.models import HistoryEntry
from pms.incidents import services
from pms.incidents.choices import Kind, NoticeMethod, ObligationStatus, RecordKind, Status
from pms.incidents.models import Addressee, Category, IncidentSettings
from pms.incidents.reminders import cases_to_judge
from tests.accounts.factories import UserFactory
from tests.cycles.factories import MilestoneFactory, YearPlanFactory
from tests.organization.factories import DepartmentFactory, PersonFactory

from .factories import NOW, TODAY, assess, category, report

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


OS = ObligationStatus


def contain(incident):
    services.contain(
        incident.pk,
        contained_at=NOW,
        containment="遠隔で消去した。",
        actor=UserFactory(),
        now=NOW,
    )


def explain(incident, **facts):
    usual = {
        "cause_category": category("cause", "not_checked"),
        "cause": "降車時の確認を怠った。",
        "why_not_earlier": "帰宅するまで鞄を見なかった。",
        "elsewhere": "営業の各課",
    }
    services.record_cause(incident.pk, actor=UserFactory(), **usual | facts)


def tell(incident, **facts):
    usual = {"group": "顧客", "method": NoticeMethod.LETTER, "told_on": TODAY, "sent": 1}
    return services.tell_persons(
        incident.pk, actor=UserFactory(), today=TODAY, now=NOW, **usual | facts
    )


def close(incident, comment="対応を終えた。"):
    return services.close(incident.pk, comment=comment, actor=UserFactory(), today=TODAY, now=NOW)


def make_ready(incident):
    """Everything that closing asks for, in an order of its own."""
    explain(incident)
    tell(incident)
    services.record_no_action(incident.pk, reason="是正処置は別件で進行中", actor=UserFactory())
    contain(incident)
    incident.refresh_from_db()


class TestClose:
    @pytest.fixture
    def incident(self):
        incident = report()
        assess(incident)
        return incident

    def test_closes_when_nothing_is_left(self, incident):
        make_ready(incident)
        assert services.closing_obstacles(incident) == []
        close(incident)
        incident.refresh_from_db()
        assert (incident.status, incident.closing_comment) == (Status.CLOSED, "対応を終えた。")
        assert incident.next_due_on is None

    def test_needs_a_comment(self, incident):
        make_ready(incident)
        with pytest.raises(DomainError):
            close(incident, comment="")

    @pytest.mark.parametrize(
        ("field", "words"),
        [
            ("containment", "to stop it"),
            ("cause", "cause is not"),
            ("why_not_earlier", "not found earlier"),
            ("elsewhere", "Where else"),
            ("no_action_reason", "corrective action"),
        ],
    )
    def test_names_what_is_missing(self, incident, field, words):
        make_ready(incident)
        setattr(incident, field, "")
        incident.save()
        with pytest.raises(DomainError, match=words):
            close(incident)

    def test_names_persons_who_were_not_told(self, incident):
        make_ready(incident)
        incident.notices.all().delete()
        with pytest.raises(DomainError, match="persons"):
            close(incident)
        services.explain_not_telling(incident.pk, reason="本人に害がない。", actor=UserFactory())
        assert close(incident).status == Status.CLOSED

    def test_names_each_obligation_that_is_not_settled(self):
        incident = report()
        assess(incident, "sensitive")
        make_ready(incident)
        with pytest.raises(DomainError) as refusal:
            close(incident)
        assert len(refusal.value.messages) == 2  # PPC; the persons are told, there is no mark

    def test_a_case_that_nobody_judged_is_not_closed(self):
        with pytest.raises(DomainError, match="not been assessed"):
            close(report())

    def test_a_near_miss_needs_no_more_than_a_comment(self):
        incident = report(kind=RecordKind.NEAR_MISS)
        assess(incident)
        assert close(incident).status == Status.CLOSED

    def test_is_opened_again_with_a_reason_only(self, incident):
        make_ready(incident)
        close(incident)
        with pytest.raises(DomainError):
            services.reopen(incident.pk, reason=" ", actor=UserFactory(), now=NOW)
        services.reopen(incident.pk, reason="同じ鞄にもう一つ", actor=UserFactory(), now=NOW)
        incident.refresh_from_db()
        assert (incident.status, incident.closed_on) == (Status.HANDLING, None)


class TestActions:
    def raise_one(self, incident):
        person = PersonFactory(with_account=True)
        return services.raise_for_incident(
            incident.pk,
            title="持ち出しの記録",
            fact="持ち出した書類の記録がなかった。",
            department=DepartmentFactory(),
            grade="minor",
            found_on=TODAY,
            owner=person,
            due_on=TODAY + timedelta(days=30),
            actor=UserFactory(),
            today=TODAY,
            now=NOW,
        )

    def test_an_action_knows_the_number_and_the_kind_of_cause_only(self):
        incident = report()
        assess(incident)
        explain(incident)
        action = self.raise_one(incident)
        assert (action.source, action.source_label) == ("incident", incident.number)
        assert action.cause_class == "not_checked"
        assert incident.action_links.get().action == action

    def test_every_cause_of_the_list_is_a_kind_of_cause_of_an_action(self):
        codes = Category.objects.filter(list="cause").values_list("code", flat=True)
        assert set(codes) <= set(CauseClass.values)

    def test_closing_waits_until_its_effect_check_is_planned(self):
        incident = report()
        assess(incident)
        make_ready(incident)
        action = self.raise_one(incident)
        with pytest.raises(DomainError, match=action.number):
            close(incident)
        # What leads there is tried with corrective actions themselves.
        Round.objects.filter(action=action).update(
            checker=PersonFactory(), check_from_on=TODAY + timedelta(days=90)
        )
        with suspended(connection):
            CorrectiveAction.objects.filter(pk=action.pk).update(status="checking")
        assert close(incident).status == Status.CLOSED

    def test_an_action_that_was_withdrawn_counts_for_nothing(self, client):
        incident = report()
        assess(incident)
        explain(incident)
        tell(incident)
        contain(incident)
        action = self.raise_one(incident)
        withdraw(action.pk, reason="別件と重複", actor=UserFactory())
        with pytest.raises(DomainError, match="no corrective action"):
            close(incident)
        client.force_login(UserFactory(roles=[Role.PRIVACY_MANAGER], language="en"))
        assert (
            reverse("incidents:no_action", args=[incident.pk])
            in client.get(incident.get_absolute_url()).text
        )
        services.record_no_action(incident.pk, reason="別件で進行中", actor=UserFactory())
        assert "別件で進行中" in client.get(incident.get_absolute_url()).text
        assert close(incident).status == Status.CLOSED

    def test_a_risk_that_top_management_accepts_is_settled(self):
        incident = report()
        assess(incident)
        make_ready(incident)
        action = self.raise_one(incident)
        with suspended(connection):
            CorrectiveAction.objects.filter(pk=action.pk).update(status="accepted")
        assert close(incident).status == Status.CLOSED

    def test_a_near_miss_says_so(self):
        assert self.raise_one(report(kind=RecordKind.NEAR_MISS)).source == "near_miss"


class TestDrill:
    def test_is_started_from_the_milestone_of_the_year(self, client):
        cycle = YearPlanFactory(approved=True).cycle
        milestone = MilestoneFactory(cycle=cycle, fulfilment=Fulfilment.DRILL)
        start = f"{reverse('incidents:office_create')}?drill=1"
        client.force_login(UserFactory(roles=[Role.PRIVACY_MANAGER]))
        assert start in client.get(milestone.get_absolute_url()).text
        drill = report(is_drill=True)
        assess(drill)
        close(drill)
        assert start not in client.get(milestone.get_absolute_url()).text

    def test_says_what_it_leaves_out_and_keeps_it_with_its_end(self, client):
        drill = report(is_drill=True)
        user = UserFactory(roles=[Role.PRIVACY_MANAGER], language="en")
        client.force_login(user)
        path = reverse("incidents:close", args=[drill.pk])
        assert "Not carried through" not in client.get(path).text
        assess(drill, "sensitive", actor=user)
        page = client.get(path).text
        assert "Not carried through" in page
        assert "Before the case can be closed" not in page
        assert "Preliminary report to the PPC" in page
        client.post(path, {"comment": "次回は速報まで行う。"})
        drill.refresh_from_db()
        assert drill.status == Status.CLOSED
        told = drill.timeline.latest("id").words
        assert "次回は速報まで行う。" in told
        assert "“Preliminary report to the PPC” is not settled" in told
        entry = HistoryEntry.objects.get(event="incidents.closed")
        assert len(entry.additional_data["left_out"]) > 3

    def test_that_left_nothing_out_says_nothing(self):
        near_miss = report(is_drill=True, kind=RecordKind.NEAR_MISS)
        assess(near_miss)
        close(near_miss)
        assert near_miss.timeline.latest("id").words.count("\n") == 0

    def test_its_end_fulfils_the_milestone_of_the_year(self):
        cycle = YearPlanFactory(approved=True).cycle
        milestone = MilestoneFactory(cycle=cycle, fulfilment=Fulfilment.DRILL)
        drill = report(is_drill=True)
        assess(drill, "sensitive")
        close(drill)
        milestone.refresh_from_db()
        assert (milestone.status, milestone.fulfilled_by) == (MilestoneStatus.DONE, drill)

    def test_an_incident_does_not(self):
        cycle = YearPlanFactory(approved=True).cycle
        milestone = MilestoneFactory(cycle=cycle, fulfilment=Fulfilment.DRILL)
        incident = report()
        assess(incident)
        make_ready(incident)
        close(incident)
        milestone.refresh_from_db()
        assert milestone.status == MilestoneStatus.PLANNED


class TestPromote:
    def promote(self, incident, reason="社外に届いていた。"):
        return services.promote(
            incident.pk, reason=reason, actor=UserFactory(), today=TODAY, now=NOW
        )

    def test_a_near_miss_that_was_one_after_all_is_judged_again(self):
        near = report(kind=RecordKind.NEAR_MISS)
        assess(near, "sensitive")
        assert not near.obligations.exclude(status=OS.NOT_NEEDED).exists()
        words = near.first_reports.get().what
        found = self.promote(near)
        assert (found.kind, found.number) == (RecordKind.INCIDENT, near.number)
        assert found.obligations.get(kind=Kind.PPC_FINAL).status == OS.NEEDED
        assert found.first_reports.get().what == words
        assert found.assessments.count() == 2

    def test_needs_a_reason(self):
        with pytest.raises(DomainError):
            self.promote(report(kind=RecordKind.NEAR_MISS), reason=" ")

    def test_the_page_says_so_and_shows_it(self, client):
        near = report(kind=RecordKind.NEAR_MISS)
        client.force_login(UserFactory(roles=[Role.PRIVACY_MANAGER]))
        path = reverse("incidents:promote", args=[near.pk])
        assert path in client.get(near.get_absolute_url()).text
        client.post(path, {"reason": "社外に届いていた。"})
        near.refresh_from_db()
        assert near.kind == RecordKind.INCIDENT
        assert path not in client.get(near.get_absolute_url()).text


class TestDismiss:
    def test_keeps_it_with_the_reason(self):
        incident = report()
        services.dismiss(incident.pk, reason="個人情報なし", actor=UserFactory(), now=NOW)
        incident.refresh_from_db()
        assert incident.status == Status.DISMISSED
        assert "個人情報なし" in incident.timeline.latest("id").text

    def test_leaves_the_way_back_on_the_page(self, client):
        incident = report()
        services.dismiss(incident.pk, reason="個人情報なし", actor=UserFactory(), now=NOW)
        client.force_login(UserFactory(roles=[Role.PRIVACY_MANAGER]))
        path = reverse("incidents:reopen", args=[incident.pk])
        assert path in client.get(incident.get_absolute_url()).text


class TestReopen:
    """A case that nobody has judged is no further for having been dismissed in between."""

    @pytest.fixture
    def reopened(self):
        incident = report()
        services.dismiss(incident.pk, reason="個人情報なし", actor=UserFactory(), now=NOW)
        services.reopen(incident.pk, reason="含まれていた。", actor=UserFactory(), now=NOW)
        incident.refresh_from_db()
        return incident

    def test_it_waits_to_be_judged_again(self, reopened):
        assert reopened.status == Status.REPORTED
        with pytest.raises(DomainError, match="not been assessed"):
            close(reopened)
        assert [it[1] for it in cases_to_judge(TODAY, kinds=RecordKind.values)] == [reopened.number]

    def test_once_judged_it_is_in_hand_again(self):
        incident = report_assessed()
        services.dismiss(incident.pk, reason="個人情報なし", actor=UserFactory(), now=NOW)
        services.reopen(incident.pk, reason="含まれていた。", actor=UserFactory(), now=NOW)
        incident.refresh_from_db()
        assert incident.status == Status.HANDLING

    def test_twice_is_once(self, reopened):
        entries = reopened.timeline.count()
        services.reopen(reopened.pk, reason="含まれていた。", actor=UserFactory(), now=NOW)
        assert reopened.timeline.count() == entries


def report_assessed():
    incident = report()
    assess(incident, "sensitive")
    return incident


class TestTelling:
    def test_settles_the_duty_to_tell(self):
        incident = report()
        assess(incident, "sensitive")
        tell(incident)
        assert incident.obligations.get(kind=Kind.PERSONS).status == OS.FILED

    def test_a_notice_that_is_only_planned_does_not(self):
        incident = report()
        assess(incident, "sensitive")
        notice = tell(incident, told_on=None)
        assert incident.obligations.get(kind=Kind.PERSONS).status == OS.NEEDED
        services.update_notice(notice.pk, told_on=TODAY, actor=UserFactory(), today=TODAY, now=NOW)
        assert incident.obligations.get(kind=Kind.PERSONS).status == OS.FILED

    def test_the_duty_is_done_with_the_last_group_that_is_told(self):
        incident = report()
        assess(incident, "sensitive")
        planned = tell(incident, group="退職者", told_on=None)
        tell(incident)
        duty = incident.obligations.get(kind=Kind.PERSONS)
        assert duty.status == OS.DRAFTING
        later = TODAY + timedelta(days=3)
        services.update_notice(planned.pk, told_on=later, actor=UserFactory(), today=later, now=NOW)
        duty.refresh_from_db()
        assert (duty.status, duty.filed_on) == (OS.FILED, later)

    def test_facts_that_change_afterwards_ask_what_that_means_for_what_was_told(self, client):
        incident = report_assessed()
        tell(incident)
        assess(incident, "sensitive", persons=7, note="七人分だった。")
        duty = incident.obligations.get(kind=Kind.PERSONS)
        assert duty.needs_difference_note
        path = reverse("incidents:difference", args=[duty.pk])
        client.force_login(UserFactory(roles=[Role.PRIVACY_MANAGER], language="en"))
        assert path in client.get(incident.get_absolute_url()).text
        client.post(path, {"note": "全員に同じ文面で知らせ済み。"})
        duty.refresh_from_db()
        assert not duty.needs_difference_note

    def test_telling_another_group_answers_that_too(self):
        incident = report_assessed()
        tell(incident)
        assess(incident, "sensitive", persons=7, note="七人分だった。")
        tell(incident, group="取引先", sent=6)
        assert not incident.obligations.get(kind=Kind.PERSONS).needs_difference_note

    def test_a_plan_that_is_taken_back_answers_nothing(self):
        incident = report_assessed()
        tell(incident)
        assess(incident, "sensitive", persons=7, note="七人分だった。")
        planned = tell(incident, group="取引先", told_on=None, sent=0)
        services.drop_notice(planned.pk, reason="不要", actor=UserFactory())
        assert incident.obligations.get(kind=Kind.PERSONS).needs_difference_note

    def test_a_group_that_is_found_later_keeps_the_case_open(self):
        incident = report()
        assess(incident)
        make_ready(incident)
        tell(incident, group="退職者", told_on=None)
        with pytest.raises(DomainError, match="退職者"):
            close(incident)

    def test_a_planned_notice_can_be_taken_back_with_its_list(self):
        incident = report_assessed()
        planned = tell(incident, group="退職者", told_on=None)
        services.add_addressees(planned.pk, rows=[Addressee(name="山田")], actor=UserFactory())
        tell(incident)
        with pytest.raises(DomainError):
            services.drop_notice(planned.pk, reason=" ", actor=UserFactory())
        services.drop_notice(planned.pk, reason="対象者がいなかった", actor=UserFactory())
        assert [it.group for it in incident.notices.all()] == ["顧客"]
        assert not Addressee.objects.exists()
        assert incident.obligations.get(kind=Kind.PERSONS).status == OS.FILED

    def test_what_went_out_is_not_taken_back(self):
        notice = tell(report_assessed())
        with pytest.raises(DomainError, match="stays"):
            services.drop_notice(notice.pk, reason="x", actor=UserFactory())

    def test_what_was_said_stays_as_it_was_said(self):
        notice = tell(report_assessed(), text="お詫び")
        with pytest.raises(DomainError, match="went out"):
            services.update_notice(
                notice.pk, text="別の文", actor=UserFactory(), today=TODAY, now=NOW
            )

    @pytest.mark.parametrize(
        "facts",
        [
            {"method": NoticeMethod.SUBSTITUTE},
            {"sent": 1, "returned": 2},
            {"sent": 3, "returned": 1, "reached": 3},
            {"told_on": TODAY + timedelta(days=1)},
        ],
    )
    def test_refuses_what_cannot_be(self, facts):
        incident = report()
        assess(incident)
        with pytest.raises(ValidationError):
            tell(incident, **facts)

    def test_lists_of_addressees_are_erased_by_rule(self):
        IncidentSettings.objects.create(pk=1, keeps_addresses_days=30)
        incident = report()
        assess(incident)
        notice = tell(incident)
        rows = [Addressee(name="山田 花子"), Addressee(name="佐藤 一郎")]
        services.add_addressees(notice.pk, rows=rows, actor=UserFactory())
        assert services.erase_due_lists(today=TODAY + timedelta(days=30)) == []
        assert services.erase_due_lists(today=TODAY + timedelta(days=31)) == [notice]
        notice.refresh_from_db()
        assert (notice.erased_count, notice.addressees.count()) == (2, 0)
        with pytest.raises(DomainError):
            services.add_addressees(notice.pk, rows=[Addressee(name="x")], actor=UserFactory())

    @pytest.mark.parametrize("end", ["dismiss", "close"])
    def test_a_list_whose_notice_never_went_out_is_kept_while_the_case_is_open(self, end):
        IncidentSettings.objects.create(pk=1, keeps_addresses_days=30)
        incident = report(kind=RecordKind.NEAR_MISS)
        assess(incident)
        notice = tell(incident, told_on=None)
        services.add_addressees(notice.pk, rows=[Addressee(name="山田 花子")], actor=UserFactory())
        assert services.erase_due_lists(today=TODAY + timedelta(days=400)) == []
        if end == "dismiss":
            services.dismiss(incident.pk, reason="情報なし", actor=UserFactory(), now=NOW)
        else:
            close(incident)
        assert services.erase_due_lists(today=TODAY + timedelta(days=30)) == []
        assert services.erase_due_lists(today=TODAY + timedelta(days=31)) == [notice]
        assert not notice.addressees.exists()

    def test_a_list_of_a_case_that_was_opened_again_is_needed_again(self):
        incident = report()
        assess(incident)
        notice = tell(incident, told_on=None)
        services.add_addressees(notice.pk, rows=[Addressee(name="山田 花子")], actor=UserFactory())
        services.dismiss(incident.pk, reason="情報なし", actor=UserFactory(), now=NOW)
        services.reopen(incident.pk, reason="情報あり", actor=UserFactory(), now=NOW)
        assert services.erase_due_lists(today=TODAY + timedelta(days=400)) == []


class TestPeople:
    def test_who_is_let_in_sees_the_case_and_who_is_not_does_not(self):
        incident = report()
        helper = UserFactory(roles=[Role.COMPLAINT_OFFICER])
        rows = type(incident).objects
        assert not rows.visible_to(helper).exists()
        member = services.let_in(
            incident.pk, user=helper, reason="本人対応", actor=UserFactory(), now=NOW
        )
        assert rows.visible_to(helper).get() == incident
        with pytest.raises(DomainError, match="already"):
            services.let_in(incident.pk, user=helper, reason="x", actor=UserFactory(), now=NOW)
        services.exclude(incident.pk, member_id=member.pk, actor=UserFactory())
        assert not rows.visible_to(helper).exists()


class TestDescribe:
    def test_another_time_of_noticing_needs_a_reason(self):
        incident = report()
        earlier = incident.noticed_at - timedelta(hours=1)
        with pytest.raises(DomainError) as refusal:
            services.describe(incident.pk, noticed_at=earlier, actor=UserFactory(), now=NOW)
        assert list(refusal.value.message_dict) == ["reason"]
        services.describe(
            incident.pk, noticed_at=earlier, reason="防犯映像", actor=UserFactory(), now=NOW
        )
        incident.refresh_from_db()
        assert incident.noticed_at == earlier

    def test_two_people_do_not_overwrite_each_other(self):
        incident = report()
        seen_at = incident.updated_at
        services.describe(incident.pk, title="鞄の紛失", actor=UserFactory(), now=NOW)
        with pytest.raises(DomainError, match="meanwhile"):
            services.describe(
                incident.pk, title="誤送信", seen_at=seen_at, actor=UserFactory(), now=NOW
            )

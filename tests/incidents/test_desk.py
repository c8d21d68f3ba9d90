"""The report desk: nine items once, filed versions that stay, and nobody approves their own."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from pms.accounts.roles import Role
from pms.core.exceptions import DomainError, InvalidTransitionError
from pms.incidents import services
from pms.incidents.choices import HandlingRole, Item, Kind, ObligationStatus
from pms.incidents.models import FiledReport, IncidentSettings
from pms.incidents.services import Words
from pms.notifications.models import Notification
from pms.organization.models import Company
from tests.accounts.factories import UserFactory

from .factories import NOW, TODAY, assess, report

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


OS = ObligationStatus
ALL = {item: Words("分かったこと", is_known=True) for item in Item.values}


@pytest.fixture
def president():
    return UserFactory(roles=[Role.TOP_MANAGEMENT])


@pytest.fixture
def manager():
    return UserFactory(roles=[Role.PRIVACY_MANAGER])


@pytest.fixture
def incident(manager):
    Company.objects.update_or_create(pk=1, defaults={"name": "みなと", "privacy_mark_number": "1"})
    incident = report()
    assess(incident, "sensitive", actor=manager)
    return incident


def duty(incident, kind=Kind.PPC_PRELIMINARY):
    return incident.obligations.get(kind=kind)


def write(incident, items=None):
    services.write_items(incident.pk, items=items or ALL, actor=UserFactory())


def approve(obligation, manager, president):
    services.submit_report(obligation.pk, actor=manager, now=NOW)
    services.approve_report(obligation.pk, actor=president, today=TODAY)


def file(obligation, **facts):
    usual = {"receiver": "個人情報保護委員会", "filed_on": TODAY, "actor": UserFactory()}
    usual |= {"today": TODAY, "now": NOW}
    return services.file_report(obligation.pk, **usual | facts)


class TestItems:
    def test_what_is_known_is_written_down(self, incident):
        with pytest.raises(DomainError) as refusal:
            write(incident, {Item.CAUSE: Words(" ", is_known=True)})
        assert list(refusal.value.message_dict) == [Item.CAUSE]

    def test_are_written_once_and_kept_through_another_writing(self, incident):
        write(incident, {Item.OVERVIEW: Words("鞄を紛失", is_known=True)})
        write(incident, {Item.CAUSE: Words("調査中")})
        assert dict(incident.items.values_list("item", "is_known")) == {
            Item.OVERVIEW: True,
            Item.CAUSE: False,
        }


class TestFiling:
    def test_a_preliminary_report_may_have_gaps(self, incident, manager, president):
        write(incident, {Item.OVERVIEW: Words("鞄を紛失", is_known=True)})
        approve(duty(incident), manager, president)
        filed = file(duty(incident), receipt_number="R-1")
        assert duty(incident).status == OS.FILED
        assert filed.content[Item.OVERVIEW]["text"] == "鞄を紛失"
        assert filed.content[Item.CAUSE] == {"text": "", "planned": "", "is_known": False}
        assert (filed.approved_by, filed.receipt_number) == (president, "R-1")

    def test_a_final_report_may_not_and_names_each(self, incident, manager):
        items = dict(ALL)
        items[Item.CAUSE] = Words("調査中")
        del items[Item.PUBLICATION]
        write(incident, items)
        with pytest.raises(DomainError) as refusal:
            services.submit_report(duty(incident, Kind.PPC_FINAL).pk, actor=manager, now=NOW)
        assert [it for it in refusal.value.messages if "4." in it]
        assert [it for it in refusal.value.messages if "7." in it]
        assert len(refusal.value.messages) == 2

    def test_waits_for_approval_where_the_rules_say_so(self, incident):
        write(incident)
        with pytest.raises(DomainError, match="not approved"):
            file(duty(incident))

    def test_needs_none_where_they_do_not(self, incident):
        IncidentSettings.objects.update_or_create(pk=1, defaults={"top_management_approves": False})
        write(incident)
        file(duty(incident))
        assert duty(incident).status == OS.FILED

    def test_tells_top_management(self, incident, manager, president):
        write(incident)
        services.submit_report(duty(incident).pk, actor=manager, now=NOW)
        told = Notification.objects.get(kind="incidents.report_submitted")
        assert told.recipient == president

    def test_nobody_approves_their_own(self, incident, president):
        write(incident)
        services.submit_report(duty(incident).pk, actor=president, now=NOW)
        with pytest.raises(DomainError, match="Nobody approves"):
            services.approve_report(duty(incident).pk, actor=president, today=TODAY)

    def test_a_report_sent_back_is_approved_anew(self, incident, manager, president):
        write(incident)
        approve(duty(incident), manager, president)
        services.return_report(duty(incident).pk, reason="原因を足す。", actor=president)
        assert (duty(incident).status, duty(incident).approved_by) == (OS.DRAFTING, None)

    @pytest.mark.parametrize("is_approved", [False, True])
    def test_what_is_written_after_the_asking_has_to_be_approved_anew(
        self, incident, manager, president, is_approved
    ):
        write(incident)
        services.submit_report(duty(incident).pk, actor=manager, now=NOW)
        if is_approved:
            services.approve_report(duty(incident).pk, actor=president, today=TODAY)
        write(incident)  # the same words change nothing
        assert duty(incident).status != OS.DRAFTING
        write(incident, {Item.CAUSE: Words("別の原因", is_known=True)})
        assert (duty(incident).status, duty(incident).approved_by) == (OS.DRAFTING, None)
        with pytest.raises(DomainError, match="not approved"):
            file(duty(incident))

    def test_is_kept_as_it_was(self, incident, manager, president):
        write(incident)
        approve(duty(incident), manager, president)
        file(duty(incident))
        write(incident, {Item.CAUSE: Words("別の原因", is_known=True)})
        assert FiledReport.objects.get().content[Item.CAUSE]["text"] == "分かったこと"
        with pytest.raises(DatabaseError), transaction.atomic():
            FiledReport.objects.update(receiver="別の機関")
        with pytest.raises(DatabaseError), transaction.atomic():
            incident.obligations.filter(kind=Kind.PPC_PRELIMINARY).update(
                status=OS.NEEDED, filed_on=None
            )

    def test_the_final_one_shows_what_changed_since_the_first(self, incident, manager, president):
        write(incident)
        approve(duty(incident), manager, president)
        file(duty(incident))
        write(incident, {Item.CAUSE: Words("確認不足", is_known=True)})
        final = duty(incident, Kind.PPC_FINAL)
        approve(final, manager, president)
        assert file(final).difference == [Item.CAUSE]

    def test_one_report_for_both_settles_both(self, incident, manager, president):
        """GL 3-5-3-4, note 1."""
        write(incident)
        final = duty(incident, Kind.PPC_FINAL)
        approve(final, manager, president)
        file(final)
        assert duty(incident).status == duty(incident, Kind.PPC_FINAL).status == OS.FILED
        assert duty(incident, Kind.PM_PRELIMINARY).status == OS.NEEDED

    def test_the_next_legal_day_is_the_next_open_one(self, incident, manager, president):
        write(incident)
        for kind in (Kind.PPC_PRELIMINARY, Kind.PM_PRELIMINARY):
            approve(duty(incident, kind), manager, president)
            file(duty(incident, kind))
        incident.refresh_from_db()
        assert incident.next_due_on == date(2026, 12, 19)

    @pytest.mark.parametrize("days", [1, -3])
    def test_refuses_a_day_that_cannot_be(self, incident, manager, president, days):
        write(incident)
        approve(duty(incident), manager, president)
        with pytest.raises(DomainError):
            file(duty(incident), filed_on=TODAY + timedelta(days=days))

    def test_a_report_that_is_not_needed_is_not_filed(self, incident):
        write(incident)
        with pytest.raises(DomainError):
            file(duty(incident, Kind.MN_FINAL))


class TestApproval:
    """What top management has approved is what it has read, and nothing else."""

    def test_ends_with_the_need(self, incident, manager, president):
        write(incident)
        approve(duty(incident), manager, president)
        assess(incident, actor=manager, note="要配慮個人情報ではなかった。")
        assess(incident, "sensitive", actor=manager, note="やはり含まれていた。")
        again = duty(incident)
        assert (again.status, again.approved_by, again.approved_on) == (OS.NEEDED, None, None)

    def test_a_voluntary_report_stays_approved_while_it_is_allowed(self, manager, president):
        incident = report()
        assess(incident, actor=manager)
        write(incident)
        approve(duty(incident, Kind.VOLUNTARY), manager, president)
        assess(incident, actor=manager, persons=2, note="二人分だった。")
        assert duty(incident, Kind.VOLUNTARY).status == OS.APPROVED


class TestConsignor:
    """A contractor who told the client in time is free of reporting (APPI art. 26(1) proviso)."""

    @pytest.fixture
    def entrusted(self, manager):
        Company.objects.update_or_create(pk=1, defaults={"name": "みなと"})
        incident = report()
        assess(incident, "sensitive", actor=manager, role=HandlingRole.CONTRACTOR)
        write(incident)
        return incident

    def test_filing_the_notice_frees_from_what_it_frees_from(self, entrusted):
        assert duty(entrusted, Kind.PPC_FINAL).status == OS.NEEDED

        file(duty(entrusted, Kind.CONSIGNOR), receiver="株式会社委託元")

        assert duty(entrusted, Kind.PPC_FINAL).status == OS.NOT_NEEDED
        assert duty(entrusted, Kind.PERSONS).status == OS.NOT_NEEDED
        told = duty(entrusted, Kind.CONSIGNOR)
        assert (told.status, told.needs_difference_note) == (OS.FILED, False)
        assert entrusted.assessments.latest("number").consignor_told_on == TODAY

    def test_told_late_it_frees_from_nothing(self, entrusted):
        late = NOW + timedelta(days=6)
        file(
            duty(entrusted, Kind.CONSIGNOR),
            receiver="株式会社委託元",
            filed_on=late.date(),
            today=late.date(),
            now=late,
        )
        assert duty(entrusted, Kind.PPC_FINAL).status == OS.NEEDED

    def test_a_day_that_was_stated_before_stays(self, entrusted, manager):
        assess(
            entrusted,
            "sensitive",
            actor=manager,
            role=HandlingRole.CONTRACTOR,
            consignor_told_on=TODAY,
            note="電話で知らせた。",
        )
        later = TODAY + timedelta(days=2)
        file(duty(entrusted, Kind.CONSIGNOR), filed_on=later, today=later, now=NOW)
        assert entrusted.assessments.latest("number").consignor_told_on == TODAY


class TestFilingWithoutApproval:
    """Without top management in between the states still decide what can be filed."""

    @pytest.fixture(autouse=True)
    def _no_approval(self):
        IncidentSettings.objects.update_or_create(pk=1, defaults={"top_management_approves": False})

    def test_what_is_not_needed_is_not_filed(self, incident):
        write(incident)
        with pytest.raises(InvalidTransitionError):
            file(duty(incident, Kind.MN_FINAL))
        assert duty(incident, Kind.MN_FINAL).status == OS.NOT_NEEDED

    def test_what_was_waived_is_not_filed(self, incident, president):
        write(incident)
        services.waive(
            duty(incident).pk, rule="x", reason="x", actor=president, today=TODAY, now=NOW
        )
        with pytest.raises(InvalidTransitionError):
            file(duty(incident))

    def test_what_was_filed_is_supplemented_and_not_filed_again(self, incident):
        write(incident)
        file(duty(incident))
        with pytest.raises(InvalidTransitionError):
            file(duty(incident))
        assert FiledReport.objects.count() == 1

    def test_a_first_report_that_waits_for_approval_is_settled_by_the_final_one(
        self, incident, manager, president
    ):
        IncidentSettings.objects.update(top_management_approves=True)
        write(incident)
        services.submit_report(duty(incident).pk, actor=manager, now=NOW)
        final = duty(incident, Kind.PPC_FINAL)
        approve(final, manager, president)
        file(final)
        assert duty(incident).status == OS.FILED

    def test_the_day_is_the_one_in_japan(self):
        # Half past eight in the morning there is still the day before by Greenwich.
        early = NOW.replace(hour=8, minute=30)
        incident = report(noticed_at=early)
        assess(incident, "sensitive")
        write(incident)
        with pytest.raises(DomainError, match="noticed"):
            file(duty(incident), filed_on=TODAY - timedelta(days=1))


class TestAfterwards:
    @pytest.fixture
    def filed(self, incident, manager, president):
        write(incident)
        approve(duty(incident), manager, president)
        file(duty(incident))
        return incident

    def test_a_change_of_facts_asks_for_a_note(self, filed):
        assess(filed, "sensitive", persons=5)
        assert duty(filed).status == OS.FILED
        assert duty(filed).needs_difference_note
        services.note_difference(
            duty(filed).pk, note="人数は5名。確報で報告する。", actor=UserFactory(), now=NOW
        )
        assert not duty(filed).needs_difference_note

    def test_the_same_facts_ask_for_none(self, filed):
        assess(filed, "sensitive")
        assert not duty(filed).needs_difference_note

    def supplement(self, incident, kind=Kind.PPC_PRELIMINARY):
        facts = {"receiver": "個人情報保護委員会", "filed_on": TODAY, "actor": UserFactory()}
        return services.supplement(duty(incident, kind).pk, **facts, today=TODAY, now=NOW)

    def test_a_supplement_is_approved_like_the_report(self, filed, manager, president):
        write(filed, {Item.PERSONS_COUNT: Words("5名", is_known=True)})
        with pytest.raises(DomainError, match="not approved"):
            self.supplement(filed)

        later = NOW + timedelta(hours=1)
        services.submit_report(duty(filed).pk, actor=manager, now=later)
        assert duty(filed).waits_for_approval
        assert Notification.objects.filter(kind="incidents.report_submitted").count() == 2
        with pytest.raises(DomainError, match="not approved"):
            self.supplement(filed)
        with pytest.raises(DomainError, match="Nobody approves"):
            services.approve_report(duty(filed).pk, actor=manager, today=TODAY)
        services.approve_report(duty(filed).pk, actor=president, today=TODAY)

        added = self.supplement(filed)
        assert (added.approved_by, added.approved_on) == (president, TODAY)
        assert not duty(filed).waits_for_approval
        assert not duty(filed).is_approved

    def test_an_approved_supplement_that_is_changed_is_approved_anew(
        self, filed, manager, president
    ):
        write(filed, {Item.PERSONS_COUNT: Words("5名", is_known=True)})
        approve(duty(filed), manager, president)
        write(filed, {Item.PERSONS_COUNT: Words("6名", is_known=True)})
        assert (duty(filed).status, duty(filed).is_approved) == (OS.FILED, False)
        with pytest.raises(DomainError, match="not approved"):
            self.supplement(filed)

    def test_a_supplement_can_be_sent_back(self, filed, manager, president):
        write(filed, {Item.PERSONS_COUNT: Words("5名", is_known=True)})
        services.submit_report(duty(filed).pk, actor=manager, now=NOW)
        services.return_report(duty(filed).pk, reason="名簿と合わない。", actor=president)
        assert (duty(filed).status, duty(filed).waits_for_approval) == (OS.FILED, False)

    def test_nothing_is_approved_where_nothing_was_asked(self, filed, president):
        with pytest.raises(InvalidTransitionError):
            services.approve_report(duty(filed).pk, actor=president, today=TODAY)
        with pytest.raises(InvalidTransitionError):
            services.return_report(duty(filed).pk, reason="x", actor=president)
        with pytest.raises(DomainError, match="No item has changed"):
            services.submit_report(duty(filed).pk, actor=UserFactory(), now=NOW)

    def test_a_supplement_to_a_final_report_has_no_gaps_either(self, incident, manager, president):
        write(incident)
        approve(duty(incident, Kind.PPC_FINAL), manager, president)
        file(duty(incident, Kind.PPC_FINAL))
        write(incident, {Item.CAUSE: Words("")})
        with pytest.raises(DomainError, match=r"4\."):
            services.submit_report(duty(incident, Kind.PPC_FINAL).pk, actor=manager, now=NOW)
        IncidentSettings.objects.update_or_create(pk=1, defaults={"top_management_approves": False})
        with pytest.raises(DomainError, match=r"4\."):
            self.supplement(incident, Kind.PPC_FINAL)

    def test_a_case_is_not_closed_over_a_supplement_that_is_asked_for(self, filed, manager):
        write(filed, {Item.PERSONS_COUNT: Words("5名", is_known=True)})
        services.submit_report(duty(filed).pk, actor=manager, now=NOW)
        filed.refresh_from_db()
        assert any("supplement" in it.text for it in services.closing_obstacles(filed))

    def test_a_supplement_is_a_further_version(self, filed, manager, president):
        assess(filed, "sensitive", persons=5)
        write(filed, {Item.PERSONS_COUNT: Words("5名", is_known=True)})
        approve(duty(filed), manager, president)
        added = self.supplement(filed)
        assert (added.number, added.is_supplement, added.difference) == (
            2,
            True,
            [Item.PERSONS_COUNT],
        )
        assert not duty(filed).needs_difference_note

    def test_a_supplement_that_says_nothing_new_is_refused(self, filed):
        with pytest.raises(DomainError, match="No item has changed"):
            self.supplement(filed)


class TestWaive:
    def waive(self, obligation, actor, rule="施行規則7条柱書", reason="高度な暗号化"):
        facts = {"rule": rule, "reason": reason}
        return services.waive(obligation.pk, **facts, actor=actor, today=TODAY, now=NOW)

    def test_names_the_rule_and_who_says_so(self, incident, president):
        found = self.waive(duty(incident), president)
        assert (found.status, found.waived_by) == (OS.WAIVED, president)
        assert (found.waived_rule, found.waived_reason) == ("施行規則7条柱書", "高度な暗号化")
        assert incident.timeline.latest("id").text.endswith("施行規則7条柱書\n高度な暗号化")

    def test_is_not_for_who_judged_the_case(self, incident, manager):
        with pytest.raises(DomainError, match="assessed"):
            self.waive(duty(incident), manager)

    def test_is_not_for_who_judged_it_once_either(self, incident, manager, president):
        assess(incident, "sensitive", actor=UserFactory(), persons=2, note="二人分だった。")
        with pytest.raises(DomainError, match="assessed"):
            services.waive(
                duty(incident).pk, rule="x", reason="x", actor=manager, today=TODAY, now=NOW
            )

    @pytest.mark.parametrize("field", ["rule", "reason"])
    def test_needs_a_rule_and_a_reason(self, incident, president, field):
        with pytest.raises(DomainError) as refusal:
            self.waive(duty(incident), president, **{field: " "})
        assert list(refusal.value.message_dict) == [field]

    def test_holds_until_a_trigger_joins(self, incident, president):
        self.waive(duty(incident), president)
        assess(incident, "sensitive", data_items="氏名")
        assert duty(incident).status == OS.WAIVED
        assess(incident, "sensitive", "unlawful")
        assert duty(incident).status == OS.NEEDED

    def test_what_was_filed_is_not_waived(self, incident, manager, president):
        write(incident)
        approve(duty(incident), manager, president)
        file(duty(incident))
        with pytest.raises(InvalidTransitionError):
            self.waive(duty(incident), president)

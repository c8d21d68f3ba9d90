"""Pages of training records and excuses: lists, one person, and what may be done."""

import re
from datetime import date, timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from pms.accounts.roles import Role
from pms.evidence.models import EvidenceFile
from pms.organization.choices import EmploymentKind
from pms.training.choices import ExcuseStatus, FollowUpKind, RecordStatus
from pms.training.models import Excuse, FollowUp
from tests.accounts.factories import UserFactory
from tests.cycles.factories import CycleFactory
from tests.organization.factories import DepartmentFactory, PersonFactory
from tests.reminders.factories import ReminderFactory
from tests.training.factories import (
    STARTS_ON,
    AttemptFactory,
    CampaignFactory,
    ExcuseFactory,
    FollowUpFactory,
    TrainingRecordFactory,
    record_of,
)

pytestmark = pytest.mark.django_db

RECORDS = reverse("training:record_list")
EXCUSES = reverse("training:excuse_list")


def page_of(name, *args):
    return reverse(f"training:{name}", args=args)


def names(response):
    return [it.employee_number for it in response.context["page"]]


def lines(response):
    return b"".join(response.streaming_content).decode("utf-8-sig").splitlines()


@pytest.fixture
def record(officer):
    """Somebody's record in an open campaign, not started."""
    return TrainingRecordFactory(person__employee_number="P1")


class TestList:
    @pytest.fixture
    def campaign(self, officer):
        """An open campaign with nobody in it but one, and the people of these tests."""
        PersonFactory(employee_number="ZZ", affiliation__employment_kind="seconded")
        return CampaignFactory(open=True, audience_kinds=["seconded"])

    def add(self, campaign, number, **facts):
        return TrainingRecordFactory(
            campaign=campaign,
            person=facts.pop("person", None) or PersonFactory(employee_number=number),
            **facts,
        )

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({}, ["A1", "A2", "A3", "A4", "A5"]),
            ({"status": "passed"}, ["A3"]),
            ({"status": "excused"}, ["A4"]),
            ({"status": "open"}, ["A1", "A2", "A5"]),
            ({"status": "failed"}, ["A2"]),
            ({"status": "void"}, ["A6"]),
            ({"overdue": "1"}, ["A5"]),
            ({"kind": "officer"}, ["A1"]),
            ({"q": "高橋"}, ["A2"]),
            ({"q": "a3"}, ["A3"]),
            ({"status": "open", "kind": "officer"}, ["A1"]),
        ],
    )
    def test_can_be_narrowed(self, client, campaign, query, found):
        self.add(campaign, "A1", employment_kind=EmploymentKind.OFFICER)
        self.add(campaign, "A2", failed=True, name="髙橋 花子")
        self.add(campaign, "A3", passed=True)
        self.add(campaign, "A4", excused=True)
        self.add(campaign, "A5", due_on=date(2026, 9, 14))
        self.add(campaign, "A6", void=True)

        shown = names(client.get(RECORDS, {"campaign": campaign.pk} | query))

        assert [it for it in shown if it != "ZZ"] == found

    def test_finds_a_department_with_or_without_those_below(self, client, campaign):
        top = DepartmentFactory()
        self.add(campaign, "A1", department=top)
        self.add(campaign, "A2", department=DepartmentFactory(parent=top))

        with_those_below = client.get(RECORDS, {"campaign": campaign.pk, "department": top.pk})
        without = client.get(RECORDS, {"campaign": campaign.pk, "unit": top.pk})

        assert names(with_those_below) == ["A1", "A2"]
        assert names(without) == ["A1"]

    def test_searches_all_campaigns_by_the_person_of_today(self, client, campaign):
        person = PersonFactory(employee_number="B1", family_name="鈴木")
        self.add(campaign, "", person=person, name="旧姓 花子")

        assert names(client.get(RECORDS, {"q": "鈴木"})) == ["B1"]
        assert names(client.get(RECORDS, {"q": "旧姓", "campaign": campaign.pk})) == ["B1"]

    def test_leaves_out_who_was_left_open_in_a_closed_campaign(self, client, officer):
        CampaignFactory(closed=True)
        running = record_of(
            CampaignFactory(cycle=CycleFactory(year=2027), open=True), officer.person
        )

        page = client.get(RECORDS, {"status": "open", "q": officer.person.employee_number})

        assert [it.pk for it in page.context["page"]] == [running.pk]

    def test_is_in_the_order_of_numbers_within_a_campaign_only(self, client, campaign):
        self.add(campaign, "A2")
        self.add(campaign, "A1", passed=True)

        within = {"campaign": campaign.pk, "kind": "regular"}
        assert names(client.get(RECORDS, within)) == ["A1", "A2"]
        assert names(client.get(RECORDS, within | {"sort": "-number"})) == ["A2", "A1"]
        assert names(client.get(RECORDS, within | {"sort": "status"})) == ["A2", "A1"]
        everything = client.get(RECORDS, {"sort": "status"})
        assert everything.context["sort"] == "latest"
        assert names(everything)[0] == "A1"

    def test_turns_its_pages_by_key(self, client, campaign):
        for number in range(60):
            self.add(campaign, f"A{number:02}")
        query = {"campaign": campaign.pk, "q": "A"}
        first = client.get(RECORDS, query)

        second = client.get(
            RECORDS,
            query | {"page": first.context["page"].next},
            headers={"HX-Request": "true"},
        )

        assert names(first)[0] == "A00"
        assert names(second) == [f"A{number:02}" for number in range(50, 60)]
        assert "<h1>" not in second.text

    def test_shows_nobody_for_a_filter_that_makes_no_sense(self, client, campaign):
        self.add(campaign, "A1")

        assert names(client.get(RECORDS, {"campaign": "0"})) == []

    def test_shows_and_hands_out_scores_to_who_may_see_them(self, client, campaign, sign_in):
        self.add(campaign, "A1", passed=True, score=87)
        query = {"campaign": campaign.pk, "status": "passed"}
        page, file = (
            client.get(RECORDS, query),
            lines(client.get(RECORDS, query | {"export": "csv"})),
        )
        sign_in(Role.AUDIT_OFFICER)
        bare = client.get(RECORDS, query)
        bare_file = lines(client.get(RECORDS, query | {"export": "csv"}))

        shown = re.compile(r"(?<![\d/=-])87(?!\d)")
        assert (bool(shown.search(page.text)), bool(shown.search(file[1]))) == (True, True)
        assert (shown.search(bare.text), shown.search(bare_file[1])) == (None, None)
        assert "点数" in file[0]
        assert "点数" not in bare_file[0]

    def test_hands_out_what_is_filtered(self, client, campaign):
        self.add(campaign, "A1", passed=True)
        self.add(campaign, "A2")

        file = lines(
            client.get(RECORDS, {"campaign": campaign.pk, "status": "passed", "export": "csv"})
        )

        assert [line.split(",")[1] for line in file[1:]] == ["A1"]


class TestDetail:
    def test_tells_everything_about_one_person_in_one_campaign(self, client, record):
        AttemptFactory(record=record, failed=True)
        ExcuseFactory(record=record, refused=True)
        FollowUpFactory(record=record, result="今週中に受講するとのこと。")

        page = client.get(record.get_absolute_url())

        for part in ("Tests taken", "補講で受講できるため。", "今週中に受講するとのこと。"):
            assert part in page.text
        assert page.context["timeline"]

    def test_asks_only_for_what_hangs_on_the_record(
        self, client, record, django_assert_num_queries
    ):
        client.get(record.get_absolute_url())
        # Session, account, appointments, the record, its history.
        with django_assert_num_queries(5):
            client.get(record.get_absolute_url())

        FollowUpFactory(record=record)
        with django_assert_num_queries(6):
            client.get(record.get_absolute_url())

    def test_tells_when_the_person_was_reminded(self, client, record, django_assert_num_queries):
        record.person.user = UserFactory()
        record.person.save()
        for number, step in enumerate(("start", "before:14")):
            ReminderFactory(
                content_type=ContentType.objects.get_for_model(record),
                object_id=record.pk,
                person=record.person,
                step=step,
                planned_on=STARTS_ON + timedelta(days=number),
            )
        client.get(record.get_absolute_url())

        with django_assert_num_queries(6):
            page = client.get(record.get_absolute_url()).text

        assert "14 days before" in page
        assert str(STARTS_ON + timedelta(days=1)) in page

    @pytest.mark.parametrize(
        ("facts", "moves"),
        [
            ({}, {"log", "follow_up", "excuse", "correct"}),
            ({"failed": True}, {"log", "follow_up", "excuse", "correct"}),
            ({"passed": True}, {"correct"}),
            ({"void": True}, set()),
        ],
    )
    def test_offers_only_what_can_be_done_now(self, client, officer, facts, moves):
        page = client.get(TrainingRecordFactory(**facts).get_absolute_url())

        assert {name for name, may in page.context["moves"].items() if may} == moves

    def test_of_a_closed_campaign_offers_nothing(self, client, officer):
        campaign = CampaignFactory(closed=True)

        page = client.get(campaign.records.first().get_absolute_url())

        assert not any(page.context["moves"].values())

    def test_offers_the_decision_to_who_did_not_ask(self, client, officer):
        others = ExcuseFactory()
        own = ExcuseFactory(record__campaign=others.record.campaign, requested_by=officer)

        decide = client.get(others.record.get_absolute_url()).context["moves"]["decide"]
        other = client.get(own.record.get_absolute_url()).context["moves"]["decide"]

        assert (decide, other) == (others, None)

    def test_asks_for_an_interview_after_the_third_failure(self, client, officer):
        record = TrainingRecordFactory(failed=True, failures=3)

        page = client.get(record.get_absolute_url()).text

        assert f"{page_of('follow_up_create', record.pk)}?kind=interview" in page

    def test_shows_scores_to_the_person_but_not_to_the_manager(self, client, sign_in):
        manager = sign_in(Role.DEPARTMENT_MANAGER)
        department = manager.person.affiliations.get().department
        record = TrainingRecordFactory(
            campaign=CampaignFactory(open=True),
            person__with_account=True,
            person__affiliation__department=department,
            passed=True,
            score=93,
        )
        AttemptFactory(record=record, passed=True)

        for_manager = client.get(record.get_absolute_url())
        client.force_login(record.person.user)
        for_person = client.get(record.get_absolute_url())

        assert (">93<" in for_manager.text, ">93<" in for_person.text) == (False, True)
        assert f'href="{RECORDS}"' not in for_person.text

    def test_leads_from_the_void_row_to_the_one_that_replaces_it(self, client, record):
        client.post(
            page_of("record_correct", record.pk),
            {
                "department": record.department_id,
                "employment_kind": "officer",
                "due_on": "2026-09-30",
                "reason": "役員だった。",
            },
        )

        page = client.get(record.get_absolute_url())

        record.refresh_from_db()
        assert record.status == RecordStatus.VOID
        assert "役員だった。" in page.text
        assert record.replaced_by.get_absolute_url() in page.text

    def test_takes_files_as_proof(self, client, record):
        file = SimpleUploadedFile("sheet.txt", "受講票".encode())

        client.post(page_of("record_files", record.pk), {"evidence": file})

        assert [it.name for it in EvidenceFile.objects.of(record)] == ["sheet.txt"]


class TestPerson:
    def test_shows_every_training_of_a_person_the_latest_first(self, client, officer):
        first = TrainingRecordFactory(passed=True, score=91)
        later = CampaignFactory(cycle=CycleFactory(year=2027), open=True)
        second = record_of(later, first.person)

        page = client.get(page_of("person_records", first.person_id))

        assert list(page.context["records"]) == [second, first]
        assert "91" in page.text

    def test_is_a_part_of_another_page_as_well(self, client, record):
        part = client.get(
            page_of("person_records", record.person_id), headers={"HX-Request": "true"}
        )

        assert "<h1>" not in part.text
        assert record.get_absolute_url() in part.text


class TestFollowUp:
    def test_is_written_down(self, client, record, officer):
        new = page_of("follow_up_create", record.pk)
        asked = client.get(new, {"kind": "interview"}).context["form"]

        answer = client.post(
            new, {"kind": "interview", "done_on": "2026-09-14", "result": "面談した。"}
        )

        follow_up = FollowUp.objects.get()
        assert asked["kind"].value() == FollowUpKind.INTERVIEW
        assert answer.url == record.get_absolute_url()
        assert (follow_up.record, follow_up.kind, follow_up.done_by) == (
            record,
            FollowUpKind.INTERVIEW,
            officer,
        )

    def test_is_not_dated_ahead(self, client, record):
        answer = client.post(
            page_of("follow_up_create", record.pk),
            {"kind": "reminder", "done_on": "2026-09-16", "result": "する予定。"},
        )

        assert "done_on" in answer.context["form"].errors
        assert not FollowUp.objects.exists()

    def test_is_refused_for_who_has_passed(self, client, officer):
        record = TrainingRecordFactory(passed=True)

        answer = client.post(
            page_of("follow_up_create", record.pk),
            {"kind": "reminder", "done_on": "2026-09-15", "result": "連絡した。"},
        )

        assert answer.context["form"].non_field_errors()


class TestCorrection:
    def facts(self, record, **changed):
        return {
            "department": record.department_id,
            "employment_kind": record.employment_kind,
            "due_on": record.due_on.isoformat(),
            "reason": "転記の誤り。",
        } | changed

    def test_replaces_the_record(self, client, record):
        answer = client.post(
            page_of("record_correct", record.pk),
            self.facts(
                record,
                passed="on",
                attended_on="2026-09-10",
                method="paper",
                comprehension="questionnaire",
            ),
        )

        new = record_of(record.campaign, record.person)
        assert answer.url == new.get_absolute_url()
        assert (new.replaces_id, new.status, new.attended_on) == (
            record.pk,
            RecordStatus.PASSED,
            date(2026, 9, 10),
        )

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"score": "101", "passed": "on", "attended_on": "2026-09-10"}, "score"),
            ({"passed": "on"}, "attended_on"),
            ({"lecturer": "講師", "reason": ""}, "reason"),
            ({}, "__all__"),
        ],
    )
    def test_shows_what_is_wrong(self, client, record, changed, field):
        answer = client.post(page_of("record_correct", record.pk), self.facts(record, **changed))

        record.refresh_from_db()
        assert field in answer.context["form"].errors
        assert record.status == RecordStatus.NOT_STARTED

    def test_says_beforehand_what_happens(self, client, record):
        assert "cannot be undone" in client.get(page_of("record_correct", record.pk)).text

    def test_is_closed_with_the_campaign(self, client, officer):
        record = CampaignFactory(closed=True).records.first()

        assert client.get(page_of("record_correct", record.pk)).status_code == 404


class TestExcuses:
    def test_are_asked_for(self, client, record, officer):
        answer = client.post(
            page_of("excuse_create", record.pk),
            {"reason": "elsewhere", "until": "2026-12-31"},
        )

        excuse = Excuse.objects.get()
        assert answer.url == record.get_absolute_url()
        assert (excuse.status, excuse.requested_by, excuse.until) == (
            ExcuseStatus.REQUESTED,
            officer,
            date(2026, 12, 31),
        )

    def test_need_an_explanation_for_another_reason(self, client, record):
        answer = client.post(page_of("excuse_create", record.pk), {"reason": "other"})

        assert "note" in answer.context["form"].errors
        assert not Excuse.objects.exists()

    def test_are_listed_by_state(self, client, officer):
        waiting = ExcuseFactory()
        ExcuseFactory(record__campaign=waiting.record.campaign, refused=True)

        page = client.get(EXCUSES, {"status": "requested"})

        assert list(page.context["page"]) == [waiting]
        assert page_of("excuse_decide", waiting.pk) in page.text

    def test_are_listed_for_managers_as_far_as_their_people_go(self, client, sign_in):
        manager = sign_in(Role.DEPARTMENT_MANAGER)
        department = manager.person.affiliations.get().department
        own = ExcuseFactory(record__person__affiliation__department=department)
        ExcuseFactory(record__campaign=own.record.campaign)

        page = client.get(EXCUSES)

        assert list(page.context["page"]) == [own]
        assert page_of("excuse_decide", own.pk) not in page.text

    def test_are_approved_by_another(self, client, officer):
        excuse = ExcuseFactory()

        answer = client.post(page_of("excuse_decide", excuse.pk), {"decision": "approve"})

        excuse.refresh_from_db()
        assert answer.url == excuse.record.get_absolute_url()
        assert (excuse.status, excuse.decided_by) == (ExcuseStatus.APPROVED, officer)
        excuse.record.refresh_from_db()
        assert excuse.record.status == RecordStatus.EXCUSED

    def test_are_refused_with_a_reason(self, client, officer):
        excuse = ExcuseFactory()
        decide = page_of("excuse_decide", excuse.pk)

        without = client.post(decide, {"decision": "refuse"})
        client.post(decide, {"decision": "refuse", "note": "補講がある。"})

        excuse.refresh_from_db()
        assert "note" in without.context["form"].errors
        assert (excuse.status, excuse.decision_note) == (ExcuseStatus.REFUSED, "補講がある。")

    def test_are_not_decided_by_who_asked(self, client, officer):
        excuse = ExcuseFactory(requested_by=officer)

        page = client.get(page_of("excuse_decide", excuse.pk))
        client.post(page_of("excuse_decide", excuse.pk), {"decision": "approve"})

        excuse.refresh_from_db()
        assert "somebody else has to decide" in page.text
        assert excuse.status == ExcuseStatus.REQUESTED

    def test_are_decided_once(self, client, officer):
        excuse = ExcuseFactory(refused=True)

        answer = client.get(page_of("excuse_decide", excuse.pk))

        assert answer.url == excuse.record.get_absolute_url()

    def test_end_before_their_time_with_a_reason(self, client, officer):
        excuse = ExcuseFactory(requested_by=UserFactory())
        client.post(page_of("excuse_decide", excuse.pk), {"decision": "approve"})

        client.post(page_of("excuse_end", excuse.pk), {"reason": "復帰した。"})

        excuse.refresh_from_db()
        assert excuse.status == ExcuseStatus.ENDED
        excuse.record.refresh_from_db()
        assert excuse.record.status == RecordStatus.NOT_STARTED

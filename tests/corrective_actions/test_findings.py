"""An examiner's list comes in, its findings are answered, and the reply sheet goes out."""

import io
from datetime import date

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from pms.accounts.roles import Role
from pms.core.exceptions import DomainError
from pms.corrective_actions import services
from pms.corrective_actions.choices import Source, Status
from pms.corrective_actions.models import ExaminerFinding
from pms.transfer import engine
from pms.transfer import services as transfer
from pms.transfer.choices import ImportStatus
from pms.transfer.readers import open_table
from tests.accounts.factories import UserFactory
from tests.organization.factories import AppointmentFactory, DepartmentFactory, PersonFactory

from .factories import RAISED_ON, CorrectiveActionFactory, ExaminerFindingFactory, at, correct

pytestmark = pytest.mark.django_db

TODAY = date(2026, 4, 15)
HEADINGS = "指摘番号,項番,指摘事項,部門,区分,受領日"


@pytest.fixture
def manager():
    return UserFactory(roles=[Role.PRIVACY_MANAGER], language="en")


@pytest.fixture
def sales():
    return DepartmentFactory(code="300", name="営業部")


def upload(manager, *lines, **options):
    """Upload and check an import of these lines."""
    values = {"received_on": RAISED_ON.isoformat(), "grade": "minor", "owner": None}
    run = transfer.upload(
        io.BytesIO("\n".join([HEADINGS, *lines]).encode()),
        name="指摘事項.csv",
        importer="examiner_findings",
        options=values | options,
        actor=manager,
        today=TODAY,
        now=at(TODAY),
        in_background=False,
    )
    engine.check(run.pk, today=TODAY)
    run.refresh_from_db()
    return run


def confirm(run, manager):
    """Write what was planned."""
    transfer.confirm(
        run.pk,
        digest=run.plan_digest,
        actor=manager,
        today=TODAY,
        now=at(TODAY),
        in_background=False,
    )
    engine.write(run.pk, today=TODAY)
    run.refresh_from_db()
    return run


class TestImport:
    def test_makes_an_action_with_its_clock_of_every_row(self, manager, sales, settings):
        run = confirm(
            upload(
                manager,
                "1,,教育の記録に漏れがある。,営業部,初回,",
                "2,,台帳の見直しがされていない。,300,再指摘,2026-04-12",
            ),
            manager,
        )

        assert run.status == ImportStatus.DONE
        first, second = ExaminerFinding.objects.order_by("number")
        assert (first.received_on, first.answer_due_on) == (RAISED_ON, date(2026, 7, 10))
        assert (second.is_repeated, second.answer_due_on) == (True, date(2026, 5, 12))
        action = first.action
        assert (action.source, action.source_label) == (Source.EXTERNAL, "1")
        assert (action.department, action.due_on) == (sales, first.answer_due_on)
        assert action.owner == manager.person
        assert action.number == "CA-2026-001"

    def test_lets_the_departments_manager_answer(self, manager, sales):
        head = PersonFactory()
        AppointmentFactory(person=head, role=Role.DEPARTMENT_MANAGER, department=sales)

        confirm(upload(manager, "1,,記録がない。,営業部,,"), manager)

        assert ExaminerFinding.objects.get().action.owner == head

    @pytest.mark.parametrize(
        "line",
        [
            ",,記録がない。,営業部,,",
            "1,,,営業部,,",
            "1,,記録がない。,知らない部,,",
            "1,J.99.99,記録がない。,営業部,,",
            "1,,記録がない。,営業部,ときどき,",
            "1,,記録がない。,営業部,,2026/2/30",
            "1,,記録がない。,営業部,,2026-12-01",
            "1,,記録がない。,営業部,,2025-01-01",
        ],
    )
    def test_refuses_the_whole_file_for_one_row_that_makes_no_sense(self, manager, sales, line):
        run = upload(manager, "9,,正しい行。,営業部,,", line)

        assert run.status == ImportStatus.REFUSED
        assert not ExaminerFinding.objects.exists()

    def test_refuses_a_number_that_stands_twice(self, manager, sales):
        run = upload(manager, "1,,記録がない。,営業部,,", "1,,鍵がない。,営業部,,")

        assert run.status == ImportStatus.REFUSED

    def test_changes_nothing_the_second_time(self, manager, sales):
        line = "1,,記録がない。,営業部,,"
        confirm(upload(manager, line), manager)

        again = confirm(upload(manager, line, "2,,鍵がない。,営業部,,"), manager)

        assert again.status == ImportStatus.DONE
        assert ExaminerFinding.objects.count() == 2

    def test_can_be_undone_until_somebody_has_begun_and_then_be_made_anew(self, manager, sales):
        line = "1,,記録がない。,営業部,,"
        run = confirm(upload(manager, line), manager)

        transfer.undo(
            run.pk, actor=manager, reason="別の年の表だった。", today=TODAY, now=at(TODAY)
        )

        assert ExaminerFinding.objects.get().action.status == Status.WITHDRAWN
        again = confirm(upload(manager, line), manager)
        assert again.status == ImportStatus.DONE
        finding = ExaminerFinding.objects.in_force().get()
        assert finding.action.number == "CA-2026-002"
        correct(finding.action, manager)
        with pytest.raises(DomainError):
            transfer.undo(again.pk, actor=manager, reason="やはり。", today=TODAY, now=at(TODAY))


class TestAnswering:
    def test_is_dated_and_signed_and_can_be_rewritten(self, manager):
        finding = ExaminerFindingFactory()

        for text in ("改めます。", "改めました。"):
            services.answer_finding(finding.pk, answer=text, actor=manager, today=TODAY)

        finding.refresh_from_db()
        assert (finding.answer, finding.answered_on) == ("改めました。", TODAY)
        assert finding.answered_by == manager

    def test_is_not_blank(self, manager):
        with pytest.raises(DomainError):
            services.answer_finding(
                ExaminerFindingFactory().pk, answer=" ", actor=manager, today=TODAY
            )

    def test_is_written_on_its_page_by_whoever_answers_for_the_action(self, client):
        user = UserFactory(roles=[])
        finding = ExaminerFindingFactory(
            action=CorrectiveActionFactory(source=Source.EXTERNAL, owner=user.person)
        )
        client.force_login(user)

        client.post(reverse("corrective_actions:answer", args=[finding.pk]), {"answer": "改めた。"})

        finding.refresh_from_db()
        assert finding.answered_on == timezone.localdate()


def withdraw(finding, reason):
    """Withdraw the action of a finding."""
    services.withdraw(finding.action_id, reason=reason, actor=UserFactory())


class TestReplySheet:
    URL = reverse("corrective_actions:reply_sheet", args=["2026-04-10"])

    def test_is_refused_while_an_answer_is_blank_and_names_it(self, client, manager):
        answered = ExaminerFindingFactory(number="指摘1")
        ExaminerFindingFactory(number="指摘2")
        ExaminerFindingFactory(number="指摘3")
        services.answer_finding(answered.pk, answer="改めた。", actor=manager, today=TODAY)
        client.force_login(manager)

        answer = client.get(self.URL)

        (message,) = map(str, get_messages(answer.wsgi_request))
        assert "指摘2" in message
        assert "指摘3" in message
        assert "指摘1" not in message
        shown = client.get(answer["Location"]).context["page"].rows
        assert {it.number for it in shown} == {"指摘2", "指摘3"}

    def test_has_every_finding_of_the_list_with_its_answer(self, client, manager):
        for number in ("指摘1", "指摘2"):
            finding = ExaminerFindingFactory(number=number)
            services.answer_finding(
                finding.pk, answer=f"{number}を改めた。", actor=manager, today=TODAY
            )
        client.force_login(manager)

        assert self.rows(client) == [
            ("指摘1", "指摘1を改めた。"),
            ("指摘2", "指摘2を改めた。"),
        ]

    def test_says_why_there_is_no_answer_to_what_was_withdrawn(self, client, manager):
        withdraw(ExaminerFindingFactory(number="指摘1"), "審査機関が撤回した。")
        answered = ExaminerFindingFactory(number="指摘2")
        services.answer_finding(answered.pk, answer="改めた。", actor=manager, today=TODAY)
        client.force_login(manager)

        assert self.rows(client) == [
            ("指摘1", "取下げ：審査機関が撤回した。"),
            ("指摘2", "改めた。"),
        ]

    def test_has_what_was_entered_anew_once(self, client, manager):
        for reason in ("誤記。", "また誤記。"):
            withdraw(ExaminerFindingFactory(number="指摘1"), reason)
            withdraw(ExaminerFindingFactory(number="指摘2"), reason)
        again = ExaminerFindingFactory(number="指摘2")
        services.answer_finding(again.pk, answer="改めた。", actor=manager, today=TODAY)
        client.force_login(manager)

        assert self.rows(client) == [("指摘1", "取下げ：また誤記。"), ("指摘2", "改めた。")]

    def test_of_a_list_that_was_withdrawn_whole_is_not_there(self, client, manager):
        withdraw(ExaminerFindingFactory(), "別の年の表だった。")
        client.force_login(manager)

        assert client.get(self.URL).status_code == 404

    def rows(self, client):
        """Number and answer of each line of the sheet."""
        sheet = open_table(io.BytesIO(client.get(self.URL).getvalue()), name="回答書.xlsx")
        return [(cells[0], cells[5]) for _number, cells in sheet.rows()]

    @pytest.mark.parametrize("day", ["2020-01-01", "2026-13-01"])
    def test_of_a_day_without_a_list_is_not_there(self, client, manager, day):
        client.force_login(manager)

        url = reverse("corrective_actions:reply_sheet", args=[day])
        assert client.get(url).status_code == 404


def test_the_list_knows_how_far_each_reply_is(client, manager):
    ExaminerFindingFactory()
    answered = ExaminerFindingFactory()
    services.answer_finding(answered.pk, answer="改めた。", actor=manager, today=TODAY)
    client.force_login(manager)

    (line,) = client.get(reverse("corrective_actions:finding_list")).context["lists"]

    assert (line.number, line.answered, line.is_complete) == (2, 1, False)
    assert line.due_on == date(2026, 7, 10)

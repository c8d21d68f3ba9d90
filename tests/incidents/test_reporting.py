"""How an incident comes in: words that stay, times kept apart, and nobody given away."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from PIL import Image

from pms.accounts.roles import Role
from pms.core.exceptions import DomainError
from pms.evidence.models import EvidenceFile
from pms.history.context import acting
from pms.history.models import HistoryEntry
from pms.incidents import services
from pms.incidents.choices import Answer, Channel, RecordKind, Status
from pms.incidents.models import FirstReport, Incident, IncidentSettings, Member, TimelineEntry
from pms.notifications.models import Notification
from tests.accounts.factories import UserFactory
from tests.organization.factories import DepartmentFactory

from .factories import NOTICED_AT, NOW, allow_anonymous, report, words

pytestmark = pytest.mark.django_db


class TestReport:
    def test_keeps_four_times_apart(self):
        occurred = NOTICED_AT - timedelta(hours=3)
        incident = report(occurred_at=occurred, reported_at=NOW - timedelta(minutes=10))
        assert [incident.occurred_at, incident.noticed_at] == [occurred, NOTICED_AT]
        assert [incident.reported_at, incident.created_at] == [NOW - timedelta(minutes=10), NOW]
        assert incident.status == Status.REPORTED
        assert [line.happened_at for line in incident.timeline.all()] == [
            occurred,
            NOTICED_AT,
            NOW - timedelta(minutes=10),
        ]

    def test_asks_for_no_classification_and_takes_not_known_for_an_answer(self):
        incident = report()
        said = incident.first_reports.get()
        assert said.what == "鞄を電車に置き忘れました。"
        assert (said.how_many, said.is_going_on) == ("", Answer.UNKNOWN)
        assert incident.event_class is None
        assert incident.persons is None
        assert incident.is_reportable is None

    def test_is_numbered_by_its_kind(self):
        assert report().number == "INC-2026-001"
        assert report(kind=RecordKind.NEAR_MISS).number == "NM-2026-001"
        assert report(is_drill=True).number == "DR-2026-001"
        assert report().number == "INC-2026-002"

    def test_the_office_enters_what_somebody_told(self):
        office = UserFactory(roles=[Role.PRIVACY_MANAGER])
        incident = report(
            actor=office,
            channel=Channel.CONTRACTOR,
            told_by="みなと運送 佐藤様",
            third_party="みなと運送",
        )
        assert (incident.reporter, incident.told_by) == (None, "みなと運送 佐藤様")
        assert incident.first_reports.get().written_by == office

    @pytest.mark.parametrize(
        ("facts", "field"),
        [
            ({"what": "  "}, "what"),
            ({"noticed_at": NOW + timedelta(minutes=1)}, "noticed_at"),
            ({"occurred_at": NOTICED_AT + timedelta(minutes=1)}, "noticed_at"),
            ({"reported_at": NOTICED_AT - timedelta(minutes=1)}, "noticed_at"),
        ],
    )
    def test_refuses_what_cannot_be(self, facts, field):
        with pytest.raises(DomainError) as refusal:
            report(**facts)
        assert list(refusal.value.message_dict) == [field]
        assert not Incident.objects.exists()

    def test_the_words_never_change(self):
        said = report().first_reports.get()
        with pytest.raises(DatabaseError), transaction.atomic():
            FirstReport.objects.filter(pk=said.pk).update(what="何もありませんでした。")
        with pytest.raises(DatabaseError), transaction.atomic():
            FirstReport.objects.filter(pk=said.pk).delete()

    def test_the_lines_of_the_timeline_never_change(self):
        line = report().timeline.first()
        for change in ({"text": "別の話"}, {"happened_at": NOW}, {"created_at": NOTICED_AT}):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                TimelineEntry.objects.filter(pk=line.pk).update(**change)
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            TimelineEntry.objects.filter(pk=line.pk).delete()

    def test_how_it_came_never_changes(self):
        incident = report()
        for change in ({"number": "INC-2026-009"}, {"reporter": None}, {"is_drill": True}):
            with pytest.raises(DatabaseError), transaction.atomic():
                Incident.objects.filter(pk=incident.pk).update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            Incident.objects.filter(pk=incident.pk).delete()

    def test_who_reported_adds_and_the_first_words_stay(self):
        incident = report()
        services.add_words(
            incident.pk, what="鞄は見つかりました。", actor=incident.reporter, now=NOW
        )
        assert [it.what for it in incident.first_reports.all()] == [
            "鞄を電車に置き忘れました。",
            "鞄は見つかりました。",
        ]


class TestAlert:
    def test_tells_who_handles_incidents_at_once_and_names_only_the_number(self):
        manager = UserFactory(roles=[Role.PRIVACY_MANAGER])
        deputy = UserFactory(roles=[Role.DEPUTY_PRIVACY_MANAGER])
        UserFactory(roles=[Role.TRAINING_OFFICER])
        incident = report()
        told = Notification.objects.filter(kind="incidents.reported")
        assert {it.recipient for it in told} == {manager, deputy}
        for it in told:
            assert incident.number in it.subject
            assert "鞄" not in it.subject + it.body
            assert it.is_duty

    def test_lets_in_by_rule_the_manager_of_the_department_and_of_those_above(self):
        above = DepartmentFactory()
        department = DepartmentFactory(parent=above)
        manager = UserFactory(roles=[Role.DEPARTMENT_MANAGER], department=above)
        UserFactory(roles=[Role.DEPARTMENT_MANAGER], department=DepartmentFactory())
        officer = UserFactory(roles=[Role.SYSTEM_OFFICER])
        incident = report(department=department)
        assert {it.user for it in incident.members.all()} == {manager, officer}
        assert Incident.objects.visible_to(manager).get() == incident

    def test_lets_in_nobody_where_the_rule_is_off(self):
        IncidentSettings.objects.create(
            pk=1, tells_department_manager=False, tells_system_officer=False
        )
        department = DepartmentFactory()
        UserFactory(roles=[Role.DEPARTMENT_MANAGER], department=department)
        UserFactory(roles=[Role.SYSTEM_OFFICER])
        report(department=department)
        assert not Member.objects.exists()


class TestPosts:
    """Whom the rule lets in knows as long as the post is held and concerns the case."""

    @pytest.fixture
    def department(self):
        return DepartmentFactory()

    @pytest.fixture
    def manager(self, department):
        return UserFactory(roles=[Role.DEPARTMENT_MANAGER], department=department)

    @pytest.fixture
    def incident(self, department, manager):
        return report(department=department)

    def describe(self, incident, department):
        services.describe(incident.pk, department=department, actor=UserFactory(), now=NOW)

    def end_post(self, user):
        user.person.appointments.update(ends_on=date(2021, 3, 31))

    def follow(self, now=NOW):
        return services.follow_posts_everywhere(now=now)

    def events(self, incident):
        return list(
            HistoryEntry.objects.of(incident)
            .filter(event__in=["incidents.let_in_by_rule", "incidents.lapsed"])
            .order_by("pk")
            .values_list("event", "additional_data__user")
        )

    def sees(self, user, incident):
        return Incident.objects.visible_to(user).filter(pk=incident.pk).exists()

    def test_go_with_the_department_of_the_case(self, incident, manager):
        elsewhere = DepartmentFactory()
        other = UserFactory(roles=[Role.DEPARTMENT_MANAGER], department=elsewhere)
        assert self.sees(manager, incident)
        self.describe(incident, elsewhere)
        assert [self.sees(it, incident) for it in (manager, other)] == [False, True]
        assert self.events(incident) == [
            ("incidents.lapsed", str(manager)),
            ("incidents.let_in_by_rule", str(other)),
        ]
        told = Notification.objects.get(kind="incidents.let_in")
        assert (told.recipient, told.is_duty) == (other, True)
        self.describe(incident, None)
        assert not incident.members.exists()

    def test_let_in_once_the_department_is_known(self):
        department = DepartmentFactory()
        manager = UserFactory(roles=[Role.DEPARTMENT_MANAGER], department=department)
        incident = report()
        assert not self.sees(manager, incident)
        self.describe(incident, department)
        assert self.sees(manager, incident)

    def test_stay_where_they_concern_the_new_department_too(self, department, manager, incident):
        self.describe(incident, DepartmentFactory(parent=department))
        assert self.sees(manager, incident)
        assert self.events(incident) == []

    def test_of_who_was_let_in_by_hand_do_not_matter(self, incident):
        user = UserFactory(roles=[])
        services.let_in(incident.pk, user=user, reason="x", actor=UserFactory(), now=NOW)
        self.describe(incident, DepartmentFactory())
        self.follow()
        assert self.sees(user, incident)

    def test_that_have_ended_open_nothing_from_that_day_on(self, incident, manager):
        self.end_post(manager)
        assert not self.sees(manager, incident)
        assert self.follow() == (0, 1)
        assert not incident.members.exists()
        assert self.follow() == (0, 0)

    def test_that_have_ended_leave_closed_cases_too(self, incident, manager):
        services.dismiss(incident.pk, reason="x", actor=UserFactory(), now=NOW)
        assert self.sees(manager, incident)
        self.end_post(manager)
        assert self.follow() == (0, 1)

    def test_that_somebody_else_holds_now_let_in_and_tell_the_successor(
        self, department, incident, manager
    ):
        self.end_post(manager)
        successor = UserFactory(roles=[Role.DEPARTMENT_MANAGER], department=department)
        assert self.follow() == (1, 1)
        assert [it.user for it in incident.members.all()] == [successor]
        assert Notification.objects.get(kind="incidents.let_in").recipient == successor

    def test_let_nobody_in_again_whom_somebody_has_shut_out(self, incident, manager):
        member = incident.members.get(user=manager)
        services.exclude(incident.pk, member_id=member.pk, actor=UserFactory())
        assert not self.sees(manager, incident)
        assert self.follow() == (0, 0)
        services.let_in(incident.pk, user=manager, reason="x", actor=UserFactory(), now=NOW)
        assert self.sees(manager, incident)

    def test_that_have_ended_are_looked_at_with_one_query(
        self, incident, manager, django_assert_num_queries
    ):
        manager.has_perm("incidents.view_incident")
        with django_assert_num_queries(1):
            list(Incident.objects.visible_to(manager))


class TestVisibility:
    def test_nobody_else_knows_that_it_exists(self):
        incident = report()
        for role in Role.values:
            user = UserFactory(roles=[role])
            sees = Incident.objects.visible_to(user).filter(pk=incident.pk).exists()
            expected = role in {
                Role.PRIVACY_MANAGER,
                Role.DEPUTY_PRIVACY_MANAGER,
                Role.TOP_MANAGEMENT,
            }
            assert sees == expected, role

    def test_who_reported_sees_the_own_report_and_not_the_case(self):
        incident = report()
        assert not Incident.objects.visible_to(incident.reporter).exists()
        assert Incident.objects.reported_by(incident.reporter).get() == incident
        assert not Incident.objects.reported_by(UserFactory(roles=[])).exists()


def photo(**exif):
    """A picture that tells where and by whom it was taken."""
    content = BytesIO()
    tags = Image.Exif()
    tags[0x013B] = "Taro Yamada"  # artist
    tags[0x8825] = {1: "N", 2: (35.0, 40.0, 50.0)}  # place
    Image.new("RGB", (8, 8), "red").save(content, "JPEG", exif=tags)
    return SimpleUploadedFile("山田太郎のスマホ.jpg", content.getvalue(), "image/jpeg")


class TestAnonymous:
    @pytest.fixture(autouse=True)
    def _allowed(self):
        allow_anonymous()

    def send(self, reporter=None, **facts):
        """As a request of somebody who is signed in would do it."""
        reporter = reporter or UserFactory(roles=[])
        with acting(actor=reporter, remote_addr="203.0.113.7"):
            incident, code = services.report_anonymously(words(), now=NOW, **facts)
        return incident, code, reporter

    def test_comes_back_with_a_code_of_which_only_the_digest_is_kept(self):
        incident, code, _reporter = self.send()
        assert len(code) == 16
        assert services.by_code(code) == incident
        assert (
            services.by_code(f"{code[:4]}-{code[4:8]}-{code[8:12]} {code[12:]}".lower()) == incident
        )
        assert services.by_code("A" * 16) is None
        assert services.by_code("") is None
        assert code not in everything_stored()

    def test_no_table_gives_the_reporter_away(self):
        reporter = UserFactory(roles=[])
        before, entries = everything_stored(), HistoryEntry.objects.filter(actor=reporter).count()
        self.send(reporter, files=(photo(),))
        stored = everything_stored()
        for trace in ("203.0.113.7", reporter.email, "Yamada", "山田太郎", "スマホ"):
            assert stored.count(trace) == before.count(trace), trace
        assert references_to(reporter) == []
        assert HistoryEntry.objects.filter(actor=reporter).count() == entries == 0

    def test_no_file_gives_the_reporter_away(self):
        incident, _code, _reporter = self.send(files=(photo(),))
        kept = EvidenceFile.objects.of(incident).get()
        assert (kept.name, kept.uploaded_by) == ("photo.jpg", None)
        with kept.file.open() as file:
            content = file.read()
        assert b"Yamada" not in content
        with Image.open(BytesIO(content)) as picture:
            assert not picture.getexif()

    def test_takes_pictures_only(self):
        paper = SimpleUploadedFile("経緯.pdf", b"%PDF-1.7 /Author (Taro)", "application/pdf")
        with pytest.raises(DomainError, match="JPEG"):
            self.send(files=(paper,))
        assert not Incident.objects.exists()

    def test_what_is_added_with_the_code_gives_nobody_away_either(self):
        incident, _code, reporter = self.send()
        with acting(actor=reporter, remote_addr="203.0.113.7"):
            services.add_words(
                incident.pk, what="もう一件ありました。", actor=None, now=NOW, files=(photo(),)
            )
        assert references_to(reporter) == []
        assert "203.0.113.7" not in everything_stored()
        entry = HistoryEntry.objects.get(event="incidents.words_added")
        assert (entry.actor, entry.remote_addr) == (None, None)

    def test_is_refused_where_the_company_does_not_take_it(self):
        IncidentSettings.objects.update(allows_anonymous=False)
        with pytest.raises(DomainError):
            self.send()


def everything_stored():
    """Every value of every row of every table, as one text."""
    return "\n".join(
        str(row)
        for model in apps.get_models()
        if model._meta.managed
        for row in model._base_manager.values_list()
    )


def references_to(user):
    """What points to `user` among the rows that a report writes."""
    return [
        (model._meta.label, field.name)
        for model in apps.get_models()
        if model._meta.app_label in {"incidents", "evidence", "history", "notifications"}
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model is type(user)
        if model._base_manager.filter(**{field.name: user}).exists()
    ]

"""A small company in which every page can be asked for: one visitor of each kind, one row of each.

The rows are about one member of staff of one department.
"""

from datetime import date, timedelta
from functools import cached_property
from importlib import import_module
from itertools import cycle, islice
from types import SimpleNamespace
from typing import Any

from django.apps import apps
from django.db.models import Max
from django.utils import timezone

from pms.accounts.models import User
from pms.accounts.roles import Role
from pms.corrective_actions.choices import Status as ActionStatus
from pms.cycles.models import Cycle, GuidelineEdition
from pms.history.models import HistoryEntry
from pms.incidents.models import (
    Addressee,
    Category,
    EmergencyContact,
    FiledReport,
    ObligationRule,
    PersonsNotice,
)
from pms.incidents.services import add_words, let_in
from pms.notifications.choices import MailState
from pms.organization.models import Company
from pms.transfer.choices import ImportStatus
from pms.transfer.models import SavedFilter
from tests.accounts.factories import UserFactory
from tests.corrective_actions import factories as actions
from tests.cycles.factories import (
    ClauseFactory,
    CycleFactory,
    ExtensionFactory,
    GuidelineEditionFactory,
    MilestoneFactory,
    ObjectiveFactory,
    YearPlanFactory,
)
from tests.dashboard.factories import CalendarKeyFactory, TaskFactory
from tests.evidence.factories import EvidenceFileFactory
from tests.incidents.factories import NOW as LATER
from tests.incidents.factories import assess as assess_incident
from tests.incidents.factories import report as report_incident
from tests.incidents.factories import submit_report
from tests.notifications.factories import NotificationFactory
from tests.organization.factories import (
    AffiliationFactory,
    AppointmentFactory,
    ClosedDayFactory,
    DepartmentFactory,
    LeaveFactory,
    PersonFactory,
    SiteFactory,
)
from tests.reminders.factories import ReminderFactory
from tests.training.factories import (
    AttemptFactory,
    CampaignFactory,
    CourseFactory,
    CourseVersionFactory,
    ExcuseFactory,
    FollowUpFactory,
    PlanFactory,
    QuestionFactory,
    SessionFactory,
    TrainingRecordFactory,
    plan_course,
    record_of,
)
from tests.transfer.factories import ImportRunFactory

# Who comes, by the letter of their column.
VISITORS = {
    "T": "top management",
    "P": "privacy manager",
    "R": "training officer",
    "O": "PMS office",
    "A": "audit officer",
    "a": "auditor",
    "M": "manager of the department that the rows are about",
    "m": "manager of another department",
    "S": "system administrator",
    "p": "the member of staff whom the rows are about",
    "s": "another member of staff",
    "x": "an account without a person",
}
ROLES_OF = {
    "T": [Role.TOP_MANAGEMENT],
    "P": [Role.PRIVACY_MANAGER],
    "R": [Role.TRAINING_OFFICER],
    "O": [Role.PMS_OFFICE],
    "A": [Role.AUDIT_OFFICER],
    "a": [Role.AUDITOR],
    "M": [Role.DEPARTMENT_MANAGER],
    "m": [Role.DEPARTMENT_MANAGER],
    "S": [Role.SYSTEM_ADMINISTRATOR],
    "p": [],
    "s": [],
    "x": None,
}
# What addresses take that is no row.
VALUES = {"form": "xlsx", "key": "people", "received_on": "2026-04-10", "body": "ppc"}


class World:
    """Visitors and rows, each made when it is asked for and then kept."""

    def __init__(self) -> None:
        self.accounts: dict[str, User] = {}
        if not ObligationRule.objects.exists():
            # A test that really commits leaves nothing behind, nor what a migration has loaded.
            import_module("pms.incidents.migrations.0002_load_rules_and_lists").load(apps, None)

    def visitor(self, letter: str) -> User:
        """The account of a column."""
        if letter not in self.accounts:
            place = self.department if letter in "Mp" else DepartmentFactory()
            self.accounts[letter] = UserFactory(roles=ROLES_OF[letter], department=place)
        return self.accounts[letter]

    def row(self, name: str) -> Any:
        """The example row of that name; "-" is none."""
        return None if name == "-" else getattr(self, name)

    # --- The company and its people -------------------------------------------------------------

    @cached_property
    def site(self) -> Any:
        """Where the department is."""
        return SiteFactory()

    @cached_property
    def department(self) -> Any:
        """Which the rows are about."""
        return DepartmentFactory(name="営業部", site=self.site)

    @cached_property
    def person(self) -> Any:
        """Whom the rows are about."""
        return self.visitor("p").person

    @cached_property
    def user(self) -> Any:
        """The person's account."""
        return self.visitor("p")

    @cached_property
    def company(self) -> Any:
        """Whom they all work for."""
        return Company.objects.create(pk=1, name="みなと環境サービス株式会社")

    @cached_property
    def closed_day(self) -> Any:
        """A day on which nobody works."""
        return ClosedDayFactory()

    @cached_property
    def affiliation(self) -> Any:
        """Where the person belongs."""
        return self.person.affiliations.get()

    @cached_property
    def concurrent_post(self) -> Any:
        """Where the person belongs besides."""
        return AffiliationFactory(person=self.person, is_primary=False)

    @cached_property
    def newcomer(self) -> Any:
        """A colleague of the person who has no account."""
        (newcomer,) = self.more_people(1)
        return newcomer

    @cached_property
    def leaver(self) -> Any:
        """A colleague of the person who has left, and whose account is closed."""
        return PersonFactory(
            affiliation__department=self.department,
            left_on=date(2026, 3, 31),
            user=UserFactory(is_active=False),
        )

    @cached_property
    def leave(self) -> Any:
        """A colleague's leave; somebody on leave is excused from training."""
        return LeaveFactory(person=self.more_people(1)[0])

    @cached_property
    def appointment(self) -> Any:
        """The person's post, which opens nothing."""
        return AppointmentFactory(person=self.person, role=Role.MY_NUMBER_HANDLER)

    @cached_property
    def cycle(self) -> Any:
        """The fiscal year."""
        return CycleFactory()

    @cached_property
    def edition(self) -> Any:
        """The edition of the guideline in force."""
        editions = GuidelineEdition.objects.on(date(2026, 4, 1))
        return editions.first() or GuidelineEditionFactory(starts_on=date(2024, 10, 1))

    @cached_property
    def clause(self) -> Any:
        """A clause of the edition."""
        return ClauseFactory(edition=self.edition)

    @cached_property
    def planned_year(self) -> Any:
        """A year whose plan is approved."""
        return YearPlanFactory(cycle=CycleFactory(year=2030), approved=True).cycle

    @cached_property
    def year_plan(self) -> Any:
        """The approved plan of a year."""
        return self.planned_year.plan

    @cached_property
    def draft_year_plan(self) -> Any:
        """A plan in preparation."""
        return YearPlanFactory(cycle=CycleFactory(year=2031))

    @cached_property
    def submitted_year_plan(self) -> Any:
        """A plan that waits for approval."""
        return YearPlanFactory(cycle=CycleFactory(year=2032), submitted=True)

    @cached_property
    def objective(self) -> Any:
        """What the year shall reach."""
        return ObjectiveFactory(cycle=self.planned_year)

    @cached_property
    def milestone(self) -> Any:
        """What the person answers for."""
        return MilestoneFactory(
            cycle=self.planned_year, owner=self.person, due_on=date(2030, 9, 30)
        )

    @cached_property
    def extension(self) -> Any:
        """A request for a later date."""
        return ExtensionFactory(milestone=self.milestone)

    @cached_property
    def entry(self) -> Any:
        """What the journal first tells of the person."""
        return HistoryEntry.objects.of(self.person).last()

    @cached_property
    def evidence(self) -> Any:
        """A file about the person."""
        return EvidenceFileFactory(record=self.person)

    # --- Reminders ------------------------------------------------------------------------------

    @cached_property
    def reminder(self) -> Any:
        """What the person was reminded of."""
        return ReminderFactory(person=self.person)

    def more_reminders(self, count: int) -> None:
        """Of colleagues: told, told through a manager, overtaken, not told."""
        manager = self.visitor("M").person
        kinds = cycle(
            [{}, {"overtaken": True}, {"untold": True}, {"through": True, "told_through": manager}]
        )
        for person, facts in zip(self.more_people(count), kinds, strict=False):
            person.user = UserFactory()
            person.save()
            ReminderFactory(person=person, **facts)

    # --- Incidents ------------------------------------------------------------------------------

    @cached_property
    def own_report(self) -> Any:
        """What the person has reported."""
        return report_incident(actor=self.user)

    @cached_property
    def obligation_rule(self) -> Any:
        """A rule of the law that is in force."""
        return ObligationRule.objects.get(code="ppc_final.sensitive")

    @cached_property
    def emergency_contact(self) -> Any:
        """Somebody to call at night."""
        return EmergencyContact.objects.create(role="夜間", name="当番", phone="03-0000-0000")

    @cached_property
    def incident(self) -> Any:
        """What the person has reported, judged; the department's manager may know of it by rule."""
        assert self.visitor("M")
        incident = report_incident(actor=self.user, department=self.department)
        assess_incident(incident, "sensitive")
        return incident

    @cached_property
    def assessment(self) -> Any:
        """What was judged of the case: its address has the key of the case."""
        return SimpleNamespace(pk=self.incident.pk, number=1)

    @cached_property
    def first_assessment(self) -> Any:
        """The same as a row."""
        return self.incident.assessments.get(number=1)

    @cached_property
    def obligation(self) -> Any:
        """What has to be done first."""
        return self.incident.obligations.get(kind="ppc_preliminary")

    @cached_property
    def filed_report(self) -> Any:
        """What was reported to the examining body."""
        return FiledReport.objects.create(
            obligation=self.incident.obligations.get(kind="pm_final"),
            number=1,
            content={},
            receiver="審査機関",
            filed_on=LATER.date(),
            filed_by=UserFactory(),
            created_at=LATER,
        )

    @cached_property
    def persons_notice(self) -> Any:
        """How one group of persons is told."""
        return PersonsNotice.objects.create(
            incident=self.incident,
            group="名簿の顧客",
            method="letter",
            created_by=UserFactory(),
            created_at=LATER,
        )

    @cached_property
    def submitted_report(self) -> Any:
        """A report that waits for approval."""
        return submit_report(self.incident)

    @cached_property
    def notice_of_letters(self) -> Any:
        """A notice with a list of those to whom it goes."""
        Addressee.objects.create(notice=self.persons_notice, name="山田 花子")
        return self.persons_notice

    @cached_property
    def erased_notice(self) -> Any:
        """A notice whose list was erased by rule."""
        return PersonsNotice.objects.create(
            incident=self.incident,
            group="会員",
            method="letter",
            list_erased_on=LATER.date(),
            erased_count=3,
            created_by=UserFactory(),
            created_at=LATER,
        )

    def more_of_desk(self, count: int) -> None:
        """Versions that were filed, and lines of the timeline."""
        duty = self.incident.obligations.get(kind="ppc_final")
        filed = duty.filed_reports.count()
        for number in range(filed + 1, filed + count + 1):
            FiledReport.objects.create(
                obligation=duty,
                number=number,
                content={},
                receiver="委員会",
                filed_on=LATER.date(),
                filed_by=UserFactory(roles=[]),
                created_at=LATER,
            )
        self.more_of_incident(count)

    @cached_property
    def incident_category(self) -> Any:
        """A line of the list of classes."""
        return Category.objects.get(list="class", code="mis_sending")

    @cached_property
    def incident_member(self) -> Any:
        """Who may know of the case by rule."""
        return self.incident.members.get()

    def more_incidents(self, count: int) -> None:
        """Of the department, so that its manager may know of them."""
        for _number in range(count):
            assess_incident(report_incident(department=self.department), "sensitive")

    def more_of_incident(self, count: int) -> None:
        """What was said, judged and done, and who may know."""
        for number in range(count):
            assess_incident(self.incident, "sensitive", note=f"{number}")
            add_words(self.incident.pk, what="追加", actor=UserFactory(roles=[]), now=LATER)
            let_in(
                self.incident.pk,
                user=UserFactory(roles=[]),
                reason="調査",
                actor=UserFactory(),
                now=LATER,
            )

    def more_reports(self, count: int) -> None:
        """Of every visitor, each with something added."""
        for user in list(self.accounts.values()):
            for _number in range(count):
                incident = report_incident(actor=user)
                add_words(incident.pk, what="鞄は見つかりました。", actor=user, now=LATER)

    def more_of_report(self, count: int) -> None:
        """What the person has added."""
        for _number in range(count):
            add_words(self.own_report.pk, what="追加します。", actor=self.user, now=LATER)

    # --- Imports --------------------------------------------------------------------------------

    def new_import(self, status: str) -> Any:
        """An import of the roster, started by the office."""
        return ImportRunFactory(status=status, created_by=self.visitor("O"))

    @cached_property
    def uploaded_import(self) -> Any:
        """One whose columns are to be named."""
        return self.new_import(ImportStatus.UPLOADED)

    @cached_property
    def previewed_import(self) -> Any:
        """One that can be confirmed."""
        return self.new_import(ImportStatus.PREVIEWED)

    @cached_property
    def refused_import(self) -> Any:
        """One with errors."""
        return self.new_import(ImportStatus.REFUSED)

    @cached_property
    def saved_filter(self) -> Any:
        """A filter that the person has saved."""
        return SavedFilter.objects.create(
            owner=self.user, path="/training/records/", name="未受講", query="status=open"
        )

    @cached_property
    def done_import(self) -> Any:
        """One that has been written."""
        return self.new_import(ImportStatus.DONE)

    def more_imports(self, count: int) -> None:
        """Imports at every step."""
        for status in islice(cycle([ImportStatus.DONE, ImportStatus.REFUSED]), count):
            self.new_import(status)

    # --- Work in the background -----------------------------------------------------------------

    @cached_property
    def failed_task(self) -> Any:
        """One that failed."""
        return TaskFactory(failed=True)

    # --- Notifications --------------------------------------------------------------------------

    @cached_property
    def notification(self) -> Any:
        """Something that the person was told."""
        return NotificationFactory(recipient=self.user)

    @cached_property
    def calendar_key(self) -> Any:
        """What opens the person's calendar."""
        return CalendarKeyFactory(user=self.user)

    @cached_property
    def failed_mail(self) -> Any:
        """Something whose mail was given up."""
        return NotificationFactory(recipient=self.user, mail_state=MailState.FAILED)

    def more_notifications(self, count: int, recipient: User | None = None) -> None:
        """What one account was told, or each of as many."""
        for _number in range(count):
            NotificationFactory(recipient=recipient or UserFactory(roles=[]))

    # --- Corrective actions ---------------------------------------------------------------------

    def new_action(self, **facts: Any) -> Any:
        """A corrective action that the person answers for, found in the department."""
        values = {"owner": self.person, "department": self.department, "clause": self.clause}
        return actions.CorrectiveActionFactory(**values | facts)

    @cached_property
    def action(self) -> Any:
        """One whose cause is being looked for."""
        return self.new_action(at=ActionStatus.ANALYSIS)

    @cached_property
    def submitted_action(self) -> Any:
        """One whose plan waits for approval."""
        return self.new_action(at=ActionStatus.SUBMITTED)

    @cached_property
    def running_action(self) -> Any:
        """One whose measures are carried out."""
        return self.new_action(at=ActionStatus.EXECUTION)

    @cached_property
    def carried_out_action(self) -> Any:
        """One whose effect is to be checked."""
        return self.new_action(at=ActionStatus.CHECKING)

    @cached_property
    def planned_measure(self) -> Any:
        """A measure of a plan that is not handed in."""
        return actions.add_measure(self.action)

    @cached_property
    def measure(self) -> Any:
        """A measure that is to be carried out."""
        return self.running_action.current.measures.get()

    @cached_property
    def round(self) -> Any:
        """Cause and measures of an action."""
        return self.running_action.current

    @cached_property
    def action_extension(self) -> Any:
        """A request for a later date of an action."""
        return actions.ExtensionFactory(action=self.action)

    @cached_property
    def acceptance(self) -> Any:
        """A risk that is accepted for a time."""
        return actions.AcceptanceFactory(action=self.new_action())

    @cached_property
    def finding(self) -> Any:
        """What an examiner found."""
        return actions.ExaminerFindingFactory(action=self.new_action(source="external"))

    @cached_property
    def answered_finding(self) -> Any:
        """What was answered to an examiner; its address takes the day of the list."""
        finding = actions.ExaminerFindingFactory(action=self.new_action(source="external"))
        finding.answer, finding.answered_on = "改めた。", finding.received_on
        finding.answered_by = self.visitor("P")
        finding.save()
        return finding

    def more_actions(self, count: int) -> None:
        """Actions at every step, of which the person answers for each."""
        steps = cycle([ActionStatus.RAISED, ActionStatus.PLANNING, ActionStatus.EXECUTION])
        for step in islice(steps, count):
            self.new_action(at=step)

    def more_findings(self, count: int) -> None:
        """Findings of one list."""
        for _number in range(count):
            actions.ExaminerFindingFactory(action=self.new_action(source="external"))

    def more_of_action(self, count: int) -> None:
        """Measures, files and requests of one action."""
        colleagues = self.more_people(count)
        for person in colleagues:
            actions.add_measure(self.action, owner=person)
            EvidenceFileFactory(record=self.action, uploaded_by=UserFactory(roles=[]))
            actions.ExtensionFactory(
                action=self.action,
                status="refused",
                asked_by=UserFactory(roles=[]),
                decided_by=UserFactory(roles=[]),
                decided_at=timezone.now(),
                answer="間に合う。",
            )

    # --- Training -------------------------------------------------------------------------------

    @cached_property
    def course(self) -> Any:
        """A course with material and questions."""
        return CourseFactory(published=True, questions=5)

    @cached_property
    def version(self) -> Any:
        """The course's published material."""
        return self.course.versions.get(published_on__isnull=False)

    @cached_property
    def draft_version(self) -> Any:
        """Material in preparation."""
        return CourseVersionFactory(course=self.course)

    @cached_property
    def question(self) -> Any:
        """A question of the course."""
        return self.course.questions.first()

    @cached_property
    def plan(self) -> Any:
        """The approved plan of the year."""
        return plan_course(self.cycle, self.course)

    @cached_property
    def draft_plan(self) -> Any:
        """A plan in preparation, of another year."""
        return PlanFactory(cycle=CycleFactory(year=2027))

    @cached_property
    def submitted_plan(self) -> Any:
        """A plan that waits for approval, of another year."""
        return PlanFactory(cycle=CycleFactory(year=2028), submitted=True)

    def new_campaign(self, **facts: Any) -> Any:
        """A campaign of the course; opened, the person is in it."""
        assert self.person
        return CampaignFactory(cycle=self.cycle, course=self.course, **facts)

    @cached_property
    def campaign(self) -> Any:
        """An open campaign."""
        return self.new_campaign(open=True)

    @cached_property
    def draft_campaign(self) -> Any:
        """A campaign in preparation."""
        return self.new_campaign()

    @cached_property
    def closed_campaign(self) -> Any:
        """A campaign that is over."""
        return self.new_campaign(closed=True)

    @cached_property
    def report(self) -> Any:
        """What came of the campaign that is over."""
        return self.closed_campaign.report

    @cached_property
    def session(self) -> Any:
        """An hour of the open campaign."""
        return SessionFactory(campaign=self.campaign)

    def new_record(self) -> Any:
        """The person's record in an open campaign of its own."""
        return record_of(self.new_campaign(open=True), self.person)

    @cached_property
    def record(self) -> Any:
        """The person's record in the open campaign, not started."""
        return record_of(self.campaign, self.person)

    @cached_property
    def attempt(self) -> Any:
        """A running attempt."""
        return AttemptFactory(record=self.new_record())

    @cached_property
    def sent_attempt(self) -> Any:
        """An attempt that was not enough."""
        return AttemptFactory(record=self.new_record(), failed=True)

    @cached_property
    def excuse(self) -> Any:
        """A request to be excused."""
        return ExcuseFactory(record=self.new_record())

    @cached_property
    def approved_excuse(self) -> Any:
        """An excuse in force."""
        return ExcuseFactory(record=self.new_record(), approved=True)

    @cached_property
    def follow_up(self) -> Any:
        """A reminder."""
        return FollowUpFactory(record=self.record)

    # --- More of them, in the department and in what is above -----------------------------------

    def more_people(self, count: int) -> list[Any]:
        """Colleagues of the person."""
        return PersonFactory.create_batch(count, affiliation__department=self.department)

    def more_departments(self, count: int) -> None:
        """Departments below the department."""
        DepartmentFactory.create_batch(count, parent=self.department, site=self.site)

    def more_appointments(self, count: int) -> None:
        """Posts of colleagues."""
        for person in self.more_people(count):
            AppointmentFactory(person=person, role=Role.AUDITOR)

    def more_cycles(self, count: int) -> list[Any]:
        """Years to come."""
        last = Cycle.objects.aggregate(last=Max("starts_on__year"))["last"] or 2026
        return [CycleFactory(year=last + number) for number in range(1, count + 1)]

    def more_milestones(self, count: int, owner: Any = None) -> list[Any]:
        """What the person answers for, or somebody else; some of it done, some missed."""
        return [
            MilestoneFactory(
                cycle=self.planned_year,
                owner=owner or self.person,
                clause=self.clause,
                due_on=date(2030, 9, 30),
                **facts,
            )
            for facts in islice(cycle([{}, {"missed": True}, {"done": True}]), count)
        ]

    def more_of_year(self, count: int) -> None:
        """Milestones and objectives of the year."""
        self.more_milestones(count)
        ObjectiveFactory.create_batch(count, cycle=self.planned_year, owner=self.person)

    def more_of_milestone(self, count: int) -> None:
        """Requests, files and history of one milestone."""
        for _number in range(count):
            ExtensionFactory(
                milestone=self.milestone,
                status="granted",
                decided_by=UserFactory(),
                decided_at=timezone.now(),
            )
            EvidenceFileFactory(record=self.milestone, uploaded_by=UserFactory(roles=[]))

    def more_clauses(self, count: int) -> None:
        """Clauses of the edition."""
        ClauseFactory.create_batch(count, edition=self.edition)

    def more_of_clause(self, count: int) -> None:
        """What the plan of the running year does for the clause."""
        today = timezone.localdate()
        year = CycleFactory(year=today.year if today.month >= 4 else today.year - 1)
        MilestoneFactory.create_batch(count, cycle=year, clause=self.clause, due_on=today)

    def more_of_person(self, count: int) -> None:
        """What a long working life leaves behind."""
        for number in range(count):
            first = date(2000 + number, 4, 1) + timedelta(days=self.person.affiliations.count())
            AffiliationFactory(person=self.person, starts_on=first, is_primary=False)
            LeaveFactory(person=self.person, starts_on=first, ends_on=first)
            EvidenceFileFactory(record=self.person, uploaded_by=UserFactory(roles=[]))

    def more_courses(self, count: int) -> None:
        """Courses with material and questions."""
        CourseFactory.create_batch(count, published=True, questions=2)

    def more_questions(self, count: int) -> None:
        """Questions of the course."""
        QuestionFactory.create_batch(count, course=self.course)

    def more_of_course(self, count: int) -> None:
        """Versions, questions and trainings of the course."""
        CourseVersionFactory.create_batch(count, course=self.course, published=True)
        self.more_questions(count)
        self.more_campaigns(1)

    def more_plans(self, count: int) -> None:
        """Plans of years to come."""
        for year in self.more_cycles(count):
            PlanFactory(cycle=year, submitted=True)

    def more_campaigns(self, count: int) -> None:
        """Open campaigns."""
        for _number in range(count):
            self.new_campaign(open=True)

    def more_sessions(self, count: int) -> None:
        """Hours of the open campaign."""
        SessionFactory.create_batch(count, campaign=self.campaign)

    def more_records(self, count: int) -> list[Any]:
        """Colleagues in the open campaign, at every stage."""
        campaign = self.campaign  # opened before they come, so that it has not counted them yet
        stages = cycle(["in_progress", "failed", "passed", "excused"])
        return [
            TrainingRecordFactory(campaign=campaign, person=person, **{stage: True})
            for person, stage in zip(self.more_people(count), stages, strict=False)
        ]

    def more_excuses(self, count: int) -> None:
        """Colleagues who ask to be excused from the open campaign."""
        campaign = self.campaign
        for person in self.more_people(count):
            ExcuseFactory(record=TrainingRecordFactory(campaign=campaign, person=person))

    def more_of_record(self, count: int) -> None:
        """What a record collects when somebody finds it hard."""
        for _number in range(count):
            AttemptFactory(record=self.record, failed=True)
            FollowUpFactory(record=self.record, done_by=UserFactory(roles=[]))
            ExcuseFactory(record=self.record, refused=True, requested_by=UserFactory(roles=[]))
            EvidenceFileFactory(record=self.record, uploaded_by=UserFactory(roles=[]))

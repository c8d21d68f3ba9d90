"""Training records: the list of a million, one person's record, and what may be done to it."""

from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from pms.core.pages import AnyPermissionMixin, Crumbs, RowFormView, RowMixin
from pms.core.views import is_htmx
from pms.evidence.models import EvidenceFile
from pms.evidence.pages import AttachView
from pms.history.timeline import loaded, timeline
from pms.organization.models import Person
from pms.reminders.labels import step_in_words
from pms.reminders.models import Reminder
from pms.training import services
from pms.training.choices import CampaignStatus, ExcuseStatus, FollowUpKind, RecordStatus
from pms.training.filters import RecordFilter
from pms.training.forms.records import CorrectionForm, ExcuseForm, FollowUpForm
from pms.training.models import Attempt, Excuse, FollowUp, TrainingRecord
from pms.training.permissions import is_the_person, may_decide, may_see_score
from pms.training.reports import record_lines
from pms.transfer.lists import Column, ExportListView

SEE = ("training.view_trainingrecord", "training.view_own_people")
IN_FORCE = (ExcuseStatus.REQUESTED, ExcuseStatus.APPROVED)
# A person's years: more rows than anybody collects in one working life.
PERSON_ROWS = 100


class RecordListView(AnyPermissionMixin, ExportListView):
    """Who stands where in which training.

    Within a campaign the rows are in the order of the employee numbers, which an index gives; over
    all campaigns, where a million rows may lie, only the order of their making is offered.
    """

    model = TrainingRecord
    filterset_class = RecordFilter
    permission_required = SEE
    template_name = "training/record_list.html"
    sorts = {
        "number": ("employee_number", "id"),
        "status": ("status", "employee_number", "id"),
        "latest": ("-id",),
    }
    export_name = "training-records"
    columns = (
        Column("教育", lambda it: it.campaign.title, width=32),
        Column("社員番号", lambda it: it.employee_number),
        Column("氏名", lambda it: it.name, width=20),
        Column("カナ", lambda it: it.kana, width=24),
        Column("部門", lambda it: it.department.name, width=24),
        Column("雇用区分", lambda it: it.get_employment_kind_display()),
        Column("状態", lambda it: it.get_status_display()),
        Column("期限", lambda it: it.due_on),
        Column("受講日", lambda it: it.attended_on),
        Column("実施方法", lambda it: it.get_method_display()),
        Column("理解度確認", lambda it: it.get_comprehension_display()),
        Column("点数", lambda it: it.score, permission="training.view_score"),
        Column("不合格回数", lambda it: it.failures, permission="training.view_score"),
        Column("修了日", lambda it: it.passed_on),
        Column("理解の確認", lambda it: it.acknowledged_at, width=20),
        Column("講師", lambda it: it.lecturer),
    )

    @property
    def is_of_one_campaign(self) -> bool:
        """Whether the list is that of one campaign."""
        return bool(self.request.GET.get("campaign"))

    def get_queryset(self) -> QuerySet:
        return super().get_queryset().select_related("campaign", "department")

    def get_ordering_name(self) -> str:
        """The sort asked for, as far as an index serves it."""
        if not self.is_of_one_campaign:
            is_oldest_first = self.request.GET.get("sort") == "-latest"
            return "-latest" if is_oldest_first else "latest"
        return super().get_ordering_name()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the lines of the page, and what the table's columns depend on."""
        context = super().get_context_data(**kwargs)
        return context | {
            "lines": record_lines(context["page"]),
            "is_of_one_campaign": self.is_of_one_campaign,
            "may_see_scores": self.request.user.has_perm("training.view_score"),
            "is_partial": not self.request.user.has_perm("training.view_trainingrecord"),
        }


class RecordMixin(RowMixin):
    """A page about one record: the office sees all, managers their people, others themselves."""

    model = TrainingRecord

    def get_rows(self) -> QuerySet:
        return super().get_rows().select_related("campaign__cycle", "department", "person")

    def get_crumbs(self) -> Crumbs:
        return record_crumbs(self.row, self.request.user)


class OpenRecordMixin(RecordMixin):
    """A page that changes a record, as long as its campaign is open; others answer 404."""

    def get_rows(self) -> QuerySet:
        return super().get_rows().filter(campaign__status=CampaignStatus.OPEN)


class RecordDetailView(RecordMixin, PermissionRequiredMixin, TemplateView):
    """One person in one campaign: what was done, what is still to do."""

    permission_required = "training.take_training"
    template_name = "training/record_detail.html"

    def get_rows(self) -> QuerySet:
        """With what the facts name, and whether anything hangs on the record: mostly nothing does,
        and what is not there need not be asked for."""
        kind = ContentType.objects.get_for_model(TrainingRecord)
        files = EvidenceFile.objects.filter(content_type=kind, object_id=OuterRef("pk"))
        reminders = Reminder.objects.filter(content_type=kind, object_id=OuterRef("pk"))
        return (
            super()
            .get_rows()
            .select_related("session", "logged_by__person", "import_run")
            .annotate(
                has_attempts=Exists(Attempt.objects.filter(record=OuterRef("pk"))),
                has_excuses=Exists(Excuse.objects.filter(record=OuterRef("pk"))),
                has_follow_ups=Exists(FollowUp.objects.filter(record=OuterRef("pk"))),
                has_files=Exists(files),
                has_reminders=Exists(reminders),
            )
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Facts, attempts, excuses, follow-ups, reminders, history, and the next step."""
        record, user = self.row, self.request.user
        attempts: list[Attempt] = []
        excuses: list[Excuse] = []
        follow_ups: list[FollowUp] = []
        files: list[EvidenceFile] = []
        reminders: list[Reminder] = []
        if record.has_attempts:
            attempts += record.attempts.order_by("number")
        if record.has_excuses:
            excuses += record.excuses.select_related("requested_by__person", "decided_by__person")
        if record.has_follow_ups:
            follow_ups += record.follow_ups.select_related("done_by__person")
        if record.has_files:
            files += EvidenceFile.objects.of(record).for_list()
        if record.has_reminders:
            reminders += Reminder.objects.about(record).told().for_list().order_by("id")
        may_attach = user.has_perm("training.log_completion")
        return super().get_context_data(
            record=record,
            campaign=record.campaign,
            crumbs=record_crumbs(record, user)[:-1],
            may_see_scores=may_see_score(user, record),
            attempts=attempts,
            excuses=excuses,
            follow_ups=follow_ups,
            files=files,
            reminders=[(it, step_in_words(it.step)) for it in reminders],
            upload_url=reverse("training:record_files", args=[record.pk]) if may_attach else "",
            timeline=timeline(
                record,
                viewer=user,
                related=[*excuses, *follow_ups, *attempts],
                known=loaded([record, *excuses, *follow_ups]),
            ),
            moves=self.moves(excuses),
            **kwargs,
        )

    def moves(self, excuses: list[Any]) -> dict[str, Any]:
        """What this account may do to this record now: name → whether, or what it is done to."""
        record, user, may = self.row, self.request.user, self.request.user.has_perm
        is_running = record.campaign.status == CampaignStatus.OPEN
        is_open = is_running and record.is_open
        held = next((it for it in excuses if it.status in IN_FORCE), None) if is_running else None
        is_waiting = held is not None and held.status == ExcuseStatus.REQUESTED
        return {
            "take": is_open and is_the_person(user, record),
            "log": is_open and may("training.log_completion"),
            "follow_up": is_open and may("training.follow_up"),
            "excuse": is_open and held is None and may("training.request_excuse"),
            "decide": held if is_waiting and may_decide(user, held) else None,
            "end_excuse": held
            if held and not held.by_rule and may("training.request_excuse")
            else None,
            "correct": is_running
            and record.status != RecordStatus.VOID
            and may("training.log_completion"),
        }


class PersonRecordsView(RowMixin, PermissionRequiredMixin, TemplateView):
    """All trainings of one person, newest first; a page, and a part of the person's page."""

    model = Person
    permission_required = "training.take_training"

    def get_rows(self) -> QuerySet:
        """Whose records the account may see; an auditor sees those without the roster."""
        records = TrainingRecord.objects.visible_to(self.request.user)
        known = Person.objects.visible_to(self.request.user)
        return Person.objects.filter(
            Exists(records.filter(person=OuterRef("pk"))) | Exists(known.filter(pk=OuterRef("pk")))
        )

    def get_template_names(self) -> list[str]:
        """The part alone for htmx."""
        name = "_person_records" if is_htmx(self.request) else "person_records"
        return [f"training/{name}.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The rows, void ones too: nothing is hidden, only marked."""
        records = TrainingRecord.objects.visible_to(self.request.user).filter(person=self.row)
        user = self.request.user
        return super().get_context_data(
            person=self.row,
            records=records.select_related("campaign__cycle", "department").order_by("-id")[
                :PERSON_ROWS
            ],
            may_see_scores=user.has_perm("training.view_score") or self.row.user_id == user.pk,
            **kwargs,
        )


class FollowUpCreateView(OpenRecordMixin, RowFormView):
    """Writes down what was done about somebody who is not yet through."""

    form_class = FollowUpForm
    permission_required = "training.follow_up"
    title = gettext_lazy("Add a follow-up")
    submit_label = gettext_lazy("Add the follow-up")
    success_message = gettext_lazy("The follow-up was added.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"today": timezone.localdate()}

    def get_initial(self) -> dict[str, Any]:
        kind = self.request.GET.get("kind")
        return super().get_initial() | {
            "done_on": timezone.localdate(),
            "kind": kind if kind in FollowUpKind.values else FollowUpKind.REMINDER,
        }

    def get_lead(self) -> str:
        return about(self.row)

    def carry_out(self, form: FollowUpForm) -> None:
        services.add_follow_up(
            self.row.pk, actor=self.request.user, now=timezone.now(), **form.cleaned_data
        )


class ExcuseCreateView(OpenRecordMixin, RowFormView):
    """Asks to excuse somebody."""

    form_class = ExcuseForm
    permission_required = "training.request_excuse"
    title = gettext_lazy("Ask to excuse somebody")
    submit_label = gettext_lazy("Ask for approval")
    success_message = gettext_lazy("Approval was asked for. Somebody else decides.")

    def get_lead(self) -> str:
        return about(self.row)

    def carry_out(self, form: ExcuseForm) -> None:
        services.request_excuse(
            self.row.pk, actor=self.request.user, now=timezone.now(), **form.cleaned_data
        )


class RecordCorrectView(OpenRecordMixin, RowFormView):
    """Replaces a wrong record; what it said stays readable."""

    form_class = CorrectionForm
    permission_required = "training.log_completion"
    template_name = "training/record_correct.html"
    title = gettext_lazy("Correct the record")
    submit_label = gettext_lazy("Correct the record")
    success_message = gettext_lazy("The record was corrected: this one replaces the former one.")

    @cached_property
    def row(self) -> TrainingRecord:
        """The wrong one; the new one where a second sending finds it replaced."""
        rows = TrainingRecord.objects.visible_to(self.request.user).filter(
            campaign__status=CampaignStatus.OPEN
        )
        record = get_object_or_404(rows.select_related("campaign"), pk=self.kwargs["pk"])
        return getattr(record, "replaced_by", None) or record

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"record": self.row}

    def get_lead(self) -> str:
        return about(self.row)

    def carry_out(self, form: CorrectionForm) -> None:
        self.row = services.correct_record(
            self.row.pk,
            actor=self.request.user,
            reason=form.cleaned_data["reason"],
            now=timezone.now(),
            **form.facts(),
        )


class RecordFilesView(RecordMixin, AttachView):
    """Proof of what a record says."""

    permission_required = "training.log_completion"
    title = gettext_lazy("Attach files to the record")


def about(record: TrainingRecord) -> str:
    """Whom a form is about, in one line."""
    return _("%(name)s (%(number)s), %(campaign)s") % {
        "name": record.name,
        "number": record.employee_number,
        "campaign": record.campaign,
    }


def record_crumbs(record: TrainingRecord, user: Any) -> Crumbs:
    """The way to a record; who may not see the campaign gets no link to it."""
    way: Crumbs = []
    if any(map(user.has_perm, SEE)):
        way.append((str(record.campaign), record.campaign.get_absolute_url()))
    return [*way, (record.name, record.get_absolute_url())]

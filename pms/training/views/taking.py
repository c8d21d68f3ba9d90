"""Taking a training: material, test, result, “I understood”. Everyone's own, and nobody else's."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import DetailView, View
from django_htmx.http import HttpResponseClientRedirect

from pms.core.markdown import render_markdown
from pms.core.views import is_htmx
from pms.evidence.models import EvidenceFile
from pms.training import services
from pms.training.choices import RecordStatus
from pms.training.models import Attempt, Campaign, TrainingRecord
from pms.training.sitting import answers_in, paper_of, progress_of, unanswered


class OwnTrainingMixin(PermissionRequiredMixin):
    """Only records of the person who is signed in; others do not exist."""

    permission_required = "training.take_training"

    def own_records(self) -> QuerySet[TrainingRecord]:
        """The person's rows, without voided ones."""
        user = cast("View", self).request.user
        return TrainingRecord.objects.population().filter(person__user=user)

    def own_attempts(self) -> QuerySet[Attempt]:
        """The person's sittings."""
        return Attempt.objects.filter(record__in=self.own_records()).select_related(
            "record__campaign__course_version", "record__person"
        )


class TakeView(OwnTrainingMixin, DetailView):
    """One training from the person's side: what it is, how far one is, the one next step."""

    template_name = "training/take.html"
    context_object_name = "record"

    def get_queryset(self) -> QuerySet[TrainingRecord]:
        """With what the page shows."""
        return (
            self.own_records()
            .select_related("campaign__course", "campaign__course_version")
            .prefetch_related("attempts")
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Material, sittings so far, and what comes next."""
        record = self.object
        campaign: Campaign = record.campaign
        attempts = list(record.attempts.all())
        running = next((it for it in attempts if it.submitted_at is None), None)
        passed = next((it for it in attempts if it.is_passed), None)
        sent = [it for it in attempts if it.submitted_at]
        today = timezone.localdate()
        may_act = campaign.is_open and campaign.starts_on <= today
        may_act = may_act and record.status != RecordStatus.PASSED
        needs_test = campaign.pass_mark is not None
        return super().get_context_data(**kwargs) | {
            "campaign": campaign,
            "version": campaign.course_version,
            "material": render_markdown(campaign.course_version.text_in_language()),
            "is_through": record.status == RecordStatus.PASSED,
            "files": EvidenceFile.objects.of(campaign.course_version).current(),
            "running": running,
            "passed": passed,
            "sent": sent,
            "needs_test": needs_test,
            "may_test": may_act and needs_test and passed is None,
            "may_acknowledge": may_act and (passed is not None or not needs_test),
            "has_begun": campaign.starts_on <= today,
            "steps": self.steps(needs_test),
            "present_step": self.present_step(needs_test, passed is not None),
        }

    def steps(self, needs_test: bool) -> list[str]:
        """The names of the steps."""
        test = [_("Take the test")] if needs_test else []
        return [_("Read the material"), *test, _("Say “I understood”")]

    def present_step(self, needs_test: bool, is_passed: bool) -> int:
        """The number of the step that is due, from 1; one more than there are when all are done."""
        last = 3 if needs_test else 2
        if self.object.status == RecordStatus.PASSED:
            return last + 1
        if is_passed:
            return last
        return 2 if needs_test and self.object.status != RecordStatus.NOT_STARTED else 1


class AttemptStartView(OwnTrainingMixin, View):
    """Begins the test, or goes on with the running one."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """To the test; back with a reason if there can be none now."""
        record = get_object_or_404(self.own_records(), pk=pk)
        try:
            attempt = services.start_attempt(record.pk, actor=request.user, now=timezone.now())
        except ValidationError as refusal:
            for text in refusal.messages:
                messages.error(request, text)
            return redirect("training:take", record.pk)
        return redirect("training:attempt", attempt.pk)


class AttemptView(OwnTrainingMixin, View):
    """The test. Every tick is kept at once; sending marks it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The questions with what is ticked so far, or the result if it was sent elsewhere."""
        attempt = get_object_or_404(self.own_attempts(), pk=pk)
        if attempt.submitted_at:
            return redirect("training:attempt_result", attempt.pk)
        return self.show(request, attempt, missing=[])

    def show(self, request: HttpRequest, attempt: Attempt, *, missing: list[int]) -> HttpResponse:
        """The page with the questions; `missing` were sent without an answer."""
        questions = paper_of(attempt)
        context = {
            "attempt": attempt,
            "record": attempt.record,
            "campaign": attempt.record.campaign,
            "questions": questions,
            "missing": missing,
        }
        return render(request, "training/attempt.html", context | progress_of(questions))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Keep what is ticked; when the test is sent and complete, mark it."""
        attempt = get_object_or_404(self.own_attempts(), pk=pk)
        answers = answers_in(request.POST, attempt)
        attempt.answers |= answers
        missing = unanswered(paper_of(attempt))
        is_sent = "send_incomplete" in request.POST or ("send" in request.POST and not missing)
        carry_out = services.submit_attempt if is_sent else services.save_answers
        try:
            kept = carry_out(attempt.pk, answers, actor=request.user, now=timezone.now())
        except ValidationError as refusal:
            for text in refusal.messages:
                messages.error(request, text)
            return self.lead_to("training:take", attempt.record_id)
        if kept.submitted_at:
            return self.lead_to("training:attempt_result", kept.pk)
        if is_htmx(request):
            return render(request, "training/attempt.html#kept", progress_of(paper_of(attempt)))
        return self.show(request, attempt, missing=missing)

    def lead_to(self, name: str, pk: int) -> HttpResponse:
        """To another page, also from a request that would only fill a part of this one."""
        if is_htmx(self.request):
            return HttpResponseClientRedirect(reverse(name, args=[pk]))
        return redirect(name, pk)


class AttemptResultView(OwnTrainingMixin, View):
    """What came of a sent test, question by question, with explanations."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The result; a test that is still running goes on."""
        attempt = get_object_or_404(self.own_attempts(), pk=pk)
        if attempt.submitted_at is None:
            return redirect("training:attempt", attempt.pk)
        questions = paper_of(attempt)
        record = attempt.record
        context = {
            "attempt": attempt,
            "record": record,
            "campaign": record.campaign,
            "questions": questions,
            "right": sum(question.is_right for question in questions),
            "is_through": record.status == RecordStatus.PASSED,
            "may_retry": record.is_open and record.campaign.is_open and not attempt.is_passed,
        }
        return render(request, "training/attempt_result.html", context)


class AcknowledgeView(OwnTrainingMixin, View):
    """“I understood”: the last step."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Done, and back to the duties; without the tick, back to the training."""
        record = get_object_or_404(self.own_records(), pk=pk)
        if "understood" not in request.POST:
            messages.error(request, _("Tick “I understood” first, then press the button."))
            return redirect("training:take", record.pk)
        try:
            services.acknowledge(record.pk, actor=request.user, now=timezone.now())
        except ValidationError as refusal:
            for text in refusal.messages:
                messages.error(request, text)
        else:
            messages.success(request, _("You have finished this training. Thank you."))
        return redirect("training:take", record.pk)

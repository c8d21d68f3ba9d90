"""The steps of an action: correction, cause, plan, approval, execution, effect check, closing."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from pms.core.pages import AnyPermissionMixin, ConfirmView, RowFormView, StateMixin
from pms.corrective_actions import services
from pms.corrective_actions.choices import DRAFTING, Status
from pms.corrective_actions.forms import (
    AcceptForm,
    AnswerForm,
    ApproveForm,
    CauseForm,
    CheckerForm,
    CloseForm,
    CompleteForm,
    CorrectionForm,
    DecideForm,
    EffectForm,
    ExtensionForm,
    MeasureForm,
    PersonForm,
    ReasonForm,
    ResourcesForm,
)
from pms.corrective_actions.models import ExaminerFinding, Extension
from pms.corrective_actions.permissions import CHECK, RUN
from pms.evidence.forms import EvidenceUploadForm
from pms.evidence.pages import AttachView
from pms.organization.models import access_of

from .bases import (
    ACT,
    ActionMixin,
    MeasureMixin,
    OwnMeasureMixin,
    OwnStepView,
    PlanMeasureMixin,
    StepView,
    action_crumbs,
    initial_of,
)


class CorrectionView(OwnStepView):
    """What was done on the spot."""

    states = DRAFTING
    form_class = CorrectionForm
    title = gettext_lazy("Immediate correction")
    lead = gettext_lazy("What was done on the spot to stop the harm. The cause comes next.")
    submit_label = gettext_lazy("Save")
    success_message = gettext_lazy("The correction has been written down.")

    def get_initial(self) -> dict[str, Any]:
        row = self.row
        return {
            "correction": row.correction,
            "corrected_on": row.corrected_on or timezone.localdate(),
        }

    def carry_out(self, form: CorrectionForm) -> None:
        services.record_correction(
            self.row.pk, **form.cleaned_data, today=self.today, actor=self.request.user
        )


class CauseView(OwnStepView):
    """Why it happened, and where else."""

    states = DRAFTING
    form_class = CauseForm
    title = gettext_lazy("Cause")
    lead = gettext_lazy("You can save a part and go on later; the plan needs all of it.")
    submit_label = gettext_lazy("Save")
    success_message = gettext_lazy("The cause has been written down.")

    def get_form_kwargs(self) -> dict[str, Any]:
        current = self.row.current
        return super().get_form_kwargs() | {
            "instance": current,
            "whys": list(current.whys.values_list("answer", flat=True)),
        }

    def carry_out(self, form: CauseForm) -> None:
        services.record_cause(self.row.pk, whys=form.answers, actor=self.request.user, **form.cause)


class MeasureCreateView(OwnStepView):
    """Plans one more measure."""

    states = DRAFTING
    form_class = MeasureForm
    title = gettext_lazy("Plan a measure")
    submit_label = gettext_lazy("Plan the measure")
    success_message = gettext_lazy("The measure has been planned.")

    def get_lead(self) -> str:
        return _("“%(action)s” is due on %(day)s; its measures are due by then.") % {
            "action": self.row,
            "day": self.row.due_on.isoformat(),
        }

    def get_initial(self) -> dict[str, Any]:
        return {"due_on": self.row.due_on, "kind": "rule", "owner": self.row.owner.employee_number}

    def carry_out(self, form: MeasureForm) -> None:
        services.add_measure(
            self.row.pk, **form.cleaned_data, actor=self.request.user, today=self.today
        )


class MeasureEditView(PlanMeasureMixin, RowFormView):
    """Changes a measure before the plan is handed in."""

    form_class = MeasureForm
    title = gettext_lazy("Change the measure")
    submit_label = gettext_lazy("Save")
    success_message = gettext_lazy("The changes have been saved.")

    def get_initial(self) -> dict[str, Any]:
        facts = initial_of(self.row, "title", "kind", "due_on")
        return facts | {"owner": self.row.owner.employee_number}

    def carry_out(self, form: MeasureForm) -> None:
        services.change_measure(
            self.row.pk, **form.cleaned_data, actor=self.request.user, today=self.today
        )


class MeasureRemoveView(PlanMeasureMixin, ConfirmView):
    """Takes a measure out of the plan."""

    title = gettext_lazy("Remove the measure")
    consequence = gettext_lazy("This cannot be undone, but it can be planned anew.")
    submit_label = gettext_lazy("Remove")
    success_message = gettext_lazy("The measure has been removed.")

    def get_text(self) -> str:
        return _("“%(measure)s” is taken out of the plan.") % {"measure": self.row}

    def carry_out(self, form: Any) -> None:
        # Afterwards the row is gone, and the way back goes over it.
        self.get_success_url()
        services.remove_measure(self.row.pk, actor=self.request.user)


class ResourcesView(OwnStepView):
    """What the plan takes."""

    states = DRAFTING
    form_class = ResourcesForm
    title = gettext_lazy("Resources of the plan")
    submit_label = gettext_lazy("Save")
    success_message = gettext_lazy("The changes have been saved.")

    def get_initial(self) -> dict[str, Any]:
        return {"resources": self.row.current.resources}

    def carry_out(self, form: ResourcesForm) -> None:
        services.describe_resources(self.row.pk, **form.cleaned_data, actor=self.request.user)


class PlanSubmitView(OwnStepView, ConfirmView):
    """Asks for the approval of the plan."""

    states = DRAFTING
    title = gettext_lazy("Ask for approval")
    consequence = gettext_lazy("Until then nothing in it can be changed; it can be sent back.")
    submit_label = gettext_lazy("Ask for approval")
    success_message = gettext_lazy("The approval has been asked for.")
    is_calm = True

    def get_text(self) -> str:
        if services.needs_top_management(self.row):
            return _("Top management is asked to approve the plan of “%(action)s”.") % {
                "action": self.row
            }
        return _("The privacy manager is asked to approve the plan of “%(action)s”.") % {
            "action": self.row
        }

    def carry_out(self, form: Any) -> None:
        services.submit_plan(self.row.pk, actor=self.request.user, today=self.today, now=self.now)


class PlanApproveView(AnyPermissionMixin, StepView):
    """Lets the measures be carried out."""

    states = (Status.SUBMITTED,)
    form_class = ApproveForm
    permission_required = (
        "corrective_actions.approve_plan",
        "corrective_actions.approve_grave_plan",
    )
    title = pgettext_lazy("corrective action", "Approve the plan")
    submit_label = pgettext_lazy("corrective action", "Approve the plan")
    success_message = gettext_lazy("The plan is approved; its measures can be carried out.")
    template_name = "corrective_actions/plan_decide.html"

    def get_rows(self) -> QuerySet:
        """A grave one is for top management only."""
        return of_approver(super().get_rows(), self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What is decided on."""
        return super().get_context_data(
            action=self.row,
            current=self.row.current,
            whys=self.row.current.whys.all(),
            measures=self.row.current.measures.select_related("owner"),
            **kwargs,
        )

    def carry_out(self, form: ApproveForm) -> None:
        services.approve_plan(
            self.row.pk,
            **form.cleaned_data,
            actor=self.request.user,
            today=self.today,
            now=self.now,
        )


class PlanReturnView(AnyPermissionMixin, StepView):
    """Sends a plan back."""

    states = (Status.SUBMITTED,)
    form_class = ReasonForm
    permission_required = PlanApproveView.permission_required
    title = pgettext_lazy("corrective action", "Send the plan back")
    submit_label = gettext_lazy("Send it back")
    success_message = gettext_lazy("The plan was sent back.")

    def get_lead(self) -> str:
        """Which plan."""
        return str(self.row)

    def get_rows(self) -> QuerySet:
        """As for the approval."""
        return of_approver(super().get_rows(), self.request.user)

    def carry_out(self, form: ReasonForm) -> None:
        services.return_plan(
            self.row.pk, **form.cleaned_data, actor=self.request.user, now=self.now
        )


def of_approver(rows: QuerySet, user: Any) -> QuerySet:
    """Those whose plan this account's post approves."""
    if user.has_perm("corrective_actions.approve_grave_plan"):
        return rows
    return rows.exclude(current__needs_top_management=True)


class ReplanView(OwnStepView):
    """Takes a plan up again that is being carried out."""

    states = (Status.EXECUTION,)
    form_class = ReasonForm
    title = gettext_lazy("Change the plan")
    lead = gettext_lazy("What was done stays. The changed plan has to be approved again.")
    submit_label = gettext_lazy("Take the plan up again")
    success_message = gettext_lazy("The plan can be changed now.")

    def carry_out(self, form: ReasonForm) -> None:
        services.replan(self.row.pk, **form.cleaned_data, actor=self.request.user)


class MeasureCompleteView(OwnMeasureMixin, RowFormView):
    """Says that a measure was carried out, with its proof."""

    form_class = CompleteForm
    title = gettext_lazy("Say that it was carried out")
    submit_label = gettext_lazy("It was carried out")
    success_message = gettext_lazy("The measure is marked as carried out.")

    def get_lead(self) -> str:
        return str(self.row)

    def get_initial(self) -> dict[str, Any]:
        return {"done_on": timezone.localdate()}

    def carry_out(self, form: CompleteForm) -> None:
        facts = dict(form.cleaned_data)
        services.complete_measure(
            self.row.pk,
            files=facts.pop("evidence"),
            **facts,
            actor=self.request.user,
            today=self.today,
            now=timezone.now(),
        )


class MeasureFilesView(OwnMeasureMixin, AttachView):
    """Proof of a measure, brought later."""

    title = gettext_lazy("Attach proof of the measure")

    def carry_out(self, form: EvidenceUploadForm) -> str:
        facts = form.cleaned_data
        kept = services.attach_proof(
            self.row.pk,
            facts["evidence"],
            note=facts["note"],
            stated_on=facts["stated_on"],
            actor=self.request.user,
        )
        return _("%(count)s files were attached as proof.") % {"count": len(kept)}


class MeasureReassignView(MeasureMixin, RowFormView):
    """Lets somebody else carry out a measure."""

    form_class = PersonForm
    permission_required = RUN
    title = gettext_lazy("Let somebody else carry it out")
    submit_label = gettext_lazy("Hand it over")
    success_message = gettext_lazy("Somebody else carries out the measure now and has been told.")

    def get_lead(self) -> str:
        return _("%(measure)s – until now: %(person)s") % {
            "measure": self.row,
            "person": self.row.owner,
        }

    def carry_out(self, form: PersonForm) -> None:
        services.reassign_measure(
            self.row.pk, **form.cleaned_data, actor=self.request.user, now=timezone.now()
        )


class CheckerView(ActionMixin, RowFormView):
    """Asks somebody to check the effect."""

    form_class = CheckerForm
    permission_required = RUN
    title = gettext_lazy("Who checks the effect?")
    submit_label = gettext_lazy("Ask this person")
    success_message = gettext_lazy("This person checks the effect.")

    def get_initial(self) -> dict[str, Any]:
        checker = self.row.current.checker
        return {"checker": checker.employee_number if checker else ""}

    def carry_out(self, form: CheckerForm) -> None:
        services.assign_checker(
            self.row.pk, **form.cleaned_data, actor=self.request.user, now=self.now
        )


class EffectCheckView(AnyPermissionMixin, StepView):
    """Says whether the measures work."""

    states = (Status.CHECKING,)
    form_class = EffectForm
    permission_required = (CHECK, "corrective_actions.take_part")
    title = gettext_lazy("Check the effect")
    submit_label = gettext_lazy("Save the result")
    success_message = gettext_lazy("The result of the check has been saved.")

    def get_rows(self) -> QuerySet:
        """Whoever was asked to, or examines effects anyway."""
        rows, user = super().get_rows(), self.request.user
        if user.has_perm(CHECK):
            return rows
        return rows.filter(current__checker=access_of(user).person)

    def get_lead(self) -> str:
        first = self.row.current.check_from_on
        return _("“%(action)s”: measures carried out; the effect shows from %(day)s on.") % {
            "action": self.row,
            "day": first.isoformat() if first else "",
        }

    def carry_out(self, form: EffectForm) -> None:
        facts = dict(form.cleaned_data)
        services.check_effect(
            self.row.pk,
            files=facts.pop("evidence"),
            **facts,
            actor=self.request.user,
            today=self.today,
            now=self.now,
        )


class ActionCloseView(ActionMixin, RowFormView):
    """Closes an action; a lock that holds says what is missing."""

    form_class = CloseForm
    permission_required = "corrective_actions.close_correctiveaction"
    title = gettext_lazy("Close the action")
    lead = gettext_lazy("A closed action stays as it is. If it comes back, a new one is raised.")
    submit_label = gettext_lazy("Close the action")
    success_message = gettext_lazy("The action is closed.")

    def carry_out(self, form: CloseForm) -> None:
        services.close(self.row.pk, **form.cleaned_data, actor=self.request.user, today=self.today)


class RiskAcceptView(ActionMixin, RowFormView):
    """Lives with the risk for a time."""

    form_class = AcceptForm
    permission_required = "corrective_actions.accept_risk"
    title = gettext_lazy("Accept the risk for a time")
    lead = gettext_lazy("The action rests until that day and then goes on where it stands now.")
    submit_label = gettext_lazy("Accept the risk")
    success_message = gettext_lazy("The risk is accepted until that day.")

    def carry_out(self, form: AcceptForm) -> None:
        services.accept_risk(
            self.row.pk,
            **form.cleaned_data,
            actor=self.request.user,
            today=self.today,
            now=self.now,
        )


class ExtensionRequestView(OwnStepView):
    """Asks for a later date of the action."""

    states = (*DRAFTING, Status.SUBMITTED, Status.EXECUTION)
    form_class = ExtensionForm
    title = gettext_lazy("Ask for a later date")
    submit_label = gettext_lazy("Ask for it")
    success_message = gettext_lazy("The request waits for somebody else's decision.")

    def get_lead(self) -> str:
        return _(
            "“%(subject)s” is due on %(day)s. The first date stays visible beside a new one."
        ) % {
            "subject": self.row,
            "day": self.row.due_on.isoformat(),
        }

    def carry_out(self, form: ExtensionForm) -> None:
        services.request_extension(
            self.row.pk, **form.cleaned_data, actor=self.request.user, now=self.now
        )


class MeasureExtensionView(OwnMeasureMixin, RowFormView):
    """Asks for a later date of a measure."""

    form_class = ExtensionForm
    title = gettext_lazy("Ask for a later date")
    submit_label = gettext_lazy("Ask for it")
    success_message = gettext_lazy("The request waits for somebody else's decision.")

    def get_lead(self) -> str:
        return _(
            "“%(subject)s” is due on %(day)s. The first date stays visible beside a new one."
        ) % {
            "subject": self.row,
            "day": self.row.due_on.isoformat(),
        }

    def carry_out(self, form: ExtensionForm) -> None:
        services.request_extension(
            self.row.round.action_id,
            measure_id=self.row.pk,
            **form.cleaned_data,
            actor=self.request.user,
            now=timezone.now(),
        )


class ExtensionDecideView(StateMixin, RowFormView):
    """Grants a later date or refuses it."""

    model = Extension
    states = ("requested",)
    form_class = DecideForm
    permission_required = "corrective_actions.decide_extension"
    title = gettext_lazy("Decide on a later date")
    submit_label = gettext_lazy("Decide")
    success_message = gettext_lazy("The decision has been saved.")

    def get_rows(self) -> QuerySet:
        rows = super().get_rows()
        return rows.select_related("action__owner", "measure__owner", "asked_by__person")

    def get_lead(self) -> str:
        row = self.row
        return _(
            "%(subject)s: from %(old)s to %(new)s. %(person)s gives this reason: %(reason)s"
        ) % {
            "subject": row.measure or row.action,
            "old": row.old_due_on.isoformat(),
            "new": row.new_due_on.isoformat(),
            "person": getattr(row.asked_by, "person", row.asked_by),
            "reason": row.reason,
        }

    def get_crumbs(self) -> list[tuple[str, str]]:
        return action_crumbs(self.row.action)

    def carry_out(self, form: DecideForm) -> None:
        services.decide_extension(
            self.row.pk,
            grants=form.cleaned_data["decision"] == "grant",
            answer=form.cleaned_data["answer"],
            actor=self.request.user,
            now=timezone.now(),
        )


class AnswerView(AnyPermissionMixin, RowFormView):
    """Writes the answer to an examiner's finding."""

    model = ExaminerFinding
    form_class = AnswerForm
    permission_required = ACT
    title = gettext_lazy("Answer to the examiner")
    submit_label = gettext_lazy("Save the answer")
    success_message = gettext_lazy("The answer has been saved.")

    def get_rows(self) -> QuerySet:
        """For who runs the register, and for whoever answers for the action."""
        rows, user = super().get_rows().for_list(), self.request.user
        return rows if user.has_perm(RUN) else rows.filter(action__owner=access_of(user).person)

    def get_lead(self) -> str:
        return _("Finding %(number)s: %(fact)s – to be answered by %(day)s.") % {
            "number": self.row.number,
            "fact": self.row.action.fact,
            "day": self.row.answer_due_on.isoformat(),
        }

    def get_initial(self) -> dict[str, Any]:
        return {"answer": self.row.answer}

    def get_crumbs(self) -> list[tuple[str, str]]:
        return action_crumbs(self.row.action)

    def carry_out(self, form: AnswerForm) -> None:
        services.answer_finding(
            self.row.pk,
            **form.cleaned_data,
            actor=self.request.user,
            today=timezone.localdate(),
        )

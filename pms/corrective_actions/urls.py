"""Addresses of corrective actions."""

from django.urls import path

from .views import actions, findings, steps

app_name = "corrective_actions"

REGISTER = [
    path("", actions.ActionListView.as_view(), name="action_list"),
    path("board/", actions.BoardView.as_view(), name="board"),
    path("figures/", actions.FiguresView.as_view(), name="figures"),
    path("new/", actions.ActionRaiseView.as_view(), name="action_raise"),
    path("<int:pk>/", actions.ActionDetailView.as_view(), name="action_detail"),
    path("<int:pk>/edit/", actions.ActionEditView.as_view(), name="action_edit"),
    path("<int:pk>/owner/", actions.ActionReassignView.as_view(), name="action_reassign"),
    path("<int:pk>/recurrence/", actions.RecurrenceView.as_view(), name="recurrence"),
    path("<int:pk>/withdraw/", actions.ActionWithdrawView.as_view(), name="action_withdraw"),
    path("<int:pk>/files/", actions.ActionFilesView.as_view(), name="action_files"),
    path("<int:pk>/report.pdf", actions.ActionPdfView.as_view(), name="action_pdf"),
]

STEPS = [
    path("<int:pk>/correction/", steps.CorrectionView.as_view(), name="correction"),
    path("<int:pk>/cause/", steps.CauseView.as_view(), name="cause"),
    path("<int:pk>/resources/", steps.ResourcesView.as_view(), name="resources"),
    path("<int:pk>/measures/new/", steps.MeasureCreateView.as_view(), name="measure_create"),
    path("<int:pk>/submit/", steps.PlanSubmitView.as_view(), name="plan_submit"),
    path("<int:pk>/approve/", steps.PlanApproveView.as_view(), name="plan_approve"),
    path("<int:pk>/return/", steps.PlanReturnView.as_view(), name="plan_return"),
    path("<int:pk>/replan/", steps.ReplanView.as_view(), name="replan"),
    path("<int:pk>/checker/", steps.CheckerView.as_view(), name="checker"),
    path("<int:pk>/check/", steps.EffectCheckView.as_view(), name="effect_check"),
    path("<int:pk>/close/", steps.ActionCloseView.as_view(), name="action_close"),
    path("<int:pk>/accept/", steps.RiskAcceptView.as_view(), name="risk_accept"),
    path("<int:pk>/extend/", steps.ExtensionRequestView.as_view(), name="extension_request"),
]

MEASURES = [
    path("measures/<int:pk>/edit/", steps.MeasureEditView.as_view(), name="measure_edit"),
    path("measures/<int:pk>/remove/", steps.MeasureRemoveView.as_view(), name="measure_remove"),
    path(
        "measures/<int:pk>/complete/",
        steps.MeasureCompleteView.as_view(),
        name="measure_complete",
    ),
    path("measures/<int:pk>/proof/", steps.MeasureFilesView.as_view(), name="measure_files"),
    path("measures/<int:pk>/owner/", steps.MeasureReassignView.as_view(), name="measure_reassign"),
    path("measures/<int:pk>/extend/", steps.MeasureExtensionView.as_view(), name="measure_extend"),
    path(
        "extensions/<int:pk>/decide/",
        steps.ExtensionDecideView.as_view(),
        name="extension_decide",
    ),
]

FINDINGS = [
    path("findings/", findings.FindingListView.as_view(), name="finding_list"),
    path(
        "findings/<str:received_on>/reply.xlsx",
        findings.ReplySheetView.as_view(),
        name="reply_sheet",
    ),
    path("findings/<int:pk>/answer/", steps.AnswerView.as_view(), name="answer"),
]

urlpatterns = [*REGISTER, *STEPS, *MEASURES, *FINDINGS]

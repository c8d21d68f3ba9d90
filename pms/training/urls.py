"""Addresses of training."""

from django.urls import path

from .views import (
    campaigns,
    courses,
    excuses,
    logging,
    opening,
    papers,
    plans,
    questions,
    records,
    reports,
    sessions,
    taking,
)

app_name = "training"

COURSES = [
    path("courses/", courses.CourseListView.as_view(), name="course_list"),
    path("courses/new/", courses.CourseCreateView.as_view(), name="course_create"),
    path("courses/<int:pk>/", courses.CourseDetailView.as_view(), name="course_detail"),
    path("courses/<int:pk>/edit/", courses.CourseEditView.as_view(), name="course_edit"),
    path("courses/<int:pk>/versions/", courses.VersionCreateView.as_view(), name="version_create"),
    path("versions/<int:pk>/", courses.VersionDetailView.as_view(), name="version_detail"),
    path("versions/<int:pk>/edit/", courses.VersionEditView.as_view(), name="version_edit"),
    path(
        "versions/<int:pk>/publish/", courses.VersionPublishView.as_view(), name="version_publish"
    ),
    path("versions/<int:pk>/files/", courses.VersionFilesView.as_view(), name="version_files"),
    path("versions/preview/", courses.MarkdownPreviewView.as_view(), name="version_preview"),
]

QUESTIONS = [
    path("questions/", questions.QuestionListView.as_view(), name="question_list"),
    path("questions/new/", questions.QuestionCreateView.as_view(), name="question_create"),
    path("questions/<int:pk>/", questions.QuestionDetailView.as_view(), name="question_detail"),
    path("questions/<int:pk>/edit/", questions.QuestionEditView.as_view(), name="question_edit"),
]

PLANS = [
    path("plans/", plans.PlanListView.as_view(), name="plan_list"),
    path("plans/new/", plans.PlanCreateView.as_view(), name="plan_create"),
    path("plans/<int:pk>/", plans.PlanDetailView.as_view(), name="plan_detail"),
    path("plans/<int:pk>/edit/", plans.PlanEditView.as_view(), name="plan_edit"),
    path("plans/<int:pk>/submit/", plans.PlanSubmitView.as_view(), name="plan_submit"),
    path("plans/<int:pk>/return/", plans.PlanReturnView.as_view(), name="plan_return"),
    path("plans/<int:pk>/approve/", plans.PlanApproveView.as_view(), name="plan_approve"),
    path("plans/<int:pk>/revise/", plans.PlanReviseView.as_view(), name="plan_revise"),
]

CAMPAIGNS = [
    path("campaigns/", campaigns.CampaignListView.as_view(), name="campaign_list"),
    path("campaigns/new/", campaigns.CampaignCreateView.as_view(), name="campaign_create"),
    path("campaigns/<int:pk>/", campaigns.CampaignDetailView.as_view(), name="campaign_detail"),
    path("campaigns/<int:pk>/edit/", campaigns.CampaignEditView.as_view(), name="campaign_edit"),
    path(
        "campaigns/<int:pk>/extend/", campaigns.CampaignExtendView.as_view(), name="campaign_extend"
    ),
    path(
        "campaigns/<int:pk>/discard/",
        campaigns.CampaignDiscardView.as_view(),
        name="campaign_discard",
    ),
    path(
        "campaigns/<int:pk>/audience/",
        opening.CampaignAudienceView.as_view(),
        name="campaign_audience",
    ),
    path("campaigns/<int:pk>/open/", opening.CampaignOpenView.as_view(), name="campaign_open"),
    path("campaigns/<int:pk>/rules/", opening.CampaignRulesView.as_view(), name="campaign_rules"),
    path("campaigns/<int:pk>/close/", opening.CampaignCloseView.as_view(), name="campaign_close"),
    path("campaigns/<int:pk>/sessions/", sessions.SessionListView.as_view(), name="session_list"),
    path(
        "campaigns/<int:pk>/sessions/new/",
        sessions.SessionCreateView.as_view(),
        name="session_create",
    ),
    path("sessions/<int:pk>/edit/", sessions.SessionEditView.as_view(), name="session_edit"),
    path("sessions/<int:pk>/remove/", sessions.SessionRemoveView.as_view(), name="session_remove"),
]

RECORDS = [
    path("records/", records.RecordListView.as_view(), name="record_list"),
    path("records/<int:pk>/", records.RecordDetailView.as_view(), name="record_detail"),
    path("records/<int:pk>/correct/", records.RecordCorrectView.as_view(), name="record_correct"),
    path("records/<int:pk>/files/", records.RecordFilesView.as_view(), name="record_files"),
    path(
        "records/<int:pk>/follow-ups/new/",
        records.FollowUpCreateView.as_view(),
        name="follow_up_create",
    ),
    path("records/<int:pk>/excuses/new/", records.ExcuseCreateView.as_view(), name="excuse_create"),
    path("people/<int:pk>/", records.PersonRecordsView.as_view(), name="person_records"),
]

EXCUSES = [
    path("excuses/", excuses.ExcuseListView.as_view(), name="excuse_list"),
    path("excuses/<int:pk>/decide/", excuses.ExcuseDecideView.as_view(), name="excuse_decide"),
    path("excuses/<int:pk>/end/", excuses.ExcuseEndView.as_view(), name="excuse_end"),
]

TAKING = [
    path("records/<int:pk>/take/", taking.TakeView.as_view(), name="take"),
    path("records/<int:pk>/start/", taking.AttemptStartView.as_view(), name="attempt_start"),
    path("records/<int:pk>/understood/", taking.AcknowledgeView.as_view(), name="acknowledge"),
    path("attempts/<int:pk>/", taking.AttemptView.as_view(), name="attempt"),
    path("attempts/<int:pk>/result/", taking.AttemptResultView.as_view(), name="attempt_result"),
]

LOGGING = [
    path("campaigns/<int:pk>/log/", logging.PasteView.as_view(), name="log_paste"),
    path("campaigns/<int:pk>/log/grid/", logging.GridView.as_view(), name="log_grid"),
    path("records/<int:record>/log/", logging.LogOneView.as_view(), name="log_one"),
]

PAPERS = [
    path("plans/<int:pk>/pdf/", papers.PlanPdfView.as_view(), name="plan_pdf"),
    path(
        "campaigns/<int:pk>/attendance.<str:form>",
        papers.AttendanceSheetView.as_view(),
        name="attendance_sheet",
    ),
]

REPORTS = [
    path("campaigns/<int:pk>/report/", reports.ReportView.as_view(), name="report"),
    path("campaigns/<int:pk>/report/edit/", reports.ReportEditView.as_view(), name="report_edit"),
    path(
        "campaigns/<int:pk>/report/approve/",
        reports.ReportApproveView.as_view(),
        name="report_approve",
    ),
    path(
        "campaigns/<int:pk>/report.<str:form>",
        reports.ReportFileView.as_view(),
        name="report_file",
    ),
    path("summary/", reports.SummaryView.as_view(), name="summary"),
    path("summary.<str:form>", reports.SummaryFileView.as_view(), name="summary_file"),
]

urlpatterns = [
    *COURSES,
    *QUESTIONS,
    *PLANS,
    *CAMPAIGNS,
    *RECORDS,
    *EXCUSES,
    *TAKING,
    *LOGGING,
    *PAPERS,
    *REPORTS,
]

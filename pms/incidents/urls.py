"""Addresses of incidents."""

from django.urls import path

from .views import (
    anonymous,
    assessing,
    desk,
    emergency,
    handling,
    persons,
    register,
    reporting,
    settings,
    statistics,
)

app_name = "incidents"
urlpatterns = [
    # Reporting
    path("report/", reporting.ReportView.as_view(), name="report"),
    path("report/<int:pk>/sent/", reporting.ReportedView.as_view(), name="reported"),
    path("own/", reporting.OwnListView.as_view(), name="own_list"),
    path("own/<int:pk>/", reporting.OwnView.as_view(), name="own"),
    path("own/<int:pk>/add/", reporting.OwnAddView.as_view(), name="own_add"),
    path("new/", reporting.OfficeCreateView.as_view(), name="office_create"),
    path("without-a-name/", anonymous.ReportView.as_view(), name="anonymous"),
    path("without-a-name/sent/", anonymous.SentView.as_view(), name="anonymous_sent"),
    path("follow-up/", anonymous.FollowUpView.as_view(), name="follow_up"),
    # The company's own rules, and the law
    path("settings/", settings.SettingsView.as_view(), name="settings"),
    path("rules/", settings.RuleListView.as_view(), name="rule_list"),
    path("rules/new/", settings.RuleCreateView.as_view(), name="rule_create"),
    path("rules/<int:pk>/end/", settings.RuleEndView.as_view(), name="rule_end"),
    path("rules/<int:pk>/withdraw/", settings.RuleWithdrawView.as_view(), name="rule_withdraw"),
    # Whom to call, and what to do
    path("emergency/", emergency.EmergencyView.as_view(), name="emergency"),
    path("emergency/procedure/", emergency.ProcedureView.as_view(), name="procedure"),
    path("emergency/contacts/new/", emergency.ContactCreateView.as_view(), name="contact_create"),
    path(
        "emergency/contacts/<int:pk>/",
        emergency.ContactUpdateView.as_view(),
        name="contact_update",
    ),
    path(
        "emergency/contacts/<int:pk>/remove/",
        emergency.ContactRemoveView.as_view(),
        name="contact_remove",
    ),
    # Register, judging, handling
    path("", register.IncidentListView.as_view(), name="list"),
    path("statistics/", statistics.StatisticsView.as_view(), name="statistics"),
    path("with-words/", register.FullExportView.as_view(), name="export"),
    path("<int:pk>/", register.IncidentDetailView.as_view(), name="detail"),
    path("<int:pk>/journal/", register.IncidentJournalView.as_view(), name="journal"),
    path("<int:pk>/files/", register.IncidentFilesView.as_view(), name="attach"),
    path("<int:pk>/facts/", assessing.AssessView.as_view(), name="assess"),
    path("<int:pk>/facts/<int:number>/", assessing.AssessmentView.as_view(), name="assessment"),
    path("<int:pk>/record/", handling.DescribeView.as_view(), name="describe"),
    path("<int:pk>/containment/", handling.ContainView.as_view(), name="contain"),
    path("<int:pk>/cause/", handling.CauseView.as_view(), name="cause"),
    path("<int:pk>/action/", handling.RaiseActionView.as_view(), name="raise_action"),
    path("<int:pk>/no-action/", handling.NoActionView.as_view(), name="no_action"),
    path("<int:pk>/publication/", handling.PublicationView.as_view(), name="publication"),
    path("<int:pk>/timeline/add/", handling.TimelineAddView.as_view(), name="timeline_add"),
    path("<int:pk>/people/add/", handling.LetInView.as_view(), name="let_in"),
    path("people/<int:pk>/remove/", handling.ExcludeView.as_view(), name="exclude"),
    path("<int:pk>/close/", handling.CloseView.as_view(), name="close"),
    path("<int:pk>/dismiss/", handling.DismissView.as_view(), name="dismiss"),
    path("<int:pk>/promote/", handling.PromoteView.as_view(), name="promote"),
    path("<int:pk>/reopen/", handling.ReopenView.as_view(), name="reopen"),
    # Desk and persons
    path("<int:pk>/report/", desk.DeskView.as_view(), name="desk"),
    path("<int:pk>/report/<slug:body>.pdf", desk.PaperPdfView.as_view(), name="paper_pdf"),
    path("<int:pk>/report/<slug:body>/", desk.PaperTextView.as_view(), name="paper_text"),
    path("obligations/<int:pk>/submit/", desk.SubmitView.as_view(), name="submit"),
    path("obligations/<int:pk>/approve/", desk.ApproveView.as_view(), name="approve"),
    path("obligations/<int:pk>/return/", desk.ReturnView.as_view(), name="return"),
    path("obligations/<int:pk>/file/", desk.FileView.as_view(), name="file"),
    path("obligations/<int:pk>/supplement/", desk.SupplementView.as_view(), name="supplement"),
    path("obligations/<int:pk>/difference/", desk.DifferenceView.as_view(), name="difference"),
    path("obligations/<int:pk>/waive/", desk.WaiveView.as_view(), name="waive"),
    path("filed/<int:pk>/", desk.FiledView.as_view(), name="filed"),
    path("<int:pk>/notices/new/", persons.NoticeCreateView.as_view(), name="notice_create"),
    path("<int:pk>/not-told/", persons.NotToldView.as_view(), name="not_told"),
    path("notices/<int:pk>/", persons.NoticeUpdateView.as_view(), name="notice_update"),
    path(
        "notices/<int:pk>/addressees/",
        persons.AddresseesImportView.as_view(),
        name="addressees_import",
    ),
    path("notices/<int:pk>/letters.xlsx", persons.LettersView.as_view(), name="letters"),
    path("notices/<int:pk>/certificate.pdf", persons.CertificateView.as_view(), name="certificate"),
]

"""Which role may do what: the one table. Roles are held by dated appointments (`organization`)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """Posts of the management system (JIS Q 15001:2023 5.3; PrivacyMark guideline J.2.3)."""

    TOP_MANAGEMENT = "top_management", _("Top management")
    PRIVACY_MANAGER = "privacy_manager", _("Privacy manager")
    DEPUTY_PRIVACY_MANAGER = "deputy_privacy_manager", _("Deputy privacy manager")
    AUDIT_OFFICER = "audit_officer", _("Privacy audit officer")
    AUDITOR = "auditor", _("Auditor")
    TRAINING_OFFICER = "training_officer", _("Training officer")
    COMPLAINT_OFFICER = "complaint_officer", _("Complaint officer")
    SYSTEM_OFFICER = "system_officer", _("Information system officer")
    DEPARTMENT_MANAGER = "department_manager", _("Department privacy manager")
    MY_NUMBER_HANDLER = "my_number_handler", _("My Number handler")
    PMS_OFFICE = "pms_office", _("PMS office")
    SYSTEM_ADMINISTRATOR = "system_administrator", _("System administrator")


def _crud(app: str, *models_: str) -> set[str]:
    return {f"{app}.{verb}_{model}" for model in models_ for verb in ("view", "add", "change")}


# What everyone may do who works here and has an account.
EVERYONE = frozenset(
    {
        "dashboard.view_duties",
        "corrective_actions.take_part",
        "cycles.answer_for_milestone",
        "evidence.download_evidencefile",
        "incidents.report_incident",
        "notifications.read_own",
        "reminders.view_own_reminders",
        "training.take_training",
        "training.view_courseversion",
        "transfer.keep_filters",
    }
)

_SEE_ORGANIZATION = {
    "organization.view_person",
    "organization.view_department",
    "organization.view_site",
    "organization.view_appointment",
    "organization.view_affiliation",
}
_SEE_TRAINING = {
    "training.view_course",
    "training.view_campaign",
    "training.view_trainingrecord",
    "training.view_trainingplan",
    "training.view_report",
}
_RUN_ORGANIZATION = (
    _SEE_ORGANIZATION
    | _crud("organization", "person", "department", "site", "affiliation", "leave", "closedday")
    | {
        "organization.import_people",
        "organization.delete_affiliation",
        "organization.delete_closedday",
        "organization.delete_leave",
        "organization.view_company",
        "organization.change_company",
    }
)
_RUN_TRAINING = (
    _SEE_TRAINING
    | _crud(
        "training",
        "course",
        "courseversion",
        "question",
        "trainingplan",
        "planitem",
        "campaign",
        "session",
    )
    | {
        "training.view_score",
        "training.log_completion",
        "training.open_campaign",
        "training.close_campaign",
        "training.follow_up",
        "training.request_excuse",
        "training.delete_question",
        "training.delete_planitem",
        "training.delete_session",
        "training.view_attempt",
        "training.view_excuse",
        "training.view_followup",
        "training.change_report",
    }
)
_SEE_YEAR = {
    "cycles.view_clause",
    "cycles.view_cycle",
    "cycles.view_guidelineedition",
    "cycles.view_yearplan",
    "cycles.view_milestone",
    "cycles.view_objective",
    "cycles.view_extension",
}
_RUN_YEAR = (
    _SEE_YEAR
    | _crud("cycles", "milestone", "objective", "yearplan")
    | {
        "cycles.delete_milestone",
        "cycles.delete_objective",
        # The words of the guideline are put right in the administration.
        "cycles.change_clause",
        "cycles.change_guidelineedition",
    }
)
_RUN_INCIDENTS = {
    "incidents.view_incident",
    "incidents.handle_incident",
    "incidents.view_statistics",
    "incidents.view_obligationrule",
    "incidents.view_category",
}
_SEE_ACTIONS = {
    "corrective_actions.view_acceptance",
    "corrective_actions.view_correctiveaction",
    "corrective_actions.view_examinerfinding",
    "corrective_actions.view_extension",
    "corrective_actions.view_measure",
    "corrective_actions.view_round",
}
_RUN_ACTIONS = _SEE_ACTIONS | {
    "corrective_actions.add_correctiveaction",
    "corrective_actions.change_correctiveaction",
    "corrective_actions.import_findings",
}
_OFFICE = {
    "accounts.use_admin",
    "dashboard.view_overview",
    "evidence.view_evidencefile",
    "history.view_historyentry",
    "reminders.view_reminder",
    "transfer.view_importrun",
}

ROLES: dict[str, frozenset[str]] = {
    Role.TOP_MANAGEMENT: frozenset(
        _SEE_ORGANIZATION
        | _SEE_TRAINING
        | _SEE_YEAR
        | _SEE_ACTIONS
        | {
            "dashboard.view_overview",
            "training.approve_plan",
            "training.approve_report",
            "corrective_actions.accept_risk",
            "corrective_actions.approve_grave_plan",
            "corrective_actions.approve_plan",
            "corrective_actions.decide_extension",
            "cycles.approve_yearplan",
            "cycles.decide_extension",
            "incidents.view_incident",
            "incidents.view_statistics",
            "incidents.approve_report",
            "incidents.decide_publication",
        }
    ),
    Role.DEPUTY_PRIVACY_MANAGER: frozenset(
        _RUN_INCIDENTS | _RUN_ACTIONS | {"dashboard.view_overview"}
    ),
    Role.PRIVACY_MANAGER: frozenset(
        _RUN_ORGANIZATION
        | _RUN_TRAINING
        | _OFFICE
        | _RUN_YEAR
        | _RUN_ACTIONS
        | _crud("cycles", "cycle")
        | _crud("organization", "appointment")
        | _RUN_INCIDENTS
        | {
            "incidents.add_category",
            "incidents.add_obligationrule",
            "incidents.change_category",
            "incidents.change_obligationrule",
            "incidents.change_incidentsettings",
            "corrective_actions.approve_plan",
            "corrective_actions.check_effect",
            "corrective_actions.close_correctiveaction",
            "corrective_actions.decide_extension",
            "cycles.decide_extension",
            "training.approve_plan",
            "training.approve_excuse",
            "training.approve_report",
            "accounts.view_user",
            "notifications.retry",
            "notifications.view_notification",
            "notifications.view_words",
        }
    ),
    Role.TRAINING_OFFICER: frozenset(
        _RUN_ORGANIZATION | _RUN_TRAINING | _OFFICE | _SEE_YEAR | {"training.approve_excuse"}
    ),
    Role.PMS_OFFICE: frozenset(
        _RUN_ORGANIZATION
        | _RUN_TRAINING
        | _OFFICE
        | _RUN_YEAR
        | _RUN_ACTIONS
        | {"notifications.view_notification"}
    ),
    Role.AUDIT_OFFICER: frozenset(
        _SEE_ORGANIZATION
        | _SEE_TRAINING
        | _SEE_YEAR
        | _SEE_ACTIONS
        | {
            "corrective_actions.add_correctiveaction",
            "corrective_actions.check_effect",
            "dashboard.view_overview",
            "history.view_historyentry",
        }
    ),
    Role.AUDITOR: frozenset(
        _SEE_TRAINING | _SEE_YEAR | _SEE_ACTIONS | {"organization.view_department"}
    ),
    Role.DEPARTMENT_MANAGER: frozenset(
        {
            "corrective_actions.view_own_departments",
            "organization.view_own_people",
            "training.view_own_people",
            "training.request_excuse",
        }
    ),
    Role.COMPLAINT_OFFICER: frozenset(),
    Role.SYSTEM_OFFICER: frozenset(),
    Role.MY_NUMBER_HANDLER: frozenset(),
    Role.SYSTEM_ADMINISTRATOR: frozenset(
        _crud("accounts", "user")
        | {
            "accounts.use_admin",
            "dashboard.view_system",
            "notifications.retry",
            "notifications.view_notification",
            "organization.view_site",
            "organization.view_department",
        }
    ),
}

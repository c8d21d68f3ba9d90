"""Who gets in where: the one table of visitors and addresses. A new address gets a line here."""

from typing import NamedTuple

from .addresses import Address, addresses
from .world import VISITORS

# Open to strangers.
PUBLIC = {
    "account_inactive",
    "account_login",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_signup",  # says that accounts are made by the office
    "dashboard:calendar_feed",  # the address itself is the secret
    "dashboard:language",
    "demo:sign_in",  # answers 404 outside the demo
    "healthz",
    "incidents:anonymous",  # answers 404 where the company takes no such reports
    "incidents:anonymous_sent",
    "incidents:follow_up",
}
# The sign-in library's own pages, about nothing but one's own account.
OWN_ACCOUNT = {
    "account_change_password",
    "account_logout",
    "account_reauthenticate",
    "account_set_password",
}

OPEN, HIDDEN, REFUSED = "●", "○", "·"

# ● gets in  · is refused (403)  ○ the example row is hidden from them, as if there were none (404).
# `world.py` explains the letters, and makes the row that the second column names.
TABLE = """
address                                row               T P R O A a M m S p s x
dashboard:home                         -                 ● ● ● ● ● ● ● ● ● ● ● ·
dashboard:start                        -                 ● ● ● ● ● ● ● ● ● ● ● ·
dashboard:overview                     -                 ● ● ● ● ● · · · · · · ·
dashboard:search                       -                 ● ● ● ● ● ● ● ● ● ● ● ·
dashboard:system                       -                 · · · · · · · · ● · · ·
dashboard:task_retry                   failed_task       · · · · · · · · ● · · ·
dashboard:settings                     -                 ● ● ● ● ● ● ● ● ● ● ● ·
dashboard:calendar                     -                 ● ● ● ● ● ● ● ● ● ● ● ·
dashboard:calendar_revoke              calendar_key      ○ ○ ○ ○ ○ ○ ○ ○ ○ ● ○ ·

organization:person_list               -                 ● ● ● ● ● · ● ● · · · ·
organization:person_create             -                 · ● ● ● · · · · · · · ·
organization:person_detail             person            ● ● ● ● ● ○ ● ○ ○ ● ○ ·
organization:person_update             person            · ● ● ● · · · · · · · ·
organization:person_history            person            · ● ● ● ● · · · · · · ·
organization:person_evidence           person            · ● ● ● · · · · · · · ·
organization:person_move               person            · ● ● ● · · · · · · · ·
organization:concurrent_post_create    person            · ● ● ● · · · · · · · ·
organization:concurrent_post_end       concurrent_post   · ● ● ● · · · · · · · ·
organization:affiliation_correct       affiliation       · ● ● ● · · · · · · · ·
organization:leave_create              person            · ● ● ● · · · · · · · ·
organization:leave_end                 leave             · ● ● ● · · · · · · · ·
organization:employment_end            person            · ● ● ● · · · · · · · ·
organization:leaving_withdraw          leaver            · ● ● ● · · · · · · · ·
organization:account_open              newcomer          · ● ● ● · · · · · · · ·
organization:account_invite            person            · ● ● ● · · · · · · · ·
organization:account_close             person            · ● ● ● · · · · · · · ·
organization:account_reopen            leaver            · ● ● ● · · · · · · · ·
organization:department_list           -                 ● ● ● ● ● ● · · ● · · ·
organization:department_create         -                 · ● ● ● · · · · · · · ·
organization:department_detail         department        ● ● ● ● ● ● · · ● · · ·
organization:department_update         department        · ● ● ● · · · · · · · ·
organization:department_rename         department        · ● ● ● · · · · · · · ·
organization:department_move           department        · ● ● ● · · · · · · · ·
organization:department_close          department        · ● ● ● · · · · · · · ·
organization:site_list                 -                 ● ● ● ● ● · · · ● · · ·
organization:site_create               -                 · ● ● ● · · · · · · · ·
organization:site_update               site              · ● ● ● · · · · · · · ·
organization:company_update            -                 · ● ● ● · · · · · · · ·
organization:closed_day_list           -                  · ● ● ● · · · · · · · ·
organization:closed_day_create         -                  · ● ● ● · · · · · · · ·
organization:closed_day_remove         closed_day         · ● ● ● · · · · · · · ·
organization:appointment_list          -                 ● ● ● ● ● · · · · · · ·
organization:appointment_all           -                 ● ● ● ● ● · · · · · · ·
organization:appoint                   -                 · ● · · · · · · · · · ·
organization:appointment_detail        appointment       ● ● ● ● ● ○ ○ ○ ○ ● ○ ·
organization:appointment_letter        appointment       ● ● ● ● ● ○ ○ ○ ○ ● ○ ·
organization:appointment_evidence      appointment       · ● · · · · · · · · · ·
organization:appointment_end           appointment       · ● · · · · · · · · · ·
organization:appointment_withdraw      appointment       · ● · · · · · · · · · ·

cycles:cycle_list                      -                 ● ● ● ● ● ● · · · · · ·
cycles:cycle_create                    -                 · ● · · · · · · · · · ·
cycles:cycle_update                    cycle             · ● · · · · · · · · · ·
cycles:this_year                       -                 ● ● ● ● ● ● · · · · · ·
cycles:year                            planned_year      ● ● ● ● ● ● · · · · · ·
cycles:months                          planned_year      ● ● ● ● ● ● · · · · · ·
cycles:plan_pdf                        planned_year      ● ● ● ● ● ● · · · · · ·
cycles:plan_make                       cycle             · ● · ● · · · · · · · ·
cycles:plan_policy                     draft_year_plan   · ● · ● · · · · · · · ·
cycles:plan_submit                     draft_year_plan   · ● · ● · · · · · · · ·
cycles:plan_return                     submitted_year_plan ● · · · · · · · · · · ·
cycles:plan_approve                    submitted_year_plan ● · · · · · · · · · · ·
cycles:objective_create                planned_year      · ● · ● · · · · · · · ·
cycles:objective_edit                  objective         · ● · ● · · · · · · · ·
cycles:objective_measure               objective         · ● · ● · · · · · · · ·
cycles:objective_remove                objective         · ● · ● · · · · · · · ·
cycles:milestone_list                  -                 ● ● ● ● ● ● ● ● ● ● ● ·
cycles:milestone_create                planned_year      · ● · ● · · · · · · · ·
cycles:milestone_detail                milestone         ● ● ● ● ● ● ○ ○ ○ ● ○ ·
cycles:milestone_edit                  milestone         · ● · ● · · · · · · · ·
cycles:milestone_remove                milestone         · ● · ● · · · · · · · ·
cycles:milestone_complete              milestone         ○ ● ○ ● ○ ○ ○ ○ ○ ● ○ ·
cycles:milestone_files                 milestone         ○ ● ○ ● ○ ○ ○ ○ ○ ● ○ ·
cycles:milestone_reopen                milestone         ○ ● ○ ● ○ ○ ○ ○ ○ ● ○ ·
cycles:milestone_drop                  milestone         · ● · ● · · · · · · · ·
cycles:extension_request               milestone         ○ ● ○ ● ○ ○ ○ ○ ○ ● ○ ·
cycles:extension_decide                extension         ● ● · · · · · · · · · ·
cycles:clause_list                     -                 ● ● ● ● ● ● · · · · · ·
cycles:clause_detail                   clause            ● ● ● ● ● ● · · · · · ·

corrective_actions:action_list         -                 ● ● ● ● ● ● ● ● ● ● ● ·
corrective_actions:board               -                 ● ● ● ● ● ● ● ● ● ● ● ·
corrective_actions:figures             -                 ● ● ● ● ● ● ● ● ● ● ● ·
corrective_actions:action_raise        -                 · ● · ● ● · · · · · · ·
corrective_actions:action_detail       action            ● ● ○ ● ● ● ● ○ ○ ● ○ ·
corrective_actions:action_pdf          action            ● ● ○ ● ● ● ● ○ ○ ● ○ ·
corrective_actions:action_edit         action            · ● · ● · · · · · · · ·
corrective_actions:action_reassign     action            · ● · ● · · · · · · · ·
corrective_actions:recurrence          action            · ● · ● · · · · · · · ·
corrective_actions:action_withdraw     action            · ● · · · · · · · · · ·
corrective_actions:action_files        action            ○ ● ○ ● ○ ○ ○ ○ ○ ● ○ ·
corrective_actions:correction          action            ○ ● ○ ● ○ ○ ○ ○ ○ ● ○ ·
corrective_actions:cause               action            ○ ● ○ ● ○ ○ ○ ○ ○ ● ○ ·
corrective_actions:resources           action            ○ ● ○ ● ○ ○ ○ ○ ○ ● ○ ·
corrective_actions:measure_create      action            ○ ● ○ ● ○ ○ ○ ○ ○ ● ○ ·
corrective_actions:measure_edit        planned_measure   ○ ● ○ ● ○ ○ ○ ○ ○ ● ○ ·
corrective_actions:measure_remove      planned_measure   ○ ● ○ ● ○ ○ ○ ○ ○ ● ○ ·
corrective_actions:plan_submit         action            ○ ● ○ ● ○ ○ ○ ○ ○ ● ○ ·
corrective_actions:plan_approve        submitted_action  ● ● · · · · · · · · · ·
corrective_actions:plan_return         submitted_action  ● ● · · · · · · · · · ·
corrective_actions:replan              running_action    ○ ● ○ ● ○ ○ ○ ○ ○ ● ○ ·
corrective_actions:measure_complete    measure           ○ ● ○ ● ○ ○ ○ ○ ○ ● ○ ·
corrective_actions:measure_files       measure           ○ ● ○ ● ○ ○ ○ ○ ○ ● ○ ·
corrective_actions:measure_reassign    measure           · ● · ● · · · · · · · ·
corrective_actions:measure_extend      measure           ○ ● ○ ● ○ ○ ○ ○ ○ ● ○ ·
corrective_actions:extension_request   action            ○ ● ○ ● ○ ○ ○ ○ ○ ● ○ ·
corrective_actions:extension_decide    action_extension  ● ● · · · · · · · · · ·
corrective_actions:checker             carried_out_action · ● · ● · · · · · · · ·
corrective_actions:effect_check        carried_out_action ○ ● ○ ○ ● ○ ○ ○ ○ ○ ○ ·
corrective_actions:action_close        carried_out_action · ● · · · · · · · · · ·
corrective_actions:risk_accept         action            ● · · · · · · · · · · ·
corrective_actions:finding_list        -                 ● ● · ● ● ● · · · · · ·
corrective_actions:answer              finding           ○ ● ○ ● ○ ○ ○ ○ ○ ● ○ ·
corrective_actions:reply_sheet         answered_finding  ● ● · ● ● ● · · · · · ·

training:course_list                   -                 ● ● ● ● ● ● · · · · · ·
training:course_create                 -                 · ● ● ● · · · · · · · ·
training:course_detail                 course            ● ● ● ● ● ● · · · · · ·
training:course_edit                   course            · ● ● ● · · · · · · · ·
training:version_create                course            · ● ● ● · · · · · · · ·
training:version_detail                version           ● ● ● ● ● ● · · · · · ·
training:version_edit                  draft_version     · ● ● ● · · · · · · · ·
training:version_publish               draft_version     · ● ● ● · · · · · · · ·
training:version_files                 draft_version     · ● ● ● · · · · · · · ·
training:version_preview               -                 · ● ● ● · · · · · · · ·
training:question_list                 -                 · ● ● ● · · · · · · · ·
training:question_create               -                 · ● ● ● · · · · · · · ·
training:question_detail               question          · ● ● ● · · · · · · · ·
training:question_edit                 question          · ● ● ● · · · · · · · ·

training:plan_list                     -                 ● ● ● ● ● ● · · · · · ·
training:plan_create                   -                 · ● ● ● · · · · · · · ·
training:plan_detail                   plan              ● ● ● ● ● ● · · · · · ·
training:plan_pdf                      plan              ● ● ● ● ● ● · · · · · ·
training:plan_edit                     draft_plan        · ● ● ● · · · · · · · ·
training:plan_submit                   draft_plan        · ● ● ● · · · · · · · ·
training:plan_return                   submitted_plan    ● ● · · · · · · · · · ·
training:plan_approve                  submitted_plan    ● ● · · · · · · · · · ·
training:plan_revise                   plan              · ● ● ● · · · · · · · ·

training:campaign_list                 -                 ● ● ● ● ● ● ● ● · · · ·
training:campaign_create               -                 · ● ● ● · · · · · · · ·
training:campaign_detail               campaign          ● ● ● ● ● ● ● ● · · · ·
training:campaign_edit                 draft_campaign    · ● ● ● · · · · · · · ·
training:campaign_audience             draft_campaign    · ● ● ● · · · · · · · ·
training:campaign_discard              draft_campaign    · ● ● ● · · · · · · · ·
training:campaign_open                 draft_campaign    · ● ● ● · · · · · · · ·
training:campaign_extend               campaign          · ● ● ● · · · · · · · ·
training:campaign_rules                campaign          · ● ● ● · · · · · · · ·
training:campaign_close                campaign          · ● ● ● · · · · · · · ·
training:session_list                  campaign          ● ● ● ● ● ● ● ● · · · ·
training:session_create                campaign          · ● ● ● · · · · · · · ·
training:session_edit                  session           · ● ● ● · · · · · · · ·
training:session_remove                session           · ● ● ● · · · · · · · ·
training:attendance_sheet              campaign          · ● ● ● · · · · · · · ·
training:report                        campaign          ● ● ● ● ● ● · · · · · ·
training:report_file                   campaign          ● ● ● ● ● ● · · · · · ·
training:report_edit                   campaign          · ● ● ● · · · · · · · ·
training:report_approve                closed_campaign   ● ● · · · · · · · · · ·
training:summary                       -                 ● ● ● ● ● ● · · · · · ·
training:summary_file                  -                 ● ● ● ● ● ● · · · · · ·
training:log_paste                     campaign          · ● ● ● · · · · · · · ·
training:log_grid                      campaign          · ● ● ● · · · · · · · ·
training:log_one                       record            · ● ● ● · · · · · · · ·

training:record_list                   -                 ● ● ● ● ● ● ● ● · · · ·
training:record_detail                 record            ● ● ● ● ● ● ● ○ ○ ● ○ ·
training:record_correct                record            · ● ● ● · · · · · · · ·
training:record_files                  record            · ● ● ● · · · · · · · ·
training:follow_up_create              record            · ● ● ● · · · · · · · ·
training:person_records                person            ● ● ● ● ● ● ● ○ ○ ● ○ ·
training:excuse_list                   -                 · ● ● ● · · ● ● · · · ·
training:excuse_create                 record            · ● ● ● · · ● ○ · · · ·
training:excuse_decide                 excuse            · ● ● · · · · · · · · ·
training:excuse_end                    approved_excuse   · ● ● ● · · ● ○ · · · ·

training:take                          record            ○ ○ ○ ○ ○ ○ ○ ○ ○ ● ○ ·
training:attempt_start                 record            ○ ○ ○ ○ ○ ○ ○ ○ ○ ● ○ ·
training:acknowledge                   record            ○ ○ ○ ○ ○ ○ ○ ○ ○ ● ○ ·
training:attempt                       attempt           ○ ○ ○ ○ ○ ○ ○ ○ ○ ● ○ ·
training:attempt_result                sent_attempt      ○ ○ ○ ○ ○ ○ ○ ○ ○ ● ○ ·

transfer:run_list                      -                 · ● ● ● · · · · · · · ·
transfer:upload                        -                 · ● ● ● · · · · · · · ·
transfer:table                         -                 · ● ● ● · · · · · · · ·
transfer:filter_create                 -                 ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ·
transfer:filter_delete                 saved_filter      ○ ○ ○ ○ ○ ○ ○ ○ ○ ● ○ ·
transfer:run_detail                    previewed_import  ○ ● ● ● ○ ○ ○ ○ ○ ○ ○ ○
transfer:run_columns                   uploaded_import   ○ ● ● ● ○ ○ ○ ○ ○ ○ ○ ○
transfer:run_check                     refused_import    ○ ● ● ● ○ ○ ○ ○ ○ ○ ○ ○
transfer:run_confirm                   previewed_import  ○ ● ● ● ○ ○ ○ ○ ○ ○ ○ ○
transfer:run_resume                    previewed_import  ○ ● ● ● ○ ○ ○ ○ ○ ○ ○ ○
transfer:run_cancel                    previewed_import  ○ ● ● ● ○ ○ ○ ○ ○ ○ ○ ○
transfer:run_undo                      done_import       ○ ● ● ● ○ ○ ○ ○ ○ ○ ○ ○
transfer:run_errors                    refused_import    ○ ● ● ● ○ ○ ○ ○ ○ ○ ○ ○

notifications:notification_list        -                 ● ● ● ● ● ● ● ● ● ● ● ·
notifications:notification_detail      notification      ○ ● ○ ● ○ ○ ○ ○ ● ● ○ ·
notifications:notification_open        notification      ○ ○ ○ ○ ○ ○ ○ ○ ○ ● ○ ·
notifications:notification_read        notification      ○ ○ ○ ○ ○ ○ ○ ○ ○ ● ○ ·
notifications:notification_read_all    -                 ● ● ● ● ● ● ● ● ● ● ● ·
notifications:notification_retry       failed_mail       · ● · · · · · · ● · · ·
notifications:outbox                   -                 · ● · ● · · · · ● · · ·
notifications:preference               -                 ● ● ● ● ● ● ● ● ● ● ● ·

reminders:reminder_list                -                  ● ● ● ● ● ● ● ● ● ● ● ·

history:entry_list                     -                 · ● ● ● ● · · · · · · ·

incidents:report                       -                 ● ● ● ● ● ● ● ● ● ● ● ·
incidents:reported                     own_report        ○ ○ ○ ○ ○ ○ ○ ○ ○ ● ○ ·
incidents:emergency                    -                 ● ● ● ● ● ● ● ● ● ● ● ·
incidents:procedure                    -                 · ● · · · · · · · · · ·
incidents:contact_create               -                 · ● · · · · · · · · · ·
incidents:contact_update               emergency_contact · ● · · · · · · · · · ·
incidents:contact_remove               emergency_contact · ● · · · · · · · · · ·
incidents:own_list                     -                 ● ● ● ● ● ● ● ● ● ● ● ·
incidents:own                          own_report        ○ ○ ○ ○ ○ ○ ○ ○ ○ ● ○ ·
incidents:own_add                      own_report        ○ ○ ○ ○ ○ ○ ○ ○ ○ ● ○ ·
incidents:office_create                -                 · ● · · · · · · · · · ·
incidents:settings                     -                 · ● · · · · · · · · · ·
incidents:rule_list                    -                 · ● · · · · · · · · · ·
incidents:rule_create                  -                 · ● · · · · · · · · · ·
incidents:rule_end                     obligation_rule   · ● · · · · · · · · · ·
incidents:rule_withdraw                obligation_rule   · ● · · · · · · · · · ·
incidents:category_list                -                 · ● · · · · · · · · · ·
incidents:category_create              -                 · ● · · · · · · · · · ·
incidents:category_end                 incident_category · ● · · · · · · · · · ·
incidents:category_withdraw            incident_category · ● · · · · · · · · · ·

incidents:list                         -                 ● ● ● ● ● ● ● ● ● ● ● ○
incidents:statistics                   -                 ● ● · · · · · · · · · ·
incidents:export                       -                 ○ ● ○ ○ ○ ○ ○ ○ ○ ○ ○ ○
incidents:detail                       incident          ● ● ○ ○ ○ ○ ● ○ ○ ○ ○ ○
incidents:journal                      incident          ○ ● ○ ○ ○ ○ ○ ○ ○ ○ ○ ○
incidents:attach                       incident          ○ ● ○ ○ ○ ○ ● ○ ○ ○ ○ ○
incidents:contain                      incident          ○ ● ○ ○ ○ ○ ● ○ ○ ○ ○ ○
incidents:cause                        incident          ○ ● ○ ○ ○ ○ ● ○ ○ ○ ○ ○
incidents:timeline_add                 incident          ○ ● ○ ○ ○ ○ ● ○ ○ ○ ○ ○
incidents:assess                       incident          ○ ● ○ ○ ○ ○ ○ ○ ○ ○ ○ ○
incidents:describe                     incident          ○ ● ○ ○ ○ ○ ○ ○ ○ ○ ○ ○
incidents:raise_action                 incident          ○ ● ○ ○ ○ ○ ○ ○ ○ ○ ○ ○
incidents:no_action                    incident          ○ ● ○ ○ ○ ○ ○ ○ ○ ○ ○ ○
incidents:let_in                       incident          ○ ● ○ ○ ○ ○ ○ ○ ○ ○ ○ ○
incidents:close                        incident          ○ ● ○ ○ ○ ○ ○ ○ ○ ○ ○ ○
incidents:dismiss                      incident          ○ ● ○ ○ ○ ○ ○ ○ ○ ○ ○ ○
incidents:promote                      incident          ○ ● ○ ○ ○ ○ ○ ○ ○ ○ ○ ○
incidents:reopen                       incident          ○ ● ○ ○ ○ ○ ○ ○ ○ ○ ○ ○
incidents:publication                  incident          ● ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ○
incidents:assessment                   assessment        ● ● ○ ○ ○ ○ ○ ○ ○ ○ ○ ○
incidents:exclude                      incident_member   ○ ● ○ ○ ○ ○ ○ ○ ○ ○ ○ ○

incidents:desk                         incident          ● ● ○ ○ ○ ○ ○ ○ ○ ○ ○ ○
incidents:paper_pdf                    incident          ● ● ○ ○ ○ ○ ○ ○ ○ ○ ○ ○
incidents:paper_text                   incident          ● ● ○ ○ ○ ○ ○ ○ ○ ○ ○ ○
incidents:filed                        filed_report      ● ● ○ ○ ○ ○ ○ ○ ○ ○ ○ ○
incidents:submit                       obligation        ○ ● ○ ○ ○ ○ ○ ○ ○ ○ ○ ○
incidents:approve                      obligation        ● ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ○
incidents:return                       submitted_report  ● ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ○
incidents:file                         obligation        ○ ● ○ ○ ○ ○ ○ ○ ○ ○ ○ ○
incidents:supplement                   obligation        ○ ● ○ ○ ○ ○ ○ ○ ○ ○ ○ ○
incidents:difference                   obligation        ○ ● ○ ○ ○ ○ ○ ○ ○ ○ ○ ○
incidents:waive                        obligation        ● ● ○ ○ ○ ○ ○ ○ ○ ○ ○ ○
incidents:notice_create                incident          ○ ● ○ ○ ○ ○ ○ ○ ○ ○ ○ ○
incidents:not_told                     incident          ○ ● ○ ○ ○ ○ ○ ○ ○ ○ ○ ○
incidents:notice_update                persons_notice    ○ ● ○ ○ ○ ○ ○ ○ ○ ○ ○ ○
incidents:notice_drop                  persons_notice    ○ ● ○ ○ ○ ○ ○ ○ ○ ○ ○ ○
incidents:addressees_import            persons_notice    ○ ● ○ ○ ○ ○ ○ ○ ○ ○ ○ ○
incidents:letters                      notice_of_letters ○ ● ○ ○ ○ ○ ○ ○ ○ ○ ○ ○
incidents:certificate                  erased_notice     ● ● ○ ○ ○ ○ ○ ○ ○ ○ ○ ○

evidence:download                      evidence          ● ● ● ● ● ○ ○ ○ ○ ○ ○ ·
"""


class Line(NamedTuple):
    """One line of the table: the name of the row that is asked for, and the mark of each column."""

    row: str
    marks: dict[str, str]


def table() -> dict[str, Line]:
    """The table, by address."""
    heading, *lines = lines_of_table()
    letters = heading[2:]
    assert letters == list(VISITORS)
    return {name: Line(row, dict(zip(letters, marks, strict=True))) for name, row, *marks in lines}


def lines_of_table() -> list[list[str]]:
    """The table's lines, cut into words."""
    return [line.split() for line in TABLE.splitlines() if line]


def protected() -> list[Address]:
    """Addresses that take a permission."""
    return [it for it in addresses() if it.name not in PUBLIC | OWN_ACCOUNT]


def known_lines() -> list[tuple[Address, Line]]:
    """Protected addresses with their line; another test names those that have none."""
    lines = table()
    return [(it, lines[it.name]) for it in protected() if it.name in lines]

"""Rows of the administration as files; the headings are a file format, the same in every language.

Nothing comes in this way: a plan is made by its services, an edition by `manage.py load_guideline`.
"""

from typing import Any

from import_export.fields import Field
from import_export.resources import ModelResource

from .models import Clause, Cycle, Extension, Milestone, Objective, YearPlan
from .services import CLAUSE_HEADINGS

# Where a file says in words what the table keeps as a name.
_WORDED = {"phase", "title_confidence", "mapping_confidence"}


class CycleResource(ModelResource):
    """One row a year."""

    name = Field("name", column_name="年度")
    starts_on = Field("starts_on", column_name="開始日")
    ends_on = Field("ends_on", column_name="終了日")

    class Meta:
        model = Cycle
        fields = ("name", "starts_on", "ends_on")


class ClauseResource(ModelResource):
    """One row a clause: its edition, then what the file of an edition says of it."""

    class Meta:
        model = Clause
        fields = ()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fields = {"edition": Field("edition__code", column_name="版")} | {
            name: Field(f"get_{name}_display" if name in _WORDED else name, column_name=heading)
            for name, heading in CLAUSE_HEADINGS.items()
        }

    def dehydrate_is_section(self, clause: Clause) -> int:
        """As the file of an edition writes it."""
        return int(clause.is_section)


class YearPlanResource(ModelResource):
    """One row a plan, with its approval."""

    cycle = Field("cycle__name", column_name="年度")
    status = Field("get_status_display", column_name="状態")
    policy = Field("policy", column_name="今年度の重点")
    created_on = Field("created_on", column_name="作成日")
    approved_on = Field("approved_on", column_name="承認日")
    late_reason = Field("late_reason", column_name="承認が遅れた理由")

    class Meta:
        model = YearPlan
        fields = ("cycle", "status", "policy", "created_on", "approved_on", "late_reason")


class ObjectiveResource(ModelResource):
    """One row an objective, with what came of it."""

    cycle = Field("cycle__name", column_name="年度")
    title = Field("title", column_name="目標")
    measure = Field("measure", column_name="指標")
    target = Field("target", column_name="目標値")
    owner = Field("owner__full_name", column_name="担当者")
    due_on = Field("due_on", column_name="測定期限")
    measured_on = Field("measured_on", column_name="測定日")
    result = Field("result", column_name="結果")
    verdict = Field("get_verdict_display", column_name="達成状況")

    class Meta:
        model = Objective
        fields = (
            *("cycle", "title", "measure", "target", "owner", "due_on"),
            *("measured_on", "result", "verdict"),
        )


class MilestoneResource(ModelResource):
    """One row a milestone, with its first date and what became of it."""

    cycle = Field("cycle__name", column_name="年度")
    phase = Field("get_phase_display", column_name="区分")
    title = Field("title", column_name="実施項目")
    title_en = Field("title_en", column_name="実施項目（英語）")
    clause = Field("clause__code", column_name="項番")
    role = Field("get_role_display", column_name="担当する役割")
    owner = Field("owner__full_name", column_name="担当者")
    fulfilment = Field("get_fulfilment_display", column_name="完了の条件")
    records = Field("records", column_name="記録")
    first_due_on = Field("first_due_on", column_name="当初の期限")
    due_on = Field("due_on", column_name="期限")
    status = Field("get_status_display", column_name="状態")
    missed_on = Field("missed_on", column_name="期限内に未実施の記録日")
    done_on = Field("done_on", column_name="完了日")
    result = Field("result", column_name="結果")
    added_later_on = Field("added_later_on", column_name="承認後の追加日")

    class Meta:
        model = Milestone
        fields = (
            *("cycle", "phase", "title", "title_en", "clause", "role", "owner", "fulfilment"),
            *("records", "first_due_on", "due_on", "status", "missed_on", "done_on", "result"),
            "added_later_on",
        )


class ExtensionResource(ModelResource):
    """One row a request for a later date, with the decision."""

    cycle = Field("milestone__cycle__name", column_name="年度")
    milestone = Field("milestone__title", column_name="実施項目")
    old_due_on = Field("old_due_on", column_name="これまでの期限")
    new_due_on = Field("new_due_on", column_name="新しい期限")
    reason = Field("reason", column_name="理由")
    asked_by = Field("asked_by__email", column_name="申請者")
    asked_at = Field("asked_at", column_name="申請日時")
    status = Field("get_status_display", column_name="状態")
    decided_by = Field("decided_by__email", column_name="判断した人")
    decided_at = Field("decided_at", column_name="判断日時")
    answer = Field("answer", column_name="回答")

    class Meta:
        model = Extension
        fields = (
            *("cycle", "milestone", "old_due_on", "new_due_on", "reason", "asked_by", "asked_at"),
            *("status", "decided_by", "decided_at", "answer"),
        )

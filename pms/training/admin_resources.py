"""Rows of the admin as files.

The headings are a file format: they stay as they are in every language. Questions come back in
through their importer, which checks that they can be asked fairly; the rest is only taken out.
"""

from typing import Any

from import_export.fields import Field
from import_export.resources import ModelResource

from pms.transfer.lists import Column

from .importers.questions import QUESTION_COLUMNS
from .models import (
    Attempt,
    Campaign,
    Course,
    Excuse,
    FollowUp,
    Question,
    Session,
    TrainingPlan,
    TrainingRecord,
)


class CourseResource(ModelResource):
    """One row a course."""

    code = Field("code", column_name="コースコード")
    title = Field("title", column_name="コース")
    title_en = Field("title_en", column_name="コース（英語）")
    kind = Field("get_kind_display", column_name="種類")
    summary = Field("summary", column_name="概要")
    summary_en = Field("summary_en", column_name="概要（英語）")
    is_active = Field("is_active", column_name="使用")

    class Meta:
        model = Course
        fields = ("code", "title", "title_en", "kind", "summary", "summary_en", "is_active")


class ColumnField(Field):
    """A column of one of our tables."""

    def __init__(self, column: Column) -> None:
        super().__init__(column_name=column.heading, readonly=True)
        self.column = column

    def get_value(self, instance: Any, **kwargs: Any) -> Any:
        """What the table says of `instance`."""
        return self.column.value(instance)


class QuestionResource(ModelResource):
    """One row a question with its answers, exactly as the importer reads it back."""

    class Meta:
        model = Question
        fields = ()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fields = {column.heading: ColumnField(column) for column in QUESTION_COLUMNS}


class TrainingPlanResource(ModelResource):
    """One row a version of a plan."""

    cycle = Field("cycle__name", column_name="年度")
    version = Field("version", column_name="版")
    status = Field("get_status_display", column_name="状態")
    purpose = Field("purpose", column_name="目的")
    follow_up_rule = Field("follow_up_rule", column_name="未受講者フォロー")
    responsible = Field("responsible", column_name="担当者")
    created_on = Field("created_on", column_name="作成日")
    approved_on = Field("approved_on", column_name="承認日")

    class Meta:
        model = TrainingPlan
        fields = (
            *("cycle", "version", "status", "purpose", "follow_up_rule", "responsible"),
            *("created_on", "approved_on"),
        )


class CampaignResource(ModelResource):
    """One row a campaign."""

    cycle = Field("cycle__name", column_name="年度")
    title = Field("title", column_name="研修")
    course = Field("course__code", column_name="コースコード")
    starts_on = Field("starts_on", column_name="開始日")
    ends_on = Field("ends_on", column_name="終了日")
    status = Field("get_status_display", column_name="状態")
    pass_mark = Field("pass_mark", column_name="合格点")
    lecturer = Field("lecturer", column_name="講師")
    population_on = Field("population_on", column_name="対象者の確定日")
    closed_at = Field("closed_at", column_name="終了処理日時")

    class Meta:
        model = Campaign
        fields = (
            *("cycle", "title", "course", "starts_on", "ends_on", "status", "pass_mark"),
            *("lecturer", "population_on", "closed_at"),
        )


class SessionResource(ModelResource):
    """One row a session."""

    campaign = Field("campaign__title", column_name="研修")
    held_on = Field("held_on", column_name="実施日")
    place = Field("place", column_name="場所")
    lecturer = Field("lecturer", column_name="講師")
    is_make_up = Field("is_make_up", column_name="補講")
    note = Field("note", column_name="備考")

    class Meta:
        model = Session
        fields = ("campaign", "held_on", "place", "lecturer", "is_make_up", "note")


class TrainingRecordResource(ModelResource):
    """One row a person and campaign, with the facts of the opening day."""

    campaign = Field("campaign__title", column_name="研修")
    employee_number = Field("employee_number", column_name="社員番号")
    name = Field("name", column_name="氏名")
    kana = Field("kana", column_name="カナ")
    department = Field("department__name", column_name="部門")
    employment_kind = Field("get_employment_kind_display", column_name="雇用区分")
    status = Field("get_status_display", column_name="状態")
    due_on = Field("due_on", column_name="期限")
    attended_on = Field("attended_on", column_name="受講日")
    method = Field("get_method_display", column_name="受講方法")
    comprehension = Field("get_comprehension_display", column_name="理解度確認")
    score = Field("score", column_name="点数")
    failures = Field("failures", column_name="不合格回数")
    passed_on = Field("passed_on", column_name="合格日")
    acknowledged_at = Field("acknowledged_at", column_name="理解の確認")
    lecturer = Field("lecturer", column_name="講師")
    void_reason = Field("void_reason", column_name="無効とした理由")

    class Meta:
        model = TrainingRecord
        fields = (
            *("campaign", "employee_number", "name", "kana", "department", "employment_kind"),
            *("status", "due_on", "attended_on", "method", "comprehension", "score", "failures"),
            *("passed_on", "acknowledged_at", "lecturer", "void_reason"),
        )


class OfRecordResource(ModelResource):
    """Something that belongs to one person's record."""

    campaign = Field("record__campaign__title", column_name="研修")
    employee_number = Field("record__employee_number", column_name="社員番号")
    name = Field("record__name", column_name="氏名")


class AttemptResource(OfRecordResource):
    """One row an attempt at a test."""

    number = Field("number", column_name="回")
    started_at = Field("started_at", column_name="開始日時")
    submitted_at = Field("submitted_at", column_name="提出日時")
    score = Field("score", column_name="点数")
    is_passed = Field("is_passed", column_name="合格")

    class Meta:
        model = Attempt
        fields = (
            *("campaign", "employee_number", "name", "number", "started_at", "submitted_at"),
            *("score", "is_passed"),
        )


class ExcuseResource(OfRecordResource):
    """One row an excuse, asked for or given by a rule."""

    reason = Field("get_reason_display", column_name="理由")
    note = Field("note", column_name="説明")
    status = Field("get_status_display", column_name="状態")
    until = Field("until", column_name="免除の期限")
    by_rule = Field("by_rule", column_name="規則による免除")
    requested_at = Field("requested_at", column_name="申請日時")
    decided_at = Field("decided_at", column_name="承認・却下日時")
    decision_note = Field("decision_note", column_name="承認・却下の備考")

    class Meta:
        model = Excuse
        fields = (
            *("campaign", "employee_number", "name", "reason", "note", "status", "until"),
            *("by_rule", "requested_at", "decided_at", "decision_note"),
        )


class FollowUpResource(OfRecordResource):
    """One row a follow-up."""

    kind = Field("get_kind_display", column_name="種類")
    done_on = Field("done_on", column_name="実施日")
    result = Field("result", column_name="結果")

    class Meta:
        model = FollowUp
        fields = ("campaign", "employee_number", "name", "kind", "done_on", "result")

"""年度計画書: what was planned first and what was missed stand on the paper, too."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from django.utils import translation
from pypdf import PdfReader

from pms.cycles.printing import year_pdf

from .factories import MilestoneFactory, ObjectiveFactory, YearPlanFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)


def text_of(plan, language="ja"):
    """The words of the paper, without spaces."""
    with translation.override(language):
        content = year_pdf(
            plan.cycle, plan, plan.cycle.milestones.all(), plan.cycle.objectives.all(), now=NOW
        )
    pages = PdfReader(BytesIO(content)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def test_names_approval_objectives_and_milestones():
    plan = YearPlanFactory(approved=True, policy="委託先の監督を強める。")
    ObjectiveFactory(cycle=plan.cycle, title="事故0件")
    MilestoneFactory(cycle=plan.cycle, title="内部監査")
    text = text_of(plan)
    for words in ("年度計画書", "委託先の監督を強める。", "事故0件", "内部監査", "2026-03-20"):
        assert words in text
    assert "〓" not in text


def test_keeps_the_first_date_and_that_it_was_missed():
    plan = YearPlanFactory(approved=True)
    MilestoneFactory(
        cycle=plan.cycle,
        due_on=date(2026, 12, 20),
        first_due_on=date(2026, 9, 30),
        missed_on=date(2026, 10, 1),
        status="done",
        done_on=date(2026, 12, 10),
        result="済んだ。",
    )
    text = text_of(plan)
    assert "2026-12-20" in text
    assert "2026-09-30" in text
    assert "期限内に未実施" in text


def test_is_printed_in_english_as_well():
    plan = YearPlanFactory(approved=True)
    MilestoneFactory(cycle=plan.cycle, title="内部監査", title_en="Internal audit")
    assert "Internalaudit" in text_of(plan, "en")


def test_is_printed_before_anything_is_planned():
    assert "2026年度" in text_of(YearPlanFactory())

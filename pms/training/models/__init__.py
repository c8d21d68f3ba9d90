"""Training's tables, one file per aggregate."""

from .campaigns import Campaign, CampaignQuestion, Report, Session
from .courses import Choice, Course, CourseVersion, Question
from .plans import PlanItem, TrainingPlan
from .records import Attempt, Excuse, FollowUp, TrainingRecord

__all__ = [
    "Attempt",
    "Campaign",
    "CampaignQuestion",
    "Choice",
    "Course",
    "CourseVersion",
    "Excuse",
    "FollowUp",
    "PlanItem",
    "Question",
    "Report",
    "Session",
    "TrainingPlan",
    "TrainingRecord",
]

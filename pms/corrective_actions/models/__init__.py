"""The register's tables, one file per aggregate."""

from .actions import CorrectiveAction, CorrectiveActionQuerySet
from .findings import ExaminerFinding
from .requests import Acceptance, Extension
from .rounds import Handover, Measure, Round, Why

__all__ = [
    "Acceptance",
    "CorrectiveAction",
    "CorrectiveActionQuerySet",
    "ExaminerFinding",
    "Extension",
    "Handover",
    "Measure",
    "Round",
    "Why",
]

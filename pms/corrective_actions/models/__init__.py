"""The register's tables, one file per aggregate."""

from .actions import CorrectiveAction, CorrectiveActionQuerySet
from .findings import ExaminerFinding
from .requests import Acceptance, Extension
from .rounds import Measure, Round, Why

__all__ = [
    "Acceptance",
    "CorrectiveAction",
    "CorrectiveActionQuerySet",
    "ExaminerFinding",
    "Extension",
    "Measure",
    "Round",
    "Why",
]

"""The tables of incidents, one file per aggregate."""

from .actions import IncidentAction
from .desk import FiledReport, ReportItem
from .emergency import EmergencyContact, EmergencyProcedure
from .incidents import (
    FirstReport,
    Incident,
    IncidentSettings,
    Member,
    TimelineEntry,
)
from .obligations import Assessment, Judgement, Obligation
from .persons import Addressee, PersonsNotice
from .rules import Category, ObligationRule

__all__ = [
    "Addressee",
    "Assessment",
    "Category",
    "EmergencyContact",
    "EmergencyProcedure",
    "FiledReport",
    "FirstReport",
    "Incident",
    "IncidentAction",
    "IncidentSettings",
    "Judgement",
    "Member",
    "Obligation",
    "ObligationRule",
    "PersonsNotice",
    "ReportItem",
    "TimelineEntry",
]

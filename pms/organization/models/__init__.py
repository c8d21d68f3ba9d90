"""The company's tables, one file per aggregate."""

from .access import Access, access_of, compute_access
from .appointments import SINGLE_ROLES, Appointment
from .closed_days import ClosedDay
from .company import Company
from .numbers import NumberSeries
from .people import Affiliation, Leave, Person
from .places import Department, DepartmentName, Site, in_language

__all__ = [
    "SINGLE_ROLES",
    "Access",
    "Affiliation",
    "Appointment",
    "ClosedDay",
    "Company",
    "Department",
    "DepartmentName",
    "Leave",
    "NumberSeries",
    "Person",
    "Site",
    "access_of",
    "compute_access",
    "in_language",
]

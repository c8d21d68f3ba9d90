"""What can be done to the company, its people and its posts."""

from .accounts import close_account, invite, open_account, reopen_account
from .affiliations import (
    add_concurrent_post,
    correct_affiliation,
    end_concurrent_post,
    move_person,
)
from .appointments import appoint, end_appointment, withdraw_appointment
from .closed_days import add_closed_days, remove_closed_day
from .departments import (
    close_department,
    create_department,
    move_department,
    rename_department,
    update_department,
)
from .duties import check_affiliation, check_appointment, is_barred_post
from .leaves import add_leave, end_leave
from .numbers import next_number
from .people import create_person, end_employment, update_person, withdraw_leaving
from .sites import create_site, describe_company, update_site

__all__ = [
    "add_closed_days",
    "add_concurrent_post",
    "add_leave",
    "appoint",
    "check_affiliation",
    "check_appointment",
    "close_account",
    "close_department",
    "correct_affiliation",
    "create_department",
    "create_person",
    "create_site",
    "describe_company",
    "end_appointment",
    "end_concurrent_post",
    "end_employment",
    "end_leave",
    "invite",
    "is_barred_post",
    "move_department",
    "move_person",
    "next_number",
    "open_account",
    "remove_closed_day",
    "rename_department",
    "reopen_account",
    "update_department",
    "update_person",
    "update_site",
    "withdraw_appointment",
    "withdraw_leaving",
]

"""Imports outside the request."""

from datetime import date

from django.tasks import task
from django.utils.translation import override

from . import engine


@task()
def check_import(run_id: int, today: str, language: str) -> None:
    """Plan the file of a run; messages in the language of the person who waits for it."""
    with override(language):
        engine.check(run_id, today=date.fromisoformat(today))


@task()
def write_import(run_id: int, today: str, language: str) -> None:
    """Write a confirmed run."""
    with override(language):
        engine.write(run_id, today=date.fromisoformat(today))

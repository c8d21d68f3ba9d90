"""The report on paper, at every step and in both languages."""

from datetime import timedelta

import pytest
from django.utils import translation

from pms.corrective_actions.choices import Status
from pms.corrective_actions.models import CorrectiveAction
from pms.corrective_actions.printing import report_pdf
from pms.organization.mastheads import in_words
from pms.organization.models import Company

from .factories import CLOSED_ON, CorrectiveActionFactory, ExtensionFactory, at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _company():
    Company.objects.create(pk=1, name="みなと環境サービス株式会社")


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize(
    "facts", [{}, {"at": Status.EXECUTION}, {"round": 2}, {"at": Status.CLOSED}]
)
def test_is_a_paper_at_every_step(language, facts):
    action = CorrectiveActionFactory(**facts)

    with translation.override(language):
        assert report_pdf(action, now=at(CLOSED_ON)).startswith(b"%PDF")


@pytest.fixture
def printed(monkeypatch):
    """What goes on the paper."""
    found = {}
    monkeypatch.setattr(
        "pms.corrective_actions.printing.render_pdf",
        lambda _paper, facts, **_rest: found.update(facts) or b"",
    )
    return found


@pytest.mark.parametrize(
    ("state", "issued_on"),
    [(Status.EXECUTION, CLOSED_ON + timedelta(days=9)), (Status.CLOSED, CLOSED_ON)],
)
def test_bears_the_day_of_closing_and_before_it_that_of_printing(printed, state, issued_on):
    action = CorrectiveActionFactory(at=state)

    report_pdf(action, now=at(CLOSED_ON + timedelta(days=9)))

    assert printed["masthead"].issued == in_words(issued_on)


def test_holds_every_round_and_request(printed):
    action = CorrectiveActionFactory(round=2)
    ExtensionFactory(action=action)

    report_pdf(CorrectiveAction.objects.get(), now=at(CLOSED_ON))

    assert len(printed["rounds"]) == 2
    assert printed["rounds"][0]["measures"][0][-1] == "手順書.txt"
    assert len(printed["extensions"]) == 1
    assert printed["masthead"].number == action.number

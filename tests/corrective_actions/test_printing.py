"""The report on paper, at every step and in both languages."""

import pytest
from django.utils import translation

from pms.corrective_actions.choices import Status
from pms.corrective_actions.models import CorrectiveAction
from pms.corrective_actions.printing import report_pdf
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


def test_holds_every_round_and_request(monkeypatch):
    action = CorrectiveActionFactory(round=2)
    ExtensionFactory(action=action)
    printed = {}
    monkeypatch.setattr(
        "pms.corrective_actions.printing.render_pdf",
        lambda _paper, facts, **_rest: printed.update(facts) or b"",
    )

    report_pdf(CorrectiveAction.objects.get(), now=at(CLOSED_ON))

    assert len(printed["rounds"]) == 2
    assert printed["rounds"][0]["measures"][0][-1] == "手順書.txt"
    assert len(printed["extensions"]) == 1
    assert printed["masthead"].number == action.number

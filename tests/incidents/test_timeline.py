"""The timeline reads in either language, and what goes into reports is Japanese whoever acted."""

import pytest
from django.urls import reverse
from django.utils import translation

from pms.accounts.models import User
from pms.accounts.roles import Role
from pms.incidents import services
from pms.incidents.choices import FactCode, Item
from pms.incidents.suggestions import suggestions_of
from tests.accounts.factories import UserFactory

from .factories import NOW, assess, report

pytestmark = pytest.mark.django_db


def lines(client, incident, language):
    """The timeline as a handler reads it in `language`."""
    user = User.objects.filter(person__appointments__role=Role.PRIVACY_MANAGER).first()
    client.force_login(user or UserFactory(roles=[Role.PRIVACY_MANAGER]))
    shown = client.get(incident.get_absolute_url()).context["incident"]
    with translation.override(language):
        return [it.words for it in shown.timeline.all()]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_what_the_system_words_is_read_in_either_language_whoever_acted(client, language):
    with translation.override(language):
        incident = report()
        assess(incident, FactCode.SENSITIVE)
        services.dismiss(incident.pk, reason="誤報", actor=UserFactory(), now=NOW)

    japanese, english = (lines(client, incident, it) for it in ("ja", "en"))

    assert "最初の部署が気付いた。" in japanese
    assert "The first department noticed it." in english
    assert any("速報" in it for it in japanese)
    assert any("Preliminary report" in it for it in english)
    assert [it for it in english if "誤報" in it] == ["No incident: 誤報"]
    assert not [it for it in english if "速報" in it]


def test_the_page_shows_it_so(client):
    incident = report()
    client.force_login(UserFactory(roles=[Role.PRIVACY_MANAGER], language="en"))
    text = client.get(incident.get_absolute_url()).text
    assert "The first department noticed it." in text


def test_what_somebody_wrote_stays_as_it_was_written(client):
    incident = report()
    facts = {"happened_at": NOW, "kind": "known", "actor": UserFactory(), "now": NOW}
    services.tell_timeline(incident.pk, text="駅から電話があった。", **facts)
    assert "駅から電話があった。" in lines(client, incident, "en")


def test_the_course_of_events_in_a_report_is_japanese(client):
    with translation.override("en"):
        incident = report()
        client.force_login(UserFactory(roles=[Role.PRIVACY_MANAGER], language="en"))
        client.get(reverse("incidents:desk", args=[incident.pk]))
        overview = suggestions_of(incident)[Item.OVERVIEW].text
    assert "noticed" not in overview

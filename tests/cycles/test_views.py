"""The years: services and pages."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from pms.accounts.roles import Role
from pms.core.exceptions import DomainError
from pms.cycles import services
from pms.cycles.models import Cycle
from pms.history.models import HistoryEntry
from tests.accounts.factories import UserFactory
from tests.cycles.factories import CycleFactory

pytestmark = pytest.mark.django_db

LIST = reverse("cycles:cycle_list")


@pytest.fixture
def manager(client):
    user = UserFactory(roles=[Role.PRIVACY_MANAGER], language="en")
    client.force_login(user)
    return user


class TestCreate:
    def test_has_twelve_months_from_any_first_day(self):
        cycle = services.create_cycle(name="2026年度", starts_on=date(2026, 10, 1), actor=None)

        assert cycle.ends_on == date(2027, 9, 30)
        assert HistoryEntry.objects.of(cycle)[0].event == "cycles.created"

    def test_shares_no_day_with_another(self):
        CycleFactory(year=2026)

        with pytest.raises(DomainError):
            services.create_cycle(name="重なる年度", starts_on=date(2027, 3, 31), actor=None)

    def test_has_a_name_of_its_own(self):
        CycleFactory(year=2026)

        with pytest.raises(ValidationError) as refusal:
            services.create_cycle(name="2026年度", starts_on=date(2027, 4, 1), actor=None)

        assert "name" in refusal.value.message_dict


class TestUpdate:
    def update(self, cycle, today, **changes):
        facts = {"name": cycle.name, "starts_on": cycle.starts_on, "ends_on": cycle.ends_on}
        return services.update_cycle(cycle.pk, **facts | changes, today=today, actor=None)

    def test_can_be_moved_until_it_has_begun(self):
        cycle = CycleFactory(year=2026)

        moved = self.update(cycle, date(2026, 3, 31), starts_on=date(2026, 7, 1), ends_on=None)

        assert (moved.starts_on, moved.ends_on) == (date(2026, 7, 1), date(2027, 6, 30))

    def test_keeps_its_days_once_it_has_begun(self):
        cycle = CycleFactory(year=2026)

        with pytest.raises(DomainError):
            self.update(cycle, date(2026, 4, 1), ends_on=date(2027, 6, 30))

        assert self.update(cycle, date(2026, 4, 1), name="第50期").name == "第50期"


class TestPages:
    def test_shows_which_year_is_running(self, client, manager):
        today = timezone.localdate()
        cycle = Cycle.objects.create(
            name="今年度", starts_on=today - timedelta(days=9), ends_on=today + timedelta(days=300)
        )

        response = client.get(LIST)

        assert [line[:2] for line in response.context["lines"]] == [(cycle, "running")]

    def test_registers_and_changes_a_year(self, client, manager):
        create = reverse("cycles:cycle_create")
        assert client.post(create, {"name": "2040年度", "starts_on": "2040-04-01"}).url == LIST
        cycle = Cycle.objects.get()

        update = reverse("cycles:cycle_update", args=[cycle.pk])
        client.post(
            update, {"name": "令和22年度", "starts_on": "2040-04-01", "ends_on": "2041-03-31"}
        )

        cycle.refresh_from_db()
        assert cycle.name == "令和22年度"

    def test_shows_on_the_form_what_is_refused(self, client, manager):
        CycleFactory(year=2026)

        response = client.post(
            reverse("cycles:cycle_create"), {"name": "重なる年度", "starts_on": "2026-05-01"}
        )

        assert "shares days" in str(response.context["form"].errors["starts_on"])

    def test_takes_the_years_out_as_a_file(self, client, manager):
        CycleFactory(year=2026)

        text = client.get(LIST, {"export": "csv"}).getvalue().decode("utf-8-sig")

        assert text.splitlines() == ["年度,開始日,終了日", "2026年度,2026-04-01,2027-03-31"]

"""Landing pages, search, settings and the language switch."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pms.accounts.roles import Role
from pms.corrective_actions.choices import Status
from tests.accounts.factories import UserFactory
from tests.corrective_actions.factories import CorrectiveActionFactory
from tests.organization.factories import DepartmentFactory, PersonFactory
from tests.training.factories import CampaignFactory, CourseFactory, record_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    user = UserFactory(roles=[], language="en")
    client.force_login(user)
    return user


@pytest.fixture
def officer(client):
    user = UserFactory(roles=[Role.TRAINING_OFFICER], language="en")
    client.force_login(user)
    return user


class TestStart:
    @pytest.mark.parametrize(
        ("roles", "name"),
        [([], "dashboard:home"), ([Role.PRIVACY_MANAGER], "dashboard:overview")],
    )
    def test_leads_to_the_page_that_one_needs_first(self, client, roles, name):
        client.force_login(UserFactory(roles=roles))

        assert client.get(reverse("dashboard:start")).url == reverse(name)


class TestHome:
    def test_greets_with_the_day_and_shows_what_is_to_do(self, client, staff):
        campaign = CampaignFactory(open=True)
        record = record_of(campaign, staff.person)
        campaign.records.update(due_on=timezone.localdate() - timedelta(days=3))

        page = client.get("/").text

        assert timezone.localdate().strftime("%d %B %Y").lstrip("0") in page
        assert staff.person.full_name in page
        assert "3 days late" in page
        assert reverse("training:take", args=[record.pk]) in page

    def test_is_calm_when_nothing_is_to_do(self, client, staff):
        assert "Nothing is waiting for you" in client.get("/").text

    def test_costs_one_query_for_each_subject(self, client, staff):
        CampaignFactory(open=True)
        client.get("/")

        with CaptureQueriesContext(connection) as queries:
            client.get("/")

        assert len(queries) <= 7  # and one for the link to the corrective actions

    def test_leads_to_ones_corrective_actions_even_when_all_is_done(self, client, staff):
        register = reverse("corrective_actions:action_list")
        assert register not in client.get("/").text

        CorrectiveActionFactory(at=Status.CLOSED, owner=staff.person)

        assert f'href="{register}"' in client.get("/").text

    def test_is_not_for_an_account_without_a_person(self, client):
        client.force_login(UserFactory())

        assert client.get("/").status_code == 403


class TestSearch:
    def search(self, client, text):
        return client.get(reverse("dashboard:search"), {"q": text}).context["found"]

    @pytest.mark.parametrize(
        "text", ["髙橋", "高橋", "ﾀｶﾊｼ", "タカハシ ケン", "Ｋ００７７", "K0077"]
    )
    def test_finds_people_in_every_spelling(self, client, officer, text):
        person = PersonFactory(
            employee_number="K0077",
            family_name="髙橋",
            given_name="健",
            family_kana="タカハシ",
            given_kana="ケン",
        )

        assert self.search(client, text).people == [person]

    def test_finds_courses_and_campaigns_by_title(self, client, officer):
        course = CourseFactory(title="マイナンバー研修", code="MN1")
        campaign = CampaignFactory(course=course, title="2026年度 マイナンバー教育")

        found = self.search(client, "マイナンバー")

        assert (list(found.courses), list(found.campaigns)) == ([course], [campaign])
        assert list(self.search(client, "ＭＮ１").courses) == [course]
        assert list(self.search(client, "2026 教育").campaigns) == [campaign]

    def test_shows_to_staff_nobody_but_themselves(self, client, staff):
        PersonFactory(family_name="山田")
        CampaignFactory(title="山田")
        CourseFactory(title="山田")

        found = self.search(client, "山田")

        assert (found.people, list(found.campaigns), list(found.courses)) == (
            [staff.person],
            [],
            [],
        )

    def test_shows_to_managers_their_own_people(self, client):
        department = DepartmentFactory()
        user = UserFactory(roles=[Role.DEPARTMENT_MANAGER], department=department)
        colleague = PersonFactory(affiliation__department=department)
        PersonFactory()
        client.force_login(user)

        assert set(self.search(client, "ヤマダ").people) == {user.person, colleague}

    @pytest.mark.parametrize("text", ["", "  ", "\x00", "%", "zzz"])
    def test_of_nothing_or_of_nonsense_finds_nothing(self, client, officer, text):
        response = client.get(reverse("dashboard:search"), {"q": text})

        assert response.status_code == 200
        assert not response.context["found"]

    def test_of_one_letter_is_enough(self, client, officer):
        assert officer.person in self.search(client, "山").people

    def test_leads_to_the_list_when_there_are_more_than_it_shows(self, client, officer):
        PersonFactory.create_batch(25)

        response = client.get(reverse("dashboard:search"), {"q": "山田"})

        assert len(response.context["found"].people) == 20
        link = f"{reverse('organization:person_list')}?q=%E5%B1%B1%E7%94%B0"
        assert link in response.text
        assert client.get(link).context["page"].total == 26

    def test_costs_the_same_however_much_is_found(self, client, officer):
        counts = []
        for _ in range(2):
            PersonFactory.create_batch(5)
            CourseFactory.create_batch(3, title="山田")
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse("dashboard:search"), {"q": "山田"})
            counts.append(len(queries))

        assert counts[0] == counts[1] <= 8


class TestSettings:
    def test_are_kept_and_confirmed_in_the_new_language(self, client, staff):
        response = client.post(
            reverse("dashboard:settings"),
            {"language": "ja", "uses_wareki": "on", "form_token": uuid4().hex},
            follow=True,
        )

        staff.refresh_from_db()
        assert (staff.language, staff.uses_wareki) == ("ja", True)
        assert '<html lang="ja">' in response.text
        assert "message-success" in response.text

    def test_refuse_a_language_that_is_not_offered(self, client, staff):
        response = client.post(reverse("dashboard:settings"), {"language": "fr"})

        assert response.context["form"].errors["language"]
        assert "error-summary" in response.text

    def test_lead_to_the_change_of_password(self, client, staff):
        assert reverse("account_change_password") in client.get(reverse("dashboard:settings")).text


class TestLanguage:
    def switch(self, client, **data):
        return client.post(reverse("dashboard:language"), data)

    def test_is_kept_by_the_account(self, client, staff):
        response = self.switch(client, language="ja", next="/me/?a=1")

        staff.refresh_from_db()
        assert (staff.language, response.url) == ("ja", "/me/?a=1")

    def test_is_kept_by_the_browser_of_a_visitor(self, client):
        self.switch(client, language="en")
        english = client.get(reverse("account_login")).text
        self.switch(client, language="ja")
        japanese = client.get(reverse("account_login")).text

        assert '<html lang="en">' in english
        assert '<html lang="ja">' in japanese

    def test_ignores_a_language_that_is_not_offered(self, client, staff):
        response = self.switch(client, language="xx")

        staff.refresh_from_db()
        assert staff.language == "en"
        assert "django_language" not in response.cookies

    @pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", ""])
    def test_never_leads_elsewhere(self, client, staff, target):
        assert self.switch(client, language="ja", next=target).url == "/"

    def test_is_switched_by_a_form_only(self, client, staff):
        assert client.get(reverse("dashboard:language")).status_code == 405

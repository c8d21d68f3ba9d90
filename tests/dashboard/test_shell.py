"""The frame around every page: who is shown what, an ended session, errors, the sign-in pages."""

import re

import pytest
from django.core import mail
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from pms.accounts.roles import Role
from tests.accounts.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    user = UserFactory(roles=[Role.TRAINING_OFFICER], language="en")
    client.force_login(user)
    return user


class TestFrame:
    def test_names_the_person_and_their_posts(self, client, officer):
        page = client.get("/").text

        assert officer.person.full_name in page
        assert "Training officer" in page

    def test_marks_the_place_where_one_is(self, client, officer):
        page = client.get("/").text

        assert re.search(r'<a href="/" aria-current="page"', page)
        assert page.count("aria-current") == 1

    def test_offers_the_other_language(self, client, officer):
        assert 'value="ja" lang="ja"' in client.get("/").text

    def test_has_its_parts_in_order(self, client, officer):
        page = client.get("/me/").text
        parts = ["skip-link", "<header", "<nav", 'class="breadcrumbs"', '<main id="main"', "<h1"]
        places = [page.index(part) for part in parts]

        assert places == sorted(places)
        assert page.count("<h1") == 1

    def test_needs_six_files_at_most_and_little_script(self, client, officer):
        page = client.get("/").text
        files = set(re.findall(r'(?:src|href)="(/static/[^"#]+)', page))

        assert len(files) <= 5  # and the page itself
        assert "<style" not in page
        assert not re.search(r"\sstyle=", page)

    def test_sends_the_token_of_its_forms_with_parts_of_pages(self, client, officer):
        page = client.get("/").text
        (token,) = re.findall(r'hx-headers=\'{"X-CSRFToken": "(\w+)"}\'', page)
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = client.cookies

        sent = strict.post(
            reverse("dashboard:language"), {"language": "ja"}, headers={"X-CSRFToken": token}
        )

        assert sent.status_code == 302


class TestEndedSession:
    def test_leads_to_the_sign_in_page_and_back(self, client):
        response = client.get("/me/?a=1")

        assert response.url == f"{reverse('account_login')}?next=/me/%3Fa%3D1"

    def test_comes_back_to_the_form_that_was_sent(self, client):
        response = client.post("/me/", headers={"Referer": "http://testserver/me/?b=2"})

        assert response.url.endswith("?next=/me/%3Fb%3D2")

    @pytest.mark.parametrize("address", ["", "https://elsewhere.example/me/"])
    def test_comes_back_to_the_first_page_from_elsewhere(self, client, address):
        response = client.post("/me/", headers={"Referer": address})

        assert response.url.endswith("?next=/")

    def test_tells_htmx_to_leave_the_page(self, client):
        response = client.get(
            "/search/?q=a",
            headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/me/?c=3"},
        )

        assert response.status_code == 200
        assert response["HX-Redirect"] == f"{reverse('account_login')}?next=/me/%3Fc%3D3"


class TestErrorPages:
    def test_a_page_that_is_not_there(self, client, officer):
        response = client.get("/nowhere/")

        assert response.status_code == 404
        assert "There is no such page" in response.text

    def test_a_page_that_is_not_open(self, client):
        client.force_login(UserFactory(roles=[], language="en"))

        response = client.get(reverse("dashboard:overview"))

        assert response.status_code == 403
        assert "This page is not open to you" in response.text

    def test_a_form_from_elsewhere(self, officer):
        client = Client(enforce_csrf_checks=True)
        client.force_login(officer)

        response = client.post("/me/")

        assert response.status_code == 403
        assert "could not be accepted" in response.text

    @pytest.mark.parametrize("name", ["400", "500"])
    def test_a_fault_is_told_without_any_help(self, name):
        page = render_to_string(f"{name}.html")

        assert "<h1>" in page
        assert "<script" not in page


class TestSignIn:
    def sign_in(self, client, email, password=PASSWORD):
        return client.post(reverse("account_login"), {"login": email, "password": password})

    def test_leads_to_the_first_page(self, client):
        user = UserFactory(roles=[])

        assert self.sign_in(client, user.email.upper()).url == reverse("dashboard:start")

    def test_with_a_wrong_password_says_so_and_keeps_the_address(self, client):
        user = UserFactory(roles=[])

        page = self.sign_in(client, user.email, "wrong password").text

        assert "error-summary" in page
        assert user.email in page

    def test_shows_the_demo_in_the_demo_only(self, client):
        assert "demo" not in client.get(reverse("account_login")).text

    def test_is_offered_to_nobody_new(self, client):
        response = client.post(
            reverse("account_signup"), {"email": "new@example.jp", "password1": PASSWORD}
        )

        assert "<h1>" in response.text
        assert not UserFactory._meta.model.objects.filter(email="new@example.jp").exists()

    @pytest.mark.parametrize(
        "name",
        [
            "account_login",
            "account_signup",
            "account_inactive",
            "account_reset_password",
            "account_reset_password_done",
            "account_reset_password_from_key_done",
        ],
    )
    def test_its_pages_are_dressed(self, client, name):
        page = client.get(reverse(name)).text

        assert "css/app.css" in page
        assert page.count("<h1") == 1
        assert 'class="card' in page

    @pytest.mark.parametrize("name", ["account_change_password", "account_logout"])
    def test_the_pages_of_ones_own_account_are_dressed(self, client, officer, name):
        page = client.get(reverse(name)).text

        assert "css/app.css" in page
        assert page.count("<h1") == 1

    def test_a_new_password_is_set_by_mail(self, client, settings):
        user = UserFactory(roles=[])
        client.post(reverse("account_reset_password"), {"email": user.email})
        (link,) = re.findall(r"http://testserver(\S+/key/\S+)", mail.outbox[0].body)
        page = client.get(link, follow=True)
        new = "another long secret 42"

        done = client.post(
            page.redirect_chain[-1][0], {"password1": new, "password2": new}, follow=True
        )

        assert "<h1>" in done.text
        assert self.sign_in(client, user.email, new).status_code == 302

    def test_a_link_that_was_used_says_so(self, client):
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "1", "key": "used-up"})

        assert reverse("account_reset_password") in client.get(path).text

    def test_the_password_is_changed_from_the_settings(self, client, officer):
        new = "another long secret 42"
        response = client.post(
            reverse("account_change_password"),
            {"oldpassword": PASSWORD, "password1": new, "password2": new},
        )

        assert response.url == reverse("dashboard:settings")

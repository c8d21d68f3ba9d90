"""The page kinds of the ground floor, tried on departments."""

import pytest
from django import forms
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse
from django_filters import BooleanFilter, CharFilter, ChoiceFilter, FilterSet, ModelChoiceFilter
from django_htmx.middleware import HtmxDetails

from pms.accounts.roles import Role
from pms.core.views import ListView, ServiceFormView, add_errors, is_htmx, urls_of_rows, with_query
from pms.organization.models import Department
from tests.accounts.factories import UserFactory
from tests.organization.factories import DepartmentFactory

pytestmark = pytest.mark.django_db


class DepartmentFilter(FilterSet):
    """One filter of each kind."""

    q = CharFilter("name", lookup_expr="contains", label="name", max_length=9)
    size = ChoiceFilter("code", choices=[("D1", "  Small")], label="size", method="keep")
    parent = ModelChoiceFilter(queryset=Department.objects.all(), label="belongs to")
    is_top = BooleanFilter(
        "parent", "isnull", label="Only at the top", widget=forms.CheckboxInput, method="keep"
    )

    class Meta:
        model = Department
        fields: list[str] = []

    def keep(self, rows, name, value):
        """Everything."""
        return rows


class DepartmentListView(ListView):
    """Departments by code or name."""

    model = Department
    filterset_class = DepartmentFilter
    permission_required = "organization.view_department"
    paginate_by = 2
    sorts = {"code": ("code",), "name": ("name", "-id")}

    def render_to_response(self, context, **kwargs):
        """The context, for the tests to read."""
        response = HttpResponse()
        response.context = context
        response.names = self.get_template_names()
        return response


@pytest.fixture
def officer():
    return UserFactory(roles=[Role.TRAINING_OFFICER])


def ask(user, path="/", **headers):
    request = RequestFactory().get(path, headers=headers)
    request.user = user
    request.htmx = HtmxDetails(request)
    return DepartmentListView.as_view()(request)


class TestListView:
    @pytest.fixture(autouse=True)
    def _departments(self):
        for code, name in (("D1", "総務部"), ("D2", "営業部"), ("D3", "人事部")):
            DepartmentFactory(code=code, name=name)
        Department.objects.exclude(code__in=("D1", "D2", "D3")).delete()

    @pytest.fixture
    def officer(self):
        return UserFactory(
            roles=[Role.TRAINING_OFFICER], department=Department.objects.get(code="D1")
        )

    @pytest.mark.parametrize(
        ("sort", "codes", "name"),
        [
            ("", ["D1", "D2"], "code"),
            ("-code", ["D3", "D2"], "-code"),
            ("name", ["D3", "D2"], "name"),
            ("password", ["D1", "D2"], "code"),
        ],
    )
    def test_sorts_by_what_is_offered(self, officer, sort, codes, name):
        context = ask(officer, f"/?sort={sort}").context

        assert [row.code for row in context["page"]] == codes
        assert context["sort"] == name

    def test_counts_all_pages(self, officer):
        page = ask(officer).context["page"]

        assert (page.total, len(page), bool(page.next)) == (3, 2, True)

    def test_turns_pages_within_the_filter(self, officer):
        first = ask(officer, "/?q=部").context
        second = ask(officer, f"/?{first['query']}&page={first['page'].next}").context

        assert [row.code for row in second["page"]] == ["D3"]
        assert second["query"] == first["query"] == "q=%E9%83%A8"

    def test_shows_nothing_where_the_filter_makes_no_sense(self, officer):
        context = ask(officer, "/?q=0123456789").context

        assert (context["page"].total, context["chips"]) == (0, [])

    def test_needs_its_permission(self):
        with pytest.raises(PermissionDenied):
            ask(UserFactory(roles=[]))

    def test_gives_htmx_the_table_alone(self, officer):
        response = ask(officer, **{"HX-Request": "true"})

        assert all(name.endswith("#table") for name in response.names)
        assert response.headers["Vary"] == "HX-Request, Cookie"

    @pytest.mark.parametrize("header", ["HX-Boosted", "HX-History-Restore-Request"])
    def test_gives_the_whole_page_where_it_is_wanted(self, officer, header):
        response = ask(officer, **{"HX-Request": "true", header: "true"})

        assert not any("#" in name for name in response.names)

    @pytest.mark.parametrize(
        ("query", "label", "value"),
        [
            ("q=営業", "Name", "営業"),
            ("size=D1", "Size", "Small"),
            ("is_top=on", "Only at the top", ""),
        ],
    )
    def test_says_what_is_filtered_by(self, officer, query, label, value):
        (chip,) = ask(officer, f"/?{query}&sort=name&page=x").context["chips"]

        assert chip == {"label": label, "value": value, "url": "/?sort=name"}

    def test_says_which_row_is_filtered_by(self, officer):
        parent = Department.objects.get(code="D2")
        (chip,) = ask(officer, f"/?parent={parent.pk}").context["chips"]

        assert chip["value"] == str(parent)


class NameForm(forms.Form):
    """A name."""

    name = forms.CharField()


class NameView(ServiceFormView):
    """Carries out what the test says."""

    form_class = NameForm
    permission_required = "dashboard.view_duties"
    template_name = "dashboard/settings.html"
    success_url = "/done/"
    success_message = "Saved."
    done = None
    refusal = None

    def carry_out(self, form):
        """Note it down, or refuse."""
        if self.refusal:
            raise self.refusal
        self.done.append(form.cleaned_data["name"])

    def render_to_response(self, context, **kwargs):
        """The context, for the tests to read."""
        response = HttpResponse()
        response.context = context
        return response


class TestServiceFormView:
    @pytest.fixture(autouse=True)
    def _messages(self, monkeypatch):
        cache.clear()
        self.said = []
        monkeypatch.setattr(
            "pms.core.views.messages.success", lambda request, text: self.said.append(text)
        )

    def send(self, user, *, done=None, refusal=None, **data):
        request = RequestFactory().post("/", data)
        request.user = user
        return NameView.as_view(done=done, refusal=refusal)(request)

    def test_carries_out_and_says_so(self, officer):
        done = []

        response = self.send(officer, done=done, name="A", form_token="1")

        assert (done, response.url, self.said) == (["A"], "/done/", ["Saved."])

    def test_carries_out_once_what_is_sent_twice(self, officer):
        done = []
        for _ in range(2):
            response = self.send(officer, done=done, name="A", form_token="2")

        assert (done, response.url, self.said) == (["A"], "/done/", ["Saved."])

    def test_tells_two_people_with_one_token_apart(self, officer):
        done = []
        for user in (officer, UserFactory(roles=[])):
            self.send(user, done=done, name="A", form_token="3")

        assert done == ["A", "A"]

    def test_shows_what_the_service_refuses_and_lets_it_be_sent_again(self, officer):
        refusal = ValidationError({"name": "Taken."})

        response = self.send(officer, refusal=refusal, name="A", form_token="4")

        assert response.context["form"].errors == {"name": ["Taken."]}
        assert response.context["form_token"] == "4"
        assert cache.get(f"form:{officer.pk}:4") is None

    def test_lets_it_be_sent_again_after_a_fault(self, officer):
        with pytest.raises(ZeroDivisionError):
            self.send(officer, refusal=ZeroDivisionError(), name="A", form_token="5")

        assert cache.get(f"form:{officer.pk}:5") is None

    def test_keeps_what_was_typed_when_it_makes_no_sense(self, officer):
        response = self.send(officer, name="", form_token="6")

        assert response.context["form"].errors
        assert response.context["form_token"] == "6"


class TestAddErrors:
    def test_puts_them_on_their_fields_and_the_rest_on_the_form(self):
        form = NameForm({"name": "A"})

        add_errors(form, ValidationError({"name": "Taken.", "code": "Wrong."}))
        add_errors(form, ValidationError("Too late."))

        assert form.errors == {"name": ["Taken."], "__all__": ["Wrong.", "Too late."]}


class TestWithQuery:
    def test_leaves_out_what_is_empty(self):
        assert with_query("/list/", q="a b", page="", sort=None, zero=0) == "/list/?q=a+b&zero=0"

    def test_without_values_is_the_path(self):
        assert with_query("/list/", q="") == "/list/"


def test_a_request_without_htmx_wants_the_page():
    assert not is_htmx(RequestFactory().get("/"))


def test_the_addresses_of_many_rows_are_those_of_each():
    url = urls_of_rows("organization:person_detail")

    assert [url(1), url(23)] == [
        reverse("organization:person_detail", args=[key]) for key in (1, 23)
    ]

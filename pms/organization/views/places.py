"""The company and its places of business."""

from typing import Any

from django.db.models import Count, Model, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pms.core.models import dated_on
from pms.core.pages import Crumbs, FormPageView, RowFormView
from pms.organization import services
from pms.organization.filters import SiteFilter
from pms.organization.forms import CompanyForm, SiteForm
from pms.organization.models import Company, Site
from pms.transfer.lists import Column, ExportListView

SITES = "organization:site_list"


class SiteListView(ExportListView):
    """Where the company works."""

    model = Site
    filterset_class = SiteFilter
    permission_required = "organization.view_site"
    sorts = {"code": ("code",)}
    export_name = "sites"
    columns = (
        Column("事業所コード", lambda it: it.code, 12),
        Column("事業所名", lambda it: it.name, 30),
        Column("事業所名（英語）", lambda it: it.name_en, 30),
        Column("所在地", lambda it: it.address, 50),
    )

    def get_queryset(self) -> QuerySet:
        """Each with the number of its departments of today."""
        today = timezone.localdate()
        present = Q(departments__isnull=False) & dated_on(today, "departments__")
        return Site.objects.annotate(department_count=Count("departments", filter=present))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"company": Company.objects.current()}


class SiteCreateView(FormPageView):
    """The company works at another place."""

    form_class = SiteForm
    permission_required = "organization.add_site"
    title = gettext_lazy("Register a site")
    submit_label = gettext_lazy("Register")
    success_message = gettext_lazy("The site has been registered.")

    def carry_out(self, form: Any) -> None:
        services.create_site(**form.cleaned_data, actor=self.request.user)

    def get_success_url(self) -> str:
        return reverse(SITES)

    def get_crumbs(self) -> Crumbs:
        return [(_("Sites"), reverse(SITES))]


class SiteUpdateView(RowFormView):
    """Something about a place has changed."""

    model: type[Model] = Site
    form_class = SiteForm
    permission_required = "organization.change_site"
    title = gettext_lazy("Change the site")
    submit_label = gettext_lazy("Save")
    success_message = gettext_lazy("The changes have been saved.")

    def get_rows(self) -> QuerySet:
        """Whoever may change sites may change all."""
        return Site.objects.all()

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": Site.objects.get(pk=self.row.pk)}

    def carry_out(self, form: Any) -> None:
        services.update_site(self.row.pk, **form.cleaned_data, actor=self.request.user)

    def get_success_url(self) -> str:
        return reverse(SITES)

    def get_crumbs(self) -> Crumbs:
        return [(_("Sites"), reverse(SITES))]


class CompanyUpdateView(FormPageView):
    """What stands at the head of the company's papers."""

    form_class = CompanyForm
    permission_required = "organization.change_company"
    title = gettext_lazy("Company")
    lead = gettext_lazy("It stands at the head of letters, plans and reports.")
    submit_label = gettext_lazy("Save")
    success_message = gettext_lazy("The changes have been saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": Company.objects.current()}

    def carry_out(self, form: Any) -> None:
        services.describe_company(**form.cleaned_data, actor=self.request.user)

    def get_success_url(self) -> str:
        return reverse(SITES)

    def get_crumbs(self) -> Crumbs:
        return [(_("Sites"), reverse(SITES))]

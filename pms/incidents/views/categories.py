"""The lists that the examining bodies count by: lines with their years."""

from functools import cached_property
from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from pms.core.pages import ConfirmView, Crumbs, FormPageView, RowFormView
from pms.core.text import whole_number
from pms.incidents import services
from pms.incidents.choices import CategoryList
from pms.incidents.deadlines import list_year
from pms.incidents.forms.categories import CategoryEndForm, CategoryForm, CategoryWithdrawForm
from pms.incidents.models import Category, Incident

CHANGE = "incidents.change_category"


def with_use() -> QuerySet:
    """All lines, each with whether a case is counted by it, as `is_used`."""
    cases = Incident.objects.filter(
        Q(event_class=OuterRef("pk")) | Q(cause_category=OuterRef("pk"))
    )
    return Category.objects.annotate(is_used=Exists(cases))


class CategoryListView(PermissionRequiredMixin, TemplateView):
    """Both lists, each line with its years."""

    permission_required = "incidents.view_category"
    template_name = "incidents/categories_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With where each line stands in the present year of the lists."""
        year = list_year(timezone.localdate())
        rows = list(with_use().order_by("position", "-first_year"))
        for row in rows:
            row.state = state_in(row, year)
        return super().get_context_data(
            groups=[(it.label, [row for row in rows if row.list == it]) for it in CategoryList],
            year=year,
            may_add=self.request.user.has_perm("incidents.add_category"),
            may_change=self.request.user.has_perm(CHANGE),
            crumbs=category_crumbs()[:1],
            **kwargs,
        )


def state_in(category: Category, year: int) -> str:
    """Whether a line holds in `year`, will, or did."""
    if category.first_year > year:
        return "planned"
    return "in_force" if category.holds_between(year, year) else "ended"


def category_crumbs() -> Crumbs:
    """The way over the rules and the lists."""
    return [
        (_("Rules of obligations"), reverse("incidents:rule_list")),
        (_("Classes and causes"), reverse("incidents:category_list")),
    ]


class CategoryPageMixin:
    """A form about a line of a list."""

    model = Category

    def get_rows(self) -> QuerySet:
        """Whoever may change lines may change all."""
        return Category.objects.all()

    def get_success_url(self) -> str:
        """The lists."""
        return reverse("incidents:category_list")

    def get_crumbs(self) -> Crumbs:
        """The way over the lists."""
        return category_crumbs()


class CategoryCreateView(CategoryPageMixin, FormPageView):
    """Another version of a line ("?from=" its key), or a line that is new."""

    form_class = CategoryForm
    permission_required = "incidents.add_category"
    submit_label = gettext_lazy("Register it")
    success_message = gettext_lazy("The line has been registered.")

    @cached_property
    def former(self) -> Category | None:
        """The version that it follows."""
        key = self.request.GET.get("from", "")
        if not key:
            return None
        return get_object_or_404(Category, pk=whole_number(key))

    def get_title(self) -> str:
        """Which of the two it is."""
        return _("Add a version") if self.former else _("Add a line")

    def get_lead(self) -> str:
        """What becomes of the version before."""
        if self.former is None:
            return _("A line that the lists did not have before.")
        text = _("It follows “%(line)s”, which ends in the year before the new one begins.")
        return text % {"line": self.former}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"former": self.former}

    def get_initial(self) -> dict[str, Any]:
        """The words of the version before."""
        former = self.former
        if former is None:
            return {"first_year": list_year(timezone.localdate())}
        return {it: getattr(former, it) for it in ("list", "code", "label_ja", "label_en")}

    def carry_out(self, form: CategoryForm) -> None:
        services.add_category(
            actor=self.request.user,
            instead_of=self.former.pk if self.former else None,
            **form.cleaned_data,
        )


class CategoryEndView(CategoryPageMixin, RowFormView):
    """A line holds for the last time in a year."""

    form_class = CategoryEndForm
    permission_required = CHANGE
    title = gettext_lazy("End the line")
    submit_label = gettext_lazy("Save the last year")
    success_message = gettext_lazy("The last year has been saved. Cases stay as they are.")

    def get_lead(self) -> str:
        """Which one it is."""
        return in_words(self.row)

    def get_initial(self) -> dict[str, Any]:
        return {"last_year": self.row.last_year}

    def carry_out(self, form: CategoryEndForm) -> None:
        services.end_category(self.row.pk, **form.cleaned_data, actor=self.request.user)


class CategoryWithdrawView(CategoryPageMixin, ConfirmView):
    """A line that was entered by mistake goes as long as no case is counted by it."""

    form_class = CategoryWithdrawForm
    permission_required = CHANGE
    title = gettext_lazy("Withdraw the line")
    consequence = gettext_lazy(
        "No case may be counted by it. It is removed; the journal keeps what it said, and the "
        "reason."
    )
    submit_label = gettext_lazy("Withdraw it")
    success_message = gettext_lazy("The line has been withdrawn.")

    def get_text(self) -> str:
        """Which one it is."""
        return in_words(self.row)

    def carry_out(self, form: CategoryWithdrawForm) -> None:
        services.withdraw_category(self.row.pk, **form.cleaned_data, actor=self.request.user)


def in_words(category: Category) -> str:
    """List, name and first year of a line."""
    facts = {"list": category.get_list_display(), "line": category, "year": category.first_year}
    return _("%(list)s: %(line)s, from fiscal year %(year)s on") % facts

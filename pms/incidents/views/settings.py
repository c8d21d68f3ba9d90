"""What the company decides by itself about incidents, and the rules of the law as data."""

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from itertools import groupby
from typing import Any, NamedTuple

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import QuerySet
from django.forms import model_to_dict
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from pms.core.pages import ConfirmView, Crumbs, FormPageView, RowFormView
from pms.core.text import whole_number
from pms.incidents import services
from pms.incidents.choices import Kind
from pms.incidents.forms.settings import (
    RuleEndForm,
    RuleForm,
    RuleWithdrawForm,
    SettingsForm,
)
from pms.incidents.models import IncidentSettings, ObligationRule
from pms.incidents.rules import office_days
from pms.incidents.wording import rule_in_words


class SettingsView(FormPageView):
    """The company's own rules."""

    form_class = SettingsForm
    permission_required = "incidents.change_incidentsettings"
    title = gettext_lazy("Settings for incidents")
    submit_label = gettext_lazy("Save")
    success_url = reverse_lazy("incidents:settings")
    success_message = gettext_lazy("The rules have been saved.")
    template_name = "incidents/settings_form.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": IncidentSettings.current()}

    def get_cancel_url(self) -> str:
        """The rules of the law, which stand beside."""
        return reverse("incidents:rule_list")

    def carry_out(self, form: SettingsForm) -> None:
        services.change_settings(actor=self.request.user, **form.cleaned_data)


class Version(NamedTuple):
    """One version of a rule as the list shows it.

    Attributes:
        rule: the row.
        state: "in_force", "planned" or "ended".
        sentences: what it does, in words.
    """

    rule: ObligationRule
    state: str
    sentences: list[str]


class RuleListView(PermissionRequiredMixin, TemplateView):
    """The rules by the obligation that they bring, each with its versions and sources."""

    permission_required = "incidents.view_obligationrule"
    template_name = "incidents/rules_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Groups in the order of the obligations."""
        rules = ObligationRule.objects.order_by("kind", "code", "-valid_from")
        by_kind = {kind: self.versions(found) for kind, found in groupby(rules, lambda it: it.kind)}
        return super().get_context_data(
            groups=[(kind.label, by_kind[kind]) for kind in Kind if kind in by_kind],
            may_add=self.request.user.has_perm("incidents.add_obligationrule"),
            may_end=self.request.user.has_perm("incidents.change_obligationrule"),
            **kwargs,
        )

    def versions(self, rules: Iterable[ObligationRule]) -> list[Version]:
        """Each with its state today."""
        today, office = timezone.localdate(), self.office
        return [
            Version(it, state_on(it, today), rule_in_words(it.as_rule(), office)) for it in rules
        ]

    @cached_property
    def office(self) -> Any:
        """When the authorities are open."""
        return office_days()


def state_on(rule: ObligationRule, day: date) -> str:
    """Whether a version holds on `day`, will, or did."""
    if rule.valid_from > day:
        return "planned"
    return "in_force" if rule.valid_to is None or rule.valid_to >= day else "ended"


class RulePageMixin:
    """A form about a rule."""

    def get_success_url(self) -> str:
        """The rules."""
        return reverse("incidents:rule_list")

    def get_crumbs(self) -> Crumbs:
        """The way over the rules."""
        return [(_("Rules of obligations"), reverse("incidents:rule_list"))]


class RuleCreateView(RulePageMixin, FormPageView):
    """Another version of a rule ("?from=" its key), or a rule that is new.

    It is shown in whole sentences first; only what was shown can be registered.
    """

    form_class = RuleForm
    permission_required = "incidents.add_obligationrule"
    template_name = "incidents/rules_form.html"
    preview: list[str] | None = None
    success_message = gettext_lazy(
        "The version has been registered. Cases that became known before stay as they are."
    )

    @cached_property
    def former(self) -> ObligationRule | None:
        """The version that it follows."""
        key = self.request.GET.get("from", "")
        if not key:
            return None
        return get_object_or_404(ObligationRule, pk=whole_number(key))

    def get_title(self) -> str:
        """Which of the two it is."""
        return _("Add a version") if self.former else _("Add a rule")

    def get_lead(self) -> str:
        """What becomes of the version before."""
        if self.former is None:
            return _("A rule that has no version yet.")
        return _(
            "It follows the version from %(first)s on (%(rule)s), which ends on the day before the "
            "new one begins, unless it ends earlier."
        ) % {"first": date_format(self.former.valid_from), "rule": self.former.label}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"former": self.former}

    def get_initial(self) -> dict[str, Any]:
        """The words of the version before; its days are not those of the new one."""
        if self.former is None:
            return {}
        return model_to_dict(self.former, exclude=["id", "valid_from", "valid_to"])

    def form_valid(self, form: RuleForm) -> HttpResponse:
        """Show first, register what was shown."""
        mark = form.mark()
        if form.cleaned_data["seen"] == mark:
            return super().form_valid(form)
        rule = ObligationRule(**form.facts()).as_rule()
        self.preview = rule_in_words(rule, office_days())
        form.show_as_seen(mark)
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the sentences, once there are any."""
        label = _("Register this version") if self.preview else _("Show what it says")
        return super().get_context_data(**kwargs) | {
            "preview": self.preview,
            "submit_label": label,
            "vocabulary": RuleForm.vocabulary(),
        }

    def carry_out(self, form: RuleForm) -> None:
        services.add_rule(
            actor=self.request.user,
            today=timezone.localdate(),
            instead_of=self.former.pk if self.former else None,
            **form.facts(),
        )


class RuleEndView(RulePageMixin, RowFormView):
    """A version holds for the last time on a day."""

    model = ObligationRule
    form_class = RuleEndForm
    permission_required = "incidents.change_obligationrule"
    title = gettext_lazy("End the version")
    submit_label = gettext_lazy("Save the last day")
    success_message = gettext_lazy(
        "The last day has been saved. Cases that became known before stay as they are."
    )

    def get_rows(self) -> QuerySet:
        """Whoever may end rules may end all."""
        return ObligationRule.objects.all()

    def get_lead(self) -> str:
        """Which one it is."""
        facts = {"first": date_format(self.row.valid_from), "rule": self.row.label}
        return _("The version from %(first)s on: %(rule)s") % facts

    def get_initial(self) -> dict[str, Any]:
        return {"valid_to": self.row.valid_to}

    def carry_out(self, form: RuleEndForm) -> None:
        services.end_rule(
            self.row.pk,
            valid_to=form.cleaned_data["valid_to"],
            reason=form.cleaned_data["reason"],
            actor=self.request.user,
            today=timezone.localdate(),
        )


class RuleWithdrawView(RulePageMixin, ConfirmView):
    """A version that was entered by mistake goes before it begins."""

    model = ObligationRule
    form_class = RuleWithdrawForm
    permission_required = "incidents.change_obligationrule"
    title = gettext_lazy("Withdraw the version")
    consequence = gettext_lazy(
        "It has not begun, so that no case was assessed by it. It is removed; the journal keeps "
        "what it said, and the reason."
    )
    submit_label = gettext_lazy("Withdraw it")
    success_message = gettext_lazy("The version has been withdrawn.")

    def get_rows(self) -> QuerySet:
        """Whoever may end rules may end all."""
        return ObligationRule.objects.all()

    def get_text(self) -> str:
        """Which one it is."""
        facts = {"first": date_format(self.row.valid_from), "rule": self.row.label}
        return _("The version from %(first)s on: %(rule)s") % facts

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"before": services.version_before(self.row)}

    def carry_out(self, form: RuleWithdrawForm) -> None:
        services.withdraw_rule(
            self.row.pk,
            holds_on=form.cleaned_data.get("holds_on", False),
            reason=form.cleaned_data["reason"],
            actor=self.request.user,
            today=timezone.localdate(),
        )

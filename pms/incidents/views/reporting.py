"""How an incident is reported, and what who reported it may see of it afterwards."""

from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from pms.accounts.roles import Role
from pms.core.pages import Crumbs, FormPageView, RowFormView, RowMixin
from pms.core.pagination import paginate
from pms.evidence.models import EvidenceFile
from pms.incidents import services
from pms.incidents.choices import RecordKind
from pms.incidents.forms.reporting import AddForm, OfficeForm, ReportForm
from pms.incidents.models import Incident, IncidentSettings
from pms.incidents.plain import STANDS
from pms.organization.models import Affiliation, Appointment

REPORT = "incidents.report_incident"
ON_A_PAGE = 50


class WordsView(FormPageView):
    """A page that takes a first report."""

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the day, which says what departments there are."""
        return super().get_form_kwargs() | {"today": timezone.localdate()}

    def get_initial(self) -> dict[str, Any]:
        """It was noticed just now, as far as nobody says otherwise."""
        return {"noticed_at": timezone.localtime().replace(second=0, microsecond=0)}


class ReportView(WordsView):
    """Four questions and a photo; nothing is classified here."""

    form_class = ReportForm
    permission_required = REPORT
    template_name = "incidents/report_form.html"
    title = gettext_lazy("Report an incident")
    lead = gettext_lazy(
        "Something lost, sent to the wrong place, seen by somebody else, or nearly so? Report it "
        "at once; you need not be sure. A report is never held against you."
    )
    submit_label = gettext_lazy("Send the report")

    def get_initial(self) -> dict[str, Any]:
        """In the own department, noticed by oneself."""
        today = timezone.localdate()
        person = getattr(self.request.user, "person", None)
        main = Affiliation.objects.on(today).filter(person=person, is_primary=True)
        place = main.values_list("department", flat=True).first()
        return super().get_initial() | {"department": place, "noticed_by": str(person or "")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the other way, where the company offers it."""
        takes_anonymous = IncidentSettings.current().allows_anonymous
        return super().get_context_data(takes_anonymous=takes_anonymous, keep="device", **kwargs)

    def carry_out(self, form: ReportForm) -> None:
        """Take it."""
        self.incident = services.report(
            form.words(),
            kind=form.cleaned_data["kind"],
            department=form.cleaned_data["department"],
            files=tuple(form.cleaned_data["files"]),
            actor=self.request.user,
            now=timezone.now(),
        )

    def get_success_url(self) -> str:
        """What happens next; for a second sending, of what the first has made."""
        incident = vars(self).get("incident") or self.last_one()
        if incident is None:
            return self.get_cancel_url()
        return reverse("incidents:reported", args=[incident.pk])

    def last_one(self) -> Incident | None:
        """The newest report of this account."""
        return Incident.objects.reported_by(self.request.user).order_by("-pk").first()

    def get_cancel_url(self) -> str:
        """Back to the duties."""
        return reverse("dashboard:home")


class OwnMixin(RowMixin):
    """A page about what the account itself reported; everything else answers 404."""

    model = Incident
    permission_required = REPORT

    def get_rows(self) -> QuerySet:
        """Own reports."""
        return Incident.objects.reported_by(self.request.user)

    def get_crumbs(self) -> Crumbs:
        """The way over the own reports; the title of the case is not for here."""
        return [
            (_("My reports"), reverse("incidents:own_list")),
            (self.row.number, reverse("incidents:own", args=[self.row.pk])),
        ]


class ReportedView(OwnMixin, PermissionRequiredMixin, TemplateView):
    """Thanks, the number, what happens next, and what to do until then."""

    template_name = "incidents/report_sent.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the names of those who know of it now."""
        today = timezone.localdate()
        posts = (Role.PRIVACY_MANAGER, Role.DEPUTY_PRIVACY_MANAGER)
        told = Appointment.objects.on(today).filter(role__in=posts).select_related("person")
        return super().get_context_data(
            incident=self.row,
            is_near_miss=self.row.kind == RecordKind.NEAR_MISS,
            told=list(told.order_by("pk")),
            **kwargs,
        )


class OwnListView(PermissionRequiredMixin, TemplateView):
    """What one has reported, and where it stands."""

    permission_required = REPORT
    template_name = "incidents/own_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of them, the newest first, each with its first words."""
        rows = Incident.objects.reported_by(self.request.user).with_first_words()
        cursor = self.request.GET.get("page", "")
        page = paginate(rows, ("-reported_at", "-pk"), cursor, ON_A_PAGE)
        stands = [(it, STANDS[it.status]) for it in page]
        return super().get_context_data(page=page, stands=stands, **kwargs)


class OwnView(OwnMixin, PermissionRequiredMixin, TemplateView):
    """An own report: where it stands, and one's own words; nothing that others wrote."""

    template_name = "incidents/own_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The words and files that this account has sent."""
        user = self.request.user
        return super().get_context_data(
            incident=self.row,
            stand=STANDS[self.row.status],
            words=list(self.row.first_reports.filter(written_by=user).order_by("pk")),
            files=list(EvidenceFile.objects.of(self.row).filter(uploaded_by=user).order_by("pk")),
            crumbs=self.get_crumbs()[:1],
            **kwargs,
        )


class OwnAddView(OwnMixin, RowFormView):
    """Something more to say."""

    form_class = AddForm
    title = gettext_lazy("Add to the report")
    lead = gettext_lazy("What you wrote before stays as it is.")
    submit_label = gettext_lazy("Add it")
    success_message = gettext_lazy("Thank you. What you added has arrived.")

    def get_success_url(self) -> str:
        """Back to the own report."""
        return reverse("incidents:own", args=[self.row.pk])

    def carry_out(self, form: AddForm) -> None:
        """Add it."""
        services.add_words(
            self.row.pk,
            what=form.cleaned_data["what"],
            files=tuple(form.cleaned_data["files"]),
            actor=self.request.user,
            now=timezone.now(),
        )


class OfficeCreateView(WordsView):
    """Entered by the office: told by somebody else, or the start of a drill."""

    form_class = OfficeForm
    permission_required = "incidents.handle_incident"
    title = gettext_lazy("Enter what was told, or start a drill")
    lead = gettext_lazy(
        "For somebody without an account, for a contractor, or for the person concerned. When it "
        "was told and when it is entered are both kept."
    )
    submit_label = gettext_lazy("Register it")

    def get_initial(self) -> dict[str, Any]:
        """It was told just now; "?drill=1" starts a drill."""
        facts = super().get_initial()
        return facts | {
            "reported_at": facts["noticed_at"],
            "is_drill": "drill" in self.request.GET,
        }

    def carry_out(self, form: OfficeForm) -> str:
        """Take it."""
        facts = form.cleaned_data
        self.incident = services.report(
            form.words(),
            kind=facts["kind"],
            department=facts["department"],
            channel=facts["channel"],
            told_by=facts["told_by"],
            third_party=facts["third_party"],
            reported_at=facts["reported_at"],
            files=tuple(facts["files"]),
            is_drill=facts["is_drill"],
            actor=self.request.user,
            now=timezone.now(),
        )
        text = (
            _("The drill has started: %(number)s.")
            if facts["is_drill"]
            else _("Registered as %(number)s.")
        )
        return text % {"number": self.incident.number}

    def get_success_url(self) -> str:
        """The case; after a second sending the newest, which the first has made."""
        return (
            self.incident.get_absolute_url()
            if "incident" in vars(self)
            else (self.get_cancel_url())
        )

    def get_cancel_url(self) -> str:
        """Back to the duties."""
        return reverse("dashboard:home")

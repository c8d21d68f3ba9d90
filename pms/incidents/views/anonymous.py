"""Reporting without a name.

Nothing here may lead to who reports. Whoever is signed in is forgotten before anything else is
done; the code stands on the page that answers and in no address; the answers are kept in no cache.
"""

import uuid
from http import HTTPStatus
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from pms.core.views import ServiceFormView
from pms.history.middleware import address_of
from pms.incidents import services
from pms.incidents.forms.reporting import AnonymousForm, FollowUpAddForm, FollowUpForm
from pms.incidents.limits import SECONDS, Limit
from pms.incidents.models import Incident, IncidentSettings
from pms.incidents.plain import STANDS

REPORTS: Final = Limit()
QUESTIONS: Final = Limit()


@method_decorator([login_not_required, never_cache], name="dispatch")
class NamelessMixin:
    """A page for somebody whose name is not asked; 404 where the company offers none."""

    request: Any
    permission_required = ()
    limit: Limit | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Forget who is signed in, then answer."""
        request.user = AnonymousUser()
        if not IncidentSettings.current().allows_anonymous:
            raise Http404
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        # The page that was left tells nothing but the host. Without any word ("no-referrer"),
        # browsers send forms from nowhere, which the protection against forgery refuses.
        response.headers["Referrer-Policy"] = "strict-origin"
        return response

    def is_too_often(self) -> bool:
        """Whether so much came from this address that it has to wait."""
        now = timezone.now().timestamp()
        return self.limit is not None and not self.limit.allows(address_of(self.request), now)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Take what is sent, but not too much of it; what was typed stays on the page."""
        if not self.is_too_often():
            return super().post(request, *args, **kwargs)
        form = self.get_form()
        form.add_error(
            None,
            _(
                "Too much was sent from here in a short time. Please wait ten minutes, then "
                "send it."
            ),
        )
        response = self.render_to_response(self.get_context_data(form=form))
        response.status_code = HTTPStatus.TOO_MANY_REQUESTS
        response.headers["Retry-After"] = str(SECONDS)
        return response


class ReportView(NamelessMixin, ServiceFormView):
    """The questions of a report; the answer to the sending shows the code, once."""

    form_class = AnonymousForm
    template_name = "incidents/anonymous_form.html"
    limit = REPORTS
    code = ""

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"today": timezone.localdate()}

    def get_initial(self) -> dict[str, Any]:
        return {"noticed_at": timezone.localtime().replace(second=0, microsecond=0)}

    def form_valid(self, form: AnonymousForm) -> HttpResponse:
        """Take it and show the code right here: nothing keeps it for another page."""
        answer = super().form_valid(form)
        if not self.code:
            return answer
        self.template_name = "incidents/anonymous_sent.html"
        return self.render_to_response(self.get_context_data(code=in_fours(self.code)))

    def carry_out(self, form: AnonymousForm) -> None:
        facts = form.cleaned_data
        _incident, self.code = services.report_anonymously(
            form.words(),
            now=timezone.now(),
            kind=facts["kind"],
            department=facts["department"],
            files=tuple(facts["files"]),
        )

    def get_success_url(self) -> str:
        """The page of a report that arrived before."""
        return reverse("incidents:anonymous_sent")


class SentView(NamelessMixin, TemplateView):
    """Says that the report has arrived; the code was shown before, and nobody knows it now."""

    template_name = "incidents/anonymous_sent.html"


class FollowUpView(NamelessMixin, ServiceFormView):
    """With the code: where the report stands, and more to say.

    A code is looked up by its keyed digest, with the same work whether it exists or not.
    """

    template_name = "incidents/anonymous_follow_up.html"
    limit = QUESTIONS
    incident: Incident | None = None
    was_added = False

    def get_form_class(self) -> type:
        """The addition, once there is something to add to."""
        return FollowUpAddForm if "what" in self.request.POST else FollowUpForm

    def was_sent(self) -> bool:
        """A second sending is answered like the first: with the report, not with an address."""
        return False

    def form_valid(self, form: Any) -> HttpResponse:
        """Show the report of the code; add what is to be added."""
        code = form.cleaned_data["code"]
        self.incident = services.by_code(code)
        if self.incident is None:
            return self.show(self.without_report(code))
        if "what" in form.fields:
            answer = super().form_valid(form)
            if answer.status_code != HTTPStatus.FOUND:
                return answer
            self.was_added = True
        return self.show(FollowUpAddForm(initial={"code": code}))

    def form_invalid(self, form: Any) -> HttpResponse:
        """Beside an addition that was refused, its report stays on the page."""
        if "what" not in form.fields:
            return self.show(form)
        code = form.data.get("code", "")
        self.incident = services.by_code(code)
        return self.show(form if self.incident else self.without_report(code))

    def without_report(self, code: str) -> FollowUpForm:
        """Ask for the code again."""
        form = FollowUpForm({"code": code})
        form.add_error("code", _("There is no report with this code. Please check each character."))
        return form

    def carry_out(self, form: FollowUpAddForm) -> None:
        incident: Any = self.incident
        services.add_words(
            incident.pk,
            what=form.cleaned_data["what"],
            files=tuple(form.cleaned_data["files"]),
            actor=None,
            now=timezone.now(),
        )

    def get_success_url(self) -> str:
        """This page; nobody is led there, since it shows nothing without the code."""
        return reverse("incidents:follow_up")

    def show(self, form: Any) -> HttpResponse:
        """The page as it is now."""
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts = super().get_context_data(**kwargs)
        if self.incident is None:
            return facts
        words = self.incident.first_reports.filter(written_by=None).order_by("pk")
        facts |= {
            "incident": self.incident,
            "stand": STANDS[self.incident.status],
            "words": list(words),
            "was_added": self.was_added,
        }
        # What was added is done: the next addition is a sending of its own.
        return facts | ({"form_token": uuid.uuid4().hex} if self.was_added else {})


def in_fours(code: str) -> str:
    """A code as it is written down: in groups of four."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))

"""Signing in as one of the demo's people; does not exist outside the demo."""

from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.views.generic import FormView

from pms.organization.models import Person

from .company import KNOWN_PEOPLE
from .forms import DemoSignInForm


@method_decorator(login_not_required, name="dispatch")
class DemoSignInView(FormView):
    """Take a role by pressing its button."""

    http_method_names = ["post"]
    form_class = DemoSignInForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Only in the demo."""
        if not settings.DEMO:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: DemoSignInForm) -> HttpResponse:
        """Sign in as the known face."""
        face = next(it for it in KNOWN_PEOPLE if it.key == form.cleaned_data["key"])
        people = Person.objects.select_related("user").filter(user__is_active=True)
        person = get_object_or_404(people, employee_number=face.employee_number)
        login(self.request, person.user, backend=settings.AUTHENTICATION_BACKENDS[0])
        return redirect(settings.LOGIN_REDIRECT_URL)

    def form_invalid(self, form: DemoSignInForm) -> HttpResponse:
        """There is nobody of that name."""
        raise Http404

"""Landing pages and search."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.views.generic import TemplateView


class HomeView(PermissionRequiredMixin, TemplateView):
    """What is due for the person who came in."""

    template_name = "dashboard/home.html"
    permission_required = "dashboard.view_duties"

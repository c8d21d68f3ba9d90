"""The page kinds that every subject builds on: a list, and a form that calls one service."""

import uuid
from collections.abc import Callable, Iterable, Iterator
from typing import Any, ClassVar, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.views.generic import FormView
from django_filters.views import FilterView

from .pagination import Page, paginate
from .text import listed


def is_htmx(request: HttpRequest) -> bool:
    """Whether the browser asks for a part of a page only; going back asks for the whole."""
    details: Any = getattr(request, "htmx", None)
    return bool(details) and not (details.boosted or details.history_restore_request)


class ListView(PermissionRequiredMixin, FilterView):
    """A filtered, sorted, paginated list.

    A subclass sets `model`, `filterset_class`, `permission_required` and `sorts` (name in the
    address → fields, the last of them unique, none null). The model's queryset offers
    `visible_to(user)`, and `for_list()` where the table needs more than the row.

    htmx gets only the partial `table` of the template.
    """

    # With a user of ours: nobody else gets this far, but the ground floor does not know the type.
    request: Any
    paginate_by = 50
    template_name_suffix = "_list"
    strict = False
    sorts: ClassVar[dict[str, tuple[str, ...]]] = {}

    def get_queryset(self) -> QuerySet:
        """Rows that this account may see."""
        rows = self.model.objects.visible_to(self.request.user)
        return rows.for_list() if hasattr(rows, "for_list") else rows

    def get_ordering_name(self) -> str:
        """The sort asked for, with "-" for descending; the first of `sorts` otherwise."""
        asked = self.request.GET.get("sort", "")
        return asked if asked.removeprefix("-") in self.sorts else next(iter(self.sorts))

    def get_ordering_fields(self) -> tuple[str, ...]:
        """The fields of the sort asked for."""
        name = self.get_ordering_name()
        fields = self.sorts[name.removeprefix("-")]
        if not name.startswith("-"):
            return fields
        return tuple(field[1:] if field.startswith("-") else f"-{field}" for field in fields)

    def get_filterset_kwargs(self, filterset_class: type) -> dict[str, Any]:
        """An address without a query is a filter, too: the one that leaves everything as it is."""
        return super().get_filterset_kwargs(filterset_class) | {"data": self.request.GET}

    def get_filtered_rows(self) -> QuerySet:
        """Rows that the filter leaves; none where the filter makes no sense."""
        self.filterset = self.get_filterset(self.get_filterset_class())
        return self.filterset.qs if self.filterset.is_valid() else self.get_queryset().none()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page, or its table alone."""
        self.object_list = self.get_filtered_rows()
        page = paginate(
            self.object_list,
            self.get_ordering_fields(),
            request.GET.get("page", ""),
            self.paginate_by,
        )
        response = self.render_to_response(self.get_context_data(page=page, filter=self.filterset))
        response.headers["Vary"] = "HX-Request, Cookie"
        return response

    def get_context_data(self, *, page: Page, **kwargs: Any) -> dict[str, Any]:
        """What list templates need: page, filter, sort, chips of set filters, addresses."""
        query = self.request.GET.copy()
        for name in ("page", "export"):
            query.pop(name, None)
        return {
            "view": self,
            "page": page,
            "sort": self.get_ordering_name(),
            "query": query.urlencode(),
            "chips": list(self.chips()),
            "can_export": False,
        } | kwargs

    def chips(self) -> Iterator[dict[str, str]]:
        """The filters that are set: label, value in words, and the address without them.

        A box that is ticked says all by its label; its value is empty.
        """
        form = self.filterset.form
        if not form.is_valid():
            return
        for name, field in form.fields.items():
            if not form.data.get(name):
                continue
            rest = self.request.GET.copy()
            for key in (name, "page", "export"):
                rest.pop(key, None)
            yield {
                "label": capfirst(str(field.label or name)),
                "value": in_words(field, form.cleaned_data.get(name)),
                "url": f"{self.request.path}?{rest.urlencode()}",
            }

    def get_template_names(self) -> list[str]:
        """The page, or for htmx its partial `table`."""
        names = super().get_template_names()
        return [f"{name}#table" for name in names] if is_htmx(self.request) else names


def in_words(field: Any, value: Any) -> str:
    """What was chosen in a field of a filter, as its options call it; nothing for a mere yes."""
    if value is True:
        return ""
    if isinstance(value, Model):
        return str(value)
    if isinstance(value, list | tuple | QuerySet):
        return listed(in_words(field, it) for it in value)
    labels = {str(key): label for key, label in getattr(field, "choices", ())}
    return str(labels.get(str(value), value)).strip()


class ServiceFormView(PermissionRequiredMixin, FormView):
    """A form whose sending is one call of a service.

    A subclass sets `form_class`, `permission_required`, `success_url` and `carry_out(form)`, which
    calls the service and may return a message for the user. What the service refuses comes back on
    the form. Sending the same form twice carries it out once.
    """

    request: Any
    success_message: str | Promise = ""

    def carry_out(self, form: Any) -> str | None:
        """Call the service; a returned text is shown after the redirect."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With a number that makes this sending unique."""
        token = self.request.POST.get("form_token") or uuid.uuid4().hex
        return super().get_context_data(**kwargs) | {"form_token": token}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Judge and carry out; a second sending is not judged anew, what it made is there."""
        if self.was_sent():
            return HttpResponseRedirect(self.get_success_url())
        return super().post(request, *args, **kwargs)

    def was_sent(self) -> bool:
        """Whether this very form was carried out before."""
        return bool(self.request.POST.get("form_token")) and bool(cache.get(self._sending))

    @property
    def _sending(self) -> str:
        return f"form:{self.request.user.pk}:{self.request.POST.get('form_token', '')}"

    def form_valid(self, form: Any) -> HttpResponse:
        """Carry out once, show what is refused, redirect."""
        key = self._sending
        if self.request.POST.get("form_token") and not cache.add(key, 1, timeout=24 * 3600):
            return HttpResponseRedirect(self.get_success_url())
        try:
            message = self.carry_out(form)
        except ValidationError as refusal:
            cache.delete(key)
            add_errors(form, refusal)
            return self.form_invalid(form)
        except BaseException:
            cache.delete(key)
            raise
        text = message or self.success_message
        if text:
            messages.success(self.request, str(text))
        return HttpResponseRedirect(self.get_success_url())


def add_errors(form: Any, refusal: ValidationError) -> None:
    """Put a refusal on its fields, and on the form where it names none that the form has."""
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return
    for name, errors in refusal.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


# Stands for the key of a row where the address of many is made; no key is as long.
_SOME_KEY: Final = 10**18


def urls_of_rows(view: str) -> Callable[[int], str]:
    """The address of the page `view` by the key of its row, for many rows: it is found once."""
    before, after = reverse(view, args=[_SOME_KEY]).split(str(_SOME_KEY))
    return lambda key: f"{before}{key}{after}"


def with_query(path: str, **values: Any) -> str:
    """`path` with query values; empty ones are left out."""
    given: Iterable[tuple[str, Any]] = [(k, v) for k, v in values.items() if v not in (None, "")]
    return f"{path}?{urlencode(list(given))}" if given else path

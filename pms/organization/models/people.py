"""Who works here: people, where they belong and when they are away."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pms.core.fields import SearchKeyField
from pms.core.models import Dated, DatedQuerySet, dated_in_order
from pms.core.text import search_key

from ..choices import WORKER_KINDS, EmploymentKind, LeaveKind
from .places import Department

# `get_employment_kind_display` is many times slower, and an import asks for ten thousand of them.
_KIND_LABELS = dict(EmploymentKind.choices)


class PersonQuerySet(models.QuerySet):
    """People, asked by day, place and viewer."""

    def employed_on(self, day: date) -> "PersonQuerySet":
        """Who worked here on `day`: joined, and the last day (退職日) not yet over."""
        return self.filter(Q(left_on__isnull=True) | Q(left_on__gte=day), joined_on__lte=day)

    def workers_on(self, day: date) -> "PersonQuerySet":
        """従業者 on `day`: everyone employed with an affiliation other than an outsider's."""
        worker = Affiliation.objects.on(day).filter(
            person=OuterRef("pk"), employment_kind__in=WORKER_KINDS
        )
        return self.employed_on(day).filter(Exists(worker))

    def in_departments_on(self, department_ids: Iterable[int], day: date) -> "PersonQuerySet":
        """Who belonged to one of the departments on `day`, concurrent posts included."""
        # Gathered once: asked for each person, SQLite reads the whole department every time.
        there = Affiliation.objects.on(day).filter(department__in=list(department_ids)).order_by()
        return self.filter(pk__in=there.values("person"))

    def on_leave_on(self, day: date) -> "PersonQuerySet":
        """Who is on long leave on `day`."""
        return self.filter(Exists(Leave.objects.on(day).filter(person=OuterRef("pk"))))

    def search(self, text: str) -> "PersonQuerySet":
        """Who matches every word of `text` by number, name or kana, spelling variants folded."""
        people = self
        for word in text.split():
            people = people.filter(search_key__contains=search_key(word))
        return people

    def visible_to(self, user: Any) -> "PersonQuerySet":
        """All for the office, the own departments for their managers, else oneself."""
        from .access import access_of

        visible: PersonQuerySet = access_of(user).people(self)
        return visible

    def outlined_on(self, day: date) -> "PersonQuerySet":
        """Each with what a list shows of `day`, in the same query.

        `main` holds `department`, `kind` and `post` of the main affiliation, or is None;
        `has_concurrent_post` and `is_on_leave` are true or false.
        """
        return self.annotate(**_outline(day))

    def with_primary_on(self, day: date) -> "PersonQuerySet":
        """Each with `primary` on `day` prefetched as a list of at most one affiliation."""
        primary = Affiliation.objects.on(day).filter(is_primary=True).select_related("department")
        return self.prefetch_related(
            models.Prefetch("affiliations", queryset=primary, to_attr="primary")
        )


@lru_cache(maxsize=8)
def _outline(day: date) -> dict[str, Any]:
    """What `outlined_on` adds; put together once a day, since that takes as long as the query."""
    here = Affiliation.objects.on(day).filter(person=OuterRef("pk"))
    main = here.filter(is_primary=True).order_by("-starts_on")
    facts = JSONObject(department="department_id", kind="employment_kind", post="post")
    return {
        "main": models.Subquery(main.values(facts=facts)[:1]),
        "has_concurrent_post": Exists(here.filter(is_primary=False)),
        "is_on_leave": Exists(Leave.objects.on(day).filter(person=OuterRef("pk"))),
    }


class Person(models.Model):
    """Someone who works here (従業者) or helps from outside; not everyone has an account."""

    employee_number = models.CharField(_("employee number"), max_length=20, unique=True)
    family_name = models.CharField(_("family name"), max_length=50)
    given_name = models.CharField(_("given name"), max_length=50, blank=True)
    family_kana = models.CharField(_("family name in kana"), max_length=50, blank=True)
    given_kana = models.CharField(_("given name in kana"), max_length=50, blank=True)
    email = models.EmailField(_("email address"), blank=True)
    joined_on = models.DateField(_("joined on"))
    left_on = models.DateField(
        _("left on"),
        null=True,
        blank=True,
        help_text=_("The last day of employment; signing in ends when this day begins."),
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="person",
        verbose_name=_("account"),
    )
    search_key = SearchKeyField(
        sources=("employee_number", "family_name", "given_name", "family_kana", "given_kana")
    )

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = pgettext_lazy("person", "people")
        ordering = ["employee_number"]
        constraints = [
            models.CheckConstraint(
                name="person_left_after_joining",
                condition=Q(left_on__isnull=True) | Q(left_on__gte=models.F("joined_on")),
                violation_error_message=_("The last day is before the day of joining."),
            )
        ]
        indexes = [
            models.Index(fields=["family_kana", "given_kana", "id"], name="person_by_kana"),
            # With the last day, so that those who work here are counted from the index alone.
            models.Index(fields=["joined_on", "id", "left_on"], name="person_by_joining"),
            models.Index(fields=["left_on"], name="person_by_leaving"),
        ]
        permissions = [
            ("view_own_people", _("Can view the people of one's own departments")),
            ("import_people", _("Can import the roster")),
        ]

    def __str__(self) -> str:
        return self.full_name

    def get_absolute_url(self) -> str:
        return reverse("organization:person_detail", args=[self.pk])

    @property
    def full_name(self) -> str:
        """姓 名."""
        return f"{self.family_name} {self.given_name}".strip()

    @property
    def full_kana(self) -> str:
        """セイ メイ."""
        return f"{self.family_kana} {self.given_kana}".strip()

    def may_sign_in_on(self, day: date) -> bool:
        """Whether access is open: it ends when the last day of employment begins."""
        return self.left_on is None or day < self.left_on


class AffiliationQuerySet(DatedQuerySet):
    """Who belonged where, asked by day: the base of every population."""

    def of_workers(self) -> "AffiliationQuerySet":
        """Without outsiders."""
        return self.filter(employment_kind__in=WORKER_KINDS)

    def primary(self) -> "AffiliationQuerySet":
        """Without concurrent posts: one row a person."""
        return self.filter(is_primary=True)

    def population_on(self, day: date) -> "AffiliationQuerySet":
        """One row for each 従業者 of `day`, with department and employment kind of that day."""
        return (
            self.on(day)
            .primary()
            .of_workers()
            .filter(Q(person__left_on__isnull=True) | Q(person__left_on__gte=day))
            .filter(person__joined_on__lte=day)
        )


class Affiliation(Dated):
    """Where somebody belonged in a period, on which terms, in which post."""

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="affiliations", verbose_name=_("person")
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="affiliations", verbose_name=_("department")
    )
    employment_kind = models.CharField(
        _("employment kind"),
        max_length=12,
        choices=EmploymentKind,
        default=EmploymentKind.REGULAR,
    )
    post = models.CharField(_("post"), max_length=60, blank=True)
    is_primary = models.BooleanField(
        _("main affiliation"), default=True, help_text=_("Switch off for a concurrent post.")
    )

    objects = AffiliationQuerySet.as_manager()

    class Meta:
        verbose_name = _("affiliation")
        verbose_name_plural = _("affiliations")
        ordering = ["person", "-is_primary", "-starts_on"]
        constraints = [
            dated_in_order("affiliation_dates_in_order"),
            models.CheckConstraint(
                name="affiliation_kind_known",
                condition=Q(employment_kind__in=EmploymentKind.values),
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(is_primary=True, ends_on__isnull=True),
                name="affiliation_one_open_main",
                violation_error_message=_("This person has a main affiliation already."),
            ),
            models.UniqueConstraint(
                fields=["person", "starts_on"],
                condition=Q(is_primary=True),
                name="affiliation_one_main_per_start",
                violation_error_message=_("A main affiliation begins on this day already."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["department", "starts_on", "ends_on"], name="affiliation_by_department"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department} {_KIND_LABELS.get(self.employment_kind, '')}"


class Leave(Dated):
    """A long absence; duties wait until it is over."""

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="leaves", verbose_name=_("person")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=LeaveKind)
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("leave")
        verbose_name_plural = _("leaves")
        ordering = ["-starts_on"]
        constraints = [
            dated_in_order("leave_dates_in_order"),
            models.CheckConstraint(name="leave_kind_known", condition=Q(kind__in=LeaveKind.values)),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

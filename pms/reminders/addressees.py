"""Who can be told on a day, and who manages whom; a few queries whatever the number of people."""

from collections import defaultdict
from collections.abc import Set
from datetime import date
from functools import cached_property
from typing import Final

from pms.accounts.roles import Role
from pms.organization.models import Affiliation, Appointment, Department, Leave, Person

MOST_NAMED: Final = 5_000


class Addressees:
    """Everybody who could be told something on one day, and who manages whom.

    Args:
        day: the day of telling. The departments are those of the day, too: who manages somebody
            now is told now.
    """

    def __init__(self, day: date) -> None:
        self.day = day
        self._people: dict[int, Person] = {}
        self._places: dict[int, int | None] = {}

    def load(self, person_ids: Set[int]) -> None:
        """Have these people at hand; one query whatever their number."""
        missing = person_ids - self._people.keys()
        if missing:
            people = Person.objects.select_related("user").order_by()
            # Beyond that all of them are read sooner, and SQLite takes no longer list.
            if len(missing) <= MOST_NAMED:
                people = people.filter(pk__in=missing)
            self._people |= {it.pk: it for it in people}

    def locate(self, person_ids: Set[int]) -> None:
        """Have the departments of these people at hand; one query whatever their number."""
        missing = person_ids - self._places.keys()
        if missing:
            main = Affiliation.objects.on(self.day).primary().order_by("starts_on")
            if len(missing) <= MOST_NAMED:
                main = main.filter(person__in=missing)
            self._places |= dict.fromkeys(missing)
            self._places |= dict(main.values_list("person_id", "department_id"))

    def person(self, person_id: int) -> Person:
        """Somebody with their account."""
        return self._people[person_id]

    def department_of(self, person_id: int) -> Department | None:
        """The department of somebody's main affiliation on the day."""
        place = self._place(person_id)
        return None if place is None else self._departments[place]

    def is_away(self, person_id: int) -> bool:
        """Whether somebody is on long leave; what they are to be told waits until it is over."""
        return person_id in self._away

    def has_left(self, person_id: int) -> bool:
        """Whether somebody's last day is over."""
        left_on = self._people[person_id].left_on
        return left_on is not None and left_on < self.day

    def is_reachable(self, person_id: int) -> bool:
        """Whether somebody has an account that is open, and so an address for mail."""
        person = self._people[person_id]
        return person.user is not None and person.user.is_active and person.may_sign_in_on(self.day)

    def managers_of(self, person_id: int) -> list[int]:
        """Who is to see to what somebody has not done: reachable, not away, and somebody else.

        The managers of the nearest department upwards that has such, else the privacy manager, else
        top management.
        """
        place = self._place(person_id)
        while place is not None:
            if found := self._able(place, person_id):
                return found
            place = self._departments[place].parent_id
        return self._able(Role.PRIVACY_MANAGER, person_id) or self._able(
            Role.TOP_MANAGEMENT, person_id
        )

    def _place(self, person_id: int) -> int | None:
        """The department of somebody's main affiliation; who asks for many locates them before."""
        self.locate({person_id})
        return self._places[person_id]

    def _able(self, place: int | str, person_id: int) -> list[int]:
        return [
            it
            for it in self._managers.get(place, ())
            if it != person_id and it not in self._away and self.is_reachable(it)
        ]

    # Read when first asked for: a run with nothing new asks for none of it.

    @cached_property
    def _away(self) -> set[int]:
        return set(Leave.objects.on(self.day).order_by().values_list("person_id", flat=True))

    @cached_property
    def _departments(self) -> dict[int, Department]:
        return {it.pk: it for it in Department.objects.order_by()}

    @cached_property
    def _managers(self) -> dict[int | str, list[int]]:
        """Who holds the posts, by department, and by role for those above all departments."""
        posts = (
            Appointment.objects.on(self.day)
            .filter(role__in=(Role.DEPARTMENT_MANAGER, Role.PRIVACY_MANAGER, Role.TOP_MANAGEMENT))
            .order_by("starts_on", "pk")
            .values_list("role", "department_id", "person_id")
        )
        managers: dict[int | str, list[int]] = defaultdict(list)
        for role, department_id, person_id in posts:
            managers[department_id or role].append(person_id)
        self.load({person_id for *_, person_id in posts})
        return dict(managers)

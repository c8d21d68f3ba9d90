"""What a roster changes, written in bulk: people, accounts, affiliations, leaves and posts."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db import models

from pms.accounts.models import User
from pms.core.bulk import create_rows, update_rows
from pms.history.services import record_created, record_updated

from .models import Affiliation, Appointment, Department, Leave, Person
from .tasks import invite_after_commit

# What ends with the employment beside affiliations.
ENDING: Final[tuple[type[Leave | Appointment], ...]] = (Leave, Appointment)

type Changes = dict[str, tuple[Any, Any]]
type Payload = Mapping[str, Any]
"""What the importer planned for one person:

id: of the person, if known; person: field → new value; account: whether to open one;
stay: the first affiliation of somebody new; stays: "changed" affiliations by id and "new" ones;
endings: (model, id, last day) of leaves and appointments. An affiliation is a tuple of
department, kind, post, first and last day.
"""


class RosterWriter:
    """Writes blocks of one import, in the transaction of the caller."""

    def __init__(self, departments: Mapping[int, Department], *, actor: Any, invites: bool) -> None:
        """Make a writer; `invites` sends new accounts the way to set a password."""
        self._departments = departments
        self._actor = actor
        self._invites = invites

    def create(self, payloads: Sequence[Payload]) -> None:
        """Write people who are new, with their first affiliations."""
        people = [Person(**it["person"]) for it in payloads]
        planned = list(zip(people, payloads, strict=True))
        self._open_accounts([person for person, it in planned if it["account"]])
        create_rows(people)
        record_created(people, actor=self._actor, event="organization.person_registered")
        self._create_affiliations([(person, it["stay"]) for person, it in planned])

    def change(self, payloads: Sequence[Payload]) -> None:
        """Write what is different about people who are known."""
        people = Person.objects.in_bulk([it["id"] for it in payloads])
        planned = [(people[it["id"]], it) for it in payloads]
        changes = [(person, _set(person, it["person"])) for person, it in planned]
        self._open_accounts([person for person, it in planned if it.get("account")])
        for (_person, values), (person, it) in zip(changes, planned, strict=True):
            if it.get("account"):
                values["user"] = (None, person.user_id)
        self._write([it for it in changes if it[1]])
        moves = [(person, it["stays"]) for person, it in planned if it.get("stays")]
        self._change_affiliations({k: v for _p, it in moves for k, v in it["changed"].items()})
        self._create_affiliations([(person, stay) for person, it in moves for stay in it["new"]])
        self._end([ending for it in payloads for ending in it.get("endings", ())])

    def _change_affiliations(self, updates: Mapping[int, Mapping[str, Any]]) -> None:
        stored = Affiliation.objects.in_bulk(list(updates))
        changes = []
        for pk, values in updates.items():
            changes.append((stored[pk], _set(stored[pk], values)))
            stored[pk].department = self._departments[stored[pk].department_id]
        self._write(changes)

    def _create_affiliations(self, stays: Sequence[tuple[Person, tuple[Any, ...]]]) -> None:
        affiliations = [
            Affiliation(
                person=person,
                department=self._departments[department_id],
                employment_kind=kind,
                post=post,
                starts_on=starts_on,
                ends_on=ends_on,
            )
            for person, (department_id, kind, post, starts_on, ends_on) in stays
        ]
        create_rows(affiliations)
        record_created(affiliations, actor=self._actor)

    def _open_accounts(self, people: Sequence[Person]) -> None:
        """Give each of `people` an account without a password; they are not saved here."""
        accounts = [User(email=person.email) for person in people]
        for account in accounts:
            account.set_unusable_password()
        create_rows(accounts)
        record_created(accounts, actor=self._actor)
        for person, account in zip(people, accounts, strict=True):
            person.user = account
            if self._invites:
                invite_after_commit(account)

    def _end(self, endings: Sequence[tuple[str, int, Any]]) -> None:
        """End leaves and posts of people who leave."""
        for model in ENDING:
            days = {pk: day for name, pk, day in endings if name == model._meta.model_name}
            stored = model._base_manager.in_bulk(list(days))
            self._write([(it, _set(it, {"ends_on": days[pk]})) for pk, it in stored.items()])

    def _write(self, changes: Sequence[tuple[models.Model, Changes]]) -> None:
        names = {name for _record, values in changes for name in values}
        update_rows([record for record, _values in changes], names)
        record_updated(changes, actor=self._actor)


def _set(record: models.Model, values: Mapping[str, Any]) -> Changes:
    """Set attributes in memory; gives field → (old, new)."""
    changes = {
        name.removesuffix("_id"): (getattr(record, name), value) for name, value in values.items()
    }
    for name, value in values.items():
        setattr(record, name, value)
    return changes

"""Accounts of people: who works here may be let in."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from pms.accounts.models import User
from pms.core.exceptions import DomainError
from pms.history.context import as_actor
from pms.history.services import record
from pms.organization.models import Person
from pms.organization.tasks import invite_after_commit


@transaction.atomic
@as_actor
def open_account(person_id: int, *, actor: Any) -> User:
    """Open an account for somebody, under the email address on record, and invite them by mail.

    The account has no password until they set one, and no rights but those of their posts.

    Raises:
        DomainError: there is one already, no address is on record, the address is another
            account's, or the person has left.
    """
    person = Person.objects.select_for_update().get(pk=person_id)
    if person.user_id:
        raise DomainError(_("%(person)s has an account already.") % {"person": person})
    if person.left_on:
        raise DomainError(
            _("%(person)s leaves or has left; no account is opened.") % {"person": person}
        )
    if not person.email:
        raise DomainError(
            _("No email address is on record for %(person)s. Register it first.")
            % {"person": person}
        )
    if User.objects.filter(email__iexact=person.email).exists():
        raise DomainError(
            _("Another account uses the address %(email)s. Register the person's own address.")
            % {"email": person.email}
        )
    account = person.user = User.objects.create_user(person.email)
    person.save()
    record("organization.account_opened", person, actor=actor)
    invite_after_commit(account)
    return account


@transaction.atomic
@as_actor
def invite(person_id: int, *, actor: Any) -> None:
    """Send the link for setting a password once more.

    Raises:
        DomainError: there is no open account.
    """
    person, account = _with_account(person_id)
    if not account.is_active:
        raise DomainError(_("The account of %(person)s is closed.") % {"person": person})
    record("organization.account_invited", person, actor=actor)
    invite_after_commit(account)


@transaction.atomic
@as_actor
def close_account(person_id: int, *, actor: Any, reason: str = "") -> User:
    """Let nobody sign in with somebody's account any more; open sessions end at once.

    Raises:
        DomainError: there is no account, or it is the actor's own.
    """
    person, account = _with_account(person_id)
    if account == actor:
        raise DomainError(_("You cannot close your own account."))
    account.is_active = False
    account.save()
    record("organization.account_closed", person, actor=actor, reason=reason)
    return account


@transaction.atomic
@as_actor
def reopen_account(person_id: int, *, actor: Any, reason: str = "") -> User:
    """Let somebody in again whose account was closed.

    Raises:
        DomainError: there is no account.
    """
    person, account = _with_account(person_id)
    account.is_active = True
    account.save()
    record("organization.account_reopened", person, actor=actor, reason=reason)
    return account


def _with_account(person_id: int) -> tuple[Person, User]:
    person = Person.objects.select_for_update().get(pk=person_id)
    account = person.user
    if account is None:
        raise DomainError(_("%(person)s has no account.") % {"person": person})
    return person, account

"""Every address names a permission, and visitors get in where the one table says."""

import re

import pytest
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db import transaction
from django.urls import reverse

from pms.accounts.roles import EVERYONE, ROLES, Role

from .addresses import addresses
from .matrix import (
    HIDDEN,
    OPEN,
    OWN_ACCOUNT,
    PUBLIC,
    REFUSED,
    lines_of_table,
    protected,
    table,
)
from .world import VALUES, VISITORS


class TestTable:
    def test_has_every_address(self):
        assert set(table()) == {it.name for it in protected()}

    def test_has_each_address_once(self):
        names = [name for name, *_rest in lines_of_table()]

        assert len(names) == len(set(names))

    def test_excepts_nothing_that_is_gone(self):
        assert {it.name for it in addresses()} >= PUBLIC | OWN_ACCOUNT

    def test_has_a_column_for_every_role_that_opens_anything(self):
        """The others get in where every member of staff gets in."""
        idle = {Role.COMPLAINT_OFFICER, Role.SYSTEM_OFFICER, Role.MY_NUMBER_HANDLER}

        assert {role for role, permissions in ROLES.items() if not permissions} == idle


@pytest.mark.parametrize("address", protected(), ids=lambda it: it.name)
class TestAddress:
    def test_has_a_name(self, address):
        assert re.fullmatch(r"[a-z_]+:[a-z_]+", address.name)

    def test_names_permissions_that_somebody_has(self, address):
        assert address.view_class, "a page is a class"
        assert issubclass(address.view_class, PermissionRequiredMixin)
        named = address.view_class.permission_required
        assert named, "the class names its permission"
        assert EVERYONE.union(*ROLES.values()).issuperset(
            {named} if isinstance(named, str) else named
        )


@pytest.mark.django_db
class TestStrangers:
    def test_are_sent_to_the_sign_in_page_by_every_other_address(self, client, world):
        elsewhere, lines = {}, table()
        for address in known():
            url = address.url(world.row(lines[address.name].row), **VALUES)
            answer = getattr(client, address.method)(url)
            # What only does something cannot be gone back to.
            target = url if address.method == "get" else reverse("dashboard:home")
            wanted = (302, f"{reverse('account_login')}?next={target}")
            met = (answer.status_code, answer.get("Location"))
            if met != wanted:
                elsewhere[address.name] = met

        assert elsewhere == {}

    @pytest.mark.parametrize("name", sorted(PUBLIC))
    def test_are_not_sent_there_by_what_is_public(self, client, name):
        (address,) = [it for it in addresses() if it.name == name]
        values = {"key": "unknown", "uidb36": "1"}
        url = reverse(name, kwargs={it: values[it] for it in address.takes})

        answer = getattr(client, address.method)(url)

        assert "?next=" not in answer.get("Location", "")


@pytest.mark.django_db
@pytest.mark.parametrize("letter", VISITORS, ids=lambda it: VISITORS[it].replace(" ", "_"))
def test_visitors_get_in_where_the_table_says(client, world, letter):
    lines = table()
    client.force_login(world.visitor(letter))
    # One page that breaks does not hide what the others do.
    client.raise_request_exception = False

    otherwise = []
    for address in known():
        row, marks = lines[address.name]
        met = meet(client, address, world.row(row))
        if met != marks[letter]:
            otherwise.append(f"{address.name}: {met} instead of {marks[letter]}")

    assert not otherwise, "\n".join(["", *otherwise])


def known():
    """Addresses that have their line; another test names those that have none."""
    lines = table()
    return [it for it in protected() if it.name in lines]


def meet(client, address, row):
    """What the visitor of an address meets, as a mark of the table; what it does is undone."""
    with transaction.atomic():
        answer = getattr(client, address.method)(address.url(row, **VALUES))
        if answer.streaming:
            b"".join(answer.streaming_content)
        transaction.set_rollback(True)
    if error := getattr(answer, "exc_info", None):
        return f"{error[0].__name__}: {error[1]}"
    code = answer.status_code
    return {403: REFUSED, 404: HIDDEN}.get(code, OPEN if code < 400 else str(code))

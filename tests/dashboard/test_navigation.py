"""The places that each post opens."""

import re

import pytest
from django.conf import settings
from django.urls import resolve

from pms.accounts.roles import EVERYONE, ROLES, Role
from pms.dashboard.navigation import NAVIGATION, navigation_for

PLACES = [place for group in NAVIGATION for place in group.places]


def shown(*roles, path="/"):
    """Names of the addresses that somebody with `roles` is shown, and the one marked present."""
    permissions = EVERYONE.union(*(ROLES[role] for role in roles))
    places = [
        it for group in navigation_for(permissions.__contains__, path) for it in group["places"]
    ]
    names = {place.url: resolve(place.url).view_name for place in places}
    return list(names.values()), [names[place.url] for place in places if place.is_current]


class TestPlaces:
    def test_staff_see_their_duties_and_where_to_report_alone(self):
        own = ["dashboard:home", "incidents:report", "incidents:own_list", "incidents:emergency"]
        assert shown() == (own, ["dashboard:home"])

    def test_managers_see_the_training_and_the_people_of_their_departments(self):
        names, _ = shown(Role.DEPARTMENT_MANAGER)

        assert {"training:record_list", "organization:person_list"} <= set(names)
        assert "training:question_list" not in names
        assert "history:entry_list" not in names

    def test_the_overview_comes_first_for_who_has_it(self):
        names, _ = shown(Role.PRIVACY_MANAGER)

        assert names[:2] == ["dashboard:overview", "dashboard:home"]

    def test_everybody_finds_what_to_do_in_an_emergency(self):
        names, _ = shown()

        assert "incidents:emergency" in names

    def test_a_group_without_places_is_not_shown(self):
        (group,) = navigation_for(EVERYONE.__contains__, "/")

        assert group["title"] == ""

    @pytest.mark.parametrize(
        ("path", "present"),
        [
            ("/", ["dashboard:home"]),
            ("/overview/", ["dashboard:overview"]),
            ("/training/records/7/", ["training:record_list"]),
            ("/me/", []),
        ],
    )
    def test_the_present_one_is_marked(self, path, present):
        assert shown(Role.TRAINING_OFFICER, path=path)[1] == present


class TestTable:
    def test_names_permissions_that_exist(self):
        known = EVERYONE.union(*ROLES.values())

        assert {name for place in PLACES for name in place.permissions} <= known

    def test_each_place_has_an_address_of_its_own(self):
        assert len({place.url for place in PLACES}) == len(PLACES)

    def test_each_key_leads_to_one_place(self):
        keys = [place.key for place in PLACES if place.key]

        assert len(set(keys)) == len(keys)
        assert all(re.fullmatch("[a-z]", key) for key in keys)


def test_every_icon_is_drawn():
    drawn = set(
        re.findall(r'<symbol id="(\w+)"', (settings.ROOT / "static/img/icons.svg").read_text())
    )
    named = {place.icon for place in PLACES}
    for template in (settings.ROOT / "templates").rglob("*.html"):
        source = template.read_text()
        named |= set(re.findall(r'icon\.html" with name="(\w+)"', source))
        named |= set(re.findall(r'\b(?:action_)?icon="(\w+)"', source))

    assert named <= drawn

"""Production refuses what is unsafe: through the check framework, and when the server starts."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from pms.core.checks import check_production, refuse_unsafe_start

KEY = "4gX0s7wQm2Lk9vTzR1cBy8nHd5fJpA3eUoI6tYqWxZsCvDbN"
SAFE = {
    "PRODUCTION": True,
    "SECRET_KEY": f"{KEY}-{KEY}",
    "DEBUG": False,
    "DEMO": False,
    "ALLOWED_HOSTS": ["pms.example"],
}
UNSAFE = [
    pytest.param({"SECRET_KEY": ""}, "pms.E001", id="no key"),
    pytest.param({"SECRET_KEY": "short"}, "pms.E001", id="short key"),
    pytest.param({"SECRET_KEY": "abcd" * 20}, "pms.E001", id="key of few letters"),
    pytest.param({"SECRET_KEY": f"django-insecure-{KEY}"}, "pms.E001", id="key of a tutorial"),
    pytest.param({"DEBUG": True}, "pms.E002", id="debug"),
    pytest.param({"DEMO": True}, "pms.E003", id="demo"),
    pytest.param({"ALLOWED_HOSTS": []}, "pms.E004", id="no hosts"),
    pytest.param({"ALLOWED_HOSTS": ["*"]}, "pms.E004", id="all hosts"),
]


@pytest.fixture
def configure(settings):
    """Change settings for one test."""

    def apply(**values):
        for name, value in values.items():
            setattr(settings, name, value)

    return apply


class TestCheckProduction:
    def test_accepts_a_safe_installation(self, configure):
        configure(**SAFE)

        assert check_production(None) == []

    @pytest.mark.parametrize(("unsafe", "code"), UNSAFE)
    def test_refuses_what_is_unsafe_with_a_cure(self, configure, unsafe, code):
        configure(**SAFE | unsafe)

        [error] = check_production(None)

        assert error.id == code
        assert error.hint

    def test_lets_a_single_machine_be_a_demo(self, configure):
        configure(PRODUCTION=False, DEMO=True)

        assert check_production(None) == []

    @pytest.mark.django_db
    def test_stops_management_commands(self, configure):
        configure(**SAFE | {"DEMO": True})

        with pytest.raises(SystemCheckError, match="The demo mode is on"):
            call_command("check")


class TestServerStart:
    @pytest.mark.parametrize(("unsafe", "code"), UNSAFE)
    def test_is_refused_in_plain_words(self, configure, unsafe, code):
        configure(**SAFE | unsafe)

        with pytest.raises(ImproperlyConfigured, match=r"\. (Set|Remove) "):
            refuse_unsafe_start()

    @pytest.mark.parametrize(
        ("changed", "sentences"),
        [
            ({}, []),
            (
                {"SECRET_KEY": "weak", "DEBUG": "1", "PMS_DEMO": "1", "ALLOWED_HOSTS": ""},
                [
                    "SECRET_KEY is missing or easy to guess.",
                    "DEBUG is on",
                    "The demo mode is on",
                    "ALLOWED_HOSTS does not name the hosts",
                ],
            ),
        ],
        ids=["safe", "unsafe"],
    )
    def test_reads_the_environment(self, changed, sentences):
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "pms.settings.production",
            "SECRET_KEY": SAFE["SECRET_KEY"],
            "ALLOWED_HOSTS": "pms.example",
        }

        done = subprocess.run(
            [sys.executable, "-c", "import pms.wsgi"],
            env=environment | changed,
            cwd=settings.ROOT,
            capture_output=True,
            text=True,
        )

        assert (done.returncode != 0) == bool(sentences)
        for sentence in sentences:
            assert sentence in done.stderr

    def test_makes_the_folder_that_everything_is_written_to(self, tmp_path):
        """The checks open the database, and come in an order that differs from start to start."""
        folder = tmp_path / "srv" / "pms"
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "pms.settings.production",
            "SECRET_KEY": SAFE["SECRET_KEY"],
            "ALLOWED_HOSTS": "pms.example",
            "PMS_VAR": str(folder),
        }
        open_the_database = (
            "import django; django.setup(); "
            "from django.db import connection; connection.ensure_connection()"
        )

        subprocess.run(
            [sys.executable, "-c", open_the_database],
            env=environment | {"DATABASE_URL": ""},
            cwd=settings.ROOT,
            check=True,
        )

        assert folder.stat().st_mode & 0o077 == 0

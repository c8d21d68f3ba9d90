"""The health page: three things must be fine, and a stranger learns no more than that."""

import pytest
from django.core.cache.backends.dummy import DummyCache
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder

from pms.core import health

pytestmark = pytest.mark.django_db


@pytest.fixture
def healthz(client, caplog):
    """Ask as a stranger; gives the answer's status and text, and what the log tells."""

    def ask():
        caplog.clear()
        answer = client.get("/healthz/")
        assert answer["Content-Type"] == "text/plain"
        return answer.status_code, answer.text, caplog.text

    return ask


class TestHealthz:
    def test_is_well(self, healthz):
        assert healthz() == (200, "ok", "")

    def test_answers_head_and_refuses_changes(self, client):
        assert client.head("/healthz/").status_code == 200
        assert client.post("/healthz/").status_code == 405

    def test_is_never_cached(self, client):
        assert "no-store" in client.get("/healthz/")["Cache-Control"]

    def test_notices_a_database_that_does_not_answer(self, healthz, monkeypatch):
        def refuse(recorder):
            raise OperationalError("could not connect to db.internal")

        monkeypatch.setattr(MigrationRecorder, "applied_migrations", refuse)

        status, text, log = healthz()

        assert (status, text) == (503, "unavailable")
        assert "db.internal" in log

    def test_notices_a_migration_that_is_not_applied(self, healthz):
        MigrationRecorder(connection).record_unapplied("contenttypes", "0001_initial")

        status, text, log = healthz()

        assert (status, text) == (503, "unavailable")
        assert "contenttypes.0001_initial" in log

    def test_notices_a_cache_that_forgets(self, healthz, monkeypatch):
        monkeypatch.setattr(health, "cache", DummyCache("", {}))

        status, text, log = healthz()

        assert (status, text) == (503, "unavailable")
        assert "cache" in log

    def test_notices_a_cache_that_cannot_be_reached(self, healthz, monkeypatch):
        class Unreachable(DummyCache):
            def get(self, *args, **kwargs):
                raise ConnectionRefusedError("cache.internal")

        monkeypatch.setattr(health, "cache", Unreachable("", {}))

        status, text, log = healthz()

        assert (status, text) == (503, "unavailable")
        assert "cache.internal" in log

    def test_writes_only_once_in_a_while(self, healthz, django_assert_num_queries):
        healthz()

        with django_assert_num_queries(2):
            healthz()

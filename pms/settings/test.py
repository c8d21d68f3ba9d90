"""The test suite: quick, and nothing outside a temporary folder; `tests/engines.py` says more."""

from tests import engines

engines.prepare()

from .base import *

ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
DATABASES["default"]["CONN_MAX_AGE"] = 0
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: the live server's threads and child processes see it, too.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
CACHES["default"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
TASKS["default"]["BACKEND"] = "django.tasks.backends.immediate.ImmediateBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT.mkdir(exist_ok=True)

# A query repeated for every row of a page is an error.
INSTALLED_APPS += ["zeal"]
MIDDLEWARE.insert(0, "zeal.middleware.zeal_middleware")
# How many kinds of records a journal tells of does not depend on how many records there are.
ZEAL_ALLOWLIST = [
    {"model": "contenttypes.ContentType"},
    # A large import makes sure of its campaign once for each block of a thousand rows.
    {"model": "training.Campaign", "field": "get()"},
]
ZEAL_RAISE = True

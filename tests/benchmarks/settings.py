"""The system as an installation runs it, with a database and a folder that the run names."""

from pms.settings.base import *

ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
LOGGING["root"]["level"] = "ERROR"
LOGGING["loggers"] = {"django": {"level": "ERROR"}}  # each task would write two lines
# Work runs where it is asked for, so that it can be measured.
TASKS["default"]["BACKEND"] = "django.tasks.backends.immediate.ImmediateBackend"

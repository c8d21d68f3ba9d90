"""One person's machine: a key of its own under `var/`, plain HTTP, the demo company if wanted."""

from django.core.management.utils import get_random_secret_key

from .base import *
from .base import SECRET_KEY, STORAGES, VAR, env

DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
if not SECRET_KEY:
    key_file = VAR / "secret_key"
    if not key_file.exists():
        key_file.write_text(get_random_secret_key())
        key_file.chmod(0o600)
    SECRET_KEY = key_file.read_text().strip()
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

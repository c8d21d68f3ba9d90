"""The server's entry."""

import os

from django.core.wsgi import get_wsgi_application

from pms.core.checks import refuse_unsafe_start

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pms.settings.production")
application = get_wsgi_application()
refuse_unsafe_start()

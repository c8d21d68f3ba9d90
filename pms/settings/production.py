"""A real installation behind HTTPS; `pms.core.checks` refuses to start what is unsafe."""

from .base import *
from .base import TRUSTED_PROXIES, env

PRODUCTION = True
DEBUG = env.bool("DEBUG", default=False)
SECURE_SSL_REDIRECT = env.bool("PMS_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz/$"]
if TRUSTED_PROXIES:
    # Without a proxy of our own in front, anybody could claim to have come by HTTPS.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.int("PMS_HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True

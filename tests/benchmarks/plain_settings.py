"""The baseline: the same tables in Django's own admin, with what a new project starts with.

It needs a process of its own, because a theme replaces the templates of every admin site.
"""

from .settings import *

_OURS_ONLY = ("unfold", "pms.core.admin_app", "whitenoise", "django.forms", "allauth")
INSTALLED_APPS = [it for it in INSTALLED_APPS if not it.startswith(_OURS_ONLY)]
INSTALLED_APPS += ["django.contrib.admin.apps.SimpleAdminConfig"]
ROOT_URLCONF = "tests.benchmarks.plain_urls"
WSGI_APPLICATION = None
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT = None
STATICFILES_DIRS = []
WHITENOISE_USE_FINDERS = True
FORMAT_MODULE_PATH = None
SECURE_CSP = {}

"""Every setting, read from the environment in this one file (see `.env.example`)."""

from datetime import timedelta
from pathlib import Path

import environ
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from .admin import UNFOLD as UNFOLD

ROOT = Path(__file__).resolve().parents[2]
env = environ.Env()
environ.Env.read_env(env("PMS_ENV_FILE", default=str(ROOT / ".env")))

# Where everything that this installation writes lives: database, evidence, secret key, mail files.
VAR = Path(env("PMS_VAR", default=str(ROOT / "var")))
VAR.mkdir(mode=0o700, parents=True, exist_ok=True)

# Production settings say True; then `pms.core.checks` refuses whatever is unsafe.
PRODUCTION = False
DEBUG = False
DEMO = env.bool("PMS_DEMO", default=False)
SECRET_KEY = env("SECRET_KEY", default="")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
BASE_URL = env("PMS_BASE_URL", default="http://127.0.0.1:8000")

# The number of reverse proxies whose X-Forwarded-For is believed; 0 takes the socket's address.
TRUSTED_PROXIES = env.int("PMS_TRUSTED_PROXIES", default=0)

INSTALLED_APPS = [
    "pms.core",
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "unfold.contrib.import_export",
    "pms.core.admin_app.OfficeAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "auditlog",
    "django_filters",
    "django_htmx",
    "django_tasks_db",
    "import_export",
    "pms.accounts",
    "pms.history",
    "pms.evidence",
    "pms.transfer",
    "pms.notifications",
    "pms.organization",
    "pms.reminders",
    "pms.cycles",
    "pms.training",
    "pms.corrective_actions",
    "pms.incidents",
    "pms.dashboard",
    "pms.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "pms.core.middleware.AdminPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "pms.accounts.middleware.LanguageMiddleware",
    "pms.accounts.middleware.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pms.history.middleware.ActingMiddleware",
]

ROOT_URLCONF = "pms.urls"
WSGI_APPLICATION = "pms.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "pms.dashboard.context.shell",
                "pms.demo.context.demo",
            ],
            "builtins": ["django.templatetags.i18n", "pms.core.templatetags.pms"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# What a filter says as long as nothing is chosen.
FILTERS_EMPTY_CHOICE_LABEL = _("All")

# --- Database -----------------------------------------------------------------------------------

# WAL, an immediate transaction and a patient timeout are what makes SQLite safe for several
# writers; the cache (in KiB when negative) makes counts over big tables many times faster.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 60,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-64000;"
        "PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456;"
    ),
}


def database(url: str) -> dict:
    """Settings for one database address; what each engine needs to be safe and quick is added."""
    config = environ.Env.db_url_config(url)
    if config["ENGINE"].endswith("sqlite3"):
        config["OPTIONS"] = dict(SQLITE_OPTIONS)
    else:
        config |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    return config


DATABASES = {
    "default": database(env("DATABASE_URL", default="") or f"sqlite:///{VAR / 'pms.sqlite3'}")
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# A cache in the database: rate limits must be shared by every process.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    },
    # How far running imports are; not in the database, where a writing transaction hides it.
    "progress": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": VAR / "progress",
    },
}

# --- Work outside the request -------------------------------------------------------------------

TASKS = {
    "default": {
        "BACKEND": {
            "database": "django_tasks_db.DatabaseBackend",
            "immediate": "django.tasks.backends.immediate.ImmediateBackend",
        }[env("PMS_TASKS", default="database")]
    }
}

# How long a task may run before its worker is taken for dead (`run_due` looks).
TASK_LOST_AFTER = timedelta(minutes=env.int("PMS_TASK_LOST_MINUTES", default=120))

# --- People and sign-in -------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["pms.organization.backends.AppointmentBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboard:start"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "pms.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {"login": "pms.accounts.forms.SignInForm"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES

# --- Journal ------------------------------------------------------------------------------------

AUDITLOG_LOGENTRY_MODEL = "history.HistoryEntry"
# The library's own entries are never used; its migrations would make their table all the same.
MIGRATION_MODULES = {"auditlog": None}
AUDITLOG_STORE_JSON_CHANGES = True
AUDITLOG_USE_BASE_MANAGER = True

# --- Language, time, texts ----------------------------------------------------------------------

LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", _("Japanese")), ("en", _("English"))]
LOCALE_PATHS = [ROOT / "pms" / "locale"]
TIME_ZONE = env("PMS_TIME_ZONE", default="Asia/Tokyo")
USE_TZ = True
FORMAT_MODULE_PATH = "pms.core.formats"

# --- Files --------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [ROOT / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "evidence": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR / "evidence", "base_url": None},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
EVIDENCE_MAX_BYTES = env.int("PMS_EVIDENCE_MAX_BYTES", default=20 * 1024 * 1024)
# The internal location that nginx has for the evidence folder, like "/kept/": then it sends files.
EVIDENCE_ACCEL_PREFIX = env("PMS_ACCEL_PREFIX", default="")
IMPORT_MAX_BYTES = env.int("PMS_IMPORT_MAX_BYTES", default=50 * 1024 * 1024)
IMPORTERS = {
    "people": "pms.organization.importers.PeopleImporter",
    "completions": "pms.training.importers.completions.CompletionsImporter",
    "questions": "pms.training.importers.questions.QuestionsImporter",
    "examiner_findings": "pms.corrective_actions.importers.FindingsImporter",
}
# The table of all rules that people are reminded by.
REMINDER_RULES = "pms.dashboard.reminders.RULES"
# Who else knows when a year began; the plan of the year is dated before that (J.3.3).
FIRST_ACTIVITIES = "pms.dashboard.activities.FIRST_ACTIVITIES"
# Where the records are begun that fulfil milestones.
BEGINNINGS = "pms.dashboard.beginnings.BEGINNINGS"
CLAMD_SOCKET = env("PMS_CLAMD_SOCKET", default="")
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

# --- Rules of the company ------------------------------------------------------------------------

# Whose corrective actions top management approves; all others the privacy manager.
TOP_MANAGEMENT_APPROVES = {"grades": ["major"], "sources": ["audit"]}
# After so many months the effect of a corrective action is checked, by grade.
EFFECT_WAIT_MONTHS = {"major": 3, "minor": 3, "observation": 3}

# --- Mail ---------------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = env("PMS_MAIL_FROM", default="pms@localhost")
MAILERS = {
    "default": {
        "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "OPTIONS": {"file_path": str(VAR / "mail")},
    }
}
if env("PMS_SMTP_HOST", default=""):
    MAILERS["default"] = {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": env("PMS_SMTP_HOST"),
            "port": env.int("PMS_SMTP_PORT", default=587),
            "username": env("PMS_SMTP_USER", default=""),
            "password": env("PMS_SMTP_PASSWORD", default=""),
            "use_tls": env.bool("PMS_SMTP_TLS", default=True),
            "timeout": 20,
        },
    }

# --- Safety -------------------------------------------------------------------------------------

SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = env.int("PMS_SESSION_HOURS", default=10) * 3600

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"secret_addresses": {"()": "pms.core.logs.SecretAddressFilter"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["secret_addresses"],
        }
    },
    "root": {"handlers": ["console"], "level": env("PMS_LOG_LEVEL", default="INFO")},
}

SILENCED_SYSTEM_CHECKS: list[str] = []

"""Settings that hold everywhere. Nothing is read from the machine but environment variables."""

import os
from datetime import timedelta
from pathlib import Path

import structlog
from csp.constants import NONE, SELF
from django.contrib.messages import constants as message_levels

from config import schedule
from config.settings.parsing import database, email_transport, file_store

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = Path(os.environ.get("PILOTAGE_DATA", BASE_DIR / "var"))

SECRET_KEY = os.environ.get("PILOTAGE_SECRET_KEY", "")
#: Keys of before, newest first: links and second steps made with them still work.
SECRET_KEY_FALLBACKS = [key for key in os.environ.get("PILOTAGE_OLD_SECRET_KEYS", "").split(",") if key]
DEBUG = False
ALLOWED_HOSTS = [host for host in os.environ.get("PILOTAGE_HOSTS", "").split(",") if host]
#: Public base address of the installation; mails link to it.
BASE_URL = os.environ.get("PILOTAGE_URL", "http://127.0.0.1:8000").rstrip("/")

INSTALLED_APPS = [
    "audit",
    "accounts",
    "portfolio",
    "gates",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_filters",
    "django_htmx",
    "pgtrigger",
    "template_partials",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "accounts.middleware.headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.told_when_busy",
    "accounts.middleware.within_limits",
    "accounts.middleware.local_time",
    "accounts.middleware.first_administrator",
    "accounts.middleware.deny_by_default",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context.installation",
                "accounts.context.navigation",
                "accounts.alarm.missed_jobs",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

DATABASES = {
    "default": database(
        os.environ.get("DATABASE_URL", "postgresql://pilotage@127.0.0.1/pilotage"),
        pooled=os.environ.get("PILOTAGE_POOL") == "1",
        statement_timeout=timedelta(seconds=float(os.environ.get("PILOTAGE_STATEMENT_SECONDS", "15"))),
        lock_timeout=timedelta(seconds=5),
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "config.cache.SharedCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 0.2},
    }
}

# People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "add_email": "accounts.forms.address.AddressForm",
    "login": "accounts.forms.sign_in.SignInForm",
    "reset_password": "accounts.forms.sign_in.ForgottenPasswordForm",
}
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("PILOTAGE_PROXIES", "0"))
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Pilotage"
#: A phone's clock may be off by one period of 30 seconds.
MFA_TOTP_TOLERANCE = 1
MFA_ADAPTER = "accounts.adapter.SecondStepAdapter"
USERSESSIONS_ADAPTER = "accounts.adapter.SessionsAdapter"
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "accounts.views.errors.csrf_failure"

# Headers
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

# Language, time, money
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English")]
USE_I18N = True
USE_TZ = True
#: Zone of the organisation: days of jobs, and of committees that name no other.
TIME_ZONE = os.environ.get("PILOTAGE_TIME_ZONE", "Europe/Paris")
#: One ISO 4217 currency per installation.
#: So many days a decision is put off at most; then it is back on the agenda.
DEFERRAL_DAYS = int(os.environ.get("PILOTAGE_DEFERRAL_DAYS", "60"))
CURRENCY = os.environ.get("PILOTAGE_CURRENCY", "EUR")

# Files
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static", ("bootstrap", BASE_DIR / "node_modules" / "bootstrap" / "dist")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    "evidence": file_store(os.environ.get("PILOTAGE_FILES", "")),
}
#: The largest file of evidence, and how much of them a pilot may have, in bytes.
EVIDENCE_FILE_LIMIT = int(os.environ.get("PILOTAGE_FILE_MEGABYTES", "25")) * 1_000_000
EVIDENCE_QUOTA = int(os.environ.get("PILOTAGE_PILOT_MEGABYTES", "500")) * 1_000_000
#: What looks at files before anybody may download them: a command in which {path} stands for the file, or
#: `module:function`. Without one, files can be downloaded at once, and pages say that nothing looked at them.
EVIDENCE_SCANNER = os.environ.get("PILOTAGE_SCANNER", "")
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "config.uploading.PatientUploadHandler",
]
#: The largest request that is read at all: the largest file, be it evidence or a register, and the form around it.
LARGEST_REQUEST = max(EVIDENCE_FILE_LIMIT, 30_000_000) + 3_000_000

# Mail: EMAIL_URL names a server; without one, mails are kept and readable in the product.
MAIL_TRANSPORT = email_transport(os.environ.get("EMAIL_URL", ""))
EMAIL_BACKEND = "accounts.transport.OutboxBackend"
DEFAULT_FROM_EMAIL = os.environ.get("PILOTAGE_MAIL_FROM", "Pilotage <pilotage@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
#: Dotted path of another backend of Django's by which mails leave instead, such as django-anymail's for a provider.
MAIL_BACKEND = os.environ.get("PILOTAGE_MAIL_BACKEND", "")
#: Shared with the mail provider, who signs with it what it tells of mails that came back; empty: nobody may tell.
BOUNCE_SECRET = os.environ.get("PILOTAGE_BOUNCE_SECRET", "")
#: With it a monitoring system may read /metrics.
METRICS_TOKEN = os.environ.get("PILOTAGE_METRICS_TOKEN", "")
#: For how long a mail belongs to whoever sends it; longer than any SMTP transaction. Then it is sent again.
MAIL_LEASE = timedelta(minutes=5)

#: File outside the database to which the audit chain's head is written (see docs/security.md).
AUDIT_ANCHORS = DATA_DIR / "audit-anchors.log"
#: How long after its due time a job's missed run raises the alarm.
BEAT_GRACE = timedelta(minutes=5)

MESSAGE_TAGS = {message_levels.ERROR: "danger", message_levels.DEBUG: "secondary"}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": structlog.stdlib.ProcessorFormatter,
            # Tracebacks without local variables: those hold what people typed.
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.LogfmtRenderer(
                    key_order=["timestamp", "level", "logger", "event"], bool_as_flag=False
                ),
            ],
            "foreign_pre_chain": [
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.processors.TimeStamper(fmt="iso"),
            ],
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"pilotage": {"level": "INFO"}},
}

# Celery: the app is in config/celery.py.
JOBS = schedule.JOBS
CELERY_BROKER_URL = REDIS_URL

"""All settings in one file; the environment decides, and what is unset is safe."""

import os
import secrets
import sys
from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config import environment

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("CRM_DATA_DIR", BASE_DIR / ".data"))

# -- which kind of running this is -----------------------------------------------------------------

DEMO = environment.flag("CRM_DEMO", default=False)
TESTING = "pytest" in sys.modules
# A command of manage.py answers nobody: what it signs, if anything, dies with it.
MANAGING = Path(sys.argv[0]).name == "manage.py" and sys.argv[1:2] != ["runserver"]
PRODUCTION_VARIABLES = ("CRM_SECRET_KEY", "CRM_ALLOWED_HOSTS")

DEBUG = False
ALLOWED_HOSTS = environment.words("CRM_ALLOWED_HOSTS")
SECRET_KEY = environment.secret("CRM_SECRET_KEY")

if DEMO:
    if given := [name for name in PRODUCTION_VARIABLES if os.environ.get(name)]:
        raise ImproperlyConfigured(
            f"The demo has known passwords and refuses to run where {', '.join(given)} is set."
        )
    SECRET_KEY = environment.kept_secret(DATA_DIR / "demo-secret-key")
    ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *environment.words("CRM_DEMO_HOSTS")]
elif TESTING:
    SECRET_KEY = "only-for-tests"  # noqa: S105 - pytest never runs where people work
elif MANAGING:
    SECRET_KEY = SECRET_KEY or secrets.token_urlsafe(50)
else:
    for name in PRODUCTION_VARIABLES:
        if not os.environ.get(name):
            raise ImproperlyConfigured(
                f"{name} is not set; it is required. To try the CRM: python manage.py demo"
            )

# What asks from this machine itself: health checks and Prometheus.
MONITORS = environment.words("CRM_MONITORS") or ["127.0.0.1", "::1"]
ALLOWED_HOSTS += [] if DEMO or TESTING else ["localhost", "127.0.0.1"]

CSRF_TRUSTED_ORIGINS = environment.words("CRM_TRUSTED_ORIGINS")

# -- applications ----------------------------------------------------------------------------------

INSTALLED_APPS = [
    "config.apps.CrmAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_filters",
    "rest_framework",
    "import_export",
    "csp",
    "axes",
    "django_guid",
    "django_prometheus",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "django_tasks",
    "django_tasks_db",
    "crm",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django_guid.middleware.guid_middleware",
    "crm.middleware.logged_requests",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "crm.middleware.chosen_language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "config.replica.replica_reads",
    "crm.middleware.noted_denials",
    "crm.middleware.guarded_session",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "crm" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# -- database --------------------------------------------------------------------------------------

DATABASES = {"default": environment.database("DATABASE_URL", default=DATA_DIR / "crm.sqlite3")}
if DATABASES["default"]["ENGINE"] == environment.SQLITE:
    Path(DATABASES["default"]["NAME"]).parent.mkdir(parents=True, exist_ok=True)
if os.environ.get("DATABASE_REPLICA_URL"):
    DATABASES["replica"] = environment.database("DATABASE_REPLICA_URL", default=Path())
    DATABASE_ROUTERS = ["config.replica.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FIXTURES_DIR = BASE_DIR / "fixtures"

# -- people ----------------------------------------------------------------------------------------

AUTH_USER_MODEL = "crm.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "crm.backends.RoleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "crm.passwords.ThreeKinds"},
    {"NAME": "crm.passwords.NotUsedBefore"},
]
PASSWORD_DAYS = environment.integer("CRM_PASSWORD_DAYS", default=90)  # 0: passwords do not age
AUDIT_DAYS = environment.integer("CRM_AUDIT_DAYS", default=3 * 365, low=180)
PHONES_PER_HOUR = environment.integer("CRM_PHONES_PER_HOUR", default=60, low=1)
OTP_TOTP_ISSUER = "招商引资 CRM"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=environment.integer("CRM_LOCK_MINUTES", default=15, low=1))
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]
AXES_HANDLER = "crm.throttling.Throttle"
AXES_CLIENT_IP_CALLABLE = "crm.throttling.address_of"
AXES_LOCKOUT_CALLABLE = "crm.pages.account.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
# Single sign-on (OpenID Connect): off without an issuer. The claim holds the name of an account.
OIDC_ISSUER = environment.https("CRM_OIDC_ISSUER")
OIDC_CLIENT = environment.given_with("CRM_OIDC_CLIENT", OIDC_ISSUER)
OIDC_SECRET = environment.given_with("CRM_OIDC_SECRET", OIDC_ISSUER)
OIDC_CLAIM = os.environ.get("CRM_OIDC_CLAIM", "preferred_username")
OIDC_NAME = os.environ.get("CRM_OIDC_NAME", "统一身份认证登录")
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"

if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# -- language and time -----------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "crm" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = USE_TZ = True
FORMAT_MODULE_PATH = ["config.formats"]

# -- files -----------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "crm.whole_files.WholeFileStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
# Big ledgers are read and written outside the web process, so that a restart does not end them:
# by the worker where one runs (manage.py db_worker), else in a process that the page starts.
WORKER = environment.flag("CRM_WORKER", default=False)
IMPORTS_IN_OWN_PROCESS = not TESTING
TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend"
        if WORKER
        else "django_tasks.backends.immediate.ImmediateBackend"
    }
}

# -- the API of other systems ----------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["crm.api.tokens.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["crm.api.tokens.MayUseKind"],
    "DEFAULT_THROTTLE_CLASSES": ["crm.api.tokens.PerMinute"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "crm.api.paging.ByKey",
    "DEFAULT_SCHEMA_CLASS": "crm.api.spec.Described",
    "DEFAULT_METADATA_CLASS": None,  # OPTIONS tells nothing: there is a description
    "EXCEPTION_HANDLER": "crm.api.errors.answered",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "URL_FORMAT_OVERRIDE": None,
    "COERCE_DECIMAL_TO_STRING": True,
}

SPECTACULAR_SETTINGS = {
    "VERSION": "1",
    "OAS_VERSION": "3.0.3",
    "COMPONENT_SPLIT_REQUEST": True,
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": True,
    "POSTPROCESSING_HOOKS": ["crm.api.spec.exact"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
}
# How long a system may stay away before it has to read everything anew.
FEED_DAYS = environment.integer("CRM_FEED_DAYS", default=90, low=1)

# -- security --------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
        "report-uri": ["/csp-report/"],
    }
}
HTTPS = environment.flag("CRM_HTTPS", default=not (DEMO or TESTING))
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
SECURE_HSTS_SECONDS = environment.integer("CRM_HSTS_SECONDS", default=31_536_000 if HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
BEHIND_PROXY = environment.flag("CRM_BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_AGE = environment.integer("CRM_SESSION_SECONDS", default=8 * 3600, low=60)
SESSION_IDLE_SECONDS = environment.integer("CRM_IDLE_SECONDS", default=30 * 60, low=60)
SESSION_ENGINE = "crm.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
LANGUAGE_COOKIE_HTTPONLY = True
SILENCED_SYSTEM_CHECKS = []

# -- logging ---------------------------------------------------------------------------------------

# One JSON object a line where people work: with the request's id, and nothing about persons.
DJANGO_GUID = {"GUID_HEADER_NAME": "X-Request-ID", "VALIDATE_GUID": True, "RETURN_HEADER": True}
LOG_FORMAT = "line" if DEMO or TESTING or MANAGING else "json"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "django_guid.log_filters.CorrelationId"}},
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "format": "{asctime}{levelname}{name}{correlation_id}{message}",
            "style": "{",
            "rename_fields": {"correlation_id": "request_id"},
            "json_ensure_ascii": False,
        },
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": LOG_FORMAT,
            "filters": ["request_id"],
        },
    },
    "root": {"handlers": ["console"], "level": os.environ.get("CRM_LOG_LEVEL", "WARNING")},
    "loggers": {
        "crm.requests": {"level": "INFO" if LOG_FORMAT == "json" else "WARNING"},
        "django_guid": {"level": "WARNING"},
    },
}

# -- mail and group robots -------------------------------------------------------------------------

MAIL_KIND = os.environ.get("CRM_MAIL_BACKEND", "smtp")  # console, file, locmem: to try it out
EMAIL_BACKEND = f"django.core.mail.backends.{MAIL_KIND}.EmailBackend"
EMAIL_HOST = os.environ.get("CRM_MAIL_HOST", "localhost")
EMAIL_PORT = environment.integer("CRM_MAIL_PORT", default=25, low=1)
EMAIL_HOST_USER = os.environ.get("CRM_MAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("CRM_MAIL_PASSWORD", "")
EMAIL_USE_TLS = environment.flag("CRM_MAIL_TLS", default=False)
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = os.environ.get("CRM_MAIL_FROM", "crm@localhost")
# Where links in mails lead, e.g. https://crm.example.gov.cn; without it mails carry no links.
SITE_URL = os.environ.get("CRM_SITE_URL", "").rstrip("/")
# The only places robots may live at: whoever enters an address cannot make the server call others.
WEBHOOK_ORIGINS = environment.words("CRM_WEBHOOK_ORIGINS") or [
    "https://qyapi.weixin.qq.com",
    "https://oapi.dingtalk.com",
]

"""All settings (deploy/.env.example explains each variable; dukcapil/environment.py reads them).

Two forms. Without DATABASE_URL and REDIS_URL the portal is *embedded*: SQLite, no broker, secrets generated in
DUKCAPIL_HOME, safe on one machine. With both of them it is *production*: PostgreSQL and Celery on Redis; then a
missing or unsafe variable stops the start with a sentence that names it.
"""

from datetime import timedelta
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from whitenoise.compress import Compressor

from dukcapil import api_settings
from dukcapil.environment import Environment, database_settings, email_settings, variables
from dukcapil.home_folder import generated_secret, make_home
from dukcapil.log_lines import logging_settings
from dukcapil.password_settings import PASSWORD_VALIDATORS
from dukcapil.queue_settings import celery_settings
from dukcapil.storage_settings import caches, postgresql, sqlite
from dukcapil.timetable import timetable

env = Environment(variables())

BASE_DIR = Path(__file__).resolve().parent.parent
HOME = Path(env.text("DUKCAPIL_HOME", default="") or BASE_DIR / "var")
DATABASE_URL = env.text("DATABASE_URL", default="")
REDIS_URL = env.text("REDIS_URL", default="")
PRODUCTION = bool(DATABASE_URL or REDIS_URL)
LEAPS_ARE_ASKED_ABOUT = PRODUCTION  # docs/decisions/0018; an embedded installation is off over every weekend

KEPT_SECONDS = 1.0  # so old may be what every page asks for (dukcapil/kept.py)
COUNTS_WRITTEN_AT_ONCE = 20_000  # of an import; more are written part by part (recording/ledger/large_writes.py)

PORTAL_NAME = env.text("PORTAL_NAME", default="Rekam Jakarta")
AGENCY_NAME = env.text("AGENCY_NAME", default="Dinas Kependudukan dan Pencatatan Sipil")  # on reports of paper
AGENCY_ADDRESS = env.text("AGENCY_ADDRESS", default="")
AGENCY_PLACE = env.text("AGENCY_PLACE", default="Jakarta")
SIGNER_TITLE = env.text("SIGNER_TITLE", default="Kepala Dinas")
SIGNER_NAME = env.text("SIGNER_NAME", default="")
PUBLIC_DASHBOARD = env.yes_or_no("PUBLIC_DASHBOARD", default=False)
WEBHOOKS_ALLOW_PRIVATE_ADDRESSES = env.yes_or_no("WEBHOOKS_ALLOW_PRIVATE_ADDRESSES", default=False)
DEBUG = False

BACKUP_FOLDER = Path(env.text("BACKUP_FOLDER", default="") or HOME / "backups")
BACKUP_PASSPHRASE = env.text("BACKUP_PASSPHRASE", default="")
BACKUP_KEEP_DAYS = env.number("BACKUP_KEEP_DAYS", default=30)


def _require(name: str, value: str, why: str) -> None:
    if not value:
        raise ImproperlyConfigured(f"{name} is missing: {why} See deploy/.env.example.")


SECRET_KEY = env.text("SECRET_KEY", default="")
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env.names("CSRF_TRUSTED_ORIGINS")
BEHIND_TLS = env.yes_or_no("BEHIND_TLS", default=PRODUCTION)

# Who may say, by X-Forwarded-For, where a request comes from: proxies only. On this machine there can be no other client.
TRUSTED_PROXIES = env.networks("TRUSTED_PROXIES", default="127.0.0.0/8, ::1")

if PRODUCTION:
    _require("DATABASE_URL", DATABASE_URL, "REDIS_URL is set, so this is production, which needs PostgreSQL.")
    _require("REDIS_URL", REDIS_URL, "DATABASE_URL is set, so this is production, which needs a task queue.")
    if not DATABASE_URL.startswith(("postgres://", "postgresql://")):
        raise ImproperlyConfigured("DATABASE_URL must begin with postgres:// (14 or newer).")
    if not REDIS_URL.startswith(("redis://", "rediss://")):
        raise ImproperlyConfigured("REDIS_URL must begin with redis:// or rediss://.")
    _require("SECRET_KEY", SECRET_KEY, "it signs sessions and must be the same in every process.")
    if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 10:
        raise ImproperlyConfigured("SECRET_KEY is too weak: at least 50 characters, made by a generator.")
    _require("ALLOWED_HOSTS", ",".join(ALLOWED_HOSTS), "the host names by which the portal is reached.")
    if "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts; * would accept forged host headers.")
    if not BEHIND_TLS:
        raise ImproperlyConfigured("BEHIND_TLS must not be false in production: log-ins would travel in the clear.")
else:
    make_home(HOME)
    SECRET_KEY = SECRET_KEY or generated_secret(HOME)
    ALLOWED_HOSTS = ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]"]

INSTALLED_APPS = [
    "dukcapil",
    "accounts",
    "recording",
    "fleet",
    "accounts.apps.PortalAdminConfig",  # django.contrib.admin
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
]

MIDDLEWARE = [
    "dukcapil.access.AccessMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # adds a random length, so that compressed secrets cannot be guessed
    "dukcapil.middleware.ContentSecurityPolicyMiddleware",
    "dukcapil.middleware.PrivateAnswersMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",  # before whatever answers by itself
    "dukcapil.health.HealthMiddleware",  # before whatever asks the database
    "dukcapil.middleware.PublicPagesMiddleware",
    "dukcapil.middleware.ProblemMiddleware",
    "dukcapil.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "dukcapil.middleware.ReadOwnWritesMiddleware",
    "dukcapil.middleware.ClockMiddleware",
    "recording.coverage.api.direct.DirectCoverageMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SessionLimitMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "accounts.middleware.LoginRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "dukcapil.urls"
WSGI_APPLICATION = "dukcapil.wsgi.application"
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
                "dukcapil.context.portal",
                "recording.home.navigation.freshness",
            ]
        },
    }
]

# Never ATOMIC_REQUESTS: with SQLite's IMMEDIATE every GET would want the write lock.
DATABASES = {"default": postgresql(database_settings(DATABASE_URL)) if PRODUCTION else sqlite(HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = caches(REDIS_URL)

# Accounts and sessions
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "accounts.backends.AccountBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = PASSWORD_VALIDATORS
SECOND_FACTOR_ROLES = env.choices("SECOND_FACTOR_ROLES", ("admin", "staff", "head", "reader"))
OTP_TOTP_ISSUER = PORTAL_NAME  # beside the name of the account in the application of codes
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "coverage"
LOGOUT_REDIRECT_URL = "login"
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_AGE = 30 * 60  # idle; requests renew it, up to 12 hours (accounts/middleware.py)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = BEHIND_TLS

# Failed log-ins: the fifth for a name from an address locks that pair; the slower count of a name over all addresses,
# and what the address is behind a proxy, are ours.
AXES_HANDLER = "accounts.lockout.LockoutHandler"
AXES_CLIENT_IP_CALLABLE = "accounts.lockout.client_address"
AXES_FAILURE_LIMIT = 5
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # or a stranger who goes on guessing locks the owner out for ever
AXES_LOCKOUT_CALLABLE = "accounts.views.login.locked"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False

# What browsers may load: our own files and nothing else, on every page.
CONTENT_SECURITY_POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if BEHIND_TLS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000

# Language and time. No USE_THOUSAND_SEPARATOR: it would break SVG coordinates and addresses in templates.
LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Jakarta"
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

# Uploaded files on their way in; web and workers must see the same folder (deploy/compose.yaml).
IMPORTS = HOME / "imports"
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "collected" if (BASE_DIR / "RELEASE").exists() else HOME / "static"  # a release serves its own
# Source maps, half of all bytes, are asked for by developers only.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")
WHITENOISE_ALLOW_ALL_ORIGINS = False  # the files are of our pages alone
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Pages that a phone stores for use while offline; the portal opens on the first one from the home screen.
OFFLINE_PAGES = ["/laporan/"]

# Backups (dukcapil/backups/): what must be the same in a copy, and what proves its ledger.
BACKUP_EVIDENCE = {
    "figures": "recording.coverage.evidence.newest_figures",
    "ledger": "recording.coverage.evidence.newest_change",
}
BACKUP_LEDGER_CHECK = "recording.ledger.selectors.check_ledger"

# What each app gives to pages of all: the parts in the navigation, and what waits for a reader, in the order shown.
NAVIGATION_SOURCES = [
    "recording.home.navigation.ENTRIES",
    "fleet.pages.navigation.ENTRIES",
    "recording.home.navigation.ADMIN_ENTRIES",
]
# Pages for everybody, beside the public page: (name of the address, label) each.
PUBLIC_LINKS = ["fleet.pages.navigation.PUBLIC_LINKS"]
# Parts of the page of methods: functions that answer (template, what it shows).
METHOD_SOURCES = ["fleet.proposals.simulated.part_of_method"]
# What a page that is not there offers instead: functions that are given its request and answer (address, label) pairs.
NEAREST_SOURCES = ["recording.home.nearest.offers"]
# What stands on days on which its region is not open, as sentences: told whenever regions are loaded.
REGION_CHECKS = [
    "recording.targets.selectors.targets_beyond_closing",
    "recording.ledger.selectors.counts_beyond_days",
    "fleet.schedule.selectors.stops_beyond_days",
    "fleet.schedule.selectors.requests_beyond_days",
]
# Who of a region could not be recorded, by reason: it stands beside what remains (recording/coverage/not_recorded.py).
NOT_RECORDED_SOURCE = "fleet.reports.not_recorded.SOURCE"
# HTML of what depends on the moment, by its name on the page of the own region.
LIVE_PARTS = "recording.home.live.live_parts"
# What the front page shows of reports: recording/home/morning.py says what each of them gives.
MORNING_SOURCES = {"reports": "fleet.notifications.morning.missing_reports", "stops": "fleet.notifications.morning.due_stops"}
WORK_LIST_SOURCES = ["fleet.notifications.work_list.items", "recording.home.work_list.items"]

# What is asked whether the work is being done, and what is counted of it (dukcapil/conditions.py).
HEALTH_SOURCES = ["dukcapil.own_checks", "recording.home.readiness"]
HEALTH_SOURCES += ["fleet.proposals.readiness", "fleet.notifications.readiness"]
METRICS_TOKEN = env.text("METRICS_TOKEN")  # without one /metrics is for this machine alone

# E-mails. Without EMAIL_URL they are printed on the console.
EMAIL = email_settings(env.text("EMAIL_URL", default="consolemail://"))
vars().update({name: value for name, value in EMAIL.items() if name != "OPTIONS"})
DEFAULT_FROM_EMAIL = env.address("EMAIL_FROM", default="portal@localhost")
EMAIL_TIMEOUT = 10

CELERY_BEAT_SCHEDULE = timetable(PRODUCTION)
vars().update(celery_settings(broker=REDIS_URL, home=HOME))

# The API: how often one may ask, in a minute (dukcapil/api_settings.py holds the rest).
REST_FRAMEWORK = api_settings.REST_FRAMEWORK
SPECTACULAR_SETTINGS = api_settings.SPECTACULAR_SETTINGS
API_REQUESTS_A_MINUTE = env.number("API_REQUESTS_A_MINUTE", default=api_settings.REQUESTS_A_MINUTE)
API_STRANGERS_A_MINUTE = api_settings.STRANGERS_A_MINUTE

LOGGING = logging_settings(env.level("LOG_LEVEL", default="INFO"))
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # HSTS for subdomains is for the domain's owner to decide
    "security.W008",  # the proxy sends http on to https; the portal itself is asked over http by the machine's probes
    "security.W021",  # so is HSTS preloading
]

GIVEN = env.given()  # what was set for this installation, which a backup holds too

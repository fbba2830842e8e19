"""Hearth's settings. Everything an installation changes comes from the environment (see README.md)."""

import os
from pathlib import Path

from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from hearth.lib import environment, janus, proxies, secrets_file, turn
from hearth.outbox.sms import Gateway
from hearth.settings.database import databases

BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = Path(os.environ.get("HEARTH_VAR", BASE_DIR / "var"))

DEMO = environment.is_on(os.environ, "HEARTH_DEMO", otherwise=True)  # `make run` shows it; production sets 0
TRIAL = environment.is_on(os.environ, "HEARTH_DEBUG", otherwise=DEMO)  # over plain HTTP, with mail to look at
DEBUG = environment.is_on(os.environ, "HEARTH_DEBUG", otherwise=False)  # Django's own: errors with all they know
SECRET_KEY = os.environ.get("HEARTH_SECRET_KEY") or secrets_file.read_or_make(VAR_DIR / "keys" / "django")
HEARTH_KEY_DIR = Path(os.environ.get("HEARTH_KEY_DIR", VAR_DIR / "keys"))
HEARTH_CLAMD = Path(os.environ.get("HEARTH_CLAMD") or "/run/clamav/clamd.ctl")  # the socket of ClamAV's daemon
HEARTH_AUDIT_HEADS = Path(os.environ.get("HEARTH_AUDIT_HEADS", VAR_DIR / "audit"))
HOSTS = [host for host in os.environ.get("HEARTH_HOSTS", "").split(",") if host]
ALLOWED_HOSTS = HOSTS or ["localhost", "127.0.0.1", "[::1]", "testserver"]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in HOSTS]
BASE_URL = environment.address(os.environ, "HEARTH_BASE_URL", "http://localhost:8000")

INSTALLED_APPS = [
    "hearth.web",
    "hearth.bereavement",
    "hearth.letters",
    "hearth.aftercare",
    "hearth.circle",
    "hearth.trauma",
    "hearth.family",
    "hearth.sessions",
    "hearth.notebook",
    "hearth.skills",
    "hearth.timetable",
    "hearth.plan",
    "hearth.medical",
    "hearth.admission",
    "hearth.background",
    "hearth.inquiry",
    "hearth.measures",
    "hearth.safety",
    "hearth.program",
    "hearth.consent",
    "hearth.people",
    "hearth.accounts",
    "hearth.audit",
    "hearth.outbox",
    "hearth.fhir",
    "hearth.lib",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "hearth.lib.proxies.see_through",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "hearth.lib.devices.withhold",
    "hearth.lib.static_files.StaticFiles",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "hearth.safety.help_at_once.show",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "hearth.accounts.middleware.arrive",
]

ROOT_URLCONF = "hearth.urls"
ASGI_APPLICATION = "hearth.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "hearth.lib.templatetags.hearth",
                "hearth.people.templatetags.people",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "hearth.web.context.house",
            ],
        },
    },
]
COTTON_ISOLATE_BY_DEFAULT = True  # a component sees its own attributes and the context processors, not its page's names
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = databases(os.environ, VAR_DIR)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "web:today"
LOGOUT_REDIRECT_URL = "web:front"
ACCOUNT_ADAPTER = "hearth.accounts.allauth.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
MFA_ADAPTER = "hearth.accounts.allauth.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = TRIAL
MFA_TOTP_ISSUER = "Hearth"

PROXIES = proxies.read(os.environ.get("HEARTH_PROXIES", "0"))
SESSION_ENGINE = "hearth.accounts.browsers"
SESSION_COOKIE_NAME = "hearth"
SESSION_COOKIE_SECURE = not TRIAL
SESSION_COOKIE_AGE = 12 * 60 * 60  # seconds; idle sign-off is shorter, see hearth.accounts.middleware
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_SECURE = not TRIAL
CSRF_COOKIE_HTTPONLY = False
SECURE_SSL_REDIRECT = not TRIAL
if PROXIES:  # ours say how the reader came; without one, anybody could claim it
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 0 if TRIAL else 31_536_000
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "media-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "worker-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024 * 1024  # bytes; a referral may be 20 MB
FILE_UPLOAD_MAX_MEMORY_SIZE = DATA_UPLOAD_MAX_MEMORY_SIZE  # up to this, what people send never lies on disk

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [BASE_DIR / "hearth" / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TRIAL
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = TRIAL

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"quiet": {"()": "hearth.lib.logs.QuietFormatter"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "level": "WARNING", "formatter": "quiet"},  # standard error
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"django": {"handlers": [], "level": "INFO"}, "django.request": {"level": "ERROR"}},
}

SMTP_HOST = os.environ.get("HEARTH_SMTP_HOST", "")
MAIL_LEAVES = bool(SMTP_HOST)  # without a mail server, mail stays in the database, as in the demo
MAILERS = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": SMTP_HOST,
            "port": environment.port(os.environ, "HEARTH_SMTP_PORT", 587),
            "username": os.environ.get("HEARTH_SMTP_USER", ""),
            "password": os.environ.get("HEARTH_SMTP_PASSWORD", ""),
            "use_tls": environment.is_on(os.environ, "HEARTH_SMTP_TLS", otherwise=True),
            "timeout": 30,
        },
    }
}
DEFAULT_FROM_EMAIL = os.environ.get("HEARTH_MAIL_FROM", "hearth@localhost")

SMS_GATEWAY = (  # without one, texts stay in the database like mail without a server
    Gateway(
        url=os.environ["HEARTH_SMS_URL"],
        user=os.environ.get("HEARTH_SMS_USER", ""),
        token=os.environ.get("HEARTH_SMS_TOKEN", ""),
        sender=os.environ.get("HEARTH_SMS_FROM", ""),
        shape=os.environ.get("HEARTH_SMS_SHAPE", "form"),
    )
    if os.environ.get("HEARTH_SMS_URL")
    else None
)

PUSH_SERVICES = (  # of the browsers there are; whatever another address a browser names, nothing is posted to it
    "fcm.googleapis.com",
    "push.services.mozilla.com",
    "push.apple.com",
    "notify.windows.com",
)

JANUS_SERVERS = janus.servers(
    os.environ, VAR_DIR
)  # the pool on which Hearth's own video rooms stand; see docs/video.md
TURN = turn.read(os.environ)  # relays media where a network lets nothing else through

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # an e-mail is one person's in each organisation; see docs/adr/004

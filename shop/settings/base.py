"""Settings that hold everywhere; local.py, test.py and production.py add what differs."""

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from oscar.defaults import *  # noqa: F403

from shop.settings.environment import PROJECT_ROOT, env
from shop.settings.media_storage import read_storage_url

BASE_DIR = PROJECT_ROOT
VAR_DIR = PROJECT_ROOT / "var"

DEBUG = env.debug
DEMO = env.demo
DEMO_HOSTS = env.demo_hosts
SITE_URL = env.site_url.rstrip("/")
ALLOWED_HOSTS = list(env.allowed_hosts)
TRUSTED_PROXY_COUNT = env.trusted_proxy_count

ROOT_URLCONF = "shop.urls"
WSGI_APPLICATION = "shop.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SITE_ID = 1  # only allauth and Oscar ask for it; ours is shop.storefront.SiteCommune, by host

INSTALLED_APPS = [
    # ours; before Oscar and Wagtail, so that our templates and commands win
    "merchants.apps.MerchantsConfig",
    "catalogue.apps.CatalogueConfig",
    "shop.users.apps.UsersConfig",
    "shop.outbox.apps.OutboxConfig",
    "shop.messages.apps.MessagesConfig",
    "shop.delivery.apps.DeliveryConfig",
    "shop.payments.apps.PaymentsConfig",
    "shop.purchase.apps.PurchaseConfig",
    "shop.purchase.complaints.apps.ComplaintsConfig",
    "shop.marketplaces.apps.MarketplacesConfig",
    "shop.storefront.apps.StorefrontConfig",
    "shop.workspace.apps.WorkspaceConfig",
    "shop.api.apps.ApiConfig",
    "shop.apps.ShopConfig",
    "cms.apps.CmsConfig",
    # Wagtail
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    # Django
    "shop.staff_screens.admin_site.StaffAdminConfig",  # django.contrib.admin
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.sites",
    "django.contrib.sitemaps",
    "django.contrib.flatpages",
    "django.contrib.humanize",
    # sign-in
    "allauth",
    "allauth.account",
    "allauth.mfa",
    # Oscar; four apps are forked, haystack stays out (its update_index would shadow Wagtail's)
    "oscar.config.Shop",
    "oscar.apps.analytics.apps.AnalyticsConfig",
    "oscar.apps.checkout.apps.CheckoutConfig",
    "shop.address.apps.AddressConfig",
    "oscar.apps.shipping.apps.ShippingConfig",
    "oscar.apps.catalogue.reviews.apps.CatalogueReviewsConfig",
    "oscar.apps.communication.apps.CommunicationConfig",
    "shop.partner.apps.PartnerConfig",
    "oscar.apps.basket.apps.BasketConfig",
    "oscar.apps.payment.apps.PaymentConfig",
    "oscar.apps.offer.apps.OfferConfig",
    "shop.order.apps.OrderConfig",
    "oscar.apps.customer.apps.CustomerConfig",
    "oscar.apps.search.apps.SearchConfig",
    "oscar.apps.voucher.apps.VoucherConfig",
    "oscar.apps.wishlists.apps.WishlistsConfig",
    "oscar.apps.dashboard.apps.DashboardConfig",
    "oscar.apps.dashboard.reports.apps.ReportsDashboardConfig",
    "oscar.apps.dashboard.users.apps.UsersDashboardConfig",
    "oscar.apps.dashboard.orders.apps.OrdersDashboardConfig",
    "oscar.apps.dashboard.catalogue.apps.CatalogueDashboardConfig",
    "oscar.apps.dashboard.offers.apps.OffersDashboardConfig",
    "oscar.apps.dashboard.partners.apps.PartnersDashboardConfig",
    "oscar.apps.dashboard.pages.apps.PagesDashboardConfig",
    "oscar.apps.dashboard.ranges.apps.RangesDashboardConfig",
    "oscar.apps.dashboard.reviews.apps.ReviewsDashboardConfig",
    "oscar.apps.dashboard.vouchers.apps.VouchersDashboardConfig",
    "oscar.apps.dashboard.communications.apps.CommunicationsDashboardConfig",
    "oscar.apps.dashboard.shipping.apps.ShippingDashboardConfig",
    "widget_tweaks",
    "treebeard",
    "django_tables2",
    "sorl.thumbnail",
    "django_tasks",
    "django_tasks_db",
    "csp",
]

MIDDLEWARE = [
    "shop.request_log.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "shop.storefront.page_cache.PageCacheMiddleware",
    "csp.middleware.CSPMiddleware",
    "shop.security_headers.SecurityHeadersMiddleware",
    "shop.storefront.host_commune.CommuneMiddleware",
    "shop.storefront.language.LanguageFromPathMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "shop.plain_text.PlainTextMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "shop.users.kept_form.KeptFormMiddleware",
    "shop.users.second_factor.SecondFactorMiddleware",
    "shop.oscar_dashboard.ClosedFormsMiddleware",
    "oscar.apps.basket.middleware.BasketMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

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
                "django.template.context_processors.i18n",
                "shop.storefront.page_context.page_context",
                "cms.page_frame.page_frame",
                "shop.oscar_dashboard.oscar_context",
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    },
]

FORM_RENDERER = "shop.form_renderer.QuickWidgets"

# --- data -----------------------------------------------------------------------------------------------------------

if env.database_url:
    DATABASES = {"default": dj_database_url.parse(env.database_url, conn_max_age=60, conn_health_checks=True)}
else:
    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(VAR_DIR / "shop.sqlite3")}}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Opening the file costs more than a page that is kept (shop.storefront.page_cache): each thread keeps it open; each
    # then also keeps its cache (in kB below), eight of them in two workers. So the file's first 32 MB are read where
    # the system keeps them for all of them.
    DATABASES["default"]["CONN_MAX_AGE"] = 600
    DATABASES["default"]["OPTIONS"] = {
        # A transaction that begins with a read and then writes would fail at once instead of waiting; IMMEDIATE waits.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-2000; "
        "PRAGMA mmap_size=33554432;",
    }

if env.redis_url:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": env.redis_url}}
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "shop"}}

# Public pages kept by each process (shop.storefront.kept_pages); with Redis the processes share what they draw.
PAGE_CACHE_BYTES = env.page_cache_mb * 1_000_000
PAGE_CACHE_SHARED = bool(env.redis_url)

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

MEDIA_URL = "/media/"
MEDIA_ROOT = env.media_root
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "shop.static_files.HashedStaticFiles"},
    # Never served by address, unlike MEDIA_ROOT: buyers' screenshots.
    "private": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": env.private_root}},
}
MEDIA_HOSTS: list[str] = []  # where pictures come from besides ourselves
if env.media_storage_url:
    try:
        _buckets = read_storage_url(env.media_storage_url.get_secret_value())
    except ValueError as error:
        raise ImproperlyConfigured(f"MEDIA_STORAGE_URL: {error}.") from None  # without the secret in a traceback
    STORAGES["default"] = {"BACKEND": "shop.bucket_files.PublicFiles", "OPTIONS": _buckets.options(_buckets.bucket)}
    STORAGES["private"] = {
        "BACKEND": "shop.bucket_files.PrivateFiles",
        "OPTIONS": _buckets.options(_buckets.private_bucket),
    }
    if _buckets.public_url:
        MEDIA_URL = _buckets.public_url
        MEDIA_HOSTS = ["/".join(_buckets.public_url.split("/")[:3])]
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_HANDLERS = [
    "shop.uploads.BoundedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- language, time, money ------------------------------------------------------------------------------------------

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
LOCALE_PATHS = [
    BASE_DIR / "shop" / "locale",
    BASE_DIR / "shop" / "library_locale",  # what allauth and others say and do not translate; kept by hand
]
FORMAT_MODULE_PATH = ["shop.formats"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = False

# --- people ---------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "users.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "users:home"
LOGOUT_REDIRECT_URL = "/"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "shop.users.kept_form.csrf_failure"
# In a signed cookie, and in the session where they are too long for one: a guest who buys needs no session then.
MESSAGE_STORAGE = "django.contrib.messages.storage.fallback.FallbackStorage"
ACCOUNT_ADAPTER = "shop.users.sign_in.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"phone", "email"}
# Phone sign-up waits for an SMS or ZNS sender (shop.users.sign_in); until then officers take people in by phone.
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_FORMS = {
    "login": "shop.users.sign_in.SignInForm",
    "signup": "shop.users.sign_in.ShopperSignUpForm",
    "request_login_code": "shop.users.sign_in.CodeRequestForm",
    "set_password": "shop.users.sign_in.NewPasswordForm",
    "change_password": "shop.users.sign_in.OtherPasswordForm",
    "reset_password_from_key": "shop.users.sign_in.ForgottenPasswordForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# "mandatory" binds e-mail sign-up only: SignInEmailStage lets phone numbers pass
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
# how many proxies of ours stand before the server; the rate limits count by the address they pass on
ALLAUTH_TRUSTED_PROXY_COUNT = env.trusted_proxy_count
MFA_ADAPTER = "shop.users.sign_in.SecondFactorAdapter"
MFA_FORMS = {
    "add_webauthn": "shop.users.passkey_forms.AddPasskeyForm",
    "edit_webauthn": "shop.users.passkey_forms.RenamePasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "OCOP"
MFA_TOTP_TOLERANCE = 1  # clocks of cheap phones run up to half a minute wrong
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG or DEMO  # http://localhost in the demo
WAGTAILADMIN_LOGIN_URL = "account_login"

# --- Oscar ----------------------------------------------------------------------------------------------------------

OSCAR_SHOP_NAME = "OCOP"
OSCAR_DEFAULT_CURRENCY = "VND"
OSCAR_CURRENCY_FORMAT = {"VND": {"format": "#,##0\u00a0¤", "locale": "vi_VN"}}
OSCAR_SLUG_FUNCTION = "merchants.folding.slugify_vietnamese"
OSCAR_ALLOW_ANON_CHECKOUT = True
OSCAR_REQUIRED_ADDRESS_FIELDS = ("first_name", "line1")
OSCAR_EAGER_ALERTS = False  # its stock alerts run on every save of a stock record; nobody can subscribe to them here
# The dashboard lists and filters by these; only shop.purchase.states moves an order (DESIGN §7), so no step is offered.
OSCAR_ORDER_STATUS_PIPELINE = {
    status: () for status in ("placed", "confirmed", "packed", "sent", "delivered", "cancelled")
}
OSCAR_HIDDEN_FEATURES = ["reviews", "wishlists"]
OSCAR_DYNAMIC_CLASS_LOADER = "shop.staff_screens.registry.load_classes"
OSCAR_CSV_INCLUDE_BOM = True  # or Excel reads Vietnamese letters as Western ones
# What of the dashboard is used here (shop.oscar_dashboard.READABLE), and the two other screens of the platform's staff.
OSCAR_DASHBOARD_NAVIGATION = [
    {"label": _("Dashboard"), "icon": "fas fa-list", "url_name": "dashboard:index"},
    {"label": pgettext_lazy("list", "Goods"), "icon": "fas fa-sitemap", "url_name": "dashboard:catalogue-product-list"},
    {
        "label": _("Orders"),
        "icon": "fas fa-shopping-cart",
        "children": [
            {"label": _("List of orders"), "url_name": "dashboard:order-list"},
            {"label": _("Orders in figures"), "url_name": "dashboard:order-stats"},
        ],
    },
    {"label": _("Sellers"), "icon": "fas fa-briefcase", "url_name": "dashboard:partner-list"},
    {"label": pgettext_lazy("with an account", "People"), "icon": "fas fa-users", "url_name": "dashboard:users-index"},
    {"label": _("Reports"), "icon": "fas fa-chart-bar", "url_name": "dashboard:reports-index"},
    {
        "label": _("Outgoing messages"),
        "icon": "fas fa-envelope",
        "url_name": "workspace:outbox",
        "access_fn": lambda user, *_: user.is_staff,
    },
    {
        "label": _("Pages and stories"),
        "icon": "fas fa-folder",
        "url_name": "wagtailadmin_home",
        "access_fn": lambda user, *_: user.has_perm("wagtailadmin.access_admin"),
    },
    {
        "label": _("System tables"),
        "icon": "fas fa-database",
        "url_name": "admin:index",
        "access_fn": lambda user, *_: user.is_staff,
    },
]
OSCAR_FROM_EMAIL = env.default_from_email
OSCAR_SAVE_SENT_EMAILS_TO_DB = False
OSCAR_DELETE_IMAGE_FILES = False  # merchants/picture_upkeep.py does, when no row names them any more
OSCAR_IMAGE_FOLDER = "products/%Y/%m/"
HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}

# --- Wagtail --------------------------------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "OCOP"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "modelsearch.backends.database"}}
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
# Accounts and passwords belong to sign-in; comments and approvals would send mail past the outbox.
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILADMIN_COMMENTS_ENABLED = False
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]  # one for all: no choice to make, and browsers refuse some names of the long list
WAGTAIL_DATE_FORMAT = "%d/%m/%Y"
WAGTAIL_DATETIME_FORMAT = "%d/%m/%Y %H:%M"
WAGTAIL_TIME_FORMAT = "%H:%M"
WAGTAIL_WORKFLOW_ENABLED = False
WAGTAILIMAGES_IMAGE_FORM_BASE = "cms.picture_intake.PictureForm"
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp", "heic", "avif"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 15_000_000  # bytes, and pixels below: as merchants.photos bounds them
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 50_000_000
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "xlsx", "odt", "ods"]

# --- mail -----------------------------------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.default_from_email
EMAIL_TIMEOUT = 20
if env.email_url == "console":
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
else:
    from urllib.parse import unquote, urlsplit

    _mail = urlsplit(env.email_url)
    if _mail.scheme not in {"smtp", "smtps"} or not _mail.hostname:
        raise ValueError("EMAIL_URL must be 'console' or smtp[s]://user:password@host:port")
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = _mail.hostname
    EMAIL_PORT = _mail.port or (465 if _mail.scheme == "smtps" else 587)
    EMAIL_HOST_USER = unquote(_mail.username or "")
    EMAIL_HOST_PASSWORD = unquote(_mail.password or "")
    EMAIL_USE_SSL = _mail.scheme == "smtps"
    EMAIL_USE_TLS = _mail.scheme == "smtp" and EMAIL_PORT != 25

# --- security headers -----------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:", *MEDIA_HOSTS],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

# --- ours -----------------------------------------------------------------------------------------------------------

FIELD_ENCRYPTION_KEY = env.field_encryption_key.get_secret_value() if env.field_encryption_key else ""
HOLD_MINUTES_TRANSFER = env.hold_minutes_transfer
HOLD_MINUTES_LONGEST = env.hold_minutes_longest
COMPLAINT_FILE_WITHIN_DAYS = env.complaint_file_within_days
COMPLAINT_ANSWER_WORKING_DAYS = env.complaint_answer_working_days
COMPLAINT_DECIDE_DAYS = env.complaint_decide_days
COMPLAINT_RETURN_DAYS = env.complaint_return_days
COMPLAINT_CARRY_OUT_WORKING_DAYS = env.complaint_carry_out_working_days
COMPLAINT_CONFIRM_DAYS = env.complaint_confirm_days
COMPLAINT_COMMUNE_WORKING_DAYS = env.complaint_commune_working_days
COMPLAINT_REMIND_BEFORE_HOURS = env.complaint_remind_before_hours
NON_WORKING_DAYS = frozenset(env.non_working_days)
SEPAY_WEBHOOK_SECRET = env.sepay_webhook_secret.get_secret_value() if env.sepay_webhook_secret else ""
SEPAY_API_KEY = env.sepay_api_key.get_secret_value() if env.sepay_api_key else ""
SEPAY_API_URL = env.sepay_api_url
WEBHOOK_BODY_LIMIT_BYTES = 256 * 1024
# Seeders in the order in which they must run; each is idempotent and called as seed(plan) (see seed_demo).
DEMO_SEEDERS: list[str] = [
    "merchants.demo.seed.seed",
    "catalogue.demo.seed.seed",
    "shop.users.demo.seed",
    "merchants.demo.codes.seed",  # after the people: an officer issues them
    "shop.partner.demo.seed",
    "shop.delivery.demo.seed",
    "shop.payments.demo.seed",
    "cms.demo.seed.seed",  # before the purchases, which accept the policies in force
    "shop.purchase.demo.seed",
    "shop.storefront.demo.seed",
    "shop.purchase.complaints.demo.seed",
]
# Callables that yield what is wrong, as text; `manage.py doctor` runs them all.
DOCTOR_CHECKS: list[str] = [
    "merchants.audit.check_audit_chain",
    "merchants.payment_code_checks.check_payment_codes",
    "shop.outbox.invariants.check_outbox",
    "shop.partner.stock.check_stock",
    "shop.payments.ledger.check_ledger",
    "shop.purchase.doctor_checks.check_orders",
    "shop.purchase.doctor_checks.check_holds",
    "shop.purchase.doctor_checks.check_money",
    "shop.purchase.doctor_checks.check_stories",
    "shop.purchase.complaints.doctor_checks.check_complaints",
    "catalogue.listed_product.listing_breaches",
    "cms.page_checks.check_pages",
]
# Columns that hold names of pictures → who else has to follow a new name (merchants/picture_upkeep.py).
PICTURE_FIELDS: dict[str, str] = {
    "merchants.Merchant.portrait": "shop.storefront.generation.on_change",
    "merchants.PrintMark.picture": "",
    "catalogue.ProductImage.original": "catalogue.listed_product.picture_renamed",
    "wagtailimages.Image.file": "cms.pictures.on_file_renamed",
}
# The same for what deserves a look but is no breach.
DOCTOR_NOTICES: list[str] = [
    "merchants.audit.audit_notices",
    "merchants.picture_upkeep.picture_notices",
    "shop.outbox.invariants.outbox_notices",
    "shop.payments.ledger.payment_notices",
    "cms.page_checks.page_notices",
]
# What leaves the house: kind of message → the function that sends it (shop/outbox/registry.py).
OUTBOX_HANDLERS: dict[str, str] = {
    "purchase.placed": "shop.messages.announce.announce_purchase",
    "order.changed": "shop.messages.announce.announce_order_change",
    "letter.send": "shop.messages.send_letter.send_letter",
    "account.letter": "shop.messages.account_letters.send_account_letter",
    "refund.not_seen": "shop.messages.announce_complaints.announce_refund_not_seen",
    "complaint.changed": "shop.messages.announce_complaints.announce_complaint",
    "complaint.due": "shop.messages.announce_complaints.announce_due",
    "complaint.letter": "shop.messages.send_complaint_letter.send_complaint_letter",
}
# What the worker's clock runs: name → (function without arguments, every so many seconds).
CLOCK_JOBS: dict[str, tuple[str, int]] = {
    "publish_timed_pages": ("cms.publishing.publish_timed_pages", 60),
    "refresh_ended_stars": ("catalogue.listed_product.refresh_ended_stars", 3600),
    "drop_ended_editors": ("shop.users.editors.drop_ended_editors", 3600),
    "seal_audit_log": ("merchants.audit.seal_audit_log", 60),
    "fold_changes": ("shop.storefront.generation.fold_changes", 60),
    "end_due_holds": ("shop.purchase.holds.end_due_holds", 30),
    "mind_complaints": ("shop.purchase.complaints.clock.mind_complaints", 300),
    "recover_lost_tasks": ("shop.outbox.background_tasks.recover_lost_tasks", 300),
    "carry_out_account_changes": ("merchants.account_changes.carry_out_due", 300),
    "remove_old_sheets": ("merchants.code_batches.remove_old_sheets", 24 * 3600),
    "sweep_pictures": ("merchants.picture_upkeep.sweep_recent", 24 * 3600),
    "remove_old_waiting_photos": ("shop.workspace.waiting_photos.remove_old_waiting_photos", 24 * 3600),
    "drop_old_lists": ("merchants.register_import.drop_old_lists", 24 * 3600),
    "remove_old_messages": ("shop.outbox.given_up.remove_old_messages", 24 * 3600),
    "remove_old_vain_searches": ("shop.storefront.vain_searches.remove_old_vain_searches", 24 * 3600),
    "remove_old_tasks": ("shop.outbox.background_tasks.remove_old_tasks", 24 * 3600),
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "shop.request_log.RequestIdFilter"}},
    "formatters": {
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s %(request_id)s",
            "rename_fields": {"asctime": "at", "levelname": "level", "name": "logger"},
            "json_ensure_ascii": False,
        },
        "plain": {"format": "%(levelname)s %(name)s %(message)s"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "json" if env.log_format == "json" else "plain",
            "filters": ["request_id"],
        },
    },
    "root": {"handlers": ["console"], "level": env.log_level},
    "loggers": {"django.server": {"level": "WARNING"}, "wagtail": {"level": "WARNING"}},
}

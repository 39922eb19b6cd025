"""How the API is set up: Django REST framework and drf-spectacular. Apps are known here by name only."""

from typing import Any

REQUESTS_A_MINUTE = 600  # of one key or person in a minute
STRANGERS_A_MINUTE = 60  # requests of one address in a minute whose key is wrong or missing

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.authentication.KeyAuthentication",  # first: its challenge makes a 401 of a missing key
        "rest_framework.authentication.SessionAuthentication",  # for whoever tries the API in the browser
    ],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.api.permissions.Known", "accounts.api.permissions.MayAsk"],
    "DEFAULT_THROTTLE_CLASSES": ["accounts.api.throttles.ReaderThrottle"],
    "DEFAULT_RENDERER_CLASSES": ["dukcapil.api.renderers.Json", "dukcapil.api.renderers.Csv"],
    "DEFAULT_PARSER_CLASSES": ["dukcapil.api.parsers.StrictJson"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "dukcapil.api.renderers.Negotiation",
    "DEFAULT_PAGINATION_CLASS": "dukcapil.api.paging.Cursor",
    "DEFAULT_FILTER_BACKENDS": ["dukcapil.api.filters.StrictFilters"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "dukcapil.api.handler.handle",
    "DEFAULT_METADATA_CLASS": None,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}

SPECTACULAR_SETTINGS: dict[str, Any] = {
    "OAS_VERSION": "3.1.0",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": None,
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "persistAuthorization": False, "tryItOutEnabled": True},
    "POSTPROCESSING_HOOKS": ["dukcapil.api.schema.document_problems"],
    "TITLE": "Recording of KTP-el and KIA: the API",
    "DESCRIPTION": (
        "Counts against targets for every region, from numbered and frozen runs. Codes are strings, dates ISO, people "
        "are integers, percentages strings with two decimals or null: missing is never zero. Every figure says its "
        "run; a later correction never changes an old run, it shows in the changes feed and in the next run. Lists are "
        "paged by cursor: follow `next` until it is null. Errors are application/problem+json. Answers come as JSON, "
        "or as CSV with `format=csv` or `Accept: text/csv`; a list as CSV is whole unless `limit` or `cursor` asks for a "
        "page. `Accept-Language: id` or `en` chooses the words of errors, "
        "never the figures."
    ),
    "TAGS": [
        {"name": "coverage", "description": "Official figures of numbered runs."},
        {"name": "counts", "description": "Counts and every change of them."},
        {"name": "targets", "description": "Periods, and what should be reached in them."},
        {"name": "regions", "description": "The tree of regions by Kemendagri code."},
        {"name": "fleet", "description": "Vans, their trips and daily reports."},
    ],
}

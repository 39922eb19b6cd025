"""Every address of the portal."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language

from dukcapil import offline

handler500 = "dukcapil.middleware.server_error"
urlpatterns = [
    path("sw.js", offline.service_worker, name="service_worker"),
    path("aplikasi.webmanifest", offline.manifest, name="manifest"),
    path("luring/", offline.offline, name="offline"),
    path("kelola/", admin.site.urls),
    path("bahasa/", csrf_exempt(login_not_required(set_language)), name="set_language"),
    path("api/v1/", include("dukcapil.api.urls")),
    path("api/v1/", include("recording.api_urls")),
    path("api/v1/", include("fleet.api_urls")),
    path("", include("accounts.urls")),
    path("", include("recording.urls")),
    path("", include("fleet.urls")),
]

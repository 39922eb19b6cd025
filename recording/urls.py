"""Addresses of recording. A malformed code or day is answered by the view, with a sentence."""

from django.urls import path

from recording.views import counts, coverage

urlpatterns = [
    path("", coverage.home, name="home"),
    path("wilayah/<str:code>/", coverage.region, name="region"),
    path("wilayah/<str:code>/catatan/", counts.counts, name="counts"),
    path("catat/", counts.record, name="record"),
    path(
        "riwayat/<str:code>/<str:document>/<str:day>/<str:source>/",
        counts.count_history,
        name="count_history",
    ),
    path("hitung-ulang/", coverage.recompute, name="recompute"),
]

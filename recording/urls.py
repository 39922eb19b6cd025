"""Addresses of recording. A malformed code or day is answered by the view, with a sentence."""

from django.urls import path

from recording.views import counts, coverage, downloads, imports

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
    path("impor/", imports.imports, name="imports"),
    path("impor/<int:number>/", imports.batch, name="import_batch"),
    path("impor/<int:number>/baca/", imports.choose, name="import_choose"),
    path("impor/<int:number>/ya/", imports.confirm, name="import_confirm"),
    path("impor/<int:number>/buang/", imports.discard, name="import_discard"),
    path("impor/<int:number>/batal/", imports.undo, name="import_undo"),
    path("impor/<int:number>/sisa.csv", imports.rest, name="import_rest"),
    path("impor/templat/<str:kind>.xlsx", downloads.import_template, name="import_template"),
    path("impor/ekspor/hitungan.<str:suffix>", downloads.count_export, name="count_export"),
    path("impor/ekspor/target.<str:suffix>", downloads.target_export, name="target_export"),
    path("hitung-ulang/", coverage.recompute, name="recompute"),
]

"""Addresses of recording. A malformed code or day is answered by the view, with a sentence."""

from django.urls import path

from recording.coverage.views import explanation, method, runs, split_targets, table, targets
from recording.coverage.views import region as coverage
from recording.developers import views as api_page
from recording.gallery import views as gallery
from recording.home import views as home
from recording.home.system_state import system_state
from recording.imports import views as imports
from recording.ledger import views as ledger
from recording.publishing.views import import_templates, next_period, open_data, paper, public, public_embed, region_pages
from recording.regions import views as regions

urlpatterns = [
    path("", coverage.front_page, name="coverage"),
    path("cari/", regions.search, name="search"),
    path("cari/saran/", regions.region_suggestions, name="region_suggestions"),
    path("wilayah/<str:code>/", coverage.region, name="region"),
    path("wilayah/<str:code>/tabel/", table.table, name="region_table"),
    path("wilayah/<str:code>/catatan/", ledger.counts, name="counts"),
    path("wilayah/<str:code>/perubahan/", explanation.explanation, name="explanation"),
    path("wilayah/<str:code>/perubahan/buku/", explanation.ledger_rows, name="ledger_rows"),
    path("wilayah/<str:code>/target/", targets.region_targets, name="region_targets"),
    path("wilayah/<str:code>/target/bagi/", split_targets.split_page, name="split_targets"),
    path("wilayah/<str:code>/ringkasan/", region_pages.digest, name="digest"),
    path("wilayah/<str:code>/unduh/", region_pages.figure_exports, name="figure_exports"),
    path("wilayah/<str:code>/unduh.<str:suffix>", region_pages.figure_export_file, name="figure_export_file"),
    path("wilayah/<str:code>/cetak/", paper.print_view, name="print_view"),
    path("wilayah/<str:code>/bulan/", paper.month, name="monthly_report"),
    path("angka/", runs.run_list, name="runs"),
    path("angka/<int:number>/tidak-berlaku/", runs.void, name="void_run"),
    path("angka/jam-benar/", runs.clock_is_right, name="clock_is_right"),
    path("angka/banding/", runs.compare, name="compare_runs"),
    path("metode/", method.method, name="method"),
    path("metode/periksa-buku/", method.check, name="check_ledger"),
    path("beranda/", home.home, name="home"),
    path("keadaan/", system_state, name="system_state"),
    path("periode/", next_period.next_period_page, name="next_period"),
    path("periode/draf-target.xlsx", next_period.target_draft_file, name="target_draft_file"),
    path("publik/", public.public, name="public"),
    path("publik/sisipan/", public_embed.public_embed, name="public_embed"),
    path("publik/<str:language>/sisipan/", public_embed.public_embed, name="public_embed_in"),
    path("publik/<str:language>/", public.public, name="public_in"),
    path("data.json", open_data.data_catalogue, name="data_catalogue"),
    path("data/datapackage.json", open_data.data_package, name="data_package"),
    path("data/<str:name>.<str:form>", open_data.data_file, name="data_file"),
    path("gaya/", gallery.gallery, name="gallery"),
    path("api/", api_page.api_page, name="api_page"),
    path("api/kunci/", api_page.key_issue, name="api_key_issue"),
    path("api/kunci/<int:number>/cabut/", api_page.key_revoke, name="api_key_revoke"),
    path("api/webhook/", api_page.webhook_register, name="webhook_register"),
    path("api/webhook/<int:number>/henti/", api_page.webhook_stop, name="webhook_stop"),
    path("catat/", ledger.record, name="record"),
    path("riwayat/<str:code>/<str:document>/<str:day>/<str:source>/", ledger.count_history, name="count_history"),
    path("impor/", imports.imports, name="imports"),
    path("impor/kata/", imports.words, name="import_words"),
    path("impor/<int:number>/", imports.batch, name="import_batch"),
    path("impor/<int:number>/baca/", imports.choose, name="import_choose"),
    path("impor/<int:number>/ya/", imports.confirm, name="import_confirm"),
    path("impor/<int:number>/buang/", imports.discard, name="import_discard"),
    path("impor/<int:number>/batal/", imports.undo, name="import_undo"),
    path("impor/<int:number>/sisa.csv", imports.rejected_rows, name="import_rejected_rows"),
    path("impor/templat/<str:kind>.xlsx", import_templates.import_template, name="import_template"),
    path("impor/ekspor/hitungan.<str:suffix>", import_templates.count_export, name="count_export"),
    path("impor/ekspor/target.<str:suffix>", import_templates.target_export, name="target_export"),
    path("hitung-ulang/", coverage.recompute, name="recompute"),
]

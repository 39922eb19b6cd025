"""Addresses of the API of recording. A malformed code is answered by the view, with a sentence."""

from django.urls import path

from recording.coverage.api.coverage import Coverage, History
from recording.coverage.api.explanation import Explanation
from recording.coverage.api.forecast import Forecast
from recording.coverage.api.runs import Imports, OneImport, OneRun, Runs
from recording.ledger.api import Counts
from recording.ledger.api_changes import Changes
from recording.regions.api import OneRegion, Regions
from recording.targets.api import Periods, Targets

urlpatterns = [
    path("regions/", Regions.as_view(), name="api_regions"),
    path("regions/<str:code>/", OneRegion.as_view(), name="api_region"),
    path("periods/", Periods.as_view(), name="api_periods"),
    path("targets/", Targets.as_view(), name="api_targets"),
    path("counts/", Counts.as_view(), name="api_counts"),
    path("changes/", Changes.as_view(), name="api_changes"),
    path("runs/", Runs.as_view(), name="api_runs"),
    path("runs/<int:number>/", OneRun.as_view(), name="api_run"),
    path("coverage/", Coverage.as_view(), name="api_coverage"),
    path("coverage/history/", History.as_view(), name="api_history"),
    path("coverage/forecast/", Forecast.as_view(), name="api_forecast"),
    path("coverage/explanation/", Explanation.as_view(), name="api_explanation"),
    path("imports/", Imports.as_view(), name="api_imports"),
    path("imports/<int:number>/", OneImport.as_view(), name="api_import"),
]

"""Addresses of the fleet in the API."""

from django.urls import path

from fleet.proposals import api as proposals
from fleet.reports import api as reports
from fleet.schedule import api as trips
from fleet.vans import api as vans

urlpatterns = [
    path("vans/", vans.Vans.as_view(), name="api_vans"),
    path("vans/<int:number>/", vans.OneVan.as_view(), name="api_van"),
    path("trips/", trips.Trips.as_view(), name="api_trips"),
    path("trips/<int:number>/", trips.OneTrip.as_view(), name="api_trip"),
    path("proposals/", proposals.Proposals.as_view(), name="api_proposals"),
    path("proposals/<int:number>/", proposals.OneProposal.as_view(), name="api_proposal"),
    path("proposals/<int:number>/plan/", proposals.PlanFile.as_view(), name="api_proposal_plan"),
    path("reports/", reports.Reports.as_view(), name="api_reports"),
    path("reports/<int:number>/", reports.OneReport.as_view(), name="api_report"),
]

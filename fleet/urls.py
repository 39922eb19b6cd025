"""Addresses of the fleet."""

from django.urls import path

from fleet.notifications import views as notifications
from fleet.performance import views as performance
from fleet.proposals.views import closing, proposals
from fleet.reports.views import approvals, day, report, watch
from fleet.schedule.views import breakdowns, calendar, month, plans, public_schedule, requests, trips, villages, week
from fleet.vans import views as vans

urlpatterns = [
    path("armada/", vans.vans, name="vans"),
    path("armada/<int:number>/", vans.van, name="van"),
    path("jadwal/", week.schedule, name="schedule"),
    path("jadwal/bulan/", month.month, name="schedule_month"),
    path("jadwal/minggu/salin/", plans.week_copy, name="week_copy"),
    path("jadwal/minggu/terbitkan/", plans.week_publish, name="week_publish"),
    path("jadwal/minggu/urungkan/<int:number>/", plans.week_undo, name="week_undo"),
    path("jadwal/tambah/", trips.trip_add, name="trip_add"),
    path("jadwal/kelurahan/", villages.village_suggestions, name="village_suggestions"),
    path("jadwal/usulan/", proposals.proposals, name="proposals"),
    path("jadwal/usulan/<int:number>/", proposals.proposal, name="proposal"),
    path("jadwal/usulan/<int:number>/rencana.json", proposals.plan_file, name="proposal_plan"),
    path("jadwal/sisa-kunjungan/", closing.closing, name="closing"),
    path("jadwal/<int:number>/", trips.trip, name="trip"),
    path("jadwal/mobil/<int:number>/tidak-beroperasi/", breakdowns.breakdown, name="breakdown"),
    path("jadwal/tidak-beroperasi/<int:number>/", breakdowns.breakdown_done, name="breakdown_done"),
    path("jadwal/permintaan/", requests.van_requests, name="van_requests"),
    path("jadwal/kalender/<str:token>.ics", calendar.calendar, name="calendar"),
    path("laporan/", day.report_day, name="report_day"),
    path("laporan/<int:number>/", report.report, name="report"),
    path("laporan/<int:number>/putusan/", report.report_decide, name="report_decide"),
    path("laporan/persetujuan/", approvals.report_approvals, name="report_approvals"),
    path("pantauan/", watch.report_watch, name="report_watch"),
    path("pantauan/ingatkan/", notifications.report_remind, name="report_remind"),
    path("kinerja/", performance.performance, name="performance"),
    path("jadwal-publik/", public_schedule.public_schedule, name="public_schedule"),
]

"""Addresses of the fleet."""

from django.urls import path

from fleet.performance import views as performance
from fleet.reports.views import reports, watch
from fleet.schedule.views import calendar, requests, schedule
from fleet.vans import views as vans

urlpatterns = [
    path("armada/", vans.vans, name="vans"),
    path("armada/<int:number>/", vans.van, name="van"),
    path("jadwal/", schedule.schedule, name="schedule"),
    path("jadwal/tambah/", schedule.trip_add, name="trip_add"),
    path("jadwal/<int:number>/", schedule.trip, name="trip"),
    path("jadwal/permintaan/", requests.van_requests, name="van_requests"),
    path("jadwal/kalender/<str:token>.ics", calendar.calendar, name="calendar"),
    path("laporan/", reports.report_day, name="report_day"),
    path("laporan/<int:number>/", reports.report, name="report"),
    path("laporan/<int:number>/putusan/", reports.report_decide, name="report_decide"),
    path("pantauan/", watch.report_watch, name="report_watch"),
    path("kinerja/", performance.performance, name="performance"),
    path("jadwal-publik/", calendar.public_schedule, name="public_schedule"),
]

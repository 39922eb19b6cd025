"""Addresses of the fleet."""

from django.urls import path

from fleet import views

urlpatterns = [path("armada/", views.vans, name="vans")]

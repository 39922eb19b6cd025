"""Stand-in until the view is written."""

from django.http import HttpResponse


def take_away(request, code):
    return HttpResponse("belum")


def figures_export(request, code, suffix):
    return HttpResponse("belum")


def print_view(request, code):
    return HttpResponse("belum")

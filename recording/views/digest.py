"""Stand-in until the view is written."""

from django.http import HttpResponse


def digest(request, code):
    return HttpResponse("belum")

"""Stand-in until the view is written."""

from django.http import HttpResponse


def public(request, language="id"):
    return HttpResponse("belum")

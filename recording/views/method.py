"""Stand-in until the view is written."""

from django.http import HttpResponse


def method(request):
    return HttpResponse("belum")

"""Stand-in until the view is written."""

from django.http import HttpResponse


def inbox(request):
    return HttpResponse("belum")

"""Stand-in until the view is written."""

from django.http import HttpResponse


def gallery(request):
    return HttpResponse("belum")

"""The page of the day on a phone: the stops that somebody has to report, and those of the coming week."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.rights import own_region, require
from accounts.roles import Action
from dukcapil.requests import PortalRequest
from fleet.pages.tabs import tabs
from fleet.reports.forms import blank_form
from fleet.reports.selectors import coming_trips, names_of_cities, trips_to_report
from fleet.reports.views.cards import by_day, by_sudin, card_order, messages_of_day, stop_card


@never_cache
@require_safe
def report_day(request: PortalRequest) -> HttpResponse:
    """The stops of today, the reader's own vans first; folded below them what was not reported of the days before, and
    the coming week. Whoever reports one city gets the forms of today; whoever reports several gets a list by Sudin, and
    opens one form. Kept on the device by the service worker, for the reader alone."""
    require(by=request.user, action=Action.REPORT_WRITE)
    code = own_region(request.user)
    trips = trips_to_report(request.user, code, request.day, request.now)
    coming = coming_trips(request.user, code, request.day)
    cities = names_of_cities({trip.city for trip in (*trips, *coming)} | {code})
    several = "." not in code  # a province, or the whole nation
    cards = sorted((stop_card(trip, forms=not several) for trip in trips), key=lambda card: card_order(card, code, request.day))
    today = [card for card in cards if card["trip"].day == request.day or card["report"]]
    context = {
        "tabs": tabs(request, "report_day"),
        "day": request.day,
        "cards": [] if several else today,
        "groups": by_sudin(today, code, cities) if several else [],
        "late": [card for card in cards if card not in today],
        "coming": by_day(coming),
        "awaited": sum(card["awaited"] for card in cards),
        "has_stops": bool(cards),
        "messages_of_day": messages_of_day(trips, cities, request.day),
        "blank": blank_form(request.day),
        "user_key": request.user.pk,
    }
    answer = render(request, "fleet/reports/day.html", context)
    answer["X-Keep-Offline"] = str(request.user.pk)
    answer["X-Portal-Now"] = request.now.isoformat()
    return answer

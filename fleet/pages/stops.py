"""How a sentence names one stop of a van."""

from dukcapil import figures
from fleet.models import Trip


def stop_in_words(trip: Trip) -> str:
    """The van's plate, the kelurahan and the day: what tells one stop from every other in a list of a fortnight."""
    return f"{trip.van.plate}, {trip.village.name}, {figures.short_day(trip.day)}"

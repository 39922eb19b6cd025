"""`{% load figures %}`: numbers, days and names as pages show them, as filters under the names of their functions."""

from django import template

from dukcapil import figures
from dukcapil.authors import author_name

register = template.Library()

for function in (
    figures.people,
    figures.signed,
    figures.percent,
    figures.per_day,
    figures.long_day,
    figures.day_words,
    figures.short_day,
    figures.day_and_month,
    figures.clock_time,
    figures.month,
    figures.moment,
    figures.short_moment,
    author_name,
):
    register.filter(function.__name__, function)

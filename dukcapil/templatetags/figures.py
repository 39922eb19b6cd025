"""`{% load figures %}`: the functions of dukcapil/figures.py as filters, under their own names."""

from django import template

from dukcapil import figures

register = template.Library()

for function in (
    figures.people,
    figures.signed,
    figures.percent,
    figures.per_day,
    figures.long_day,
    figures.short_day,
    figures.moment,
    figures.short_moment,
):
    register.filter(function.__name__, function)

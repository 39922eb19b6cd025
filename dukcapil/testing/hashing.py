"""Argon2 as in production, but quick: hundreds of people log in during the tests, and a good hash takes its time."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2(Argon2PasswordHasher):
    """The same algorithm and format with the smallest costs. What production uses is held by test_settings.py."""

    time_cost, memory_cost, parallelism = 1, 8, 1

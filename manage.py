#!/usr/bin/env python
"""Django's command line for the portal."""

import os
import sys

try:
    from django.core.management import execute_from_command_line

    from dukcapil.refused_start import in_one_sentence
except ImportError as missing:
    sys.exit(f"{missing}: the packages are gone or those of another release. Type: make clean, then the command again.")

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dukcapil.settings")
    with in_one_sentence():
        execute_from_command_line(sys.argv)

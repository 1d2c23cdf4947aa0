#!/usr/bin/env python
"""Run a management command; the settings are shop.settings.local unless the environment says otherwise."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings.local")
    execute_from_command_line(sys.argv)

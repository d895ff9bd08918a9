#!/usr/bin/env python
"""Django's command line."""

import os
import sys

from django.core.management import execute_from_command_line

from crm.management.commands.compile_translations import compile_translations


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if sys.argv[1:2] == ["demo"]:
        os.environ.setdefault("CRM_DEMO", "1")
        compile_translations()  # before Django starts: what it has read once it does not read again
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()

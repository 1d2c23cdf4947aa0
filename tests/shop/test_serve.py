"""What is loaded before the workers part: everything they need, and nothing open that two processes must not share."""

import json
import subprocess
import sys

from django.conf import settings

ASK = """
import json, threading
from shop.serve import load
load()
from django.db import connections
from django.template import engines
print(json.dumps({
    "open": [one.alias for one in connections.all() if one.connection is not None],
    "threads": threading.active_count(),
    "address": __import__("django.urls", fromlist=["reverse"]).reverse("storefront:catalogue"),
}))
"""


def test_loading_leaves_no_connection_and_no_thread_behind() -> None:
    told = subprocess.run(
        [sys.executable, "-c", ASK], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True, timeout=120
    )

    assert json.loads(told.stdout) == {"open": [], "threads": 1, "address": "/san-pham/"}

"""Browsers inside chat apps save no pictures and forget their pages; the purchase page says how to leave them."""

import re

# How each names itself in User-Agent: Zalo (WhichBrowser/Parser-PHP #268, faisalman/ua-parser-js #792), Facebook and
# Messenger (FBAN, FBAV, FB_IAB), Instagram, TikTok (musical_ly, BytedanceWebview). Read 2026-11.
_APPS = (
    ("Zalo", re.compile(r"\bZalo\b", re.IGNORECASE)),
    ("Messenger", re.compile(r"MESSENGER|Messenger(?:Lite)?ForiOS|Orca-Android")),
    ("Facebook", re.compile(r"FBAN|FBAV|FB_IAB")),
    ("Instagram", re.compile(r"\bInstagram\b")),
    ("TikTok", re.compile(r"musical_ly|BytedanceWebview|TikTok")),
)


def in_app_browser(user_agent: str) -> str:
    """Name of the app whose inner browser asks; empty for a browser of its own."""
    return next((name for name, mark in _APPS if mark.search(user_agent[:1_000])), "")

"""Names of payment schemes other than VietQR, told from their marks. Pure.

Marks as published by the schemes or seen in public samples, read 2026-11-23. A name is for people and
reports; nothing is paid on the strength of it.
"""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

_BY_GUID = (
    # Vietnam
    ("a000000775", "VNPAY"),
    ("908405", "VNPAY"),  # codes printed before VNPAY had an AID
    ("vn.zalopay", "ZaloPay"),
    ("vn.momo", "MoMo"),
    ("com.momo", "MoMo"),
    ("vn.shopeepay", "ShopeePay"),
    ("vn.viettelpay", "Viettel Money"),
    ("a000000727", "NAPAS"),
    # neighbours and visitors
    ("a00000067701011", "PromptPay"),
    ("id.co.qris.www", "QRIS"),
    ("sg.paynow", "PayNow"),
    ("com.p2pqrpay", "QR Ph"),
    ("ph.ppmi.", "QR Ph"),
    ("a0000006150001", "DuitNow"),
    ("a005266284662577", "Lao QR"),
    ("hk.com.hkicl", "FPS Hong Kong"),
    ("br.gov.bcb.pix", "Pix"),
    ("a000000524", "UPI"),
    ("sg.com.nets", "NETS"),
    ("sg.sgqr", "SGQR"),
)
"""Beginning of a template's GUID (00), in lower case → name. The first line that fits any template wins:
QRIS codes also carry the issuer's own template, Singapore's carry many."""

_BY_CARD_TAG = (
    ("02", "03", "Visa"),
    ("04", "05", "Mastercard"),
    ("09", "10", "Discover"),
    ("11", "12", "American Express"),
    ("13", "14", "JCB"),
    ("15", "16", "UnionPay"),
)

_BY_HOST = (
    ("momo.vn", "MoMo"),
    ("zalopay.vn", "ZaloPay"),
    ("zalopay.com.vn", "ZaloPay"),
    ("sppay.shopee.vn", "ShopeePay"),
    ("shopeepay.vn", "ShopeePay"),
    ("viettelpay.vn", "Viettel Money"),
    ("viettelmoney.vn", "Viettel Money"),
    ("vnpay.vn", "VNPAY"),
    ("vnptpay.vn", "VNPT Money"),
    ("qr.alipay.com", "Alipay"),
)
_BY_URL_SCHEME = {"momo": "MoMo", "zalopay": "ZaloPay", "wxp": "WeChat Pay", "weixin": "WeChat Pay"}

_MOMO_PERSON = re.compile(r"2\|99\|0[0-9]{9}\|", re.ASCII)
"""How MoMo's own app writes a person's code: 2|99|phone|name|…"""


def name_foreign_scheme(*, guids: Sequence[str], tags: Sequence[str], country: str) -> str:
    """Name an EMVCo code by the GUIDs of its account templates and its tags; "EMVCo (XX)" when unknown."""
    lowered = [guid.lower() for guid in guids]
    for mark, name in _BY_GUID:
        if any(guid.startswith(mark) for guid in lowered):
            return name
    if country == "ID" and any(guid.startswith("id.") for guid in lowered):
        return "QRIS"
    if country == "KH" and any("@" in guid for guid in lowered):
        return "KHQR"
    if not guids:
        for first, last, name in _BY_CARD_TAG:
            if first in tags or last in tags:
                return name
    if len(country) == 2 and country.isascii() and country.isalpha():
        return f"EMVCo ({country.upper()})"
    return "EMVCo"


def name_non_emv_scheme(text: str) -> str | None:
    """Name wallet codes that are plain text or links; None for anything else."""
    if _MOMO_PERSON.match(text):
        return "MoMo"
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:  # such as an unclosed [ in the host
        return None
    if parts.scheme in ("http", "https"):
        for domain, name in _BY_HOST:
            if host == domain or host.endswith("." + domain):
                return name
        return None
    return _BY_URL_SCHEME.get(parts.scheme)

"""Addresses of shop.payments, all below /webhooks/: machines post here, and, in the demo, the "bank" of the demo."""

from django.urls import URLPattern, URLResolver, re_path

from shop.payments import demo_views, webhooks

app_name = "payments"
PROVIDER = r"(?P<provider>[a-z0-9_-]{1,20})"
CONNECTION = r"(?P<token>[A-Za-z0-9_-]{1,32})"
urlpatterns: list[URLPattern | URLResolver] = [
    re_path(
        r"^demo/(?P<token>[A-Za-z0-9_-]{1,32})/(?P<number>[0-9A-Z]{9})/$",
        demo_views.demo_transfer,
        name="demo_transfer",
    ),
    re_path(rf"^{PROVIDER}/$", webhooks.receive_notice, name="installation_webhook"),
    re_path(rf"^{PROVIDER}/{CONNECTION}/$", webhooks.receive_notice, name="connection_webhook"),
    # A provider's form may have lost the last slash, and a redirect would lose the body.
    re_path(rf"^{PROVIDER}$", webhooks.receive_notice),
    re_path(rf"^{PROVIDER}/{CONNECTION}$", webhooks.receive_notice),
    re_path(r"^.*$", webhooks.no_such_webhook, name="no_such_webhook"),
]

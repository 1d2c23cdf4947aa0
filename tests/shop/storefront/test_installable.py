"""What browsers ask for at the root of the site."""

from django.test import Client


def test_the_icon_is_found_where_old_browsers_look_for_it(client: Client, db: None):
    response = client.get("/favicon.ico")

    assert response.status_code == 302
    assert response.headers["Location"].startswith("/static/shop/img/favicon-32")

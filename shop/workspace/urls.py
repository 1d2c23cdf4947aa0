"""Addresses of shop.workspace, under /quan-ly/. Those below co-so/ and he-thong/ ask for a second factor."""

from django.urls import URLPattern, URLResolver, path

from shop.workspace import goods, home, listing_reports, look_up_codes, money, orders, outbox_page, people

app_name = "workspace"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.show, name="home"),
    path("don-hang/", orders.show_list, name="orders"),
    path("don-hang/dong-goi/", orders.pack_list, name="pack_list"),
    path("don-hang/<str:number>/", orders.show, name="order"),
    path("don-hang/<str:number>/buoc/", orders.step, name="order_step"),
    path("don-hang/<str:number>/huy/", orders.cancel, name="order_cancel"),
    path("don-hang/<str:number>/tien-da-ve/", money.money_in, name="money_in"),
    path("don-hang/<str:number>/chua-thay/", money.not_seen, name="not_seen"),
    path("don-hang/<str:number>/anh-chuyen-khoan/", money.screenshot, name="screenshot"),
    path("don-hang/<str:number>/da-thu-tien/", money.cash, name="cash"),
    path("don-hang/<str:number>/tien-thua/", money.excess, name="excess"),
    path("don-hang/<str:number>/ma-tra-cuu/", look_up_codes.issue_own, name="look_up_issue"),
    path("hoan-tien/<int:pk>/", money.refund, name="refund"),
    path("tien-vao/", money.receipts, name="receipts"),
    path("tien-vao/<int:pk>/nhan/", money.accept, name="receipt_accept"),
    path("tien-vao/<int:pk>/de-rieng/", money.set_aside, name="receipt_set_aside"),
    path("tien-vao/<int:pk>/hoan-tac/", money.undo, name="receipt_undo"),
    path("hang/", goods.show_list, name="products"),
    path("hang/them/", goods.add, name="product_add"),
    path("hang/<int:pk>/", goods.edit, name="product"),
    path("hang/<int:pk>/ban/", goods.publish, name="product_publish"),
    path("phan-anh/", listing_reports.show_list, name="listing_reports"),
    path("phan-anh/<int:pk>/da-xem/", listing_reports.mark_seen, name="listing_report_seen"),
    path("phan-anh/<int:pk>/dong/", listing_reports.end, name="listing_report_close"),
    path("nguoi/<int:pk>/thu-vai/", people.revoke_own, name="person_revoke_own"),
    path("co-so/tra-cuu-don/", look_up_codes.look_up, name="look_up"),
    path("co-so/tra-cuu-don/<str:number>/ma/", look_up_codes.issue_for, name="look_up_issue_for"),
    path("co-so/<int:pk>/nguoi/them/", people.add, name="person_add"),
    path("co-so/nguoi/<int:pk>/kich-hoat/", people.activate, name="person_activate"),
    path("co-so/nguoi/<int:pk>/thu-vai/", people.revoke, name="person_revoke"),
    path("he-thong/thu-di/", outbox_page.show_list, name="outbox"),
    path("he-thong/thu-di/thu-lai-tat-ca/", outbox_page.retry_all, name="outbox_retry_all"),
    path("he-thong/thu-di/<int:pk>/thu-lai/", outbox_page.retry, name="outbox_retry"),
    path("he-thong/thu-di/<int:pk>/de-rieng/", outbox_page.put_aside, name="outbox_set_aside"),
]

"""Addresses of the commune's side, under /quan-ly/. All of them ask for the second factor (shop.users)."""

from django.urls import URLPattern, URLResolver, path

from merchants import account_change_views, code_views, import_views, merge_views, views, wall_views

app_name = "merchants"
urlpatterns: list[URLPattern | URLResolver] = [
    path("co-so/", views.businesses, name="businesses"),
    path("co-so/them/", views.add, name="add"),
    path("co-so/nhap/", import_views.send, name="import_send"),
    path("co-so/nhap/mau.xlsx", import_views.form, name="import_form"),
    path("co-so/nhap/<int:pk>/", import_views.show, name="import"),
    path("co-so/nhap/<int:pk>/trang-thai/", import_views.state, name="import_state"),
    path("co-so/nhap/<int:pk>/loi.xlsx", import_views.faults, name="import_faults"),
    path("co-so/nhap/<int:pk>/ghi/", import_views.write, name="import_write"),
    path("co-so/nhap/<int:pk>/bo/", import_views.drop, name="import_drop"),
    path("co-so/nhap/<int:pk>/hoan-tac/", import_views.undo, name="import_undo"),
    path("co-so/xuat/", import_views.export, name="export"),
    path("co-so/<int:pk>/", views.business, name="business"),
    path("co-so/<int:pk>/gop/", merge_views.merge, name="merge"),
    path("co-so/gop/<int:pk>/hoan-tac/", merge_views.undo, name="merge_undo"),
    path("co-so/<int:pk>/tinh-trang/", views.move, name="move"),
    path("co-so/<int:pk>/sua/", views.correct, name="correct"),
    path("co-so/<int:pk>/tai-khoan/them/", views.account_add, name="account_add"),
    path("co-so/<int:pk>/doi-tai-khoan/", account_change_views.ask, name="account_change_ask"),
    path("co-so/doi-tai-khoan/<int:pk>/", account_change_views.show, name="account_change"),
    path("co-so/doi-tai-khoan/<int:pk>/dong-y/", account_change_views.officer_agrees, name="account_change_agree"),
    path("co-so/doi-tai-khoan/<int:pk>/dung/", account_change_views.officer_stops, name="account_change_stop"),
    path("co-so/tai-khoan/<int:pk>/ngung/", views.account_end, name="account_end"),
    path("co-so/tai-khoan/<int:pk>/xem-so/", views.account_show, name="account_show"),
    path("co-so/tai-khoan/<int:pk>/cap-ma/", views.code_issue, name="code_issue"),
    path("co-so/ma/<int:pk>/thu-hoi/", views.code_withdraw, name="code_withdraw"),
    path("co-so/ma/<int:pk>/to-treo.pdf", views.poster, name="poster"),
    path("ma/", code_views.codes, name="codes"),
    path("ma/quet/", wall_views.adopt, name="adopt"),
    path("ma/cap/", code_views.issue_all, name="issue_all"),
    path("ma/in/", code_views.print_all, name="print_all"),
    path("ma/lan/<int:pk>/", code_views.batch, name="batch"),
    path("ma/lan/<int:pk>/tiep-tuc/", code_views.batch_go_on, name="batch_go_on"),
    path("ma/lan/<int:pk>/ma.pdf", code_views.batch_file, name="batch_file"),
    path("ma/khac/<int:pk>/go/", wall_views.other_code_remove, name="other_code_remove"),
    path("ma/nhan-hieu/", code_views.marks, name="marks"),
    path("ma/nhan-hieu/<int:pk>/bo/", code_views.mark_remove, name="mark_remove"),
    path("ma/he-thong-khac/", code_views.counted_schemes, name="counted_schemes"),
]

"""Which of the dashboard's classes are ours. Oscar asks `load_classes` for every class it uses; the rest stay Oscar's.

This is Oscar's own hook (OSCAR_DYNAMIC_CLASS_LOADER). A fork of a dashboard app would bring its templates, addresses
and permissions along; a subclass brings what differs. Given by name, because Oscar asks while its apps are loading;
mind that Oscar's views ask for tables and forms while they are imported themselves: those are set on our views.
"""

from collections.abc import Mapping, Sequence

from django.utils.module_loading import import_string
from oscar.core.loading import default_class_loader

OURS: Mapping[tuple[str, str], str] = {
    ("dashboard.catalogue.views", "ProductListView"): "shop.staff_screens.goods.GoodsListView",
    ("dashboard.orders.views", "OrderListView"): "shop.staff_screens.orders.OrderListView",
    ("dashboard.orders.views", "OrderDetailView"): "shop.staff_screens.orders.OrderPage",
    ("dashboard.orders.views", "OrderStatsView"): "shop.staff_screens.orders.OrderStatsView",
    ("dashboard.partners.views", "PartnerListView"): "shop.staff_screens.people.SellerListView",
    ("dashboard.reports.reports", "ReportCSVFormatter"): "shop.staff_screens.reports.ReportFile",
    ("dashboard.reports.reports", "ReportGenerator"): "shop.staff_screens.reports.Report",
    ("dashboard.reports.utils", "GeneratorRepository"): "shop.staff_screens.report_list.ReportList",
    ("dashboard.users.views", "UserDetailView"): "shop.staff_screens.people.PersonPage",
    ("dashboard.users.views", "IndexView"): "shop.staff_screens.people.PeopleListView",
}


def load_classes(module_label: str, classnames: Sequence[str], module_prefix: str = "oscar.apps") -> list[type]:
    """Return the classes of that Oscar module, ours where there is one."""
    found = default_class_loader(module_label, classnames, module_prefix)
    return [
        import_string(OURS[module_label, name]) if (module_label, name) in OURS else theirs
        for name, theirs in zip(classnames, found, strict=True)
    ]

"""Nobody where they don't belong: every address × every role.

Each address of ours stands in ACCESS with the roles that may use it; one that is missing here fails the suite. For
everybody else another merchant's or commune's object is 404, and asking (also by POST) changes nothing.
"""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from catalogue.listing_reports import report_listing
from catalogue.models import ListingReport
from merchants.code_batches import run_batch
from merchants.code_checks import file_visit
from merchants.models import (
    AccountChange,
    CodeAlarm,
    CodeBatch,
    CodeCheck,
    Membership,
    MerchantMerge,
    OtherCode,
    PaymentCode,
    PrintMark,
    RegisterImport,
)
from merchants.payment_codes import issue_code
from merchants.photos import plain_picture
from merchants.vietqr.payload import encode
from shop.order.models import Order
from shop.outbox.models import OutboxMessage
from shop.payments.by_word import buyer_says_sent
from shop.payments.models import PaymentAttempt, Receipt, Refund
from shop.purchase.complaints.models import Complaint, ComplaintPhoto
from shop.purchase.complaints.photos import take_in
from shop.purchase.models import PolicyVersion
from shop.users.models import User
from tests.factories import CertificateFactory, MembershipFactory, MerchantFactory, UserFactory, VillageFactory
from tests.factories.complaints import complaint_before_commune, sent_order
from tests.people import duc_the_helper, hoa_the_officer, mai_the_editor, minh_the_buyer, quang_of_the_platform
from tests.shop.workspace.scene import Scene, another_shop, lans_shop, photo_file
from tests.sign_in import sign_in

pytestmark = pytest.mark.django_db

PRODUCERS = {"owner", "seller", "packer", "helper"}
SELLERS = {"owner", "seller"}
OFFICERS = {"officer", "head_officer"}
REGISTER = OFFICERS | {"province_viewer"}
SIGNED_IN = {
    "buyer", "owner", "seller", "packer", "helper", "other_owner", "officer", "other_officer", "head_officer",
    "province_viewer", "editor", "staff",
}  # fmt: skip
EVERYONE = SIGNED_IN | {"anonymous"}
WITH_SECOND_FACTOR = {"officer", "other_officer", "head_officer", "province_viewer", "editor", "staff"}

# Namespaces and prefixes whose addresses belong to libraries; what guards them is tested below or by themselves.
OF_LIBRARIES = ("cms/", "dashboard/", "admin/", "documents/", "_util/")
NAMES_OF_LIBRARIES = ("account_", "mfa_", "wagtail")
OSCARS_NAMES = {"catalogue", "basket", "checkout", "customer", "search", "offer", "wishlists"}


@dataclass
class World:
    """Lan's shop with one of everything; all of it is foreign to `other_owner` and to `other_officer`."""

    scene: Scene
    order: Order
    receipt: Receipt
    refund: Refund
    complaint: Complaint
    code: PaymentCode
    packer: Membership
    certificate: Any
    policy: PolicyVersion
    report: ListingReport
    people: dict[str, User]
    letter: OutboxMessage

    def client(self, role: str) -> Client:
        client = Client()
        if role != "anonymous":
            sign_in(client, self.people[role], second_factor=role in WITH_SECOND_FACTOR)
        return client


@pytest.fixture
def world() -> World:
    scene = lans_shop()
    merchant = scene.merchant
    order = scene.order()
    account = merchant.bank_accounts.get()
    attempt = buyer_says_sent(attempt=PaymentAttempt.objects.get(order=order), screenshot=photo_file())
    packer = MembershipFactory(role=Membership.Role.PACKER, merchant=merchant)
    complaint = complaint_before_commune(order=sent_order(order=scene.order()), photos=take_in([photo_file()]))
    other_village = VillageFactory()
    people = {
        "buyer": minh_the_buyer(),
        "owner": scene.user,
        "seller": MembershipFactory(role=Membership.Role.SELLER, merchant=merchant).user,
        "packer": packer.user,
        "helper": duc_the_helper(merchant),
        "other_owner": another_shop().user,
        "officer": hoa_the_officer(merchant.commune),
        "other_officer": MembershipFactory(
            user=UserFactory(), role=Membership.Role.OFFICER, merchant=None, commune=other_village.commune
        ).user,
        "head_officer": hoa_the_officer(merchant.commune, role=Membership.Role.HEAD_OFFICER),
        "province_viewer": MembershipFactory(role=Membership.Role.PROVINCE_VIEWER, merchant=None, commune=None).user,
        "editor": mai_the_editor(),
        "staff": quang_of_the_platform(),
    }
    code = issue_code(account=account, actor=people["officer"])
    return World(
        scene=scene,
        order=order,
        receipt=scene.doubtful(),
        refund=Refund.objects.create(attempt=attempt, amount_vnd=Decimal(1_000), reason="thử"),
        complaint=complaint,
        code=code,
        packer=packer,
        certificate=CertificateFactory(holder=merchant, products=[scene.product]),
        policy=PolicyVersion.objects.create(
            kind="terms", number=1, title="Điều khoản", text_html="<p>x</p>", sha256="0" * 64,
            published_at=timezone.now(),
        ),
        report=report_listing(product=scene.product, reason="other", text="Hỏng", contact="0912345678"),
        people=people,
        letter=OutboxMessage.objects.create(
            kind="letter.send", state="dead", not_before=timezone.now(), finished_at=timezone.now()
        ),
    )  # fmt: skip


@dataclass(frozen=True)
class Access:
    """Who may use an address; `key` gives the arguments that name Lan's object."""

    allowed: set[str]
    key: Callable[[World], dict[str, Any]] = lambda _world: {}
    method: str = "get"


def number(world: World) -> dict[str, Any]:
    return {"number": world.order.number}


def purchase(world: World) -> dict[str, Any]:
    return {"token": world.order.purchase.token, "number": world.order.number}  # type: ignore[union-attr]


def token(world: World) -> dict[str, Any]:
    return {"token": world.order.purchase.token}  # type: ignore[union-attr]


def case(world: World) -> dict[str, Any]:
    return {"case": world.complaint.number}


def case_photo(world: World) -> dict[str, Any]:
    return {**case(world), "pk": ComplaintPhoto.objects.get().pk}


def secret_case(world: World) -> dict[str, Any]:
    order = world.complaint.order
    return {"token": order.purchase.token, "number": order.number, **case(world)}  # type: ignore[union-attr]


def product(world: World) -> dict[str, Any]:
    return {"pk": world.scene.product.pk}


def product_page(world: World) -> dict[str, Any]:
    return {"slug": world.scene.product.slug, "pk": world.scene.product.pk}


def receipt(world: World) -> dict[str, Any]:
    return {"pk": world.receipt.pk}


def batch(world: World) -> dict[str, Any]:
    """A finished print run of Lan's code."""
    made = CodeBatch.objects.create(
        commune=world.scene.merchant.commune,
        kind="print",
        layout="a6",
        ids=[world.code.pk],
        ordered_by=world.people["officer"],
    )
    run_batch(made.pk)
    return {"pk": made.pk}


def other_code(world: World) -> dict[str, Any]:
    made = OtherCode.objects.create(
        merchant=world.scene.merchant, scheme="VNPAY", payload="x", added_by=world.people["officer"]
    )
    return {"pk": made.pk}


def account_change(world: World) -> dict[str, Any]:
    """One that waits; pages that are walked twice find the same."""
    given = {
        "old_account": world.scene.merchant.bank_accounts.get(),
        "bank_code": "VCB",
        "number": "DEMO999",
        "holder_name": "LAN",
        "reason": "x",
        "asked_by": world.people["staff"],
    }
    return {"pk": AccountChange.objects.get_or_create(merchant=world.scene.merchant, defaults=given)[0].pk}


def visit(world: World) -> dict[str, Any]:
    """A visit to Lan's with a photo, and the alarm that it raised."""
    merchant = world.scene.merchant
    made = CodeCheck.objects.filter(merchant=merchant).first()
    if made is None:
        made, _is_new = file_visit(
            visit_id=uuid.uuid4(),
            merchant=merchant,
            text=encode(bin="970405", account="DEMO7654321"),
            photo=plain_picture(photo_file().read()),
            actor=world.people["officer"],
        )
    return {"pk": made.pk}


def alarm(world: World) -> dict[str, Any]:
    visit(world)
    return {"pk": CodeAlarm.objects.get().pk}


def mark(world: World) -> dict[str, Any]:
    made = PrintMark.objects.create(
        commune=world.scene.merchant.commune, kind="vietqr", picture="photos/x.jpg", added_by=world.people["officer"]
    )
    return {"pk": made.pk}


def report(world: World) -> dict[str, Any]:
    return {"pk": world.report.pk}


def merchant(world: World) -> dict[str, Any]:
    return {"pk": world.scene.merchant.pk}


def account(world: World) -> dict[str, Any]:
    return {"pk": world.scene.merchant.bank_accounts.get().pk}


def code(world: World) -> dict[str, Any]:
    return {"pk": world.code.pk}


def grant(world: World) -> dict[str, Any]:
    return {"pk": world.packer.pk}


def a_merge(world: World) -> dict[str, Any]:
    kept = world.scene.merchant
    known = MerchantMerge.objects.filter(kept=kept).first()
    if known is None:
        gone = MerchantFactory(commune=kept.commune, village=None, status="closed", status_reason="x")
        known = MerchantMerge.objects.create(
            kept=kept,
            gone=gone,
            made_by=world.people["officer"],
            moved={"accounts": [], "ended": [], "people": [], "other_codes": [], "filled": {}, "was": {}},
        )
    return {"pk": known.pk}


def a_list(world: World) -> dict[str, Any]:
    commune = world.scene.merchant.commune
    return {"pk": RegisterImport.objects.get_or_create(commune=commune, file_name="ds.xlsx", state="checked")[0].pk}


ACCESS: dict[str, Access] = {
    # open to everyone
    "home": Access(EVERYONE),
    "healthz": Access(EVERYONE),
    "readyz": Access(EVERYONE),
    "favicon": Access(EVERYONE),
    "service_worker": Access(EVERYONE),
    "storefront:manifest": Access(EVERYONE),
    "storefront:offline": Access(EVERYONE),
    "robots_txt": Access(EVERYONE),
    "sitemap": Access(EVERYONE),
    "sitemap_pages": Access(EVERYONE),
    "sitemap_goods": Access(EVERYONE, lambda _world: {"number": 1}),
    "cms:news_feed": Access(EVERYONE),
    "marketplaces:google_feed": Access(EVERYONE),
    "marketplaces:meta_feed": Access(EVERYONE),
    "api_docs": Access(EVERYONE),
    "api:openapi-json": Access(EVERYONE),
    "api:products": Access(EVERYONE),
    "api:product": Access(EVERYONE, lambda world: {"product_id": world.scene.product.pk}),
    "api:merchants": Access(EVERYONE),
    "api:coverage": Access(EVERYONE),
    "storefront:catalogue": Access(EVERYONE),
    "storefront:ranking": Access(EVERYONE),
    "storefront:suggestions": Access(EVERYONE),
    "storefront:product": Access(EVERYONE, product_page),
    "storefront:report": Access(EVERYONE, product_page),
    "storefront:report_thanks": Access(EVERYONE, product_page),
    "storefront:merchant": Access(
        EVERYONE, lambda world: {"slug": world.scene.merchant.slug, "pk": world.scene.merchant.pk}
    ),
    "storefront:certificate": Access(EVERYONE, lambda world: {"token": world.certificate.token}),
    "storefront:code_check": Access(EVERYONE, lambda world: {"code": world.code.public_code}),
    "storefront:me": Access(EVERYONE),
    "purchase:basket": Access(EVERYONE),
    "purchase:checkout": Access(EVERYONE),
    "purchase:find": Access(EVERYONE),
    "purchase:my_purchases": Access(SIGNED_IN),
    "shop_address:my_addresses": Access(SIGNED_IN),
    "shop_address:add": Access(SIGNED_IN),
    "purchase:policy_version": Access(EVERYONE, lambda _world: {"kind": "terms", "number": 1}),
    # open to whoever holds the purchase's secret address
    "purchase:purchase": Access(EVERYONE, token),
    "purchase:purchase_state": Access(EVERYONE, token),
    "purchase:code_picture": Access(EVERYONE, purchase),
    "purchase:code_card": Access(EVERYONE, purchase),
    "purchase:complaint": Access(EVERYONE, secret_case),
    "purchase:complaint_photo": Access(EVERYONE, lambda world: {**secret_case(world), **case_photo(world)}),
    "purchase:screenshot": Access(EVERYONE, purchase),
    # everyone at work has a front page that shows her own parts
    "workspace:home": Access(SIGNED_IN),
    "users:home": Access(SIGNED_IN),
    # a producer's people; the four lists are one's own and empty for whoever has no business (see below)
    "workspace:orders": Access(SIGNED_IN),
    "workspace:pack_list": Access(SIGNED_IN),
    "workspace:orders_export": Access(SELLERS | {"other_owner"}),
    "workspace:order": Access(PRODUCERS, number),
    "workspace:order_step": Access(PRODUCERS, number, "post"),
    "workspace:order_cancel": Access(PRODUCERS - {"packer"}, number, "post"),
    "workspace:money_in": Access(SELLERS, number, "post"),
    "workspace:not_seen": Access(SELLERS, number, "post"),
    "workspace:screenshot": Access(SELLERS, number),
    "workspace:cash": Access(SELLERS, number, "post"),
    "workspace:excess": Access(SELLERS, number, "post"),
    "workspace:refund": Access(SELLERS, lambda world: {"pk": world.refund.pk}, "post"),
    "workspace:look_up_issue": Access(SELLERS, number, "post"),
    # coverage
    "workspace:coverage": Access(REGISTER | {"other_officer"}),
    "workspace:coverage_communes": Access(REGISTER | {"other_officer"}),
    "workspace:coverage_missing": Access(REGISTER | {"other_officer"}),
    "workspace:coverage_missing_file": Access(OFFICERS | {"other_officer"}),
    "workspace:coverage_counting": Access({"head_officer"}),
    "merchants:merge": Access(OFFICERS, merchant),
    "merchants:merge_undo": Access(OFFICERS, a_merge, "post"),
    "merchants:move": Access(OFFICERS, merchant, "post"),
    # lists of businesses
    "merchants:import_send": Access(OFFICERS | {"other_officer"}),
    "merchants:import_form": Access(OFFICERS | {"other_officer"}),
    "merchants:export": Access(OFFICERS | {"other_officer"}),
    "merchants:import": Access(OFFICERS, a_list),
    "merchants:import_state": Access(OFFICERS, a_list),
    "merchants:import_faults": Access(OFFICERS, a_list),
    "merchants:import_write": Access(OFFICERS, a_list, "post"),
    "merchants:import_drop": Access(OFFICERS, a_list, "post"),
    "merchants:import_undo": Access(OFFICERS, a_list, "post"),
    "workspace:look_up": Access(OFFICERS | {"other_officer"}),
    "workspace:look_up_issue_for": Access(OFFICERS, number, "post"),
    "workspace:receipts": Access(SIGNED_IN),
    "workspace:receipt_accept": Access(SELLERS, receipt, "post"),
    "workspace:receipt_set_aside": Access(SELLERS, receipt, "post"),
    "workspace:receipt_undo": Access(SELLERS, receipt, "post"),
    "workspace:complaints": Access(SIGNED_IN),
    "workspace:complaint": Access(PRODUCERS - {"packer"}, case),
    "workspace:complaint_write": Access(SELLERS, case, "post"),
    "workspace:complaint_offer": Access(SELLERS, case, "post"),
    "workspace:complaint_refuse": Access(SELLERS, case, "post"),
    "workspace:complaint_goods_back": Access(SELLERS, case, "post"),
    "workspace:complaint_carry_out": Access(SELLERS, case, "post"),
    "workspace:complaint_paid_back": Access(SELLERS, case, "post"),
    "workspace:complaint_photo": Access(PRODUCERS - {"packer"}, case_photo),
    "workspace:products": Access(SIGNED_IN),
    "workspace:product_add": Access(PRODUCERS - {"packer"} | {"other_owner"}),
    "workspace:product": Access(PRODUCERS, product),
    "workspace:product_publish": Access(PRODUCERS - {"packer"}, product, "post"),
    "workspace:account_changes": Access({"owner", "other_owner"}),
    "workspace:account_change_ask": Access({"owner"}, merchant),
    "workspace:account_change_agree": Access({"owner"}, account_change, "post"),
    "workspace:account_change_stop": Access({"owner"}, account_change, "post"),
    "workspace:code_alarms": Access({"owner", "other_owner"}),
    "workspace:code_alarm_photo": Access({"owner"}, alarm),
    "workspace:person_revoke_own": Access({"owner"}, grant, "post"),
    # the commune's side
    "merchants:businesses": Access(REGISTER | {"other_officer"}),
    "merchants:add": Access(OFFICERS | {"other_officer"}),
    "merchants:business": Access(REGISTER, merchant),
    "merchants:correct": Access(OFFICERS, merchant),
    "merchants:account_add": Access(OFFICERS, merchant),
    "merchants:account_end": Access(OFFICERS, account, "post"),
    "merchants:account_show": Access({"head_officer"}, account, "post"),
    "merchants:code_issue": Access(OFFICERS, account, "post"),
    "merchants:code_withdraw": Access(OFFICERS, code, "post"),
    "merchants:poster": Access(OFFICERS, code),
    "merchants:codes": Access(OFFICERS | {"other_officer"}),
    "merchants:account_change_ask": Access(OFFICERS, merchant),
    "merchants:account_change": Access(OFFICERS, account_change),
    "merchants:account_change_agree": Access(OFFICERS, account_change, "post"),
    "merchants:account_change_stop": Access(OFFICERS, account_change, "post"),
    "merchants:adopt": Access(OFFICERS | {"other_officer"}),
    "merchants:other_code_remove": Access(OFFICERS, other_code, "post"),
    "merchants:checks": Access(OFFICERS | {"other_officer"}),
    "merchants:check": Access(OFFICERS, merchant),
    "merchants:check_filed": Access(OFFICERS, visit),
    "merchants:check_photo": Access(OFFICERS, visit),
    "merchants:code_alarms": Access(OFFICERS | {"other_officer"}),
    "merchants:code_alarm": Access(OFFICERS, alarm),
    "merchants:issue_all": Access(OFFICERS | {"other_officer"}),
    "merchants:print_all": Access(OFFICERS | {"other_officer"}),
    "merchants:batch": Access(OFFICERS, batch),
    "merchants:batch_go_on": Access(OFFICERS, batch, "post"),
    "merchants:batch_file": Access(OFFICERS, batch),
    "merchants:marks": Access(OFFICERS | {"other_officer"}),
    "merchants:mark_remove": Access(OFFICERS, mark, "post"),
    "merchants:counted_schemes": Access({"head_officer"}),
    "workspace:commune_complaints": Access(REGISTER | {"other_officer"}),
    "workspace:commune_complaint": Access(OFFICERS, case),
    "workspace:commune_complaint_write": Access(OFFICERS, case, "post"),
    "workspace:commune_complaint_advise": Access(OFFICERS, case, "post"),
    "workspace:commune_complaint_photo": Access(OFFICERS, case_photo),
    # the platform's staff
    "workspace:outbox": Access({"staff"}),
    "workspace:outbox_retry": Access({"staff"}, lambda world: {"pk": world.letter.pk}, "post"),
    "workspace:outbox_set_aside": Access({"staff"}, lambda world: {"pk": world.letter.pk}, "post"),
    "workspace:outbox_retry_all": Access({"staff"}, method="post"),
    "workspace:listing_reports": Access(OFFICERS | {"other_officer", "staff"}),
    "workspace:listing_report_seen": Access(OFFICERS | {"staff"}, report, "post"),
    "workspace:listing_report_close": Access(OFFICERS | {"staff"}, report, "post"),
    "workspace:person_add": Access(OFFICERS, merchant),
    "workspace:person_activate": Access(OFFICERS, grant, "post"),
    "workspace:person_revoke": Access(OFFICERS, grant, "post"),
}

# Addresses that are about no object of somebody's, and why nobody need be kept out; each has tests of its own.
ELSEWHERE = {
    "merchants:check_sync": "a phone's program, told 401 and 404 in JSON (test_check_sync)",
    "media": "public pictures; private files lie outside MEDIA_ROOT (tests of payments)",
    "payments:demo_transfer": "404 unless DEMO (tests of payments)",
    "payments:installation_webhook": "machines; signature (contract suite)",
    "payments:connection_webhook": "machines; signature (contract suite)",
    "payments:no_such_webhook": "answers 404 to everyone",
    "purchase:find_send_code": "the visitor's own session (test_find_again)",
    "purchase:find_code": "the visitor's own session (test_find_again)",
    "purchase:buy_again": "the visitor's own basket; secret address (test_find_again)",
    "shop_address:found_communes": "the same for everybody, nobody's data (test_place_at_checkout)",
    "shop_address:restore": "the member's own session (test_member_checkout)",
    "shop_address:edit": "the member's own addresses (test_member_checkout)",
    "shop_address:remove": "the member's own addresses (test_member_checkout)",
    "shop_address:choose_first": "the member's own addresses (test_member_checkout)",
    "purchase:basket_add": "the visitor's own basket (test_buying_pages)",
    "purchase:basket_change": "the visitor's own basket (test_buying_pages)",
    "purchase:basket_remove": "the visitor's own basket (test_buying_pages)",
    "storefront:report_send": "keeps what anyone says (test_report_page)",
    "purchase:say_sent": "secret address (test_buying_pages)",
    "purchase:extend": "secret address (test_buying_pages)",
    "purchase:cancel": "secret address (test_after_sale)",
    "purchase:received": "secret address (test_after_sale)",
    "storefront:vain_search": "POST from our own pages only; keeps words, nothing of anybody (test_vain_searches)",
    "purchase:refund_not_seen": "secret address (test_complaint_pages)",
    "purchase:complaint_new": "secret address; leads to the open case (test_complaint_pages)",
    "purchase:complaint_write": "secret address (test_complaint_pages)",
    "purchase:complaint_step": "secret address (test_complaint_pages)",
    "users:activate": "secret single-use code (tests of users)",
    "users:first_password": "one's own (tests of users)",
    "users:second_factor_needed": "one's own (tests of users)",
    "users:demo": "404 unless DEMO (tests of users)",
    "api:api-root": "never answered with content",
    "password-reset": "leads to allauth's",
    "password-reset-done": "leads to allauth's",
    "password-reset-confirm": "leads to allauth's",
    "password-reset-complete": "leads to allauth's",
}


def our_names() -> Iterator[str]:
    """Every named address that is not a library's."""

    def walk(resolver: URLResolver, path: str, namespace: str) -> Iterator[str]:
        for pattern in resolver.url_patterns:
            here = path + str(pattern.pattern)
            if here.startswith(OF_LIBRARIES):
                continue
            if isinstance(pattern, URLResolver):
                yield from walk(pattern, here, f"{pattern.namespace}:" if pattern.namespace else namespace)
            elif isinstance(pattern, URLPattern) and pattern.name:
                is_librarys = not namespace and pattern.name.startswith(NAMES_OF_LIBRARIES)
                if namespace.rstrip(":") not in OSCARS_NAMES and not is_librarys:
                    yield namespace + pattern.name

    yield from walk(get_resolver(), "", "")


def test_every_address_is_listed() -> None:
    unlisted = sorted(set(our_names()) - set(ACCESS) - set(ELSEWHERE))
    gone = sorted((set(ACCESS) | set(ELSEWHERE)) - set(our_names()))

    assert unlisted == [], "say in ACCESS who may use these addresses"
    assert gone == [], "these addresses do not exist any more"


OF_OURS = ("merchants", "catalogue", "order", "partner", "payments", "purchase", "complaints", "users", "outbox")


def rows_of_everything() -> dict[str, list[tuple[Any, ...]]]:
    """All rows that an address could change, but for what signing in and looking on leave behind."""
    left_out = {"Session", "AuditEntry", "Site", "LogEntry"}
    watched = [
        model
        for label in (
            "merchants",
            "catalogue",
            "order",
            "partner",
            "payments",
            "purchase",
            "complaints",
            "users",
            "outbox",
        )
        for model in apps.get_app_config(label).get_models()
        if model._meta.managed and model.__name__ not in left_out
    ]
    unstable = {"last_login", "seller_seen_at"}
    return {
        model.__name__: list(
            model._default_manager.order_by("pk").values_list(
                *(field.name for field in model._meta.concrete_fields if field.name not in unstable)
            )
        )
        for model in watched
    }


@pytest.mark.parametrize("name", sorted(ACCESS))
def test_whoever_may_not_use_it_meets_404_or_the_sign_in_page_and_changes_nothing(name: str, world: World) -> None:
    access = ACCESS[name]
    path = reverse(name, kwargs=access.key(world))
    before = rows_of_everything()

    for role in sorted(EVERYONE - access.allowed):
        client = world.client(role)
        for method in {access.method, "post"}:
            response = getattr(client, method)(path)
            where = f"{role} {method.upper()} {path}"
            if role == "anonymous":
                sent_to_sign_in = response.status_code == 302 and "/tai-khoan/login/" in response.headers["Location"]
                assert sent_to_sign_in or response.status_code == 404, f"{where}: {response.status_code}"
            else:
                assert response.status_code in {404, 405}, f"{where}: {response.status_code}"
                assert method == "post" or response.status_code == 404, f"{where}: {response.status_code}"

    assert rows_of_everything() == before


@pytest.mark.parametrize("name", sorted(name for name, access in ACCESS.items() if access.method == "get"))
def test_whoever_may_use_it_gets_it(name: str, world: World) -> None:
    access = ACCESS[name]
    path = reverse(name, kwargs=access.key(world))

    for role in sorted(access.allowed):
        response = world.client(role).get(path)

        sent_to_sign_in = response.status_code == 302 and "/login/" in response.headers["Location"]
        is_unready = name == "readyz" and response.status_code == 503  # no worker runs in the tests
        assert is_unready or (response.status_code < 400 and not sent_to_sign_in), (
            f"{role} {path}: {response.status_code}"
        )


@pytest.mark.parametrize("name", ["orders", "pack_list", "products", "receipts", "complaints"])
def test_lists_name_nothing_of_lans_to_whoever_does_not_work_for_her(name: str, world: World) -> None:
    path = reverse(f"workspace:{name}")
    hers = [world.order.number, world.scene.product.title, world.scene.merchant.name, world.receipt.memo]
    hers += [world.complaint.number]
    path += "?loc=cho" if name == "complaints" else ""
    assert any(word in world.client("owner").get(path).content.decode() for word in hers)

    for role in sorted(SIGNED_IN - PRODUCERS):
        page = world.client(role).get(path).content.decode()
        assert [word for word in hers if word in page] == [], role


def test_what_comes_in_on_the_account_is_not_a_packers_business(world: World) -> None:
    path = reverse("workspace:receipts")

    assert world.receipt.memo in world.client("owner").get(path).content.decode()
    assert world.receipt.memo not in world.client("packer").get(path).content.decode()


@pytest.mark.parametrize(
    ("prefix", "allowed"), [("/cms/", {"editor", "staff"}), ("/dashboard/", {"staff"}), ("/admin/", {"staff"})]
)
def test_staff_screens_open_to_staff_with_a_second_factor_only(prefix: str, allowed: set[str], world: World) -> None:
    for role in sorted(EVERYONE):
        response = world.client(role).get(prefix)

        if role in allowed:
            assert response.status_code == 200, role
        elif role == "anonymous":
            assert "/tai-khoan/login/" in response.headers["Location"]
        else:
            assert response.status_code == 404, role

    for role in allowed:
        client = sign_in(Client(), world.people[role], second_factor=False)
        response = client.get(prefix)
        assert response.status_code == 302, role
        assert "/tai-khoan/" in response.headers["Location"]


def test_a_grant_that_ended_or_was_revoked_opens_nothing_any_more(world: World) -> None:
    order_page = reverse("workspace:order", kwargs=number(world))
    helper = world.client("helper")
    assert helper.get(order_page).status_code == 200

    Membership.objects.filter(user=world.people["helper"]).update(until=timezone.now() - timedelta(seconds=1))
    assert helper.get(order_page).status_code == 404

    packer = world.client("packer")
    assert packer.get(order_page).status_code == 200
    Membership.objects.filter(pk=world.packer.pk).update(revoked_at=timezone.now())
    assert packer.get(order_page).status_code == 404


def test_a_case_the_commune_was_not_called_to_is_not_its_officers_business(world: World) -> None:
    page = reverse("workspace:commune_complaint", kwargs=case(world))
    picture = reverse("workspace:commune_complaint_photo", kwargs=case_photo(world))
    assert world.client("officer").get(page).status_code == 200
    Complaint.objects.update(state="open", escalated_at=None)

    officer = world.client("officer")

    assert (officer.get(page).status_code, officer.get(picture).status_code) == (404, 404)
    assert world.complaint.number not in officer.get(reverse("workspace:commune_complaints")).content.decode()


def test_a_photo_of_one_case_does_not_open_under_another(world: World) -> None:
    world.policy.delete()  # nobody has accepted it
    theirs = complaint_before_commune(order=sent_order(), photos=take_in([photo_file()]))
    foreign = theirs.entries.order_by("pk")[0].photos.get()

    for name, keys in (
        ("workspace:complaint_photo", case(world)),
        ("workspace:commune_complaint_photo", case(world)),
        ("purchase:complaint_photo", secret_case(world)),
    ):
        for role in ("owner", "officer"):
            path = reverse(name, kwargs={**keys, "pk": foreign.pk})
            assert world.client(role).get(path).status_code == 404, (name, role)

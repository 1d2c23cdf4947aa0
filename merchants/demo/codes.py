"""Issue the demo's payment codes, as an officer would; some businesses stay without one, so that there is work left."""

from django.db import transaction

from merchants.demo.plan import DemoPlan
from merchants.demo.register import MERCHANTS
from merchants.demo.seed import named_merchants
from merchants.models import BankAccount, Membership
from merchants.payment_codes import issue_code

ISSUED_OF_TEN = 7  # of the generated businesses


def seed(plan: DemoPlan) -> None:
    """Issue what is missing; an account that ever had a code, withdrawn ones too, is left alone."""
    officer = Membership.objects.filter(role=Membership.Role.OFFICER).select_related("user").order_by("pk").first()
    if officer is None:
        raise LookupError("no officer yet: seed the people first")
    with_code = {named.key for named in MERCHANTS if named.has_code}
    named = named_merchants()
    without = [merchant.pk for key, merchant in named.items() if key not in with_code]
    known_by_name = {merchant.pk for merchant in named.values()}
    accounts = BankAccount.objects.filter(
        merchant__is_sample=True, status=BankAccount.Status.ACTIVE, is_receiving=True, payment_codes=None
    ).exclude(merchant__in=without)
    issued = 0
    with transaction.atomic():
        for account in accounts.order_by("pk"):
            if account.merchant_id in known_by_name or account.merchant_id % 10 < ISSUED_OF_TEN:
                issue_code(account=account, actor=officer.user)
                issued += 1
    plan.say(f"payment codes: {issued} issued")

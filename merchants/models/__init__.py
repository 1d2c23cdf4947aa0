from merchants.models.audit import AuditEntry
from merchants.models.bank_account import BankAccount
from merchants.models.commune import Commune, FormerCommune, Village
from merchants.models.membership import Membership
from merchants.models.merchant import Merchant
from merchants.models.payment_code import PaymentCode

__all__ = [
    "AuditEntry",
    "BankAccount",
    "Commune",
    "FormerCommune",
    "Membership",
    "Merchant",
    "PaymentCode",
    "Village",
]

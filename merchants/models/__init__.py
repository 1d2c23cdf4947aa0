from merchants.models.account_change import AccountChange
from merchants.models.audit import AuditEntry
from merchants.models.bank_account import BankAccount
from merchants.models.code_batch import CodeBatch
from merchants.models.code_check import CodeAlarm, CodeCheck
from merchants.models.commune import Commune, CoverageRung, FormerCommune, Village
from merchants.models.membership import Membership
from merchants.models.merchant import Merchant
from merchants.models.merge import MerchantMerge
from merchants.models.other_code import OtherCode
from merchants.models.payment_code import PaymentCode
from merchants.models.print_mark import PrintMark
from merchants.models.register_import import RegisterImport

__all__ = [
    "AccountChange",
    "AuditEntry",
    "BankAccount",
    "CodeAlarm",
    "CodeBatch",
    "CodeCheck",
    "Commune",
    "CoverageRung",
    "FormerCommune",
    "Membership",
    "Merchant",
    "MerchantMerge",
    "OtherCode",
    "PaymentCode",
    "PrintMark",
    "RegisterImport",
    "Village",
]

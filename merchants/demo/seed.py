"""Put the demo's commune, villages, businesses and accounts into the register."""

import random
from collections.abc import Iterator

from django.db import transaction
from vietnam_provinces import ProvinceCode, Ward

from merchants.demo import register
from merchants.demo.plan import DemoPlan
from merchants.demo.register import MERCHANTS, NamedMerchant
from merchants.folding import fold_text
from merchants.models import BankAccount, Commune, FormerCommune, Merchant, Village
from merchants.vietqr.banks import all_banks

_BATCH = 1000

_FORMS = (
    ("HTX {place}", "cooperative", "Trồng trọt, chế biến", "A"),
    ("Hộ kinh doanh {place}", "household", "Chế biến nông sản", "C"),
    ("Cơ sở {place}", "household", "Chế biến thực phẩm", "C"),
    ("Vườn {place}", "household", "Trồng cây ăn quả", "A"),
    ("Tổ hợp tác {place}", "cooperative_group", "Sản xuất nông nghiệp", "A"),
    ("Cửa hàng {place}", "household", "Bán lẻ nông sản", "G"),
)
_FIRST = "Đồng Bến Vườn Đồi Giếng Ngõ Bãi Cầu Ao Rẫy Lũy Triền Gò Ruộng Bờ".split()
_SECOND = "Sen Mơ Gió Nắng Mây Sim Trúc Lúa Đa Quế Thông Cọ Dâu Sương Khế Gạo Bưởi Hoa Mía Sậy Trăng Rạ Vối Ổi".split()
_THIRD = "Thượng Hạ Đông Tây Nam Bắc Cả Mới Xanh Vàng Đỏ Tím".split()
_GIVEN = "An Bảy Cúc Dần Đào Giang Hiền Khoa Lành Mận Nhâm Oanh Phúc Quý Tám".split()


def seed(plan: DemoPlan) -> None:
    """Make what is missing; a business that is there already, by its name, is left as it is."""
    with transaction.atomic():
        communes = list(_communes(plan))
        villages = {commune.pk: list(commune.villages.select_related("former_commune")) for commune in communes}
        for named in MERCHANTS[: plan.merchants]:
            _add_named(named, communes[0])
        _add_generated(plan, communes, villages)
    plan.say(f"register: {Merchant.objects.filter(is_sample=True).count()} businesses in {len(communes)} communes")


def named_merchants() -> dict[str, Merchant]:
    """The named businesses that are there, by key."""
    by_name = {merchant.name: merchant for merchant in Merchant.objects.filter(is_sample=True)}
    return {named.key: by_name[named.name] for named in MERCHANTS if named.name in by_name}


def _communes(plan: DemoPlan) -> Iterator[Commune]:
    home, created = Commune.objects.get_or_create(
        code=register.COMMUNE_CODE,
        defaults={
            "name": register.COMMUNE_NAME,
            "name_en": register.COMMUNE_NAME_EN,
            "province_code": register.PROVINCE_CODE,
            "province_name": register.PROVINCE_NAME,
            "former_district": register.FORMER_DISTRICT,
        },
    )
    for name, (code, villages) in register.FORMER_COMMUNES.items():
        former, _ = FormerCommune.objects.get_or_create(code=code, defaults={"commune": home, "name": name})
        for number in range(1, villages + 1):
            Village.objects.get_or_create(commune=home, former_commune=former, name=f"Xóm {number}")
    yield home
    for code, name in _more_communes(plan.communes - 1):
        commune, created = Commune.objects.get_or_create(
            code=code,
            defaults={"name": name, "province_code": register.PROVINCE_CODE, "province_name": register.PROVINCE_NAME},
        )
        if created:
            for number in range(1, 9):
                Village.objects.create(commune=commune, name=f"Xóm {number}")
        yield commune


def _more_communes(count: int) -> Iterator[tuple[str, str]]:
    """Neighbours first, then the other communes and wards of the province; at most the 130 there are."""
    found = list(register.NEIGHBOURS)
    known = {code for code, _ in found} | {register.COMMUNE_CODE}
    for ward in Ward.iter_by_province(ProvinceCode(int(register.PROVINCE_CODE))):
        code = f"{int(ward.code.value):05d}"
        if code not in known:
            found.append((code, ward.name[:1].lower() + ward.name[1:]))
    yield from found[: max(0, count)]


def _add_named(named: NamedMerchant, commune: Commune) -> None:
    if Merchant.objects.filter(name=named.name, is_sample=True).exists():
        return
    village = Village.objects.get(commune=commune, former_commune__name=named.former_commune, name=named.village)
    merchant = Merchant(
        commune=commune,
        village=village,
        name=named.name,
        legal_form=named.legal_form,
        vsic_section=named.vsic_section,
        trade=named.trade,
        owner_name=named.owner_name,
        phone=named.phone,
        email=f"{named.key}@example.com",
        address=f"{named.village}, {named.former_commune} (cũ)",
        is_public=True,
        summary=named.summary,
        summary_en=named.summary_en,
        story=named.story,
        story_en=named.story_en,
        collection_note=named.collection_note,
        is_sample=True,
    )
    merchant.tax_code = named.tax_code
    merchant.full_clean()
    merchant.save()
    if named.account:
        bank = all_banks()[named.bank_code]
        account = BankAccount(
            merchant=merchant,
            bank_code=bank.code,
            bank_bin=bank.bin,
            number=named.account,
            holder_name=named.holder_name,
        )
        account.full_clean()
        account.save()


def _add_generated(plan: DemoPlan, communes: list[Commune], villages: dict[int, list[Village]]) -> None:
    """Fill up to `plan.merchants`; the n-th business is the same in every run with the same seed."""
    there = set(Merchant.objects.filter(is_sample=True).values_list("name", flat=True))
    banks = [bank for bank in all_banks().values() if bank.is_bank and bank.successor is None]
    new: list[Merchant] = []
    for number in range(len(MERCHANTS) + 1, plan.merchants + 1):
        rng = random.Random(f"merchant {plan.seed} {number}")  # noqa: S311  # chance for data, not for secrets
        template, form, trade, section = rng.choice(_FORMS)
        place = f"{rng.choice(_FIRST)} {rng.choice(_SECOND)} {rng.choice(_THIRD)}"
        name = f"{template.format(place=place)} {number} (mẫu)"
        commune = communes[number % len(communes)]
        village = rng.choice(villages[commune.pk])
        if name in there:
            continue
        merchant = Merchant(
            commune=commune,
            village=village,
            name=name,
            legal_form=form,
            vsic_section=section,
            trade=trade,
            owner_name=f"{rng.choice(('Nguyễn', 'Trần', 'Lê', 'Phan', 'Hồ'))} Mẫu {rng.choice(_GIVEN)}",
            phone=f"+84741{number:06d}",
            address=f"{village.name}, {commune.name}",
            is_public=True,
            summary=f"{trade} ở {village.name}, {commune.name}. Cơ sở mẫu để xem thử.",
            is_sample=True,
        )
        merchant.tax_code = f"9992{number:08d}" if form == "household" else ""
        merchant.derive_names()
        new.append(merchant)
    Merchant.objects.bulk_create(new, batch_size=_BATCH)
    BankAccount.objects.bulk_create(
        [
            BankAccount(
                merchant=merchant,
                bank_code=banks[merchant.pk % len(banks)].code,
                bank_bin=banks[merchant.pk % len(banks)].bin,
                number=f"DEMO9{merchant.phone[-6:]}",
                holder_name=fold_text(merchant.owner_name).upper(),
            )
            for merchant in new
        ],
        batch_size=_BATCH,
    )

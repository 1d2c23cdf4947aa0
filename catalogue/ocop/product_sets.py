"""The 26 official product sets in 17 groups and 6 industries of QĐ 26/2026/QĐ-TTg (22/5/2026), as data.

A later decision may renumber them: certificates carry the version of the criteria they were judged by.
Names are those of the decision (Vietnamese, data); `name_en` is our own rendering for the English pages.
"""

from dataclasses import dataclass

CRITERIA_VERSION = "QĐ 26/2026/QĐ-TTg"


@dataclass(frozen=True)
class ProductSet:
    """One product set (bộ sản phẩm); `number` is the official one, `group` a stable key of our own."""

    number: int
    group: str
    slug: str
    name: str
    name_en: str


@dataclass(frozen=True)
class ProductGroup:
    """One group; what a shopper picks first."""

    key: str
    name: str
    name_en: str


GROUPS = {
    group.key: group
    for group in (
        ProductGroup("tuoi-song", "Thực phẩm tươi sống", "Fresh food"),
        ProductGroup("so-che", "Thực phẩm thô, sơ chế", "Staples"),
        ProductGroup("che-bien", "Thực phẩm chế biến", "Processed food"),
        ProductGroup("gia-vi", "Gia vị", "Condiments"),
        ProductGroup("che", "Chè, trà", "Tea"),
        ProductGroup("ca-phe-ca-cao", "Cà phê, ca cao", "Coffee and cocoa"),
        ProductGroup("do-uong", "Đồ uống", "Drinks"),
        ProductGroup("duoc-lieu", "Dược liệu", "Herbal goods"),
        ProductGroup("thu-cong", "Thủ công mỹ nghệ, vải", "Crafts and textiles"),
        ProductGroup("sinh-vat-canh", "Sinh vật cảnh", "Ornamentals"),
        ProductGroup("du-lich", "Du lịch cộng đồng", "Community tourism"),
    )
}

SETS = {
    item.number: item
    for item in (
        ProductSet(1, "tuoi-song", "rau-cu-qua-tuoi", "Rau, củ, quả, hạt tươi", "Fresh vegetables, fruit and nuts"),
        ProductSet(2, "tuoi-song", "thit-thuy-san-tuoi", "Thịt, thủy sản, trứng, sữa tươi", "Fresh meat, fish, eggs"),
        ProductSet(3, "so-che", "gao-ngu-coc", "Gạo, ngũ cốc, hạt sơ chế khác", "Rice, cereals, seeds"),
        ProductSet(
            4, "so-che", "mat-ong", "Mật ong, mật khác và nông sản thực phẩm khác", "Honey and other farm produce"
        ),
        ProductSet(5, "che-bien", "do-an-nhanh", "Đồ ăn nhanh", "Ready food"),
        ProductSet(6, "che-bien", "che-bien-tu-gao", "Chế biến từ gạo, ngũ cốc", "Made from rice and cereals"),
        ProductSet(7, "che-bien", "che-bien-tu-rau-qua", "Chế biến từ rau, củ, quả, hạt", "Made from fruit and nuts"),
        ProductSet(
            8,
            "che-bien",
            "che-bien-tu-thit",
            "Chế biến từ thịt, thủy sản, trứng, sữa, các sản phẩm từ mật ong, mật khác và nông sản thực phẩm khác",
            "Made from meat, fish, eggs, milk, honey",
        ),
        ProductSet(9, "gia-vi", "tuong-nuoc-mam", "Tương, nước mắm, gia vị dạng lỏng khác", "Sauces and fish sauce"),
        ProductSet(10, "gia-vi", "gia-vi-khac", "Gia vị khác (muối, hành, tỏi, tiêu)", "Other spices"),
        ProductSet(11, "che", "che-xanh", "Chè tươi, chè chế biến", "Tea"),
        ProductSet(12, "che", "tra-thao-moc", "Sản phẩm trà từ thực vật khác", "Herbal infusions"),
        ProductSet(13, "ca-phe-ca-cao", "ca-phe-ca-cao", "Cà phê, cacao", "Coffee and cocoa"),
        ProductSet(14, "do-uong", "ruou-trang", "Rượu trắng", "Rice spirit"),
        ProductSet(15, "do-uong", "do-uong-co-con", "Đồ uống có cồn khác", "Other alcoholic drinks"),
        ProductSet(
            16, "do-uong", "nuoc-khoang", "Nước khoáng thiên nhiên, nước uống đóng chai", "Mineral and bottled water"
        ),
        ProductSet(17, "do-uong", "do-uong-khong-con", "Đồ uống không cồn khác", "Soft drinks"),
        ProductSet(
            18,
            "duoc-lieu",
            "thuc-pham-chuc-nang",
            "Thực phẩm chức năng, thuốc dược liệu, thuốc cổ truyền",
            "Food supplements and traditional medicine",
        ),
        ProductSet(
            19, "duoc-lieu", "my-pham", "Mỹ phẩm có thành phần từ dược liệu", "Cosmetics with herbal ingredients"
        ),
        ProductSet(20, "duoc-lieu", "tinh-dau", "Tinh dầu và dược liệu khác", "Essential oils and other herbs"),
        ProductSet(21, "thu-cong", "thu-cong-my-nghe", "Thủ công mỹ nghệ (gia dụng, trang trí)", "Handicrafts"),
        ProductSet(22, "thu-cong", "vai-may-mac", "Vải, may mặc", "Textiles and clothing"),
        ProductSet(23, "sinh-vat-canh", "hoa", "Hoa", "Flowers"),
        ProductSet(24, "sinh-vat-canh", "cay-canh", "Cây cảnh", "Ornamental plants"),
        ProductSet(25, "sinh-vat-canh", "dong-vat-canh", "Động vật cảnh", "Ornamental animals"),
        ProductSet(
            26,
            "du-lich",
            "du-lich-cong-dong",
            "Dịch vụ du lịch cộng đồng, du lịch sinh thái và điểm du lịch",
            "Community and eco tourism",
        ),
    )
}
SET_CHOICES = [(item.number, item.name) for item in SETS.values()]

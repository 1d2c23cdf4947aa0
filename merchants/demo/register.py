"""Data of the demo's commune and its twelve named businesses. Nothing here belongs to a real person or business.

- Names end in "(mẫu)". The place is real (xã Hợp Minh and the five communes merged into it on 2025-07-01, domain F1),
  villages are only numbered.
- Phones lie in 074x, which is neither a mobile prefix nor, since 2017, an area code (libphonenumber 9.0.43 knows no
  such number): well formed as E.164, but they cannot ring.
- Tax codes of companies and cooperatives begin with 99, which no tax office uses (they begin with a province's number);
  the check digit is right so that forms accept them. Those of households begin with 999, which is no birth province.
- Account numbers begin with DEMO; banks in Viet Nam give no such numbers for transfers from other banks.
"""

from dataclasses import dataclass

COMMUNE_CODE = "17605"
COMMUNE_NAME = "xã Hợp Minh"
COMMUNE_NAME_EN = "Hợp Minh commune"
PROVINCE_CODE = "40"
PROVINCE_NAME = "Nghệ An"
FORMER_DISTRICT = "Yên Thành"
AREA_NAME = "Long Thành"

# name: (code until 2025-06-30, number of villages in the demo)
FORMER_COMMUNES: dict[str, tuple[str, int]] = {
    "Long Thành": ("17578", 8),
    "Bảo Thành": ("17605", 6),
    "Vĩnh Thành": ("17587", 6),
    "Viên Thành": ("17596", 5),
    "Sơn Thành": ("17614", 6),
}

# Communes of today that lie around Hợp Minh (domain F3), then any of Nghệ An, when a plan asks for more.
NEIGHBOURS: tuple[tuple[str, str], ...] = (
    ("17506", "xã Yên Thành"),
    ("17515", "xã Bình Minh"),
    ("17521", "xã Quang Đồng"),
    ("17524", "xã Giai Lạc"),
    ("17530", "xã Đông Thành"),
    ("17560", "xã Vân Du"),
    ("17569", "xã Quan Thành"),
    ("17611", "xã Vân Tụ"),
)


@dataclass(frozen=True, kw_only=True)
class NamedMerchant:
    """One of the twelve. `key` ties products, users and pictures to it; an empty `account` means: none known yet."""

    key: str
    name: str
    legal_form: str
    trade: str
    vsic_section: str
    former_commune: str
    village: str
    owner_name: str
    phone: str
    tax_code: str
    bank_code: str = ""
    account: str = ""
    holder_name: str = ""
    summary: str
    summary_en: str
    story: str
    story_en: str = ""
    collection_note: str = ""
    has_code: bool = True


MERCHANTS: tuple[NamedMerchant, ...] = (
    NamedMerchant(
        key="dong-sen",
        name="HTX Lúa gạo Đồng Sen (mẫu)",
        legal_form="cooperative",
        trade="Trồng lúa, xay xát gạo",
        vsic_section="A",
        former_commune="Long Thành",
        village="Xóm 3",
        owner_name="Ngô Thị Mẫu Lan",
        phone="+84740000101",
        tax_code="9900000104",
        bank_code="AGRIBANK",
        account="DEMO0101DONGSEN",
        holder_name="HTX LUA GAO DONG SEN MAU",
        summary="Bốn mươi hộ cùng làm một giống lúa, một lịch gieo, xay tới đâu bán tới đó.",
        summary_en="Forty families sow one variety on one calendar and mill only what is ordered.",
        story=(
            "Cánh đồng dưới làng trũng, mùa mưa nước lên tới bờ ao sen, bởi vậy mới thành tên. "
            "Trước kia mỗi nhà một giống, gặt xong bán lúa tươi ngay tại ruộng. Nay bốn mươi hộ ngồi lại, "
            "chọn chung một giống lúa thơm, gieo cùng tuần, phơi chung sân và giữ thóc trong bồ đến khi có người đặt mới xay.\n\n"
            "Gạo đóng túi trong vòng hai ngày sau khi xay. Trên túi ghi rõ vụ gặt và ngày xay để người mua tự chọn."
        ),
        story_en=(
            "The fields below the village lie low; in the rains the water reaches the lotus pond that gave the place "
            "its name. Forty families agreed on one fragrant variety, sow in the same week, dry on one yard and keep "
            "the paddy until somebody orders. Rice is bagged within two days of milling, with crop and date on the bag."
        ),
        collection_note="Nhà kho HTX, cạnh sân phơi Xóm 3, 7:00–11:00 và 14:00–17:00, trừ chủ nhật.",
    ),
    NamedMerchant(
        key="doi-mo",
        name="HTX Ong Đồi Mơ (mẫu)",
        legal_form="cooperative",
        trade="Nuôi ong lấy mật",
        vsic_section="A",
        former_commune="Bảo Thành",
        village="Xóm 2",
        owner_name="Phan Văn Mẫu Hải",
        phone="+84740000102",
        tax_code="9900000217",
        bank_code="VCB",
        account="DEMO0202DOIMO",
        holder_name="HTX ONG DOI MO MAU",
        summary="Đàn ong đặt quanh vườn cây chân đồi, quay mật theo mùa hoa, không nấu lại.",
        summary_en="Hives around the orchards below the hill; honey spun by season and never reheated.",
        story=(
            "Mười một hộ nuôi ong nội, thùng đặt rải dưới tán vườn nhãn, vườn keo và bờ rào hoa dại. "
            "Mỗi năm quay mật ba bốn đợt, đợt nào để riêng đợt ấy nên màu và vị khác nhau: tháng ba nhạt và thơm, "
            "tháng sáu sẫm hơn.\n\n"
            "Mật lọc qua vải, để lắng rồi rót. Trời lạnh mật có thể kết hạt ở đáy chai, ngâm nước ấm là tan."
        ),
        story_en=(
            "Eleven families keep native bees under longan and acacia trees. Each spinning is kept apart, so March honey "
            "is light and June honey darker. It is strained through cloth and left to settle; in the cold it may "
            "crystallise and melts again in warm water."
        ),
        collection_note="Nhà ông tổ trưởng, Xóm 2, gọi trước khi tới.",
    ),
    NamedMerchant(
        key="vuon-nang",
        name="HTX Cam Vườn Nắng (mẫu)",
        legal_form="cooperative",
        trade="Trồng cây ăn quả",
        vsic_section="A",
        former_commune="Sơn Thành",
        village="Xóm 5",
        owner_name="Trần Mẫu Thị Hòa",
        phone="+84740000103",
        tax_code="9900000305",
        bank_code="BIDV",
        account="DEMO0303VUONNANG",
        holder_name="HTX CAM VUON NANG MAU",
        summary="Cam, chanh hái theo đơn; quả xấu mã để làm mứt, không bán lẫn.",
        summary_en="Oranges and limes picked to order; fruit with blemishes goes into jam, never into the box.",
        story=(
            "Đất đồi sỏi nhiều nắng, cam chín muộn và vỏ mỏng. Vườn bao quả từ tháng bảy, bón phân chuồng ủ mục, "
            "cắt cỏ thay vì phun. Từ tháng mười một đến hết tháng một, sáng hái, chiều đóng thùng.\n\n"
            "Thùng ba cân, quả cỡ vừa, còn cuống và lá để người nhận biết ngày hái."
        ),
        story_en=(
            "Stony hill soil with plenty of sun: the fruit ripens late and has a thin skin. Picked in the morning and "
            "boxed in the afternoon, from November to the end of January, stalk and leaf left on."
        ),
        collection_note="Lán cân cam đầu Xóm 5, trong mùa mở cả ngày.",
    ),
    NamedMerchant(
        key="bep-than",
        name="Hộ kinh doanh Bếp Than (mẫu)",
        legal_form="household",
        trade="Rang lạc, nấu kẹo, ép dầu",
        vsic_section="C",
        former_commune="Vĩnh Thành",
        village="Xóm 4",
        owner_name="Lê Thị Mẫu Thảo",
        phone="+84740000104",
        tax_code="999100000042",
        bank_code="MB",
        account="DEMO0404BEPTHAN",
        holder_name="LE THI MAU THAO",
        summary="Lạc đất cát rang chảo gang, kẹo lạc nấu mật mía, mỗi mẻ vừa một buổi.",
        summary_en="Peanuts roasted in cast iron, brittle boiled with cane syrup, one small batch at a time.",
        story=(
            "Bà nội bán kẹo lạc ở chợ phiên, mẹ nấu kẹo dịp Tết, đến đời thứ ba thì mở bếp quanh năm. "
            "Lạc mua của bà con trong xóm sau vụ tháng sáu, phơi lại một nắng rồi nhặt tay. Bếp vẫn đun than, "
            "chảo gang dày nên lạc chín đều mà không khét.\n\n"
            "Kẹo cắt khi còn ấm, gói giấy từng thanh. Trời nồm nên cất trong hộp kín."
        ),
        story_en=(
            "Grandmother sold brittle at the fair, mother made it for Tết, the third generation keeps the fire going all "
            "year. Peanuts come from the neighbours' June crop and are sorted by hand."
        ),
        collection_note="Tại bếp, đường vào chợ Vĩnh Thành, 8:00–18:00.",
    ),
    NamedMerchant(
        key="chum-sanh",
        name="Cơ sở Tương Chum Sành (mẫu)",
        legal_form="household",
        trade="Làm tương, muối dưa cà",
        vsic_section="C",
        former_commune="Viên Thành",
        village="Xóm 1",
        owner_name="Hoàng Mẫu Văn Tư",
        phone="+84740000105",
        tax_code="999100000053",
        bank_code="CTG",
        account="DEMO0505CHUM",
        holder_name="HOANG MAU VAN TU",
        summary="Tương ủ chum phơi nắng, cà muối bằng nước sôi để nguội, không chất bảo quản.",
        summary_en="Soy paste ripened in earthen jars in the sun; pickles in brine, no preservatives.",
        story=(
            "Sân sau xếp sáu chục chum sành, sáng mở nắp đón nắng, chiều đậy lại. Mốc nếp, đỗ tương rang, muối và nước "
            "giếng, khuấy mỗi ngày một lượt; phải đủ nắng mới ra màu mật ong.\n\n"
            "Cà pháo mua của vườn quanh làng, phơi héo trước khi muối nên giòn. Mẻ nào ăn mẻ ấy."
        ),
        collection_note="Xóm 1, ngõ có giàn chum, cả ngày.",
    ),
    NamedMerchant(
        key="san-phoi",
        name="Hộ Bún miến Sân Phơi (mẫu)",
        legal_form="household",
        trade="Làm bún, miến, bánh đa",
        vsic_section="C",
        former_commune="Long Thành",
        village="Xóm 7",
        owner_name="Đặng Thị Mẫu Nga",
        phone="+84740000106",
        tax_code="999100000064",
        bank_code="BAB",
        account="DEMO0606SANPHOI",
        holder_name="DANG THI MAU NGA",
        summary="Bún, miến, bánh đa tráng tay, phơi giàn tre, ngày mưa nghỉ làm.",
        summary_en="Rice noodles and crackers made by hand and dried on bamboo; no sun, no work.",
        story=(
            "Sân gạch trước nhà phơi được hai trăm phên. Gạo ngâm từ nửa đêm, xay nước, tráng lúc gà gáy để kịp nắng. "
            "Bún sợi nhỏ, miến dong sợi dai, bánh đa rắc vừng đen quạt than.\n\n"
            "Ngày mưa không phơi được thì không làm, nên có lúc người mua phải đợi."
        ),
        collection_note="Sân phơi Xóm 7, buổi chiều.",
        has_code=False,
    ),
    NamedMerchant(
        key="doi-gio",
        name="HTX Chè Đồi Gió (mẫu)",
        legal_form="cooperative",
        trade="Trồng và chế biến chè",
        vsic_section="A",
        former_commune="Sơn Thành",
        village="Xóm 2",
        owner_name="Nguyễn Mẫu Đình Sơn",
        phone="+84740000107",
        tax_code="9900000707",
        bank_code="ACB",
        account="DEMO0707DOIGIO",
        holder_name="HTX CHE DOI GIO MAU",
        summary="Chè hái một tôm hai lá, sao tay trong ngày; bán cả cành chè tươi để om nước chát.",
        summary_en="One bud and two leaves, pan-fired the same day; fresh branches too, for strong green tea.",
        story=(
            "Đồi chè nằm trên sườn đón gió, sáng sương tan muộn. Chè hái xong không để qua đêm: héo, diệt men, vò, sao "
            "chảo rồi đánh mốc, tất cả trong một buổi chiều.\n\n"
            "Người vùng này vẫn quen bát nước chát om từ cành chè tươi; cành bó một cân, cắt sáng giao chiều."
        ),
        story_en=(
            "The slope catches the wind and the morning mist stays long. Leaves never wait overnight: withered, fired, "
            "rolled and finished in one afternoon."
        ),
        collection_note="Xưởng chè Xóm 2, 8:00–17:00.",
    ),
    NamedMerchant(
        key="lung-chung",
        name="Trại gà Lưng Chừng Đồi (mẫu)",
        legal_form="household",
        trade="Nuôi gà, vịt lấy trứng",
        vsic_section="A",
        former_commune="Bảo Thành",
        village="Xóm 6",
        owner_name="Võ Văn Mẫu Bình",
        phone="+84740000108",
        tax_code="999100000086",
        bank_code="VPB",
        account="DEMO0808GADOI",
        holder_name="VO VAN MAU BINH",
        summary="Gà thả vườn keo, ăn thóc ngô; trứng nhặt mỗi ngày hai lượt, ghi ngày lên vỏ.",
        summary_en="Hens under the acacia trees, fed on paddy and maize; eggs gathered twice a day and dated.",
        story=(
            "Tám trăm con gà chia ba khoảnh vườn, luân phiên để cỏ kịp mọc lại. Trứng nhặt sáng và chiều, lau khô, đóng "
            "dấu ngày. Vịt đẻ thả đồng sau gặt, trứng đem muối bùn gio."
        ),
        collection_note="Cổng trại Xóm 6, 6:00–10:00.",
    ),
    NamedMerchant(
        key="bep-que",
        name="Công ty TNHH Gia vị Bếp Quê (mẫu)",
        legal_form="company",
        trade="Chế biến gia vị",
        vsic_section="C",
        former_commune="Vĩnh Thành",
        village="Xóm 1",
        owner_name="Cao Mẫu Thị Minh",
        phone="+84740000109",
        tax_code="9900000908",
        bank_code="TCB",
        account="DEMO0909BEPQUE",
        holder_name="CT TNHH GIA VI BEP QUE MAU",
        summary="Ớt, tỏi, nghệ, vừng mua của ruộng quanh xã, rang xay theo đơn hằng tuần.",
        summary_en="Chilli, garlic, turmeric and sesame from nearby fields, roasted and ground weekly to order.",
        story=(
            "Xưởng nhỏ tám người, máy nghiền đá và bếp rang thủ công. Nguyên liệu có phiếu cân ghi tên hộ trồng; "
            "mỗi lô làm ra đều giữ lại một lọ mẫu."
        ),
        collection_note="Xưởng Xóm 1, giờ hành chính.",
        has_code=False,
    ),
    NamedMerchant(
        key="nang-chieu",
        name="Tổ hợp tác Đan lát Nắng Chiều (mẫu)",
        legal_form="cooperative_group",
        trade="Đan mây tre",
        vsic_section="C",
        former_commune="Viên Thành",
        village="Xóm 4",
        owner_name="Phạm Thị Mẫu Xuân",
        phone="+84740000110",
        tax_code="",
        bank_code="STB",
        account="DEMO1010NANGCHIEU",
        holder_name="PHAM THI MAU XUAN",
        summary="Mười bốn người đan làn, mẹt, rổ lúc nông nhàn; tre già ngâm ao, nan chuốt tay.",
        summary_en="Fourteen people weave baskets and trays between the crops; old bamboo, soaked and split by hand.",
        story=(
            "Tre chặt tháng chạp, ngâm ao ba tháng cho khỏi mọt rồi mới chẻ nan. Chiều chiều các bà ngồi đầu ngõ đan, "
            "chiếc làn mất một ngày rưỡi, bộ ba mẹt mất hai ngày. Mỗi chiếc hơi khác nhau một chút vì là đồ làm tay."
        ),
        story_en=(
            "Bamboo is cut in winter, soaked for three months and split by hand. A basket takes a day and a half, a set "
            "of trays two days; no two are quite alike."
        ),
        collection_note="Nhà văn hóa Xóm 4, buổi chiều.",
    ),
    NamedMerchant(
        key="nga-ba-dinh",
        name="Cửa hàng Đặc sản Ngã Ba Đình (mẫu)",
        legal_form="household",
        trade="Bán lẻ đặc sản",
        vsic_section="G",
        former_commune="Long Thành",
        village="Xóm 1",
        owner_name="Nguyễn Thị Mẫu Hạnh",
        phone="+84740000111",
        tax_code="999100000111",
        bank_code="TPB",
        account="DEMO1111NGABA",
        holder_name="NGUYEN THI MAU HANH",
        summary="Gom hàng ngon của bà con trong xã, đóng giỏ quà, gửi đi xa.",
        summary_en="The commune's good things under one roof: hampers packed and sent anywhere.",
        story=(
            "Quầy nhỏ ở ngã ba trước đình, bán hàng của các hợp tác xã trong xã và ít hàng của vùng biển gần đây. "
            "Ai làm ra thì trên nhãn ghi tên người ấy; cửa hàng chỉ gói ghém và gửi đi."
        ),
        story_en=(
            "A small counter at the crossroads selling what the cooperatives make and a little from the nearby coast. "
            "The label names the maker; the shop packs and sends."
        ),
        collection_note="Ngã ba Đình, Xóm 1, 7:00–20:00.",
    ),
    NamedMerchant(
        key="cong-cho",
        name="Quán Bún bò Cổng Chợ (mẫu)",
        legal_form="household",
        trade="Ăn uống",
        vsic_section="I",
        former_commune="Vĩnh Thành",
        village="Xóm 2",
        owner_name="Bùi Mẫu Văn Lộc",
        phone="+84740000112",
        tax_code="999100000122",
        summary="Quán ăn sáng cổng chợ; chưa nhận chuyển khoản.",
        summary_en="A breakfast stall at the market gate; no transfers yet.",
        story="Quán mở từ năm giờ sáng, hết nồi thì nghỉ.",
        has_code=False,
    ),
)

"""The columns of a list of businesses: the headings of our template and those that lists of communes really have.

Headings and examples are Vietnamese data: they stand in the file, whatever language the page speaks.
"""

from merchants.models import Merchant
from merchants.spreadsheets import Column

COLUMNS = (
    Column(
        "name",
        "Tên cơ sở",
        (
            "tên cơ sở kinh doanh", "tên hộ kinh doanh", "tên hộ", "cơ sở kinh doanh", "cơ sở", "hộ kinh doanh",
            "tên doanh nghiệp", "tên đơn vị", "tên cửa hàng", "tên biển hiệu", "business name", "name",
        ),
        is_required=True,
    ),
    Column("legal_form", "Loại hình", ("loại hình kinh doanh", "loại hình cơ sở", "hình thức", "legal form")),
    Column("trade", "Ngành nghề", ("ngành nghề kinh doanh", "lĩnh vực", "mặt hàng", "mặt hàng kinh doanh", "trade")),
    Column("vsic", "Mã ngành", ("mã ngành vsic", "mã ngành kinh tế", "vsic", "ngành cấp 1")),
    Column(
        "village",
        "Thôn, xóm",
        (
            "thôn", "xóm", "thôn xóm", "xóm thôn", "thôn bản", "ấp", "tổ", "tổ dân phố", "khối xóm", "đơn vị xóm",
            "village",
        ),
    ),
    Column("former_commune", "Xã cũ", ("xã trước sáp nhập", "xã trước đây", "địa bàn xã cũ", "xã", "former commune")),
    Column(
        "owner_name",
        "Chủ cơ sở",
        (
            "chủ hộ", "họ và tên", "họ tên", "họ và tên chủ hộ", "họ tên chủ hộ", "tên chủ hộ", "tên chủ cơ sở",
            "người đại diện", "đại diện", "chủ hộ kinh doanh", "đại diện pháp luật", "owner",
        ),
    ),
    Column(
        "phone",
        "Số điện thoại",
        ("điện thoại", "sđt", "số đt", "đt", "điện thoại liên hệ", "số điện thoại liên hệ", "phone"),
    ),
    Column("email", "E-mail", ("email", "thư điện tử", "hộp thư")),
    Column("address", "Địa chỉ", ("địa chỉ kinh doanh", "địa điểm kinh doanh", "địa điểm", "address")),
    Column(
        "tax_code",
        "Mã số thuế",
        ("mst", "mã số thuế cccd", "mst cccd", "mã số doanh nghiệp", "mã số hộ kinh doanh", "tax code"),
    ),
    Column("latitude", "Vĩ độ", ("lat", "latitude")),
    Column("longitude", "Kinh độ", ("long", "lng", "lon", "longitude")),
    Column("bank", "Ngân hàng", ("tên ngân hàng", "mở tại ngân hàng", "bank")),
    Column("account", "Số tài khoản", ("stk", "số tk", "tài khoản", "tài khoản ngân hàng", "account number")),
    Column(
        "holder",
        "Chủ tài khoản",
        ("tên chủ tài khoản", "tên chủ tk", "tên tài khoản", "tên tk", "chủ tk", "account holder"),
    ),
    Column("status", "Tình trạng", ("trạng thái", "tình trạng hoạt động", "status")),
    Column("status_reason", "Lý do", ("lý do ngừng", "ghi chú tình trạng", "reason")),
)  # fmt: skip
HEADINGS = {column.key: column.heading for column in COLUMNS}

LEGAL_FORMS = {
    Merchant.LegalForm.HOUSEHOLD: (
        "hộ kinh doanh", "hộ", "hkd", "hộ kd", "hộ cá thể", "cá thể", "hộ kinh doanh cá thể",
    ),
    Merchant.LegalForm.COOPERATIVE: ("hợp tác xã", "htx"),
    Merchant.LegalForm.COOPERATIVE_GROUP: ("tổ hợp tác", "tht", "tổ hợp"),
    Merchant.LegalForm.COMPANY: (
        "công ty", "doanh nghiệp", "công ty tnhh", "cty", "cty tnhh", "công ty cổ phần", "doanh nghiệp tư nhân", "dntn",
    ),
    Merchant.LegalForm.OTHER: ("khác",),
}  # fmt: skip
STATUSES = {
    Merchant.Status.ACTIVE: ("đang hoạt động", "hoạt động", "còn hoạt động", "1"),
    Merchant.Status.PAUSED: ("tạm nghỉ", "tạm ngừng", "tạm ngưng", "tạm dừng", "tạm ngừng hoạt động", "2"),
    Merchant.Status.CLOSED: ("đã đóng cửa", "đóng cửa", "đã nghỉ", "ngừng hoạt động", "giải thể", "đã giải thể", "3"),
    Merchant.Status.NOT_FOUND: ("không tìm thấy", "4"),
    Merchant.Status.REFUSED: ("từ chối", "5"),
}
EXAMPLES = (
    {
        "name": "Tạp hóa Cô Mẫu", "legal_form": "hộ kinh doanh", "trade": "Tạp hóa", "vsic": "G", "village": "Xóm 1",
        "owner_name": "Nguyễn Thị Mẫu", "phone": "0912 345 678", "address": "Ngã ba chợ", "bank": "Agribank",
        "account": "0000000000000", "holder": "NGUYEN THI MAU", "status": "đang hoạt động",
    },
    {
        "name": "HTX Rau sạch Mẫu", "legal_form": "hợp tác xã", "trade": "Trồng rau", "vsic": "A", "village": "Xóm 2",
        "owner_name": "Trần Văn Mẫu", "phone": "0238 3 000 000", "latitude": "18,9876", "longitude": "105,4321",
        "status": "tạm nghỉ", "status_reason": "Sửa nhà xưởng",
    },
)  # fmt: skip

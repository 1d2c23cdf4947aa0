"""Many more goods than the forty: titles, texts and prices put together from families of words, one seed per number.

The n-th good is the same in every run with the same seed. Pictures are those of the named goods.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from catalogue.demo.goods import GOODS, Good


@dataclass(frozen=True, kw_only=True)
class Family:
    """Goods of one kind: `things` × `manners` × places × sizes; `like` is the named good whose picture and set serve.

    `sizes`: (words, unit, net quantity, price against the named good's).
    """

    like: str
    things: tuple[str, ...]
    manners: tuple[str, ...]
    sizes: tuple[tuple[str, str, str, float], ...]


@dataclass(frozen=True, kw_only=True)
class InventedGood:
    """One generated good, ready for a product and its stock."""

    number: int
    like: Good
    title: str
    summary: str
    story: str
    unit: str
    net_quantity: Decimal
    price: int
    stock: int
    stars: int


_KILOS = (("túi 1 kg", "kg", "1", 1.0), ("túi 2 kg", "kg", "2", 1.95), ("bao 5 kg", "kg", "5", 4.8))
_BAGS = (("túi 200 g", "g", "200", 1.0), ("túi 500 g", "g", "500", 2.3), ("hộp 300 g", "g", "300", 1.5))
_JARS = (("hũ 250 g", "g", "250", 0.8), ("hũ 350 g", "g", "350", 1.0), ("hũ 500 g", "g", "500", 1.4))
_BOTTLES = (("chai 250 ml", "ml", "250", 0.6), ("chai 500 ml", "ml", "500", 1.0), ("chai 1 lít", "l", "1", 1.9))
_TENS = (("hộp 10", "piece", "10", 1.0), ("hộp 20", "piece", "20", 1.92), ("vỉ 30", "piece", "30", 2.8))
_ONES = (("cỡ nhỏ", "piece", "1", 0.7), ("cỡ vừa", "piece", "1", 1.0), ("cỡ to", "piece", "1", 1.45))
_HALVES = (("gói 500 g", "g", "500", 1.0), ("gói 1 kg", "kg", "1", 1.9), ("gói 300 g", "g", "300", 0.65))

FAMILIES: tuple[Family, ...] = (
    Family(
        like="gao-thom",
        things=("Gạo tẻ thơm", "Gạo dẻo", "Gạo tám", "Gạo ruộng rươi", "Gạo tấm", "Gạo khang dân"),
        manners=("vụ đông xuân", "vụ hè thu", "xay theo đơn", "mới gặt", "phơi sân gạch", ""),
        sizes=_KILOS,
    ),
    Family(
        like="gao-nep",
        things=("Gạo nếp cái", "Nếp cẩm", "Nếp hương", "Nếp rồng", "Nếp nương"),
        manners=("hạt tròn", "mới gặt", "chọn hạt", "phơi nắng", ""),
        sizes=_KILOS,
    ),
    Family(
        like="gao-lut",
        things=("Gạo lứt đỏ", "Gạo lứt tím", "Gạo lứt nâu", "Gạo mầm"),
        manners=("giữ cám", "rang sẵn", "hút chân không", ""),
        sizes=_KILOS,
    ),
    Family(
        like="bot-gao",
        things=("Bột gạo tẻ", "Bột nếp", "Bột sắn dây", "Bột đậu xanh", "Bột ngũ cốc"),
        manners=("xay khô", "rây mịn", "xay nước", ""),
        sizes=_HALVES,
    ),
    Family(
        like="hat-sen",
        things=("Hạt sen khô", "Đỗ xanh", "Đỗ đen", "Vừng trắng", "Kê vàng"),
        manners=("nhặt tay", "phơi nắng", "bóc vỏ", ""),
        sizes=_BAGS,
    ),
    Family(
        like="mat-ong",
        things=("Mật ong hoa nhãn", "Mật ong hoa keo", "Mật ong rừng keo", "Mật ong hoa vải", "Mật ong ngũ hoa"),
        manners=("quay lạnh", "đợt tháng ba", "đợt tháng sáu", "lọc vải", ""),
        sizes=_BOTTLES,
    ),
    Family(
        like="gung-mat-ong",
        things=("Gừng ngâm mật ong", "Tỏi ngâm mật ong", "Quất ngâm mật ong", "Nghệ ngâm mật ong"),
        manners=("thái lát", "ngâm đủ tháng", ""),
        sizes=_JARS,
    ),
    Family(
        like="cam",
        things=("Cam lòng vàng", "Cam bù", "Cam sành", "Quýt vườn", "Bưởi ngọt"),
        manners=("chín cây", "hái theo đơn", "đầu mùa", ""),
        sizes=(("3 kg", "kg", "3", 1.0), ("thùng 5 kg", "kg", "5", 1.6), ("thùng 10 kg", "kg", "10", 3.1)),
    ),
    Family(
        like="mut-vo-cam",
        things=("Mứt vỏ cam", "Mứt gừng", "Mứt dừa", "Mứt bí", "Ô mai mơ"),
        manners=("sên tay", "ít đường", "cắt sợi", ""),
        sizes=_BAGS,
    ),
    Family(
        like="chanh",
        things=("Chanh không hạt", "Ớt chỉ thiên", "Gừng ta", "Riềng", "Khoai lang", "Bí đỏ"),
        manners=("vườn nhà", "mới hái", ""),
        sizes=_KILOS,
    ),
    Family(
        like="lac-nhan",
        things=("Lạc nhân", "Lạc đỏ", "Lạc củ khô", "Vừng đen"),
        manners=("đất cát", "nhặt tay", "vụ tháng sáu", ""),
        sizes=_KILOS,
    ),
    Family(
        like="lac-rang",
        things=("Lạc rang tỏi ớt", "Lạc rang muối", "Lạc húng lìu", "Đậu phộng da cá"),
        manners=("chảo gang", "giòn", ""),
        sizes=_JARS,
    ),
    Family(
        like="keo-lac",
        things=("Kẹo lạc", "Kẹo vừng", "Kẹo dồi", "Chè lam", "Bánh khảo"),
        manners=("mật mía", "gói giấy", "mạch nha", ""),
        sizes=_BAGS,
    ),
    Family(
        like="dau-lac",
        things=("Dầu lạc", "Dầu vừng", "Dầu đậu nành"),
        manners=("ép mộc", "lắng tự nhiên", ""),
        sizes=_BOTTLES,
    ),
    Family(
        like="tuong-nep",
        things=("Tương nếp", "Tương ngô", "Xì dầu", "Giấm gạo", "Mắm tép"),
        manners=("chum sành", "phơi nắng", "ủ ba tháng", ""),
        sizes=_BOTTLES,
    ),
    Family(
        like="ca-phao",
        things=("Cà pháo muối", "Dưa kiệu", "Hành muối", "Dưa cải", "Măng ớt"),
        manners=("muối xổi", "giòn", ""),
        sizes=_JARS,
    ),
    Family(
        like="bun-kho",
        things=("Bún gạo khô", "Phở khô", "Bánh đa nem", "Mì gạo", "Bánh canh khô"),
        manners=("phơi phên", "sợi nhỏ", ""),
        sizes=_HALVES,
    ),
    Family(
        like="mien-dong",
        things=("Miến dong", "Miến khoai", "Miến đậu xanh"),
        manners=("cuộn tổ", "sợi dai", ""),
        sizes=_HALVES,
    ),
    Family(
        like="banh-da",
        things=("Bánh đa vừng", "Bánh đa nước dừa", "Bánh tráng mè", "Bánh phồng"),
        manners=("phơi giàn", "chưa nướng", ""),
        sizes=_TENS,
    ),
    Family(
        like="che-sao",
        things=("Chè xanh", "Chè búp", "Chè móc câu", "Chè ô long"),
        manners=("sao tay", "một tôm hai lá", "vụ xuân", ""),
        sizes=_BAGS,
    ),
    Family(
        like="tra-gung-sa",
        things=("Trà gừng sả", "Trà lá vối", "Trà hoa cúc", "Trà lá sen", "Trà gạo lứt"),
        manners=("túi lọc", "sấy nhẹ", ""),
        sizes=(("hộp 20 túi", "g", "40", 1.0), ("hộp 50 túi", "g", "100", 2.2), ("gói 150 g", "g", "150", 1.6)),
    ),
    Family(
        like="trung-ga",
        things=("Trứng gà ta", "Trứng gà so", "Trứng vịt", "Trứng cút"),
        manners=("thả vườn", "nhặt trong ngày", ""),
        sizes=_TENS,
    ),
    Family(
        like="tuong-ot",
        things=("Tương ớt", "Sa tế", "Ớt ngâm tỏi", "Muối ớt xanh"),
        manners=("cay vừa", "cay", ""),
        sizes=_BOTTLES,
    ),
    Family(
        like="tinh-bot-nghe",
        things=("Tinh bột nghệ", "Bột gừng", "Bột ớt", "Ngũ vị hương"),
        manners=("sấy lạnh", "xay mịn", ""),
        sizes=_BAGS,
    ),
    Family(
        like="muoi-vung",
        things=("Muối vừng", "Muối lạc", "Ruốc vừng", "Muối tiêu"),
        manners=("giã tay", ""),
        sizes=_JARS,
    ),
    Family(
        like="lan-may",
        things=("Làn mây", "Giỏ cói", "Rổ tre", "Lồng bàn tre", "Khay mây"),
        manners=("đan tay", "hun khói", "nan chuốt", ""),
        sizes=_ONES,
    ),
    Family(
        like="mat-mia",
        things=("Mật mía", "Đường phên", "Mạch nha"),
        manners=("nấu chảo gang", "nguyên vị", ""),
        sizes=_BOTTLES,
    ),
    Family(
        like="nuoc-mam",
        things=("Nước mắm cá cơm", "Nước mắm nhĩ", "Mắm nêm"),
        manners=("ủ mười hai tháng", "rút nỏ", ""),
        sizes=_BOTTLES,
    ),
)

_PLACES = (
    "Đồng Sen", "Đồi Mơ", "Bến Đa", "Giếng Làng", "Ao Cả", "Cầu Gạo", "Triền Gió", "Bãi Dâu", "Gò Trúc", "Vườn Thượng",
    "Ngõ Quế", "Lũy Tre", "Bờ Sông", "Ruộng Bậc", "Đồng Chiêm", "Xóm Núi", "Cửa Đình", "Sân Kho", "Hồ Sim", "Khe Lau",
)  # fmt: skip
_OPENINGS = (
    "Nhà làm từ đời ông bà, mỗi mẻ vừa sức trong ngày.",
    "Nguyên liệu lấy của ruộng vườn quanh xóm, có tên hộ trồng trên phiếu cân.",
    "Làm theo đơn, không để hàng tồn lâu trong kho.",
    "Phơi nắng là chính, ngày mưa thì nghỉ.",
    "Nhặt tay hai lượt trước khi đóng gói.",
)
_ENDINGS = (
    "Ngày làm ghi trên nhãn.",
    "Hàng lỗi khi nhận: chụp ảnh trong ngày, bên bán gửi bù.",
    "Gửi đi trong hai ngày làm việc.",
    "Mua từ hai gói trở lên nhắn trước để bên bán chuẩn bị.",
)
_BY_KEY = {good.key: good for good in GOODS}


def invented_goods(*, first: int, last: int, seed: int) -> Iterator[InventedGood]:
    """Yield goods number `first` to `last`, both included; the same seed and number give the same good."""
    for number in range(first, last + 1):
        rng = random.Random(seed * 10_000_019 + number)
        family = FAMILIES[rng.randrange(len(FAMILIES))]
        like = _BY_KEY[family.like]
        thing, manner = rng.choice(family.things), rng.choice(family.manners)
        words, unit, net, factor = rng.choice(family.sizes)
        name = " ".join(filter(None, (thing, manner, rng.choice(_PLACES))))
        price = round(like.price * factor * rng.uniform(0.8, 1.3) / 1000) * 1000
        yield InventedGood(
            number=number,
            like=like,
            title=f"{name}, {words}",
            summary=f"{thing} {manner or 'nhà làm'}, {words}. Hàng mẫu để xem thử.",
            story=f"{rng.choice(_OPENINGS)} {rng.choice(_ENDINGS)}",
            unit=unit,
            net_quantity=Decimal(net),
            price=max(5_000, price),
            stock=0 if rng.random() < 0.05 else rng.randint(3, 240),
            stars=rng.choice((3, 3, 3, 4)) if rng.random() < 0.08 else 0,
        )

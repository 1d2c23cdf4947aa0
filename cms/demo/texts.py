"""Words of the demo's pages. Plain and honest; the operator is the demo itself, and every page says so where it counts.

Policies follow the points of NĐ 248/2026/NĐ-CP (domain H3) and NĐ 356/2025 (domain H7); a real operator must put its
own name, address and time limits in before opening. Only the Vietnamese wording binds.
"""

from dataclasses import dataclass, field

OPERATOR = {
    "name": "Ban vận hành bản trình diễn (mẫu)",
    "name_en": "Operators of the demonstration (sample)",
    "address_en": "Hợp Minh commune, Nghệ An province (sample address)",
    "registration_en": "Not registered: this is a demonstration, nothing is really sold",
    "address": "xã Hợp Minh, tỉnh Nghệ An (địa chỉ mẫu)",
    "representative": "Nguyễn Mẫu Trình Diễn",
    "registration": "Chưa đăng ký: đây là bản trình diễn, không bán hàng thật",
    "phone": "0740000100",
    "email": "lienhe@example.com",
}


@dataclass(frozen=True, kw_only=True)
class PolicyText:
    """One legal page; `kind` is a PolicyVersion kind."""

    kind: str
    slug: str
    title: str
    body: str
    slug_en: str
    title_en: str
    body_en: str


@dataclass(frozen=True, kw_only=True)
class StoryText:
    """One story; `picture` is a drawing's name ("land/dawn", "goods/<key>"), `merchants` keys of the register."""

    slug: str
    days_ago: int
    title: str
    intro: str
    body: str
    picture: str
    caption: str
    title_en: str
    intro_en: str
    body_en: str
    merchants: tuple[str, ...] = field(default=())


_DEMO_NOTE = (
    "<p><b>Đây là bản trình diễn.</b> Cơ sở, hàng hóa, tài khoản và con người đều do chúng tôi đặt ra để xem thử; "
    "không có hàng nào được giao và xin đừng chuyển tiền.</p>"
)
_DEMO_NOTE_EN = (
    "<p><b>This is a demonstration.</b> Businesses, goods, accounts and people are invented; nothing is delivered, "
    "and please do not transfer money.</p>"
)

POLICIES: tuple[PolicyText, ...] = (
    PolicyText(
        kind="terms",
        slug="dieu-khoan-va-khieu-nai",
        title="Điều khoản sử dụng và giải quyết khiếu nại",
        slug_en="terms-and-complaints",
        title_en="Terms of use and complaints",
        body=_DEMO_NOTE
        + """
<h2>1. Trang này làm gì</h2>
<p>Trang giúp hợp tác xã, hộ kinh doanh và cửa hàng trong xã giới thiệu và bán hàng. Người bán là cơ sở ghi trên từng trang hàng; hợp đồng mua bán là giữa bạn và cơ sở ấy. Đơn có hàng của nhiều cơ sở được tách thành nhiều đơn, mỗi cơ sở một đơn.</p>
<h2>2. Bạn có quyền gì, cần làm gì</h2>
<ul>
<li>Được biết tên, địa chỉ, điện thoại, mã số thuế của người bán; khối lượng, thành phần, hạn dùng của hàng.</li>
<li>Mua không cần mở tài khoản. Cần ghi đúng tên, điện thoại và nơi nhận.</li>
<li>Được hủy đơn cho tới khi hàng được giao đi; tiền đã trả được hoàn đủ.</li>
<li>Không đặt đơn không có ý mua, không dùng tên người khác.</li>
</ul>
<h2>3. Người bán cần làm gì</h2>
<ul>
<li>Mô tả đúng hàng, có nguồn gốc, giữ chứng nhận còn hạn thì mới hiện hạng sao.</li>
<li>Xác nhận đơn trong một ngày làm việc, giao đúng hẹn, nhận lại hàng lỗi, hoàn tiền đúng hạn.</li>
<li>Hàng vi phạm bị gỡ; tái phạm thì ngừng bán trên trang.</li>
</ul>
<h2>4. Giá</h2>
<p>Giá niêm yết đã gồm thuế nếu có. Phí giao hàng hiện trước khi đặt. Giá lúc bạn bấm đặt là giá cuối cùng.</p>
<h2>5. Thứ tự hiển thị</h2>
<p>Mặc định hàng mới đăng đứng trước. Bạn đổi được sang giá, tên hoặc hạng sao. Khi tìm kiếm, hàng hợp với từ khóa nhất đứng trước. Không ai trả tiền để được xếp trên.</p>
<h2>6. Khiếu nại</h2>
<ol>
<li>Bấm “Khiếu nại hoặc trả hàng” ở trang đơn hàng, trong 30 ngày từ khi nhận, kèm tối đa năm ảnh. Bạn có ngay số khiếu nại.</li>
<li>Người bán trả lời trong 7 ngày làm việc (Luật Bảo vệ quyền lợi người tiêu dùng 19/2023/QH15, Điều 57): gửi lại hàng, hoàn một phần, hoàn đủ, nhận trả hàng, hoặc từ chối và nói rõ vì sao. Bạn đồng ý hay không, trong 7 ngày.</li>
<li>Người bán từ chối, im lặng quá hạn hoặc không làm điều đã thống nhất: cán bộ xã xem vụ việc và góp ý trong 5 ngày làm việc. Xã góp ý, không chuyển tiền.</li>
<li>Không đồng ý, bạn có quyền nhờ cơ quan bảo vệ người tiêu dùng hoặc tòa án.</li>
</ol>
<h2>7. Ngừng phục vụ và thay đổi</h2>
<p>Khi đổi điều khoản, bản mới có số và ngày; đơn đã đặt theo bản lúc đặt. Nếu trang ngừng hoạt động, đơn đang chờ vẫn được giao hoặc hoàn tiền.</p>
""",
        body_en=_DEMO_NOTE_EN
        + """
<h2>What this site does</h2>
<p>It helps cooperatives, households and shops of the commune to show and sell their goods. The seller is named on every product; the contract is between you and that seller. A basket from several sellers becomes one order for each.</p>
<h2>Prices and order of display</h2>
<p>Prices include tax where due; delivery is shown before you order. The newest goods come first; a search shows the best match first. Nobody pays for a better place.</p>
<h2>Complaints</h2>
<p>Press “Complain or give goods back” on the page of your purchase, within 30 days of receipt, with up to five pictures; you get a case number at once. The seller answers within 7 working days (Consumer Protection Law 19/2023/QH15, Article 57). If the seller refuses, stays silent or does not do what was agreed, the commune's officers look at the case and advise within 5 working days; they move no money. You may always turn to the consumer authority or a court.</p>
<p>The Vietnamese text binds.</p>
""",
    ),
    PolicyText(
        kind="privacy",
        slug="bao-ve-du-lieu-ca-nhan",
        title="Bảo vệ dữ liệu cá nhân",
        slug_en="privacy",
        title_en="Privacy",
        body=_DEMO_NOTE
        + """
<h2>a. Lấy gì và để làm gì</h2>
<ul>
<li>Khi đặt hàng: tên, điện thoại, nơi nhận, thư điện tử nếu bạn ghi; chỉ để giao hàng và trả lời bạn.</li>
<li>Khi chuyển khoản: số tiền, nội dung và thời điểm do ngân hàng báo; chỉ để biết đơn nào đã trả.</li>
<li>Khi mở tài khoản: tên, điện thoại hoặc thư điện tử, mật khẩu đã mã hóa một chiều.</li>
</ul>
<p>Không theo dõi bạn bằng mã của bên thứ ba, không quảng cáo, không bán dữ liệu.</p>
<h2>b. Dùng trong phạm vi nào</h2>
<p>Người bán của đơn thấy tên, điện thoại, nơi nhận của đơn ấy. Người bán khác không thấy. Cán bộ xã thấy số đơn và số tiền cộng lại, không thấy tên người mua.</p>
<h2>c. Giữ bao lâu</h2>
<p>Đơn hàng: 3 năm (hộ kinh doanh và cơ sở siêu nhỏ: 1 năm). Nhật ký máy chủ: 90 ngày. Giỏ hàng bỏ dở: 30 ngày.</p>
<h2>d. Ai được xem</h2>
<p>Người bán của đơn, người được người bán ủy quyền có thời hạn, và người vận hành khi xử lý khiếu nại. Mỗi lần xem số tài khoản hay số giấy tờ đều được ghi lại.</p>
<h2>đ. Giữ an toàn thế nào</h2>
<p>Đường truyền mã hóa; số giấy tờ và khóa kết nối mã hóa khi lưu; tài khoản cán bộ phải qua hai bước. Nếu lộ dữ liệu, chúng tôi báo cơ quan có thẩm quyền trong 72 giờ và báo bạn.</p>
<h2>e. Xem, sửa, xóa</h2>
<p>Viết cho chúng tôi bằng số điện thoại hoặc thư đã dùng khi đặt. Chúng tôi trả lời trong 2 ngày làm việc, rút lại đồng ý hoặc hạn chế xử lý trong 15 ngày.</p>
<h2>g. Khiếu nại về dữ liệu</h2>
<p>Gửi theo địa chỉ ở cuối trang, hoặc cơ quan chuyên trách bảo vệ dữ liệu cá nhân.</p>
<h2>h. Ai giữ dữ liệu</h2>
<p>Ban vận hành bản trình diễn (mẫu), lienhe@example.com.</p>
""",
        body_en=_DEMO_NOTE_EN
        + """
<h2>What we take, and why</h2>
<p>Name, phone and address to deliver; amount, reference and time of your transfer, as the bank reports them, to know which order is paid. No third-party trackers, no advertising, no sale of data.</p>
<h2>Who sees it, how long</h2>
<p>The seller of your order and nobody else's; staff only for a complaint. Orders are kept three years (one year for households), server logs 90 days.</p>
<h2>Your rights</h2>
<p>Write to lienhe@example.com from the phone or address you used: we answer within 2 working days and act on a withdrawal within 15 days. Breaches are reported within 72 hours.</p>
<p>The Vietnamese text binds.</p>
""",
    ),
    PolicyText(
        kind="delivery_returns",
        slug="giao-hang-va-doi-tra",
        title="Giao hàng và đổi trả",
        slug_en="delivery-and-returns",
        title_en="Delivery and returns",
        body=_DEMO_NOTE
        + """
<h2>Giao hàng</h2>
<ul>
<li>Tự đến lấy: không mất phí, theo giờ ghi ở trang của cơ sở.</li>
<li>Gửi tận nơi: phí đồng giá của từng cơ sở, hiện trong giỏ trước khi đặt; đủ mức thì miễn phí.</li>
<li>Cơ sở xác nhận trong một ngày làm việc và gửi trong hai ngày làm việc. Hàng phơi nắng có thể chậm khi mưa; người bán sẽ báo.</li>
<li>Hàng tươi (cam, chè cành, hoa, gà, trứng) có nơi chỉ giao trong tỉnh; trang hàng ghi rõ.</li>
</ul>
<h2>Khi nhận</h2>
<p>Bạn được xem hàng trước khi nhận. Trả tiền khi nhận hàng thì chỉ trả sau khi xem.</p>
<h2>Đổi, trả</h2>
<ul>
<li>Sai hàng, thiếu hàng, hỏng vỡ, quá hạn: báo trong 48 giờ (hàng tươi: 24 giờ) kèm ảnh. Người bán gửi bù hoặc hoàn đủ tiền, chịu phí gửi lại.</li>
<li>Đổi ý: hàng khô, đồ thủ công còn nguyên bao gói được trả trong 7 ngày, bạn chịu phí gửi. Hàng tươi và hàng làm theo đơn không nhận lại khi đổi ý.</li>
<li>Hoàn tiền theo trang “Thanh toán và hoàn tiền”.</li>
</ul>
<h2>Hàng không giao được</h2>
<p>Gọi ba lần trong hai ngày không gặp thì hàng quay về; đã trả tiền thì người bán hoàn lại sau khi trừ phí gửi đi.</p>
""",
        body_en=_DEMO_NOTE_EN
        + """
<h2>Delivery</h2>
<p>Collect free of charge, or have it sent at each seller's flat rate, shown in the basket. Sellers confirm within one working day and send within two. Fresh goods may be delivered within the province only.</p>
<h2>Returns</h2>
<p>Wrong, missing or broken: tell us within 48 hours (fresh goods 24) with a picture; the seller replaces or refunds in full and pays the way back. Changed your mind: dry goods and crafts, unopened, within 7 days at your cost.</p>
<p>The Vietnamese text binds.</p>
""",
    ),
    PolicyText(
        kind="payment_refund",
        slug="thanh-toan-va-hoan-tien",
        title="Thanh toán và hoàn tiền",
        slug_en="payment-and-refunds",
        title_en="Payment and refunds",
        body=_DEMO_NOTE
        + """
<h2>Tiền đi thẳng tới người bán</h2>
<p>Mỗi đơn có một mã VietQR trỏ vào tài khoản của chính cơ sở bán. Trang không giữ tiền của bạn, kể cả một phút. Tên chủ tài khoản hiện bên mã; nếu ứng dụng ngân hàng hiện tên khác, xin dừng lại và báo chúng tôi.</p>
<h2>Cách trả</h2>
<ul>
<li><b>Quét mã VietQR:</b> số tiền và nội dung có sẵn, đừng sửa. Hàng được giữ 30 phút, gia hạn được một lần.</li>
<li><b>Nhờ người khác trả:</b> lưu hoặc gửi mã; ai trả cũng được.</li>
<li><b>Tiền mặt khi nhận hàng:</b> nơi cơ sở có nhận.</li>
</ul>
<h2>Khi nào là “đã trả”</h2>
<p>Khi ngân hàng báo, hoặc khi người bán xác nhận đã thấy tiền; trang ghi rõ ai xác nhận. Ảnh chụp màn hình không phải là bằng chứng.</p>
<h2>Chuyển thiếu, thừa, trễ</h2>
<ul>
<li>Thiếu: đơn ghi “đã trả một phần”; chuyển nốt phần còn lại với cùng nội dung.</li>
<li>Thừa: đơn vẫn “đã trả”, người bán hoàn phần thừa trong 3 ngày làm việc.</li>
<li>Trễ, khi đơn đã hết giờ giữ: người bán còn hàng thì nhận, không thì hoàn đủ.</li>
</ul>
<h2>Hoàn tiền</h2>
<p>Người bán hoàn vào tài khoản đã chuyển, trong 3 ngày làm việc từ khi đồng ý. Không thu phí hoàn. Quá hạn chưa thấy, viết cho chúng tôi kèm số đơn.</p>
""",
        body_en=_DEMO_NOTE_EN
        + """
<h2>Your money goes straight to the seller</h2>
<p>Each order has one VietQR code to that seller's own account; this site never holds money. If your bank shows another name than the one beside the code, stop and tell us.</p>
<h2>Paying</h2>
<p>Scan the code and leave amount and reference as they are; goods are held for 30 minutes. Somebody else may pay for you. Cash on delivery where the seller takes it.</p>
<h2>Too little, too much, too late</h2>
<p>Too little: pay the rest with the same reference. Too much: the seller sends the rest back within 3 working days. Too late: the seller takes it if the goods are there, else refunds in full.</p>
<p>The Vietnamese text binds.</p>
""",
    ),
)

STORIES: tuple[StoryText, ...] = (
    StoryText(
        slug="mua-gat-o-dong-sen",
        days_ago=6,
        title="Mùa gặt ở Đồng Sen: bốn mươi nhà một giống lúa",
        intro="Gặt xong không bán vội; thóc nằm trong bồ, có người đặt mới đem xay.",
        picture="land/harvest",
        caption="Cánh đồng ngày gặt (ảnh minh hoạ)",
        merchants=("dong-sen",),
        body="""
<p>Sáng sớm, máy gặt chạy từ chân ruộng thấp lên. Người đứng bờ đếm bao, người trải bạt ra sân gạch. Năm nay cả bốn mươi nhà gieo một giống, cùng tuần, nên lúa chín đều và máy gặt đi một lượt là xong.</p>
<p>Trước kia mỗi nhà một giống, thương lái trộn chung rồi trả một giá. Giờ hợp tác xã giữ thóc lại: phơi đủ hai nắng, quạt sạch, đổ bồ. Ai đặt túi nào thì xay túi ấy, trên túi ghi vụ gặt và ngày xay.</p>
<h2>Đất trũng, hạt mềm</h2>
<p>Chân ruộng gần ao sen giữ nước lâu, cấy muộn hơn nửa tháng. Bà con bảo nhờ vậy mà cơm để nguội vẫn mềm. Muốn thử, nấu bớt nước một chút vì gạo còn mới.</p>
<p><i>Câu chuyện và nhân vật do bản trình diễn đặt ra.</i></p>
""",
        title_en="Harvest at Đồng Sen: forty families, one variety",
        intro_en="Nothing is sold in a hurry: the paddy waits in the barn until somebody orders.",
        body_en="""
<p>The harvester works its way up from the lowest fields while people count bags on the bank. All forty families sowed the same variety in the same week, so the rice ripened evenly.</p>
<p>It used to be mixed and sold at one price. Now the cooperative dries it for two sunny days, keeps it unmilled and mills each bag to order, with crop and date on the label.</p>
<p><i>An invented story of the demonstration.</i></p>
""",
    ),
    StoryText(
        slug="sau-chuc-chum-tuong",
        days_ago=19,
        title="Sáu chục chum tương và một mùa nắng",
        intro="Sáng mở nắp, chiều đậy lại, mưa phải chạy: làm tương là trông trời.",
        picture="goods/tuong-nep",
        caption="Chum tương ngoài sân (ảnh minh hoạ)",
        merchants=("chum-sanh",),
        body="""
<p>Sân sau nhà ông Tư xếp sáu chục chum sành, chum già nhất truyền ba đời. Mốc nếp phải vàng như hoa cau, đỗ tương rang thơm mà không cháy, nước giếng đun sôi để nguội.</p>
<p>Mỗi sáng ông mở từng nắp, khuấy một lượt, chiều lại đậy. Được ba tháng nắng thì tương ngả màu mật, chấm bát rau luộc là biết được mùa hay không.</p>
<h2>Mẻ nào ăn mẻ ấy</h2>
<p>Không phẩm màu, không chất bảo quản, nên mẻ đậm mẻ nhạt. Trên nhãn có ngày múc tương; mở chai rồi thì lắc trước khi dùng.</p>
<p><i>Câu chuyện và nhân vật do bản trình diễn đặt ra.</i></p>
""",
        title_en="Sixty jars and one season of sun",
        intro_en="Lids off in the morning, on in the evening, run when it rains.",
        body_en="""
<p>Sixty earthen jars stand in the back yard, the oldest three generations old. Moulded sticky rice, roasted soya, well water, salt; stirred once a day. After three months of sun the sauce has the colour of honey.</p>
<p>No colouring and no preservatives, so no two batches are quite alike.</p>
<p><i>An invented story of the demonstration.</i></p>
""",
    ),
    StoryText(
        slug="ca-cho-quet-ma",
        days_ago=33,
        title="Phiên chợ đầu tiên quét mã",
        intro="Từ hàng cam đến gánh bún, mã nào về tài khoản nhà ấy; ai chưa quen đã có người chỉ.",
        picture="land/dawn",
        caption="Đồng làng buổi sớm (ảnh minh hoạ)",
        merchants=("vuon-nang", "nga-ba-dinh"),
        body="""
<p>Cán bộ xã đi từng quầy, dán mã rồi quét thử ngay tại chỗ: tên hiện lên đúng tên chủ quầy thì mới đi tiếp. Mã của ai tiền về người ấy, không qua tay ai giữ hộ.</p>
<p>Bác bán cam ban đầu ngại điện thoại bé, chữ nhỏ. Cháu đi học về đọc giúp: “Đã nhận 135.000 đồng”. Hôm sau bác tự xem được.</p>
<h2>Ba điều dặn nhau</h2>
<ul>
<li>Quét xong nhìn tên người nhận rồi mới bấm chuyển.</li>
<li>Đừng sửa nội dung chuyển khoản, đơn nhận ra nhờ nội dung ấy.</li>
<li>Thấy mã bị dán đè thì báo ngay cho xã.</li>
</ul>
<p><i>Câu chuyện và nhân vật do bản trình diễn đặt ra.</i></p>
""",
        title_en="The first market day with codes",
        intro_en="From oranges to noodles, each code pays its own stall; those new to it had a helper beside them.",
        body_en="""
<p>Commune staff went from stall to stall, put the code up and scanned it on the spot: only when the right name appeared did they move on. Each code pays its own stall; nobody holds the money in between.</p>
<ul>
<li>Look at the name before you confirm.</li>
<li>Leave the reference as it is.</li>
<li>Report a code that is pasted over.</li>
</ul>
<p><i>An invented story of the demonstration.</i></p>
""",
    ),
)

GUIDE_SLUG = "cach-quet-ma-vietqr"
GUIDE_SLUG_EN = "how-to-scan-vietqr"
GUIDE_TITLE = "Cách quét mã VietQR"
GUIDE_TITLE_EN = "How to scan a VietQR code"
GUIDE_INTRO = "Trả tiền bằng ứng dụng ngân hàng, không cần gõ số tài khoản."
GUIDE_INTRO_EN = "Pay from your bank's app without typing an account number."
GUIDE_STEPS: tuple[tuple[str, str], ...] = (
    ("Đặt hàng rồi mở trang đơn", "Mỗi người bán có một mã riêng. Mua của ba người thì có ba mã, trả từng mã một."),
    ("Mở ứng dụng ngân hàng, chọn Quét mã QR", "Ứng dụng của hầu hết ngân hàng trong nước đều quét được."),
    (
        "Mã ở máy khác: đưa máy lên quét. Mã ở chính máy này: lưu ảnh rồi chọn ảnh",
        "Bấm “Lưu mã vào máy”, trong ứng dụng ngân hàng chọn biểu tượng ảnh cạnh khung quét.",
    ),
    ("Nhìn tên người nhận", "Tên phải giống tên in dưới mã. Khác thì dừng lại và gọi người bán."),
    ("Giữ nguyên số tiền và nội dung", "Nội dung là mã đơn của bạn; sửa đi thì đơn khó nhận ra."),
    ("Bấm chuyển, rồi quay lại trang đơn", "Trang tự đổi sang “đã trả”, thường trong một phút. Giữ trang lại để xem."),
)
GUIDE_STEPS_EN: tuple[tuple[str, str], ...] = (
    ("Place the order and open its page", "Each seller has a code. Three sellers, three codes: pay one after another."),
    ("Open your bank's app and choose Scan QR", "The apps of nearly all Vietnamese banks can read it."),
    (
        "Code on another screen: scan it. On this phone: save it, then pick the picture",
        "Press “Save the code”, then choose the picture icon beside the scanner.",
    ),
    ("Look at the recipient's name", "It must be the name printed under the code. If not, stop and call the seller."),
    ("Leave amount and reference as they are", "The reference is your order number."),
    ("Confirm and come back to the order page", "It turns to “paid” by itself, usually within a minute."),
)
GUIDE_NOTE = (
    "<h2>Chưa thấy “đã trả”?</h2><p>Bấm “Tôi đã chuyển”, người bán sẽ xem tài khoản và xác nhận. Ảnh chụp màn hình "
    "giúp tra nhanh hơn nhưng không thay cho tiền đã về.</p><h2>Trong bản trình diễn</h2><p>Mọi mã đều in “MẪU – KHÔNG "
    "CHUYỂN TIỀN” và trỏ vào tài khoản không tồn tại. Dùng nút “Chạy thử: cho ngân hàng báo tiền đã vào” trên trang đơn để xem điều gì "
    "xảy ra sau khi trả.</p>"
)
GUIDE_NOTE_EN = (
    "<h2>Still not “paid”?</h2><p>Press “I have transferred”: the seller looks at the account and confirms.</p>"
    "<h2>In the demonstration</h2><p>Every code is marked as a sample and points to an account that does not exist.</p>"
)

HERO_TITLE = "Quà quê Long Thành"
HERO_TEXT = (
    "Gạo, mật ong, chè, cam và trăm thứ làm tay của bà con xã Hợp Minh. Mua thẳng, trả thẳng, người làm nhận đủ."
)
HERO_BUTTON = "Xem hàng"
HERO_TITLE_EN = "Good things from Long Thành"
HERO_TEXT_EN = (
    "Rice, honey, tea, oranges and handmade goods of Hợp Minh commune, bought from and paid to those who make them."
)
HERO_BUTTON_EN = "See the goods"

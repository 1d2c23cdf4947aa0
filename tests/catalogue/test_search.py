import pytest
from django.db.models import Q

from catalogue import search
from catalogue.models import ListedProduct
from catalogue.search import Term, WordQuery, find_words, first_rows, matching, ranked_ids
from catalogue.words import search_words
from tests.factories import CommuneFactory, MerchantFactory, VillageFactory, listed_product

pytestmark = pytest.mark.django_db

HOSTILE = [
    "",
    "   ",
    "\"'`",
    '"mật',
    "mật* OR 1=1",
    "a AND NOT b NEAR(c d, 3)",
    "title:mật",
    "mật & ong | !rừng <-> :*",
    "'; DROP TABLE catalogue_listedproduct; --",
    "{rest title}: ong ^mật",
    "%_\\",
    "\x00mật\x00",
    "🍯🍯 🐝",
    "عسل النحل",
    "蜂蜜",
    "ﷺ" * 50,
    "m" * 10_000,
    "mật ong " * 1_500,
    "-1e309 0x41 1,5 2/3",
]


def found(text: str, *, any_word: bool = False) -> list[str]:
    query = find_words(text, any_word=any_word)
    if query is None:
        return []
    titles = dict(ListedProduct.objects.values_list("pk", "title"))
    ids = ranked_ids(query, condition=matching(query), limit=50)
    assert set(ids) == set(ListedProduct.objects.filter(matching(query)).values_list("pk", flat=True))
    return [titles[pk] for pk in ids]


@pytest.fixture
def goods() -> None:
    village = VillageFactory(name="Xóm Đình", commune=CommuneFactory(name="xã Hợp Minh"))
    seller = MerchantFactory(name="Hợp tác xã Phượng Hoàng", village=village)
    listed_product(merchant=seller, title="Tương Nam Đàn", title_en="Soy bean sauce", ocop_set=9)
    listed_product(merchant=seller, title="Mật ong hoa nhãn", ocop_set=4)
    listed_product(merchant=seller, title="Kẹo lạc", summary="Ngọt bằng mật ong rừng", ocop_set=7)
    listed_product(merchant=seller, title="Cà phê chồn Đắk", ocop_set=13)


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("tuong nam dan", ["Tương Nam Đàn"]),
        ("Tương Nam Đàn", ["Tương Nam Đàn"]),
        ("TƯƠNG NAM ĐÀN", ["Tương Nam Đàn"]),
        ("Tu\u031bo\u031bng Nam \u0110a\u0300n", ["Tương Nam Đàn"]),  # decomposed, as some phones type
        ("nam đan", ["Tương Nam Đàn"]),
        ("soy sauce", ["Tương Nam Đàn"]),
        ("dak", ["Cà phê chồn Đắk"]),
        ("ca phe", ["Cà phê chồn Đắk"]),
        ("ca-phe", ["Cà phê chồn Đắk"]),
        ("tuo", ["Tương Nam Đàn"]),  # the last word may be unfinished
        ("nam tuo", ["Tương Nam Đàn"]),
        ("tuo nam", []),  # the others may not
        ("ong", ["Mật ong hoa nhãn", "Kẹo lạc"]),  # the title counts more than the text
        ("mat ong", ["Mật ong hoa nhãn", "Kẹo lạc"]),
        ("mat ong tim", []),
    ],
)
def test_goods_are_found_with_and_without_tone_marks(goods, typed, titles):
    assert found(typed) == titles


@pytest.mark.parametrize("typed", ["phuong hoang", "xom dinh", "hop minh"])
def test_goods_are_found_by_seller_village_and_commune(goods, typed):
    assert len(found(typed)) == 4


def test_tea_is_not_drowned_by_the_sets_of_processed_goods():
    for official_set in (3, 5, 6, 7, 8):
        listed_product(title=f"Hàng thử {official_set}", ocop_set=official_set)
    listed_product(title="Trà thử", ocop_set=11)

    assert found("chè") == ["Trà thử"]


def test_the_second_try_takes_any_of_the_words(goods):
    assert found("tuong mat tim", any_word=True) == ["Tương Nam Đàn", "Mật ong hoa nhãn", "Kẹo lạc"] or set(
        found("tuong mat tim", any_word=True)
    ) == {"Tương Nam Đàn", "Mật ong hoa nhãn", "Kẹo lạc"}


@pytest.mark.parametrize("typed", HOSTILE)
@pytest.mark.parametrize("any_word", [False, True])
def test_whatever_is_typed_the_engine_answers_and_nothing_changes(goods, typed, any_word):
    found(typed, any_word=any_word)

    assert ListedProduct.objects.count() == 4


def test_hits_can_be_paged_without_gap_or_repeat(goods):
    query = find_words("hop minh")
    pages = [ranked_ids(query, condition=matching(query), limit=2, offset=offset) for offset in (0, 2, 4)]

    assert [len(page) for page in pages] == [2, 2, 0]
    assert len(set(pages[0] + pages[1])) == 4


def test_words_are_folded_and_bare():
    assert search_words("  Đậu-phụ “Bà Vân”, 500ml/hộp (mới!) ") == "dau phu ba van 500ml hop moi"


def ordered(text: str) -> list[str]:
    """The titles found, in their order."""
    query = find_words(text)
    assert query is not None
    titles = dict(ListedProduct.objects.values_list("pk", "title"))
    return [titles[pk] for pk in ranked_ids(query, condition=matching(query), limit=50)]


def test_whole_words_in_the_name_come_first_then_beginnings_then_what_mentions_them():
    listed_product(title="Cơm cháy", summary="Ăn với trà, trà và trà: trà trà trà trà")
    listed_product(title="Trám đen om")
    listed_product(title="Trà xanh")

    assert ordered("tra") == ["Trà xanh", "Trám đen om", "Cơm cháy"]


def test_tone_marks_that_were_typed_count_for_the_order_and_hide_nothing():
    for title in ("Cà pháo", "Cá kho", "Cả quả"):
        listed_product(title=title)

    assert ordered("cá")[0] == "Cá kho"
    assert ordered("CÀ")[0] == "Cà pháo"
    assert ordered("ca\u0309")[0] == "Cả quả"  # decomposed
    assert {*ordered("ca")} == {*ordered("cá")} == {"Cà pháo", "Cá kho", "Cả quả"}


def test_what_is_in_stock_comes_before_what_is_sold_out_among_equals():
    listed_product(title="Mật ong", in_stock=0)
    listed_product(title="Mật ong hoa nhãn", in_stock=5)
    listed_product(title="Kẹo", summary="với mật ong", in_stock=5)

    assert ordered("mat ong") == ["Mật ong hoa nhãn", "Mật ong", "Kẹo"]


def test_a_name_that_has_all_words_comes_before_one_that_has_them_with_its_text():
    listed_product(title="Mật rỉ đường", summary="Ngọt như mật ong rừng, thơm hoa rừng")
    listed_product(title="Mật ong rừng")

    assert ordered("mat rung") == ["Mật ong rừng", "Mật rỉ đường"]


def first_titles(typed: str, *, limit: int = 10) -> list[str]:
    query = find_words(typed)
    assert query is not None
    return [row.title for row in first_rows(query, condition=Q(), limit=limit)]


def test_while_typing_the_three_steps_hold_then_what_is_in_stock_then_shorter_names() -> None:
    listed_product(title="Kẹo lạc", summary="Ăn với ma")  # elsewhere
    listed_product(title="Mận chín")  # begins so
    listed_product(title="Rau má")  # the word, in other marks than "ma"
    listed_product(title="Ma")
    listed_product(title="Ma hết", in_stock=False)

    assert first_titles("ma") == ["Ma", "Rau má", "Ma hết", "Mận chín", "Kẹo lạc"]
    assert first_titles("má") == ["Rau má", "Ma", "Mận chín", "Ma hết", "Kẹo lạc"]
    assert first_titles("ma", limit=2) == ["Ma", "Rau má"]


def test_while_typing_only_the_newest_hits_are_looked_at_and_of_this_site_alone(monkeypatch) -> None:
    monkeypatch.setattr(search, "NEWEST_LOOKED_AT", 2)
    elsewhere = MerchantFactory(village=VillageFactory(commune=CommuneFactory()))
    here = [listed_product(title=f"Mận {number}") for number in range(3)]
    listed_product(title="Mận xa", merchant=elsewhere)
    query = find_words("man")
    assert query is not None

    rows = first_rows(query, condition=~Q(merchant=elsewhere.pk), limit=10)

    assert {row.pk for row in rows} == {here[1].pk, here[2].pk}


@pytest.mark.parametrize("typed", ["mat ong", "mật ong", "mat"])
def test_pages_follow_each_other_over_the_end_of_the_first_step(typed: str) -> None:
    for number in range(3):
        listed_product(title=f"Mật ong {number}")
        listed_product(title=f"Ong mặt {number}")  # the words in other marks
        listed_product(title=f"Kẹo {number}", summary="với mật ong")
    query = find_words(typed)
    assert query is not None
    whole = ranked_ids(query, condition=Q(), limit=50)

    assert len(whole) == len(set(whole)) == 9
    for size in (1, 2, 4, 7):
        pages = [ranked_ids(query, condition=Q(), limit=size, offset=first) for first in range(0, 9, size)]
        assert [pk for page in pages for pk in page] == whole


def test_a_name_with_the_words_apart_is_no_hit_where_they_are_looked_for_as_one() -> None:
    listed_product(title="Leo và chanh")
    together = listed_product(title="Chanh leo")
    phrase = WordQuery(terms=(Term((("chanh", "leo"),), is_prefix=True),), spelled=("chanh", "leo"))

    assert ranked_ids(phrase, condition=Q(), limit=10) == [together.pk]
    assert [row.pk for row in first_rows(phrase, condition=Q(), limit=10)] == [together.pk]

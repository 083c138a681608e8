"""What a sentence may say of the passages it cites, and what it may not."""

import pytest
from worlds import article

from index.embed import StaticEmbedder
from index.passages import split
from rag.types import Hit
from rag.verify import Verdict, verify

FIRMS = (
    "2018年到2023年，海州的茶叶企业由183家增加到348家，产业规模由1340亿元增长到超过3800亿元。"
    "海州茶叶协会会长林书明介绍，从业人员有25万人，占全国的三分之一。"
)
VISITS = (
    "过去6年，海州茶博会线下观展的观众累计有80万人次，线上参会的有25亿人次。"
    "软件Pika出自4个人的公司，Midjourney出自11个人的公司。"
)
SCHOOLS = (
    "云岫大学去年9月（2023年9月）设立四个茶学院，面积共5万平方米，今年启动招生。"
    "校长陈望舒说：“先把根扎深。”云岫大学没有设立咖啡学院。"
)
HALL = "《海州市茶叶条例》共11条，自2024年1月1日起施行。条例由海州市农业局起草，罚款最高为一成。"


def hit(text: str, **fields: object) -> Hit:
    told = article(text, **{"publisher": "海州日报", "published": "2024-05-06", "title": "茶事", **fields})
    (passage,) = split(told, passage_chars=400)
    return Hit(passage, told, 1.0, 1.0)


@pytest.fixture
def check(tokens: StaticEmbedder):
    """Compare a sentence with texts, each a passage of its own."""

    def one(sentence: str, *texts: str) -> Verdict:
        return verify(sentence, [hit(text) for text in texts], tokens)

    return one


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("海州的茶叶企业从2018年的183家增至2023年的348家。", FIRMS),
        ("2023年，海州茶叶产业规模超过3,800亿元，而2018年是1340亿元。", FIRMS),
        ("海州茶叶从业人员达到250,000人，约占全国的三分之一。", FIRMS),
        ("海州茶葉從業人員有二十五萬人。", FIRMS),
        ("据海州日报2024年5月6日报道，海州茶叶产业规模已超过3800亿元。", FIRMS),
        ("海州茶叶从业人员 25 万人。", FIRMS),
        ("茶博会六年间累计有80万人次到现场观展。", VISITS),
        ("Midjourney来自一家11人的公司。", VISITS),
        ("2023年9月，云岫大学设立了四个茶学院。", SCHOOLS),
        ("云岫大学去年9月成立四个茶学院。", SCHOOLS),
        ("陈望舒校长说：“先把根扎深。”", SCHOOLS),
        ("云岫大学并没有设立咖啡学院。", SCHOOLS),
        ("《海州市茶叶条例》从2024年1月1日起施行，最高罚款10%。", HALL),
        ("条例由农业局起草，共有11条。", HALL),
        ("Yunxiu University set up four schools of tea in September 2023.", SCHOOLS),
        ("The tea industry of Haizhou grew from RMB 134 billion in 2018 to over RMB 380 billion in 2023.", FIRMS),
    ],
)
def test_a_sentence_that_rewords_its_passage_is_supported(check, sentence, text):
    assert check(sentence, text).supported, check(sentence, text)


@pytest.mark.parametrize(
    ("sentence", "text", "lacking"),
    [
        ("海州的茶叶企业增加到384家。", FIRMS, "384家"),
        ("海州的茶叶从业人员有25亿人。", FIRMS, "25亿人"),
        ("海州的茶叶产业规模超过3800亿美元。", FIRMS, "3800亿美元"),
        ("海州的茶叶从业人员有25万元。", FIRMS, "25万元"),
        ("海州茶叶从业人员占全国的三成。", FIRMS, "三成"),
        ("云岫大学2022年9月设立四个茶学院。", SCHOOLS, "2022年9月"),
        ("云岫大学2023年9月8日设立四个茶学院。", SCHOOLS, "2023年9月8日"),
        ("海州茶叶协会会长陈望舒介绍，从业人员有25万人。", FIRMS, "陈望舒"),
        ("杭州的茶叶企业增加到348家。", FIRMS, "杭州"),
        ("软件Sora出自4个人的公司。", VISITS, "Sora"),
        ("校长陈望舒说：“先把茶种好。”", SCHOOLS, "先把茶种好。"),
        ("《海州市咖啡条例》自2024年1月1日起施行。", HALL, "海州市咖啡条例"),
        ("The tea industry of Beijing grew to over RMB 380 billion in 2023.", FIRMS, "Beijing"),
        ("The tea industry grew to over RMB 380 million in 2023.", FIRMS, "RMB 380 million"),
        ("According to Wang Xiaofan, there are 250,000 tea workers.", FIRMS, "Wang Xiaofan"),
    ],
)
def test_what_the_passage_does_not_carry_is_named_as_the_sentence_writes_it(check, sentence, text, lacking):
    verdict = check(sentence, text)
    assert not verdict.supported
    assert lacking in verdict.lacking


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("2023年海州的茶叶企业有183家。", FIRMS),
        ("2018年海州茶叶产业规模超过3800亿元。", FIRMS),
        ("海州的茶叶企业由348家减少到183家。", FIRMS),
        ("海州茶博会线下观众累计25亿人次。", VISITS),
        ("Midjourney出自4个人的公司。", VISITS),
        ("云岫大学2024年5月设立四个茶学院。", SCHOOLS),
    ],
)
def test_a_number_or_date_of_something_else_in_the_passage_proves_nothing(check, sentence, text):
    assert not check(sentence, text).supported


@pytest.mark.parametrize(
    ("sentence", "text"),
    [("云岫大学设立了咖啡学院。", SCHOOLS), ("条例没有规定罚款。", HALL), ("海州的茶叶企业没有增加到348家。", FIRMS)],
)
def test_the_opposite_of_what_the_passage_says_is_not_supported(check, sentence, text):
    assert not check(sentence, text).supported


@pytest.mark.parametrize("text", [VISITS, SCHOOLS, HALL])
def test_a_sentence_about_something_else_is_not_supported(check, text):
    assert not check("茶叶企业越来越多，产业规模增长得很快。", text).supported
    assert not check("Tea firms grow in number, and the industry with them.", text).supported


def test_literal_sentences_are_supported_with_a_full_score(check):
    assert check("海州茶叶协会会长林书明介绍，从业人员有25万人，占全国的三分之一。", FIRMS) == Verdict(True, (), 1.0)


def test_what_was_left_out_or_added_from_the_article_does_not_matter(check):
    assert check("海州茶叶协会会长林书明介绍…占全国的三分之一。", FIRMS).score == 1.0
    assert check("从业人员[海州]有25万人。", FIRMS).supported
    assert not check("从业人员[杭州]有25万人。", FIRMS).supported


def test_two_passages_prove_a_sentence_together(check):
    sentence = "海州的茶叶企业增加到348家，云岫大学设立了四个茶学院。"
    assert check(sentence, FIRMS, SCHOOLS).supported
    assert not check(sentence, FIRMS).supported


def test_each_passage_resolves_dates_by_its_own_article(tokens):
    sentence, text = "云岫大学2021年9月设立茶学院。", "云岫大学去年9月设立茶学院，学生来自全国各地。"
    old, new = hit(text, published="2022-03-01"), hit(text, published="2024-03-01")
    assert verify(sentence, [old], tokens).supported
    assert not verify(sentence, [new], tokens).supported
    assert verify(sentence, [new, old], tokens).supported


def test_the_publisher_is_carried_and_another_one_is_not(check):
    assert check("据海州日报报道，条例由农业局起草。", HALL).supported
    assert check("据海州晚报报道，条例由农业局起草。", HALL).lacking == ("海州晚报",)


def test_english_passages_prove_english_sentences(check):
    text = "The Harbour Theatre opened in May 2019 and seats 420 people. A second stage is planned by Anna Berg."
    assert check("The Harbour Theatre, which seats 420, opened in 2019.", text).supported
    assert not check("The Harbour Theatre, which seats 240, opened in 2019.", text).supported
    assert not check("The Harbour Theatre opened in June 2019.", text).supported
    assert check("A second stage is planned by Peter Berg.", text).lacking == ("Peter",)


def test_nothing_is_supported_without_evidence_or_words(check, tokens):
    assert verify("海州有茶。", [], tokens) == Verdict(False, (), 0.0)
    assert not check("……", FIRMS).supported


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("经信委主任张英和副主任张宏韬出席会议。", "张英是经信委副主任。", "张英是经信委主任。"),
        ("警方通报，事故原因不是超速，系路面结冰。", "事故原因是超速。", "事故原因不是超速。"),
        ("网传滨海大桥车祸造成5人死亡系谣言。", "滨海大桥车祸造成5人死亡。", "滨海大桥车祸造成5人死亡是谣言。"),
        ("全市智算规模力争突破100EFLOPS。", "全市智算规模突破100EFLOPS了。", "全市智算规模目标是突破100EFLOPS。"),
    ],
)
def test_a_rumour_a_hope_or_another_office_is_no_fact(check, text: str, wrong: str, right: str):
    assert not check(wrong, text).supported
    assert check(right, text).supported

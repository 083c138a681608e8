"""Numbers are written in one way for searching, whichever way the text and the question write them."""

import time

import pytest

from index.fold import fold
from index.numbers.written import in_one_way
from index.tokens import JiebaWords

SAME = [
    ("25万人", "二十五万人", "廿五萬人", "250,000人", "250000人", "２５万人", "25萬人", "贰拾伍万人"),
    ("30%", "百分之三十", "３０％", "百分之30", "30％"),
    ("3.5%", "百分之三点五", "百分之三點五"),
    ("5‰", "千分之五"),
    ("1/3", "三分之一", "⅓"),
    ("2024年", "二〇二四年", "二零二四年", "二○二四年", "２０２４年"),
    ("1998年5月6日", "一九九八年五月六日"),
    ("2024年12月31日", "二〇二四年十二月三十一日"),
    ("1000亿元", "千億元", "一千亿元", "100,000,000,000元"),
    ("1.2亿元", "12000万元", "一点二亿元", "1亿2000万元", "一亿二千万元", "120,000,000元"),
    ("2.5万亿", "25000亿", "两万五千亿", "兩萬五千億"),
    ("3000万元", "3千万元", "三千万元", "30,000,000元"),
    ("1000万元", "千万元", "一千万元"),
    ("1.2万人", "12000人", "一万二千人", "12,000人"),
    ("第7届", "第七届", "第七屆"),
    ("第20届", "第二十届", "第二十屆"),
    ("500强", "五百强", "五百強"),
    ("1234.5元", "1,234.5元"),
    ("6000多亿", "六千多亿", "六千多億"),
    ("20余家", "二十余家", "二十餘家"),
]
KEPT = [
    *("三家公司", "第一次", "万一", "千万不要", "数十万", "几百万", "多少百万", "三五百人", "七八十", "十几万"),
    *("十四五规划", "二十大报告", "一个月", "零一万物", "千百年来", "三点五十分", "百分百", "陆万里", "月亮"),
    *("邮编200030", "代码600519", "代码600000", "电话62345678", "gpt-4", "a100", "v1.2.3", "20240506", "1.5倍"),
]


@pytest.mark.parametrize("forms", SAME, ids=lambda forms: forms[0])
def test_a_number_is_folded_to_one_form(forms):
    assert {fold(form) for form in forms} == {forms[0]}
    words = JiebaWords()
    assert len({tuple(words(fold(f"共有{form}，"))) for form in forms}) == 1


@pytest.mark.parametrize("text", KEPT)
def test_what_may_be_no_number_is_kept(text):
    assert fold(text) == text


def test_english_keeps_its_figures_without_thousands_commas():
    assert fold("about 250,000 workers in 12 towns") == "about 250000 workers in 12 towns"


def test_different_numbers_stay_different():
    forms = [
        fold(text) for text in ("二十五万", "二十五亿", "2.5万", "25", "百分之二十五", "二千零五", "二千五", "1/25")
    ]
    assert len(set(forms)) == len(forms)


@pytest.mark.parametrize("char", [*"一十万百亿9,.第月分点", "一二", "十万", "1,", "百分之"])
def test_hostile_rows_of_numerals_take_no_time(char):
    start = time.process_time()
    in_one_way(char * 100_000)
    assert time.process_time() - start < 1.0

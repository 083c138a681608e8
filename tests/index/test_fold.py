"""The search form: one for both scripts, for full and half width, for words of Taiwan, Hong Kong and the mainland."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opencc import OpenCC

from index.fold import fold, fold_sha256, simplified
from index.tokens import JiebaWords

ROOT = Path(__file__).parents[2]
LINES = [line for path in sorted((ROOT / "corpus").glob("*.md")) for line in path.read_text("utf-8").splitlines()]
FORMS = [
    tuple(line.split("\t"))
    for line in (ROOT / "index/forms.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
SENTENCES = [
    "昵称叫象牙的甯先生借着叙旧的机会，看着台前的显示器，慢慢地读着一部著名的原著",
    "干部带着化妆箱走着，若干人干着活，乾隆年间的衙门在山后",
    "哪吒闹海的故事慰藉着叱咤风云的人，钟先生出生于伦敦，于谦关于此事的论述卓著",
    "上颚和上腭、麻痹、屋檐、幺妹、鲇鱼、咨询、余庆里、路径、巨额、旋转",
    "卫生间的床单叠得很整齐，占地一周，里面的发型和理发师，胡须与胡同",
]


@pytest.mark.parametrize("script", ["s2t", "s2tw", "s2hk"])
def test_a_text_has_one_search_form_in_both_scripts(script):
    convert = OpenCC(script).convert
    for text in [*LINES, *SENTENCES]:
        assert fold(convert(text)) == fold(text)


@pytest.mark.parametrize(
    "text", ["慢慢看著名單", "有著名的作家", "顯著", "穿著名牌", "執著", "著陸", "隨著時間，著力推進"]
)
def test_either_way_of_writing_着_gives_the_same(text):
    assert fold(text.replace("著", "着")) == fold(text)
    assert fold(OpenCC("t2s").convert(text).replace("着", "著")) == fold(text)


def test_著_stays_in_works_and_renown():
    assert fold("著名的原著，有著作權，顯著") == "著名的原著,有著作权,显著"
    assert fold("隨著時間，著力推進，有著經驗") == "随着时间,着力推进,有着经验"


@pytest.mark.parametrize(
    ("taiwan", "mainland"),
    [
        ("人工智慧", "人工智能"),
        ("應用軟體與網際網路", "应用软件与互联网"),
        ("晶片和積體電路", "芯片和集成电路"),
        ("資訊安全與資料庫", "信息安全与数据库"),
        ("數位轉型", "数字化转型"),
        ("雲端運算的伺服器", "云计算的服务器"),
        ("行動支付", "移动支付"),
        ("流動支付", "移动支付"),
        ("國內生產毛額", "国内生产总值"),
        ("智慧財產權", "知识产权"),
        ("矽谷的演算法", "硅谷的算法"),
        ("帳號和身分證", "账号和身份证"),
        ("輝達在紐西蘭", "英伟达在新西兰"),
    ],
)
def test_words_of_taiwan_and_hong_kong_are_those_of_the_mainland(taiwan, mainland):
    simplified_only = OpenCC("t2s").convert(taiwan)
    assert fold(taiwan) == fold(simplified_only) == fold(mainland) == mainland
    words = JiebaWords()
    assert words(fold(taiwan)) == words(fold(mainland))


@pytest.mark.parametrize(
    "text",
    [
        "软体动物",
        "方程式",
        "四川普通话",
        "动画素材",
        "路网路段",
        "可再生能源",
        "单位元老",
        "社会主义工业",
        "东南韩国",
        "简介面试",
        "哈萨克族",
        "金钥匙",
        "便捷运输",
        "永续债",
        "资料",
        "支援",
        "质量",
        "若干元",
    ],
)
def test_what_only_looks_like_one_of_these_words_is_kept(text):
    assert fold(text) == text


def test_every_form_of_the_table_leads_to_one_that_stays():
    assert len({form for form, _ in FORMS}) == len(FORMS) > 700
    for form, searched in FORMS:
        assert fold(f"“{form}”") == f"“{searched}”" or form in "“”‘’"
        assert fold(searched) == searched.strip()


def test_full_and_half_width_are_one():
    ascii_signs = "".join(map(chr, range(33, 127)))
    wide = "".join(chr(ord(c) + 0xFEE0) for c in ascii_signs)
    assert fold(f"甲{wide}乙") == fold(f"甲{ascii_signs}乙")
    assert fold(" ＡＩ２０２４年　第３期…… ") == "ai2024年 第3期......"


def test_text_without_odd_characters_is_folded_as_nfkc_folds_it():
    usual = [*map(chr, range(0x21, 0x7F)), *map(chr, range(0xFF01, 0xFF5F)), *"、。《》〈〉「」『』【】“”‘’—–·…"]
    for char in [*usual, *map(chr, range(0x4E00, 0xA000))]:
        assert fold(f"于{char}于") == fold(unicodedata.normalize("NFKC", f"于{char}于"))


def test_simplified_changes_characters_only():
    assert simplified("人工智慧與二十五萬") == "人工智慧与二十五万"


ALPHABET = (
    "一二三四五六七八九十百千万亿兆两零〇○廿点分之年月日号第几数多少届大个元人%,.0123456789，、 "
    "著着乾干隆坤名作于於软体网路a壹拾佰陆负「』㎡①"
)


@settings(max_examples=500, deadline=None)
@given(st.text(alphabet=ALPHABET, max_size=40))
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


def test_the_digest_of_the_words_holds_that_of_the_folding():
    assert len(fold_sha256()) == 64 and fold_sha256() != JiebaWords().sha256

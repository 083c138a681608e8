"""Words of the organisation that a question spells in pinyin."""

import subprocess
import sys

import pytest

from index.fold import fold
from index.pinyin import can_be_pinyin, reading, readings
from index.spelled import Speller
from index.synonyms import asked_words, in_words_of, variants
from index.tokens import JiebaWords

WORDS = ["模速空间", "吕梁银行", "云岫中台", "西安", "嫦娥", "重庆", "我们", "合参", "gpt-4", "数据elf"]


@pytest.fixture(scope="module")
def speller() -> Speller:
    return Speller(WORDS)


@pytest.fixture(scope="module")
def words(tmp_path_factory) -> JiebaWords:
    dictionary = tmp_path_factory.mktemp("words") / "words.txt"
    dictionary.write_text("模速空间\n经信委 = 市经济信息化委 = HEIC\n", "utf-8")
    return JiebaWords(dictionary)


def found(speller: Speller, question: str) -> list[tuple[str, str]]:
    folded = fold(question)
    return [(folded[s.start : s.end], s.word) for s in speller.find(folded)]


@pytest.mark.parametrize(
    "pinyin",
    [
        *("moSu kongjian", "mosu kongjian", "mosukongjian", "MOSU KONGJIAN", "mo su kong jian", "Mosu  Kongjian"),
        *(
            "mó sù kōng jiān",
            "mósù kōngjiān",
            "mósùkōngjiān",
            "mo2 su4 kong1 jian1",
            "mo2su4kong1jian1",
            "mosu-kongjian",
        ),
        *("ｍｏｓｕ ｋｏｎｇｊｉａｎ", "mo\u0301su\u0300 kongjian"),
    ],
)
@pytest.mark.parametrize("question", ["{}", "{}在哪里？", "谁在{}办公", "where is {}?"])
def test_a_word_is_found_however_it_is_spelled(speller, pinyin: str, question: str):
    told = found(speller, question.format(pinyin))
    assert [word for _, word in told] == ["模速空间"]
    assert told[0][0] == " ".join(fold(f"x {pinyin}").split(" ")[1:])


@pytest.mark.parametrize("pinyin", ["lüliang yinhang", "lvliang yinhang", "LÜLIANG YINHANG", "lǚliáng yínháng"])
def test_ü_may_be_v_and_a_character_may_have_several_readings(speller, pinyin: str):
    assert [word for _, word in found(speller, f"{pinyin}的行长")] == ["吕梁银行"]
    assert [word for _, word in found(speller, "chongqing和xi'an")] == ["重庆", "西安"]


@pytest.mark.parametrize(
    "question",
    [
        *("women in tech", "what change is it", "can he change the pan", "who can participate", "he can sing there"),
        *(
            "kongjian在哪",
            "mosu在哪",
            "amosu kongjian",
            "mosu, kongjian",
            "mosu kong",
            "mosu的kongjian",
            "mosukongjiang",
        ),
        *("模速空间在哪", "", "gpt-4和数据elf", "2024", "'", "lai 123 a1"),
    ],
)
def test_what_does_not_spell_a_whole_word_is_no_pinyin(speller, question: str):
    assert found(speller, question) == []


def test_a_question_gets_a_variant_in_characters(words):
    assert variants("mosu kongjian在哪", words, most=4) == ["mosu kongjian在哪", "模速空间在哪"]
    assert variants("jingxinwei在哪", words, most=2) == ["jingxinwei在哪", "经信委在哪", "市经济信息化委在哪"]
    assert asked_words("mosu kongjian", words) == asked_words("模速空间", words)
    assert asked_words("jingxinwei的人", words)["经信委"] == "=heic"
    rephrase = in_words_of("jingxinwei在mosu kongjian吗", words)
    assert rephrase("jingxinwei在mosu kongjian吗") == "经信委在模速空间吗"
    assert rephrase("heic在模速空间办公") == "经信委在模速空间办公"


@pytest.mark.parametrize("letters", ["mosu", "kongjian", "lv", "women", "can", "he"])
def test_syllables_from_end_to_end_can_be_pinyin(letters: str):
    assert can_be_pinyin(letters)


@pytest.mark.parametrize("letters", ["what", "tech", "kupas", "", "v"])
def test_other_letters_cannot(letters: str):
    assert not can_be_pinyin(letters)


def test_the_usual_reading_of_a_character_is_one_of_all_its_readings():
    level_1 = [bytes((row, cell)).decode("gb2312", "ignore") for row in range(0xB0, 0xD7) for cell in range(0xA1, 0xFF)]
    known = [(char, usual.replace("ü", "v")) for char in level_1 if char and (usual := reading(char))]
    assert len(known) > 3600 and [pair for pair in known if pair[1] not in readings(pair[0])] == []
    assert set(readings("重")) >= {"chong", "zhong"} and readings("岫") == ("xiu",) and readings("a") == ()


def test_who_asks_in_chinese_characters_reads_no_table_of_readings():
    code = (
        "from index.spelled import Speller; from index import pinyin\n"
        "assert Speller(['模速空间']).find('模速空间在哪') == []\n"
        "assert pinyin._all_readings.cache_info().currsize == 0\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)

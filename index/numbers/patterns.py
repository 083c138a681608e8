"""The forms in which text writes numbers, as one pattern over text of `PLAIN` characters."""

import re

# Length stays: offsets are of the text as it stands.
PLAIN = str.maketrans(
    "萬億兆兩零〇○０１２３４５６７８９，．％個屆條項種類間輛臺張隻幾電歲幢畝噸層點題後餘"
    "貳參陸負過約圓時鐘週頭顆場輪組隊處戶門縣鎮國級冊筆棟歐幣鎊頃數頁員長績輕變語為們實",
    "万亿兆两零零零0123456789,.%个届条项种类间辆台张只几电岁幢亩吨层点题后余"
    "贰叁陆负过约元时钟周头颗场轮组队处户门县镇国级册笔栋欧币镑顷数页员长绩轻变语为们实",
)
_DIGIT = "零一二三四五六七八九"
_FORMAL = "壹贰叁肆伍陆柒捌玖"
_NUMERAL = rf"[{_DIGIT}两十百千万亿]+(?:点[{_DIGIT}]+[百千万亿]{{0,2}})?"
_ARABIC = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_MEASURE = (
    "个百分点|百分点|人次|平方米|平方公里|立方米|公里|千米|厘米|毫米|公斤|千克|公顷|千瓦时?|兆瓦|万元|美元|欧元|港元|日元|英镑|"
    "人民币|个月|小时|分钟|秒钟?|周年|星期|年|月|周|天|日|元|块|米|吨|克|亩|度|"
    "个|家|人|名|位|款|项|条|张|件|台|部|座|届|次|种|倍|所|本|篇|字|大|方面|类|级|期|批|辆|架|艘|户|间|层|"
    "只|头|匹|棵|株|颗|枚|支|把|场|轮|组|队|套|份|处|起|例|岁|幅|首|卷|册|门|科|省|市|区|县|镇|村|国|卡|步|笔|栋|页"
)
# 两成 is 20%; 三成员, 一成立 and 七成熟 are other words.
_TENTHS = rf"""
    (?<![\d.十百千第])(?P<tenths>[{_DIGIT[1:]}两]|\d(?:\.\d)?)成
      (?P<more_tenths>半|[{_DIGIT[1:]}](?![个家名人]))?(?!不变|年(?!轻)|[员立为功本果都人长交绩品熟就因形语套堆婚婴分心批群像])"""
_ARABIC_NUMBER = rf"""
    (?<![A-Za-z\d.])(?<![A-Za-z]-)(?P<minus>(?<![胜担背自欺])负|(?<=[为是达至降(（:：])[-−])?(?P<arabic>{_ARABIC})
      (?:[ ]?(?P<english>(?i:hundred|thousand|million|billion|trillion)(?![A-Za-z]))
       |(?P<more>[多余几])?(?P<scale>[十百千]?[万亿兆]{{0,3}})(?P<more_of_scale>[多余])?
        (?:(?<=[万亿])(?P<lower>\d{{1,4}})(?P<lower_scale>千万|百万|万|千|百)(?!\d))?)
      (?:[ ]?(?P<unit>%|‰|(?i:percent)|{_MEASURE}|[A-Za-z]{{1,12}}))?"""
_CHINESE_NUMBER = rf"""
    (?<![{_DIGIT}十百千万亿两])(?:(?<![几数])|(?![十百千万亿]))
      (?P<negative>(?<![胜担背自欺])负)?(?P<chinese>{_NUMERAL})
      (?:(?P<odd>[多余几]|来(?={_MEASURE}|[万亿]))(?P<odd_scale>[百千]?[万亿]{{0,2}}))?(?P<measure>%|{_MEASURE})?"""
_STARTS = rf"(?=(?<![\d.])\d|[第一半负−-]|[{_DIGIT}两十百千万亿]|[{_FORMAL}拾])"
NUMBER = re.compile(
    rf"""{_STARTS}(?:
    (?P<ordinal>第)\s?(?P<nth>\d+|[{_DIGIT}两十百千万亿]+)(?P<nth_unit>{_MEASURE})?
  | (?P<below>\d+|{_NUMERAL}|百|千)分之(?P<above>{_ARABIC}|{_NUMERAL})
  | {_TENTHS} | {_ARABIC_NUMBER}
  | (?<![另这那])(?P<half>一半|半数)
  | (?P<formal>[{_FORMAL}拾][{_FORMAL}拾佰仟万亿零]*[拾佰仟万亿][{_FORMAL}]?)(?P<formal_unit>元)?
  | {_CHINESE_NUMBER})
    """,
    re.VERBOSE,
)
ABOUT_BEFORE = re.compile(r"(?:约|(?<![最附临靠])近|逾|超过?|不足|不到|至少|接近)\Z")
ABOUT_BEHIND = re.compile(r"左右|上下(?!班)|以[上下]|[余多]")

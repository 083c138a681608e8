"""The forms in which Chinese text writes dates, as one pattern over text of `PLAIN` characters.

A look at one character spares the search nearly everywhere. Words that only hold a date's characters (如今年轻人,
文明年代, 日本周边) are kept out by what stands before and behind. Every repetition is bounded: no text takes long.
"""

import re

# Length stays: offsets are of the text as it stands.
PLAIN = str.maketrans(
    "０１２３４５６７８９号號後來內○零個國週禮兩現當開規劃計齡輕紀報級選審賽層氣資證聲樣書劇論壇線說歷時間過貼節舊圓"
    "Ｑ\u3000\xa0",
    "0123456789日日后来内〇〇个国周礼两现当开规划计龄轻纪报级选审赛层气资证声样书剧论坛线说历时间过贴节旧圆Q  ",
)
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_STARTS = r"(?=(?<!\d)\d|[一二三四五六七八九十今去前明本当大昨后上下这同民近日最目截第年Q廿JFMASONDjfmasond])"
_ENGLISH = "|".join(sorted({name for month in MONTHS for name in (month, month[:3])}, key=len, reverse=True))
_CN = "一二三四五六七八九"
_YEAR = r"(?:1[89]|20)\d\d"
_MONTH = rf"(?:1[0-2]|0?[1-9]|十[一二]?|[{_CN}])"
_DAY = rf"(?:3[01]|[12]\d|0?[1-9]|三十一?|二?十[{_CN}]?|二[{_CN}]|[廿卅][{_CN}]?|[{_CN}])"
_DASH = "[-–—~～至到]"
_TO = rf"\s?{_DASH}{{1,2}}\s?"
_DAY_END = rf"(?:\s?日|(?={_TO}{_DAY}\s?日))"  # 5月6日, and the 6 of 5月6-8日
_CLAUSE_END = r"(?=[，。、；,;)）\n]|\Z)"  # 5月中央: not the middle of May
_TAIL = rf"[上中下]旬|初(?![学期心级中十{_CN}])|[底末](?![学期部层])|中{_CLAUSE_END}"
_QUARTER = r"(?:第?[一二三四1-4](?:[至到、-]第?[二三四2-4])?|前[两二三23]个?)季度|前三季(?!度)"
_PART = (
    rf"年?初(?![中级步期始次心选赛审稿任雪衷])|年中(?!国)|中{_CLAUSE_END}|年?[底末](?![部层盘气薪色价子座片蕴端位尾班代流梢])"
    rf"|[上下]半年|{_QUARTER}|Q[1-4](?!\d)|全年|前(?:1[01]|[2-9]|十一?|[两{_CN}])个?月"
)
_NOT_A_NOUN = r"(?<![成基日资样版根书原剧])"
_WITH_YEAR = rf"""
    (?: (?<!\d)(?P<y>{_YEAR})(?:\s?年(?!间|历史|来|多)|(?=\s?Q[1-4](?!\d)))
      | (?P<cy>(?:一[八九]|二〇)[〇{_CN}]{{2}})年
      | 民国第?(?P<my>\d{{1,3}}|[〇{_CN}十百]{{1,5}}|元)年
      | (?P<year>(?<![如当古迄])今年(?![轻龄纪代迈幼老会报味])|(?<!失)(?<!(?<!超)过)去年|大前年|当年(?=度)
          |(?<![以世])上年(?=[初底末度])|(?<![以之此目大年月日])前年(?![均份度])|(?<![文证声])明年(?!确)
          |{_NOT_A_NOUN}本年)
      | (?P<same>同年)(?![级龄代])
    ) (?:度(?![假过日]))?
    (?: \s?的?(?P<m>{_MONTH})\s?月(?:份|(?![球亮饼]))(?:\s?(?P<d>{_DAY}){_DAY_END}|(?P<tail>{_TAIL}))?
      | \s?(?P<m1>{_MONTH})(?={_TO}{_MONTH}\s?月)
      | \s?(?P<part>{_PART}) )?"""
_OF_YEARS = rf"""
    (?<!\d)(?P<ry>{_YEAR})(?={_TO}{_YEAR}(?:\s?年|(?![\d.-]{{0,12}}\d)))
  | (?:(?<=1[89]\d\d{_DASH})|(?<=20\d\d{_DASH}))(?P<ry2>{_YEAR})(?!元|[\d.-]{{0,12}}\d)"""
_NUMERIC = rf"""
    (?<![\d.-])(?P<iy>{_YEAR})(?P<sep>[-/.])(?P<im>1[0-2]|0?[1-9])
        (?:(?P=sep)(?P<id>3[01]|[12]\d|0?[1-9]))?(?![\d.-]{{0,12}}\d)"""
_IN_ENGLISH = rf"""
    (?i:\b(?P<em>{_ENGLISH})\b\.?\s(?:(?P<ed>\d{{1,2}})(?:st|nd|rd|th)?,?\s)?(?P<ey>{_YEAR})\b)
  | (?i:\b(?P<fd>\d{{1,2}})(?:st|nd|rd|th)?\s(?P<fm>{_ENGLISH})\b\.?,?\s(?P<fy>{_YEAR})\b)"""
_OF_MONTH = rf"""
    (?P<month>{_NOT_A_NOUN}本月|(?<![以])[上下]个月|(?<![以之晚早])[上下]月(?![球亮海台饼]))
        (?:\s?(?P<md>{_DAY})\s?日|(?P<mtail>{_TAIL}))?"""
_OF_DAY = r"""
    (?P<today>今天|(?<!时至)(?<!迄)今日(?!头条|俄罗斯|说法|美国|论坛|在线)|今[晨早晚]|昨[天日晚夜]|(?<![之目])前天|明天
        |明日(?!之星|方舟))"""
_OF_WEEK = rf"""
    (?P<week>{_NOT_A_NOUN}本|[上下](?!一)|这)(?:周(?![期年转边围刊报岁全而])|星期|礼拜)
        (?P<weekday>[二三四五六天末]|一(?![共直度系切些样])|日(?![均报刊常前]))?"""
_WITHOUT_YEAR = rf"""
    (?<![\d.年/])(?:(?<!-)|(?<=[月日\d]-))(?<!年\s)(?<!每年的)(?P<bm>1[0-2]|[1-9])
        (?:\s?月(?:份|(?![球亮龄])(?:\s?(?P<bd>{_DAY}){_DAY_END}|(?P<btail>{_TAIL}))?)|(?={_TO}(?:1[0-2]|[1-9])\s?月(?!龄)))
  | (?<![〇十年第{_CN}])(?<!每年的)(?P<bcm>十[一二]?|[{_CN}])月(?:份|(?P<bcd>{_DAY})日|(?P<bctail>{_TAIL}))
  | (?<=[-–—~～至到、和及与])(?P<dd>3[01]|[12]\d|0?[1-9])日(?![元圆])"""
_AGO = rf"""
    (?<![\d.第几多余数十百千万年来至到-])(?P<ago>\d{{1,2}}|[一两{_CN}]?十[{_CN}]?|[两{_CN}])\s?
        (?P<unit>年|个月|天)(?:以|之)?前(?![后夕瞻沿线景途程])"""
_PLAN = rf"""
    (?<=[“"‘「『])十(?P<plan>[一二三四五六])五(?=[”"’」』])
  | (?<![{_CN}])十(?P<plan2>[一二三四五六])五(?=规划|时期|期间|计划|末|收官|开局|以来)"""
_VAGUE = rf"""
    (?<![\d十几多今昨明近即每当生节假工往旧{_CN}])
        (?P<vague>(?<![临接靠贴])近日(?!点)|日前|(?<!最)近期|最近(?![的处邻]))
  | (?P<now>截[至止到]?目前|(?<![双头])目前)"""
_PART_ALONE = rf"""
    (?<![今去前明度本个半每两几年大上下\d十多来{_CN}])
        (?P<bare>年[初底末](?![中级一二三])|[上下]半年|{_QUARTER}|(?<![A-Za-z0-9])Q[1-4](?![A-Za-z0-9]))"""
_FORMS = (
    *(_WITH_YEAR, _OF_YEARS, _NUMERIC, _IN_ENGLISH, _OF_MONTH, _OF_DAY, _OF_WEEK),
    *(_WITHOUT_YEAR, _AGO, _PLAN, _VAGUE, _PART_ALONE),
)
DATE = re.compile(rf"{_STARTS}(?:{'|'.join(_FORMS)})", re.VERBOSE | re.ASCII)
JOINED = re.compile(r"\s?(?:[-–—~～]{1,2}|至|到)\s?|\s?[、和及与]\s?")
SENTENCE_END = re.compile(r"[。！？!?；;\n]")

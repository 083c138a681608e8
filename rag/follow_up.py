"""Whether a Chinese question leans on the one before it: by a word that points back, or because something is left out.

A question that names what it asks about stands alone, whatever was asked before: a pronoun in it stands for that.
"""

import re

from rag.topic import is_known, names, plainly, tokens

AND = re.compile(
    r"(?:那么|那(?![个场些座家次位部种款项条份篇天年里边儿样届本年时]|其)|然后|另外|接着|再问一下|对了|还有(?=[，,]))[，,\s]*"
)
INSTEAD = re.compile(
    r"(?:[到在]了?|换成|换作|至于|对于|如果是|要是)?(?P<named>[^，,；;？?]{1,20}?)(?:的话|方面|又|情况)?呢[？?。\s]*\Z"
)
_KINDS = (
    "平台|公司|企业|机构|大会|会议|政策|措施|文件|方案|项目|基金|模型|产品|软件|社区|园区|学校|大学|医院|桥|书|报告|指标|目标"
    "|奖|奖励|补贴|格局|单位|组织|中心|实验室|计划|活动|地方|城市|系统|工具|技术|工程|人才|算力|数据"
)
HE = re.compile(r"[他她](?![们人国乡山])")
IT = re.compile(
    r"它(?!们)|其(?![中他它实次余间])"
    rf"|(?:[该此]|上述|这[个家款座项部场份篇种条位届次所只])(?P<kind>{_KINDS})|该(?=[的有是在])"
)
THIS = re.compile(r"这(?=相当|等于|是(?!不是)|有|占|比|意味|包括|指)")
AMONG = re.compile(r"[这那]?其中")
_MANY = re.compile(
    r"[他她它]们|[这那](?:些|[几两三四五六七八九十])|这[个家款座项部场份篇种条位届次所只是]|[两二]者|前者|后者|上述|该|此(?![外前后次])"
)
_NTH = re.compile(
    r"最后一?[个家款项位条]|第[一二三四五六七八九十\d]+[个家款项位条]|前[一两三]?[个者]|后[一两三]?[个者]|另[一外]"
)
# A question that begins so has left its subject out.
BARE = re.compile(
    r"(?:相当于|等于|折合|大约|大概|约|有(?![限色机关])|是(?!否有|不是)|占|一共|总共|达到|多[少大长高远久重]|(?<!好)几(?!乎|何)|为什么|为何"
    r"|怎[么样]|什么时候|何时|哪一?[年天月]|谁|在哪|由[谁哪]|还|又|也|都|分别|具体|依次|各[是有为])"
)
_HAS = re.compile(r"一?共?有(?:多少|几)")
_GOES_ON = re.compile(r"还|又|也(?!门)|分别|具体|依次|各[是有为]")
_ASKS_A_WORD = re.compile(r"什么是|什么叫|何谓")
_PREDICATES = re.compile(r"是|有|多|几|什么|哪|谁|怎|为何|何时|[它他她其该]|这")
_SHORT = 7  # characters of a question that names nothing and is yet whole: hardly any
_LONG = 14
_NOUNS = frozenset(("n", "nr", "nrt", "nrfg", "ns", "nt", "nz", "vn", "an", "eng", "l", "j"))
_SLIGHT = frozenset(("时候", "时间", "人", "家", "钱", "多长时间", "方面", "原因", "情况", "谁", "内容", "地方"))


def points_back(text: str) -> bool:
    """Whether a Chinese question leans on the one before it."""
    plain = plainly(text).strip()
    start = begins(plain)
    if is_instead(plain, start) or AMONG.match(plain, start) or THIS.match(plain, start) or pronoun(plain, start):
        return True
    if _points(plain, start):
        return True
    return _leaves_out(plain, start)


def begins(plain: str) -> int:
    """Where a question begins, behind a 那么."""
    found = AND.match(plain)
    return found.end() if found else 0


def is_instead(plain: str, start: int) -> re.Match[str] | None:
    """What is named alone and asked about as the thing before: "到了7月呢？"."""
    found = INSTEAD.match(plain, start)
    return found if found and not _PREDICATES.search(found["named"]) else None


def pronoun(plain: str, start: int) -> re.Match[str] | None:
    """A pronoun before which the question names nothing that it could stand for."""
    found = [m for m in (HE.search(plain, start), IT.search(plain, start)) if m]
    first = min(found, key=lambda m: m.start()) if found else None
    return None if first is None or says_something(plain[start : first.start()]) else first


def says_something(plain: str) -> bool:
    """Whether a text names a thing or says a noun."""
    return bool(names(plain) or nouns(plain))


def nouns(plain: str) -> list[str]:
    """The nouns of a text that say something."""
    return [t.text for t in tokens(plain) if t.tag in _NOUNS and t.text not in _SLIGHT]


def _points(plain: str, start: int) -> bool:
    """Whether several are pointed at, or one of them: it is told that they are, and not which."""
    found = _MANY.search(plain, start)
    if found and not says_something(plain[start : found.start()]) and not names(plain[found.end() :]):
        return True
    return bool(_NTH.match(plain, start)) and not names(plain[start:])


def _leaves_out(plain: str, start: int) -> bool:
    """Whether the subject is left out: the question begins with what is said of it, or asks for one plain noun."""
    own = names(plain[start:])
    if _ASKS_A_WORD.search(plain) or len(plain) > 2 * _LONG:
        return False
    if start:
        return not own or bool(BARE.match(plain, start))
    said = nouns(plain)
    if _GOES_ON.match(plain):
        return not own
    if len(plain) <= _SHORT:
        return not own and len(said) <= 1 and all(is_known(word) for word in said)
    return len(plain) <= _LONG and bool(BARE.match(plain)) and not own and (not said or bool(_HAS.match(plain)))

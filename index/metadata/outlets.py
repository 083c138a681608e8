"""Who publishes: what is an outlet's name, what may be one, and whose an address is. All names in plain form."""

import re

from index.metadata.vocabulary import COMPANIES, DOMAINS, OUTLETS

_LONGEST = 24
_ORGAN = (
    "日报|晚报|早报|晨报|时报|商报|快报|周报|周刊|青年报|都市报|电子报|消费报|新闻网?|客户端|[广播]?电视台|广播电台|电台|通讯社"
    "|杂志社?|出版社|报社|观察|财经|发布|传媒|融媒体?|融媒体中心|政府网|门户网站|委员会|人民政府|政府|办公厅|办公室|研究院|大学"
    r"|协会|学会|联合会|研究所|[信改技网商财教卫建委]委|[^\W\d_]{2}[局厅]|时讯|公众号|视频|之声|在线|热线"
)
_LOOKS = re.compile(rf"[\w·+\- ]{{1,16}}(?:{_ORGAN})|[\w·]{{2,8}}[报网]")
# Columns of a site, and words that end like an outlet.
_COLUMN = re.compile(
    r"(?:今日|公司|集团|行业|企业|国内|国际|社会|热点|媒体|图片|科技|财经|体育|最新|时事|综合|校园|学院|本地|地方|娱乐|头条|更多"
    r"|滚动|即时|重要|专题|焦点|政务|时政|本站|本网|工作|部门|信息|教育|文化|健康|汽车|房产|金融|产业|独家)"
    r"(?:新闻|要闻|财经|在线|动态|资讯|公告|发布|视频|政府|观察|传媒|热线)"
    r"|.*(?:[汇情海预公通简年季财申举警直上研该本]报|(?:互联|物联|电|官|联|上|全|本|外|内|局)网)"
)
# What stands behind 来源 where nobody is named.
_NOBODY = re.compile(
    r"网络|互联网|网上|本站|本站原创|原创|转载|转发|综合|未知|不详|其[他它]|佚名|匿名|暂?无|整理|网友|投稿|系统|管理员|admin"
    r"|[本该][网报刊站]|本网站|自媒体|作者|记者|微信|(?:微信)?公众号|微博|抖音|快手|官网|官方网站|原文|点击|查看|见文末|如图|http.*"
    r"|(?:综合|整理|网络|互联网|根据|摘|据|来自|自|公开).*"
    r"|.*(?:整理|汇编|采集|收集|提供|综合|等|年鉴|数据|统计|资料|报表|信息|供图|截图|图库|数据库)"
)
_HOST = re.compile(r"(?:https?://|@|(?<![\w.-]))((?:[a-z0-9-]{1,40}\.){1,4}[a-z]{2,6})(?![\w-])")


def is_known_outlet(plain: str) -> bool:
    """Whether a name is one of an outlet that everybody knows."""
    return plain in OUTLETS


def known_outlet_at(plain: str) -> str:
    """The longest known outlet's name with which a text begins; empty if there is none."""
    name = max((name for name in OUTLETS if plain.startswith(name)), key=len, default="")
    more = next((more for more in ("客户端", "网") if name and plain.startswith(name + more)), "")
    return name + more


def looks_like_outlet(plain: str) -> bool:
    """Whether a name without any label is an outlet's or an office's, and no heading of a column."""
    return plain in OUTLETS or bool(_LOOKS.fullmatch(plain) and not _COLUMN.fullmatch(plain))


def may_be_outlet(plain: str) -> bool:
    """Whether what a label (来源：) gives is the name of somebody."""
    return 2 <= len(plain) <= _LONGEST and not _NOBODY.fullmatch(plain) and not plain.isdigit()


def outlet_of_host(host: str) -> str | None:
    """The outlet of a domain or of one below it."""
    return next((name for domain, name in DOMAINS.items() if host == domain or host.endswith("." + domain)), None)


def outlet_of_site(plain: str) -> str | None:
    """The outlet whose addresses and companies stand in a page's foot; None if there are two."""
    names = {outlet_of_host(host) for host in _HOST.findall(plain)}
    names |= {name for company, name in COMPANIES.items() if company in plain}
    names.discard(None)
    return names.pop() if len(names) == 1 else None

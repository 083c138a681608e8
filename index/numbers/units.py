"""Units and measure words that can count the same thing: 24款 and 24个 agree, 24亿元 and 24亿美元 do not. Pure."""

from functools import cache

_ANYTHING = "个"  # the general measure word: it counts what any other of these counts
_COUNTS = (
    *map(frozenset, ("人位名员", "家户所间座", "款项种类条件部套", "张卡块枚颗片", "台辆架艘部套", "次场届轮回")),
    *map(frozenset, ("篇本部册卷份字页", "只头匹条棵株", "支队组批", "省市区县镇村国", "处所座栋幢层")),
    frozenset(("大", "项", "方面", "点", "条", "类", "种")),
)
_SAME = (
    *(("元", "块", "人民币", "圆"), ("美元", "美金"), ("年", "周年", "载", "岁", "届"), ("周", "星期"), ("天", "日")),
    *(("小时", "时"), ("分钟", "分"), ("秒", "秒钟"), ("平方米", "平", "㎡"), ("千瓦时", "度", "kwh")),
    *(("个百分点", "百分点"), ("人次", "次"), ("倍",)),
)
_GENERAL = frozenset.union(*_COUNTS) | {_ANYTHING}
# What a unit is in another that stands for all of its kind, as 4千克 is read as 4000克.
_IN = {
    **{"公里": (1e3, "米"), "千米": (1e3, "米"), "km": (1e3, "米"), "厘米": (1e-2, "米"), "cm": (1e-2, "米")},
    **{"毫米": (1e-3, "米"), "mm": (1e-3, "米"), "m": (1.0, "米"), "nm": (1e-9, "米"), "纳米": (1e-9, "米")},
    **{"公斤": (1e3, "克"), "千克": (1e3, "克"), "kg": (1e3, "克"), "g": (1.0, "克"), "吨": (1e6, "克")},
    **{
        "平方公里": (1e6, "平方米"),
        "公顷": (1e4, "平方米"),
        "千瓦": (1e3, "瓦"),
        "kw": (1e3, "瓦"),
        "兆瓦": (1e6, "瓦"),
    },
    **{"mw": (1e6, "瓦"), "万元": (1e4, "元")},
}


def in_common(value: float, unit: str) -> tuple[float, str]:
    """A quantity in the common unit of its kind: 5公里 and 5 km are 5000米; any other as it is."""
    factor, common = _IN.get(unit.lower(), (1.0, unit))
    return value * factor, common


def agree(one: str, other: str) -> bool:
    """Whether two units can measure one thing; where either is missing, nothing speaks against it."""
    return not one or not other or _agree(one.lower(), other.lower())


@cache
def _agree(one: str, other: str) -> bool:
    if one == other:
        return True
    if _ANYTHING in (one, other):
        return {one, other} <= _GENERAL
    return any(one in group and other in group for group in (*_COUNTS, *_SAME))

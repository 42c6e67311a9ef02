"""A conflict of rules and the cheapest way out in words, in English and Chinese: what an error says wherever it is met, so
it cannot wait for the report."""

import re

from workforce.optimise.binding import MONEY, UNITS
from workforce.optimise.conflict import Conflict, Rule

LANGUAGES = ("en", "zh")

_NAMED = {
    "budget": ("the {what} budget {of_when}", "{when}{what}预算"),
    "quarters": ("the {what} budget {of_when}", "{when}{what}预算"),
    "establishment": ("the establishment of {what} in {when}", "{when} {what} 的编制"),
    "surplus": (
        "the largest surplus of the company (plan.surplus_max) in {when}",
        "{when}全公司允许的最大富余（plan.surplus_max）",
    ),
    "surplus_max": (
        "the largest surplus of {what} (surplus_max) in {when}",
        "{when} {what} 允许的最大富余（surplus_max）",
    ),
    "shortage": (
        "the shortage of {what} in {when} that is allowed (plan.shortage)",
        "{when} {what} 允许的短缺（plan.shortage）",
    ),
    "hires": (
        "the cap on hires {of_when} (supply.external_hires_max)",
        "{when}外部招聘上限（supply.external_hires_max）",
    ),
    "releases": ("the cap on releases of {what} in {when}", "{when} {what} 的裁撤上限"),
    "moves": ("the most moves {what} in {when}", "{when} {what} 的调配上限"),
    "capacity": ("the capacity of {what} in {when}", "{when} {what} 的渠道产能"),
    "stages": ("the capacity of recruiting ({what}) in {when}", "{when}招聘阶段（{what}）的产能"),
    "pool": ("the pool of {what}", "{what} 的人才库存量"),
    "seats": ("the seats of {what} in {when}", "{when} {what} 的培养名额"),
    "eligible": ("the share of people eligible for {what} in {when}", "{when} {what} 的可参训比例"),
    "end": ("the limit of people of {what} at the end (end_min, end_max)", "{what} 的期末人数限制（end_min、end_max）"),
    "contract": ("the most contractors (contract_max) of {what} in {when}", "{when} {what} 的外包上限（contract_max）"),
    "overtime": ("the most overtime (overtime_max) of {what} in {when}", "{when} {what} 的加班上限（overtime_max）"),
    "short_time": (
        "the most short-time working (short_time_max) of {what} in {when}",
        "{when} {what} 的缩短工时上限（short_time_max）",
    ),
    "stand_in": (
        "the people of {what} who may do the work of another role in {when}",
        "{when} {what} 可顶岗人数上限",
    ),
    "release_share": (
        "the share of {what} that may be released (release_share) in {when}",
        "{when} {what} 的裁撤比例上限（release_share）",
    ),
    "target_share": (
        "the share of {what} that may arrive (max_share_of_target) in {when}",
        "{when} {what} 的到岗比例上限（max_share_of_target）",
    ),
    "reach": ("the reach of the offers to stay to {what} in {when}", "{when}保留措施对 {what} 的覆盖上限"),
    "mentors": ("the mentors' time (mentor_max) of {what} in {when}", "{when} {what} 的带教时间上限（mentor_max）"),
    "kept": ("the leavers of {what} whom offers may keep in {when}", "{when} {what} 可挽留的离职人数"),
    "span": ("the leaders of {what} in {when}, reports over", "{when} {what} 的管理跨度（超出的下属人数）"),
    "limits": ("the limit {what} (table limits) {of_when}", "{when}自定规则 {what}（limits 表）"),
    "inside": (
        "the share filled from inside (plan.internal_fill_min) in {when}, heads over",
        "{when}内部补充最低比例（plan.internal_fill_min）",
    ),
}
_OTHER = ("{kind} {what} {of_when}", "{when} {what} {kind}")
_CATEGORIES = {
    "total": "总",
    "people": "人员薪酬",
    "recruiting": "招聘",
    "development": "培养",
    "retention": "保留",
    "separation": "离职补偿",
}
_UNITS = {
    "FTE": ("FTE", " FTE"),
    "head": ("heads", " 人"),
    "person": ("people", " 人"),
    "offer": ("offers", " 份录用"),
    "seat": ("seats", " 个名额"),
    "unit": ("", ""),
}
"""What a rule counts in, in a sentence; a rule of one's own counts in what its rows do."""

_WHOLE = (
    "no plan in whole people keeps all limits, though one in fractions does; lower plan.whole_periods",
    "没有整人方案能满足全部限制，但允许小数时有可行方案；请减小 plan.whole_periods",
)
_HOPELESS = (
    "no plan keeps all limits, and relaxing the rules of the scenario does not help: see people under way",
    "没有方案能满足全部限制，放宽情景中的规则也无济于事：请检查在途人员（under_way）",
)
_NONE = ("no plan keeps all limits", "没有方案能满足全部限制")
_TOGETHER = ("; together they cannot be kept: ", "；以下规则不能同时满足：")
_WAY_OUT = (". The cheapest way out is to ", "。代价最小的办法：")
_AND = ("and ", "并")
_RAISE = ("raise {rule} by {more} {unit}", "将{rule}提高 {more}{unit}")
_LOWER = ("lower {rule} by {more} {unit}", "将{rule}降低 {more}{unit}")


def say_conflict(conflict: Conflict, currency: str, language: str = "en") -> str:
    """The conflict and the cheapest way out, in words."""
    side = LANGUAGES.index(language)
    if conflict.whole:
        return _WHOLE[side]
    if not conflict.relaxation:
        return _HOPELESS[side]
    parting = ("; ", "；")[side]
    text = _NONE[side]
    if conflict.rules:
        text += _TOGETHER[side] + parting.join(name_rule(rule, language) for rule in conflict.rules)
    steps = [_relax(rule, currency, language) for rule in conflict.relaxation]
    steps[1:] = [_AND[side] + step for step in steps[1:]]
    return text + _WAY_OUT[side] + parting.join(steps)


def _relax(rule: Rule, currency: str, language: str) -> str:
    side = LANGUAGES.index(language)
    if rule.kind in MONEY:
        unit, digits = (currency, f" {currency}")[side], 0
    else:
        unit, digits = _UNITS[UNITS.get(rule.kind, "money per head").removeprefix("money per ")][side], 1
    pattern = _LOWER if rule.floor else _RAISE
    return pattern[side].format(rule=name_rule(rule, language), more=f"{rule.more:,.{digits}f}", unit=unit).rstrip()


def name_rule(rule: Rule, language: str = "en") -> str:
    """What a rule is called in a sentence.

    >>> name_rule(Rule("capacity", "2026-03", "board")), name_rule(Rule("budget", "2026", "total"), "zh")
    ('the capacity of board in 2026-03', '2026年总预算')
    """
    side, when, what = LANGUAGES.index(language), rule.when, rule.what
    of_when = "over the horizon" if when == "all" else f"of {when}"
    if language == "zh":
        when = "规划期" if when == "all" else re.sub(r"^(\d{4})$", r"\1年", when)
        what = _CATEGORIES.get(what, what) if rule.kind in MONEY else what
    return _NAMED.get(rule.kind, _OTHER)[side].format(kind=rule.kind, when=when, what=what, of_when=of_when)

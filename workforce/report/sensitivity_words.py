"""What a sensitivity run says, in both languages: (English, Chinese). `passages`, `sentences` and `vocabulary` take it in."""

from __future__ import annotations

from collections.abc import Mapping

_MOVES_EN = (
    "As it goes from {low_value} to {high_value} ({range}), the shortage goes from {shortage_low:fte}-years to "
    "{shortage_high:fte}-years, the plan's cost from {cost_low:money} to {cost_high:money}, and the probability that demand "
    "is covered from {covered_low:share} to {covered_high:share}."
)
_MOVES_ZH = (
    "由 {low_value} 变到 {high_value}（{range}）时，短缺由 {shortage_low:fte} 年变为 {shortage_high:fte} 年，方案成本由 "
    "{cost_low:money} 变为 {cost_high:money}，需求得到满足的概率由 {covered_low:share} 变为 {covered_high:share}。"
)

SENSITIVITY_SENTENCES: Mapping[str, tuple[str, str]] = {
    "sensitivity_base": (
        "As the scenario stands, {shortage:fte}-years are short over the horizon in the mean of the futures, the plan costs "
        "{cost:money}, and demand is covered with a probability of {covered:share}.",
        "按情景现状，各路径平均累计短缺 {shortage:fte} 年，方案成本 {cost:money}，需求得到满足的概率为 {covered:share}。",
    ),
    "sensitivity_first": (
        "What moves the shortage most is {assumption}. " + _MOVES_EN,
        "对短缺影响最大的是{assumption}。" + _MOVES_ZH,
    ),
    "sensitivity_next": ("Then {assumption}. " + _MOVES_EN, "其次是{assumption}。" + _MOVES_ZH),
    "sensitivity_still": (
        "Within their ranges these do not move the shortage: {assumptions:list}.",
        "在各自范围内对短缺没有影响的是：{assumptions:list}。",
    ),
    "sensitivity_failed": (
        "With {assumption} at its {end} there is no plan: {why}.",
        "{assumption}取{end}时没有可行方案：{why}。",
    ),
}

SENSITIVITY_PASSAGES: Mapping[str, tuple[str, str]] = {
    "sensitivity.heading": ("What moves the answer: {title}", "哪些假设影响结果：{title}"),
    "sensitivity.text": (
        "Every assumption is turned to its low and to its high while the others stay; each time the company is planned anew "
        "and put through the same {paths:whole} futures, so that a difference is the assumption's and not luck's.",
        "每次只将一项假设取其低值与高值，其余不变；每次都重新规划，并放入同样的 {paths:whole} 条模拟路径，因此差异来自该"
        "假设而非偶然。",
    ),
    "sensitivity.tornado.heading": ("The tornado", "龙卷风图"),
    "sensitivity.tornado.text": (
        "One row for each assumption, the one that moves the shortage most on top; blue is its low, orange its high. A bar "
        "on both sides of the line pulls both ways; bars on one side only mean that either change does harm or good. What "
        "two assumptions do together is not shown: it may be more than the sum.",
        "每项假设一行，对短缺影响最大的在最上方；蓝色为低值，橙色为高值。横条分列竖线两侧表示影响方向相反；同在一侧表示"
        "无论增减都变好或变坏。两项假设同时变化的效果未显示，可能大于两者之和。",
    ),
    "sensitivity.table.heading": ("All assumptions", "全部假设"),
    "sensitivity.table.text": (
        "Where a range comes from matters as much as the effect: an interval was estimated from this company's past, a plain "
        "plus or minus was not estimated by anybody, and a longer one would move the answer more.",
        "范围的来源与影响同样重要：区间由本公司历史估计而来；人为设定的上下幅度并非任何人的估计，幅度越大影响越大。",
    ),
}

SENSITIVITY_LABELS: Mapping[str, tuple[str, str]] = {
    "lever.leaving": ("leaving rates", "离职率"),
    "lever.moving": ("promotion and transfer rates", "晋升与调动率"),
    "lever.demand": ("demand", "需求"),
    "lever.productivity": ("yearly productivity growth", "年生产率增长"),
    "lever.channel_lead": ("months to fill a post", "招聘周期（月）"),
    "lever.channel_arrive": ("share of offers that start", "录用到岗率"),
    "lever.channel_capacity": ("capacity of the channels", "渠道容量"),
    "lever.ramp_months": ("months to full effect", "上手时间"),
    "lever.pay": ("pay", "薪酬水平"),
    "lever.budget": ("budgets", "预算"),
    "lever.retire_early_share": ("people who retire early", "提前退休比例"),
    "lever.retire_late_share": ("people who retire late", "延迟退休比例"),
    "range.interval": ("interval of the estimate", "估计区间"),
    "range.plan": ("the plan's low and high", "计划的低值与高值"),
    "range.table": ("as the channels state it", "渠道表所列"),
    "range.stated": ("a plain plus and minus", "人为设定的上下幅度"),
    "end.low": ("low", "低值"),
    "end.high": ("high", "高值"),
    "answer.shortage": ("Shortage, FTE-years", "累计短缺（FTE 年）"),
    "answer.cost": ("Cost of the plan", "方案成本"),
    "answer.covered": ("Demand covered", "需求满足概率"),
    "picture.tornado": ("What moves the answer", "各项假设的影响"),
    "column.assumption": ("Assumption", "假设"),
    "column.range": ("Low to high", "低值至高值"),
    "column.range_source": ("Range from", "范围来源"),
    "column.shortage_range": ("Shortage, FTE-years", "累计短缺（FTE 年）"),
    "column.cost_range": ("Cost", "成本"),
    "column.covered_range": ("Demand covered", "需求满足概率"),
}

"""Reasons and notes as sentences in both languages: (English, Chinese). The ways of writing a value are listed in ``words.py``.

A key may have variants ("hires_total.none"); `choose_sentence` picks the one that fits the values. A new reason needs a pair
here; until it has one, the report shows its plain values.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workforce.report.backtest_words import BACKTEST_SENTENCES

SENTENCES: Mapping[str, tuple[str, str]] = {
    **BACKTEST_SENTENCES,
    "demand_total": (
        "The business plan needs {first:fte} at the start and {last:fte} in {period:period}.",
        "业务计划期初需要 {first:fte}，{period:period}需要 {last:fte}。",
    ),
    "gap_total": (
        "If nothing is done, {shortage:fte} are missing in {period:period}, while other roles have "
        "{surplus:fte} to spare.",
        "若不采取行动，{period:period}将短缺 {shortage:fte}，同时其他岗位富余 {surplus:fte}。",
    ),
    "gap_total.short": (
        "If nothing is done, {shortage:fte} are missing in {period:period}; no role has people to spare.",
        "若不采取行动，{period:period}将短缺 {shortage:fte}，且没有岗位富余。",
    ),
    "worst_shortage": (
        "The largest shortage is in {role}: {shortage:fte} in {period:period}.",
        "短缺最大的岗位是 {role}：{period:period}短缺 {shortage:fte}。",
    ),
    "worst_shortage.none": (
        "No role is short at the end, even if nothing is done.",
        "即使不采取行动，期末也没有岗位短缺。",
    ),
    "probability_met": (
        "With the plan, a period meets its whole demand in {probability:share} of the simulated futures, on average.",
        "执行方案后，平均有 {probability:share} 的模拟路径能在某一期间完全满足需求。",
    ),
    "plan_cost": (
        "People and actions cost {cost:money} over the horizon; with the price put on shortages and "
        "surpluses it is {total:money}.",
        "规划期内人员与举措成本共 {cost:money}；计入短缺与富余的代价后为 {total:money}。",
    ),
    "hires_total": (
        "The plan hires {heads:heads} for {cost:money}.",
        "方案外部招聘 {heads:heads}，招聘成本 {cost:money}。",
    ),
    "hires_total.offers": (
        "The plan makes {heads:whole} offers, from which {arriving:heads} arrive, for {cost:money}.",
        "方案发出录用 {heads:whole} 份，预计到岗 {arriving:heads}，招聘成本 {cost:money}。",
    ),
    "hires_total.none": ("The plan hires nobody from outside.", "方案不进行外部招聘。"),
    "develop_total": (
        "{heads:heads} start a development programme, {arriving:heads} of whom arrive in their new role, "
        "for {cost:money}.",
        "{heads:heads}参加培养项目，其中预计 {arriving:heads}转入新岗位，培养成本 {cost:money}。",
    ),
    "develop_total.none": ("No development programme is used.", "方案未使用培养项目。"),
    "moves_total": (
        "{heads:heads} are redeployed, {arriving:heads} of whom arrive, for {cost:money}.",
        "内部调配 {heads:heads}，预计到岗 {arriving:heads}，成本 {cost:money}。",
    ),
    "moves_total.none": ("Nobody is redeployed.", "方案未进行内部调配。"),
    "releases_total": (
        "{heads:heads} are released, for {cost:money}.",
        "裁撤 {heads:heads}，补偿成本 {cost:money}。",
    ),
    "releases_total.none": ("Nobody is released.", "方案不裁撤人员。"),
    "budget_price": (
        "The {budget} of {amount:money} is used up; one more {currency:currency} in it would save "
        "{price:price} {currency:currency} in all.",
        "{budget}（{amount:money}）已用尽；每增加 1 {currency:currency}，总代价可减少 {price:price} "
        "{currency:currency}。",
    ),
    "budget_price.checked": (
        "The {budget} of {amount:money} is used up; one more {currency:currency} in it would save "
        "{price:price} {currency:currency} in all. "
        "Solved again with {more:money} more, the plan saves {saved:money}.",
        "{budget}（{amount:money}）已用尽；每增加 1 {currency:currency}，总代价可减少 {price:price} "
        "{currency:currency}。"
        "增加 {more:money} 后重新求解，可减少 {saved:money}。",
    ),
    "budget_slack": (
        "The {budget} of {amount:money} does not bind: {left:money} are left.",
        "{budget}（{amount:money}）未构成约束，结余 {left:money}。",
    ),
    "budget_over": (
        "The {budget} of {amount:money} is exceeded by {over:money}.",
        "{budget}（{amount:money}）超支 {over:money}。",
    ),
    "unused_channel": (
        "The channel {name} is not used: it would have to be {cheaper:money} cheaper than its {cost:money} an offer.",
        "渠道 {name} 未被采用：每份录用成本 {cost:money}，需再降低 {cheaper:money} 才会被采用。",
    ),
    "unused_channel.tie": (
        "Not used, because another channel does the same for the same money: {name:list}.",
        "以下渠道未被采用，另有成本相同的渠道可替代：{name:list}。",
    ),
    "unused_programme": (
        "The programme {name} is not used: it would have to be {cheaper:money} cheaper than its {cost:money} a seat.",
        "培养项目 {name} 未被采用：每个名额 {cost:money}，需再降低 {cheaper:money} 才会被采用。",
    ),
    "unused_programme.tie": (
        "Programmes not used, because another way does the same for the same money: {name:list}.",
        "以下培养项目未被采用，另有成本相同的途径可替代：{name:list}。",
    ),
    "unused_channel.far": (
        "Channels not used, because they would not pay even for nothing: {name:list}.",
        "以下渠道未被采用，即使免费也不划算：{name:list}。",
    ),
    "unused_programme.far": (
        "Programmes not used, because they would not pay even for nothing: {name:list}.",
        "以下培养项目未被采用，即使免费也不划算：{name:list}。",
    ),
    "no_history": (
        "There is no history of joining and leaving, so leaving rates cannot be estimated.",
        "没有入离职历史，无法估计离职率。",
    ),
    "no_history.stated": (
        "There is no history of joining and leaving; the leaving rates are those stated in the table rates.",
        "没有入离职历史，离职率采用 rates 表中的设定值。",
    ),
    "no_history.roles": (
        "{roles:whole} roles have no leaving rate at all and are taken to lose nobody.",
        "{roles:whole} 个岗位没有任何离职率数据，按无人离职处理。",
    ),
    "thin_cells": (
        "{cells:whole} of {of:whole} leaving rates rest on more than half of what larger groups say, "
        "because few people stand behind them.",
        "{of:whole} 个离职率中有 {cells:whole} 个因人数较少，主要参考上级群体的水平。",
    ),
    "history_contradictions": (
        "{rows:whole} events of the history contradict each other or the list of people and were left out.",
        "历史中有 {rows:whole} 条事件彼此矛盾或与人员表不符，已剔除。",
    ),
    "hire_date_unknown": (
        "For {people:heads} the hire date is unknown; they count towards rates only from when their length "
        "of service is known.",
        "{people:heads}的入职日期不详，仅在司龄明确的期间计入离职率。",
    ),
    "driver_held": (
        "The plan gives no later values for {drivers}; the last ones were held.",
        "{drivers} 缺少后续期间的数值，沿用最后一期。",
    ),
    "on_cost_zero": (
        "No on-cost is known for {roles}; their cost is the salary alone.",
        "{roles} 没有附加人工成本数据，成本仅按薪酬计算。",
    ),
    "switched_off": (
        "{part} switched off: there is no table {table}.",
        "{part}已关闭：没有 {table} 表。",
    ),
    "pull_roles": (
        "{roles} are filled from below when a place falls vacant (pull); this version moves people into "
        "them by their observed rates.",
        "{roles} 采用“出缺递补”方式；本版本按观察到的晋升率处理。",
    ),
    "people_without_demand": (
        "No demand is given for {roles}; their people count as surplus.",
        "{roles} 没有需求数据，其人员计为富余。",
    ),
    "managers_unknown": (
        "{count:whole} people report to somebody who is not among the people.",
        "{count:whole} 人的上级不在人员表中。",
    ),
    "budget_prorated": (
        "The plan covers {months:whole} months of {year}, so only that part of the year's budget is taken.",
        "规划期只覆盖{year:period}的 {months:whole} 个月，因此只取该年预算的相应部分。",
    ),
    "budget_missing": (
        "No total budget is given for {years}; spending in these years is not limited by one.",
        "{years} 年未提供总预算，这些年份的支出不受总预算限制。",
    ),
}

NOTES = (
    "no_history",
    "thin_cells",
    "history_contradictions",
    "hire_date_unknown",
    "driver_held",
    "on_cost_zero",
    "switched_off",
    "pull_roles",
    "people_without_demand",
    "managers_unknown",
    "budget_missing",
    "budget_prorated",
)
"""Reasons that say what was assumed or left out; they stand at the end of the report."""

POINTS = (
    "demand_total",
    "gap_total",
    "worst_shortage",
    "plan_cost",
    "hires_total",
    "develop_total",
    "probability_met",
    "budget_price",
)
"""Reasons that open the report."""


def choose_sentence(key: str, values: Mapping[str, Any]) -> str:
    """The variant of a sentence that fits its values; the key itself where there is none.

    Example:
        >>> choose_sentence("hires_total", {"heads": 0.0})
        'hires_total.none'
    """
    if key.endswith("_total") and "heads" in values:
        if values["heads"] < 0.05:
            return f"{key}.none"
        offers = key == "hires_total" and abs(values.get("arriving", values["heads"]) - values["heads"]) > 0.05
        return f"{key}.offers" if offers else key
    if key == "gap_total" and values.get("surplus", 1.0) < 0.05:
        return "gap_total.short"
    if key == "worst_shortage" and values.get("shortage", 1.0) < 0.05:
        return "worst_shortage.none"
    if key == "budget_price" and values.get("saved") is not None:
        return "budget_price.checked"
    if key in ("unused_channel", "unused_programme"):
        if values.get("cheaper", 1.0) < 0.5:
            return f"{key}.tie"
        return f"{key}.far" if values["cheaper"] > values.get("cost", float("inf")) else key
    if key == "no_history":
        if "roles" in values:
            return "no_history.roles" if values["roles"] else "no_history.stated"
        return "no_history.stated" if values.get("stated") else key
    return key

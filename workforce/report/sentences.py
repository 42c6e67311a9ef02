"""Reasons and notes as sentences in both languages: (English, Chinese). The ways of writing a value are listed in ``words.py``.

A key may have variants ("hires_total.none"); `choose_sentence` picks the one that fits the values. A new reason needs a pair
here; until it has one, the report shows its plain values.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workforce.report.backtest_words import BACKTEST_SENTENCES
from workforce.report.frontier_words import FRONTIER_SENTENCES
from workforce.report.risk_words import RISK_SENTENCES
from workforce.report.sensitivity_words import SENSITIVITY_SENTENCES
from workforce.report.succession_words import SUCCESSION_SENTENCES
from workforce.report.words_channels import CHANNEL_SENTENCES
from workforce.report.words_forecast import FORECAST_SENTENCES
from workforce.report.words_plan import PLAN_SENTENCES

SENTENCES: Mapping[str, tuple[str, str]] = {
    **BACKTEST_SENTENCES,
    **FRONTIER_SENTENCES,
    **FORECAST_SENTENCES,
    **PLAN_SENTENCES,
    **RISK_SENTENCES,
    **SENSITIVITY_SENTENCES,
    **CHANNEL_SENTENCES,
    **SUCCESSION_SENTENCES,
    "demand_total": (
        "The business plan needs {first:fte} at the start and {last:fte} in {period:period}.",
        "业务计划期初需要 {first:fte}，{period:period}需要 {last:fte}。",
    ),
    "gap_total": (
        "If nothing is done, {shortage:fte} are missing in {period:period}, while other roles have {surplus:fte} to spare.",
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
        "With the plan, a role meets its whole demand of a period in {met:share} of the simulated futures, and all but half an FTE or {slack:share} of it in {covered:share} (mean over roles and periods, weighted by required FTE).",
        "执行方案后，某岗位在某一期间完全满足需求的模拟路径平均占 {met:share}；缺口不超过半个 FTE 或 {slack:share} 的占 {covered:share}（对岗位与期间按需求 FTE 加权平均）。",
    ),
    "plan_cost": (
        "People and actions cost {cost:money} over the horizon; with the price put on shortages and "
        "surpluses it is {total:money}.",
        "规划期内人员与举措成本共 {cost:money}；计入短缺与富余的代价后为 {total:money}。",
    ),
    "plan_cost.discounted": (
        "People and actions cost {cost:money} over the horizon, in money of their period; discounted at {rate:share} a year, "
        "and with the price put on shortages and surpluses, it is {total:money}. Budgets and costs by period are not discounted.",
        "规划期内人员与举措成本共 {cost:money}（各期当期金额）；按年贴现率 {rate:share} 贴现并计入短缺与富余的代价后为 {total:money}。"
        "预算与各期成本均未贴现。",
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
        "{heads:heads} start a development programme, {arriving:number} of whom arrive in their new role, for {cost:money}.",
        "{heads:heads}参加培养项目，其中预计 {arriving:heads}转入新岗位，培养成本 {cost:money}。",
    ),
    "develop_total.none": ("No development programme is used.", "方案未使用培养项目。"),
    "moves_total": (
        "{heads:heads} are redeployed, {arriving:number} of whom arrive, for {cost:money}.",
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
        "{budget}（{amount:money}）已用尽；每增加 1 {currency:currency}，总代价可减少 {price:price} {currency:currency}。",
    ),
    "budget_price.checked": (
        "The {budget} of {amount:money} is used up; one more {currency:currency} in it would save "
        "{price:price} {currency:currency} in all. Solved again: the first {more:money} more would save {saved:money}, and the "
        "next {currency:currency} after that {then:price} {currency:currency}.",
        "{budget}（{amount:money}）已用尽；每增加 1 {currency:currency}，总代价可减少 {price:price} "
        "{currency:currency}。重新求解：最先增加的 {more:money} 可减少 {saved:money}，此后每增加 1 {currency:currency} 可减少 "
        "{then:price} {currency:currency}。",
    ),
    "budget_slack": (
        "The {budget} of {amount:money} does not bind: {left:money} are left.",
        "{budget}（{amount:money}）未构成约束，结余 {left:money}。",
    ),
    "budget_used": ("The {budget} of {amount:money} is used up.", "{budget}（{amount:money}）已用尽。"),
    "budget_slack.one": ("the {budget} ({left:money} left)", "{budget}（结余 {left:money}）"),
    "budget_slack.many": ("These budgets do not bind: {name:list}.", "以下预算未构成约束：{name:list}。"),
    "budget_over": (
        "The {budget} of {amount:money} is exceeded by {over:money}.",
        "{budget}（{amount:money}）超支 {over:money}。",
    ),
    "unused_programme": (
        "The programme {name} is not used: it would have to be {cheaper:money} cheaper than its {cost:money} a seat.",
        "培养项目 {name} 未被采用：每个名额 {cost:money}，需再降低 {cheaper:money} 才会被采用。",
    ),
    "unused_programme.whole": (
        "Programmes not used where decisions are in whole people, so that no price tells how near they were: {name:list}.",
        "以下培养项目在整人规划的期间未被采用，影子价格无法说明差距：{name:list}。",
    ),
    "unused_programme.tie": (
        "Programmes not used, because another way does the same for the same money: {name:list}.",
        "以下培养项目未被采用，另有成本相同的途径可替代：{name:list}。",
    ),
    "unused_programme.far": (
        "Programmes not used, because they would not pay even for nothing: {name:list}.",
        "以下培养项目未被采用，即使免费也不划算：{name:list}。",
    ),
    "requisitions_late": (
        "{late:whole} of {of:whole} requisitions would have had to be opened before the plan begins, to be in time nine times "
        "in ten; the first is for {role}.",
        "{of:whole} 项招聘需求中，有 {late:whole} 项须在规划期开始前提出才能以九成把握按时到岗，最早的是 {role}。",
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
        "{count:whole} roles are filled by vacancy (replaces_by = pull): who leaves is replaced at once from below, in the shares of the past or of the table transitions; the rest is for the plan: {roles}.",
        "{count:whole} 个岗位采用“出缺递补”（replaces_by = pull）：有人离开即按历史或 transitions 表的比例由下级递补，其余由方案安排：{roles}。",
    ),
    "pull_roles.many": (
        "{count:whole} roles are filled by vacancy (replaces_by = pull): who leaves is replaced at once from below, in the shares of the past or of the table transitions; the rest is for the plan; among them {roles}.",
        "{count:whole} 个岗位采用“出缺递补”（replaces_by = pull）：有人离开即按历史或 transitions 表的比例由下级递补，其余由方案安排，其中包括 {roles}。",
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
    "required_wins": (
        "{count:whole} roles stand in both required and demand; the stated requirement was taken: {roles}.",
        "{count:whole} 个岗位同时出现在 required 与 demand 中，采用直接给出的需求：{roles}。",
    ),
    "budget_outside": (
        "The table budget has amounts for {years}, which the plan does not cover; they limit nothing in it.",
        "budget 表中 {years} 的金额不在规划期内，对本方案不构成限制。",
    ),
    "limits_outside": (
        "The table limits has rules for {years}, which the plan does not cover; they limit nothing in it.",
        "limits 表中 {years} 的规则不在规划期内，对本方案不构成限制。",
    ),
    "price_index_outside": (
        "The table price_index has prices for {years}, which the plan does not cover; they change nothing in it.",
        "price_index 表中 {years} 的价格不在规划期内，对本方案没有影响。",
    ),
    "limits_prorated": (
        "The plan covers a part of the time over which these rules of the table limits are summed, so only that part of their amounts is taken: {names}.",
        "规划期只覆盖以下 limits 规则的部分期间，因此只取其数量的相应部分：{names}。",
    ),
    "budget_missing": (
        "No total budget is given for {years}; spending in these years is not limited by one.",
        "{years} 年未提供总预算，这些年份的支出不受总预算限制。",
    ),
    "floor_price": (
        "{bound} is only just kept: one {one} less asked for would save {price:money}.{proof}{span}{often}",
        "{bound}恰好满足：每少要求 {one}可减少总代价 {price:money}。{proof}{span}{often}",
    ),
    "band_price": (
        "What the {budget} and the quarters before it in its year allow, {amount:money}, is spent: one more "
        "{currency:currency} would save {price:price} {currency:currency} in all.",
        "截至{budget}的年内累计额度 {amount:money} 已用尽：每增加 1 {currency:currency}，总代价可减少 {price:price} "
        "{currency:currency}。",
    ),
    "limit_price": (
        "{bound} is used up: one more {one} would save {price:money}.{proof}{span}{often}",
        "{bound}已用尽：每增加 {one}可减少总代价 {price:money}。{proof}{span}{often}",
    ),
    "shortage_moved": (
        "The plan leaves {plan:number} FTE-years short over the horizon, more than the {expected:number} FTE-years if nothing is done: it moves people and time to roles where being short costs more.",
        "规划期内方案的累计短缺为 {plan:number} FTE·年，高于不采取行动时的 {expected:number} FTE·年：方案把人力调向短缺代价更高的岗位。",
    ),
    "left_open": (
        "Most is left open in {role} ({priority} priority): {years:number} FTE-years short over the horizon, because closing it costs more than the price of being short there, or a limit binds.",
        "短缺留存最多的岗位是 {role}（优先级：{priority}）：规划期累计短缺 {years:number} FTE·年，因为填补的代价高于该处短缺的代价，或受到某项限制。",
    ),
    "horizon_end": (
        "The last offers are made in {period:period}: later ones would arrive after the plan's end, which counts nothing after it. Extend the horizon before reading its last periods.",
        "最后一批录用发生在{period:period}：更晚的录用要到规划期之后才到岗，而规划期之后不计入。若要解读最后几期，请先延长规划期。",
    ),
    "fractions": (
        "The plan is in expected persons, so heads may be fractions; nobody is cut in two.",
        "方案以期望人数表示，因此可能出现小数。",
    ),
    "not_used": (
        "Given, checked and not used by this version: {names}.",
        "以下内容已提供并通过检查，但本版本尚未使用：{names}。",
    ),
    "out_of_reach": (
        "Cannot be used in this plan (switched off, without capacity, or too long for the horizon): {names}.",
        "在本方案中无法使用（已关闭、没有产能，或周期超出规划期）：{names}。",
    ),
    "quarters_exceed_year": (
        "In the table budget the quarters of {years} add up to more than their year (category {category}); the year's amount is the hard cap and is reached first.",
        "budget 表中 {years} 年各季度金额之和超过全年金额（类别：{category}）；全年金额为刚性上限，会先达到。",
    ),
    "quarters_missing": (
        "The table budget gives category {category} by quarter but has no amount for {quarters}; spending in these quarters is not limited by it.",
        "budget 表按季度给出类别 {category} 的金额，但缺少 {quarters}；这些季度的支出不受该类别预算限制。",
    ),
    "rates_missing": (
        "There is no history of leaving and the table rates says nothing of {count:whole} roles, which are taken to lose nobody: {roles}. Add their rows.",
        "没有离职历史，且 rates 表中没有以下 {count:whole} 个岗位的离职率，按无人离职处理，请补充：{roles}。",
    ),
}

NOTES = (
    "no_history",
    "thin_cells",
    "history_contradictions",
    "hire_date_unknown",
    "moves_before_gate",
    "known_leavers",
    "vacancies_unfilled",
    "retirement_rule",
    "retirement_birth_unknown",
    "retirement_gender_unknown",
    "retirement_overdue",
    "retirement_undivided",
    "driver_held",
    "elasticity_used",
    "elasticity_refused",
    "trend_used",
    "trend_held",
    "lead_p90_blank",
    "stage_blank",
    "on_cost_zero",
    "switched_off",
    "pull_roles",
    "people_without_demand",
    "required_wins",
    "managers_unknown",
    "budget_missing",
    "budget_outside",
    "limits_outside",
    "limits_prorated",
    "price_index_outside",
    "budget_prorated",
    "horizon_end",
    "whole_people",
    "end_periods",
    "nothing_in_time",
    "fractions",
    "under_way",
    "gated",
    "budget_zero",
    "not_used",
    "quarters_exceed_year",
    "quarters_missing",
    "rates_missing",
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
    "overrun_budget",
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
    if key == "plan_cost" and values.get("rate"):
        return "plan_cost.discounted"
    if key == "gap_total" and values.get("surplus", 1.0) < 0.05:
        return "gap_total.short"
    if key == "worst_shortage" and values.get("shortage", 1.0) < 0.05:
        return "worst_shortage.none"
    if key == "budget_price" and values.get("saved") is not None:
        return "budget_price.checked"
    if key == "budget_range" and values.get("high") is None:
        return "budget_range.up"
    if key in ("unused_channel", "unused_programme"):
        if values.get("capped"):
            return f"{key}.capped"
        if "cheaper" not in values:
            return f"{key}.whole"
        if values.get("cheaper", 1.0) < 0.5:
            return f"{key}.tie"
        return f"{key}.far" if values["cheaper"] > values.get("cost", float("inf")) else key
    if key in ("elasticity_refused", "trend_held"):
        return f"{key}.{values['why']}" if f"{key}.{values['why']}" in SENTENCES else key
    if key == "pull_roles" and str(values.get("roles", "")).endswith("..."):
        return "pull_roles.many"
    if key == "worst_role" and values.get("more_left", 1.0) < 0.05:
        return "worst_role.fewer"
    if key == "overrun_posts" and values.get("probability") == 0.0:
        return "overrun_posts.none"
    if key == "no_history":
        return "no_history.stated" if values.get("stated") else key
    return key

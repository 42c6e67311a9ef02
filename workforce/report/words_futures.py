"""Words and sentences of the plan under uncertainty: (English, Chinese)."""

from __future__ import annotations

from collections.abc import Mapping

FUTURES_LABELS: Mapping[str, tuple[str, str]] = {
    "sheet.uncertain_plan": ("Under uncertainty", "不确定性方案"),
    "column.ordinary": ("ordinary plan", "常规方案"),
    "column.two_stage": ("two-stage plan", "两阶段方案"),
    "knob.plan.futures": ("futures of the two-stage plan", "两阶段方案的情景数"),
    "knob.plan.commit_periods": ("first periods decided for all futures alike", "各情景共同决策的前若干期"),
    "knob.plan.risk_weight": ("weight of bad futures", "不利情景权重"),
    "knob.plan.risk_level": ("share of futures that are not the bad ones", "非不利情景比例"),
    "knob.plan.overrun_price": ("price of a future's budget overrun", "情景预算超支的代价"),
}

FUTURES_SENTENCES: Mapping[str, tuple[str, str]] = {
    "futures_certain": (
        "A plan for several futures was asked for, but nothing is uncertain here: nobody may leave, no rate was estimated, and demand has no low or high. The ordinary plan stands.",
        "要求制定多情景方案，但没有不确定因素：无人可能离职、没有估计的离职率、需求没有低/高取值。以常规方案为准。",
    ),
    "futures_without_chance": (
        "The futures have no chance in who leaves, for nobody may leave.",
        "各情景不含离职的偶然性，因为无人可能离职。",
    ),
    "futures_without_rates": (
        "The futures take the leaving rates as sure, for none was estimated from history, or simulation.rate_uncertainty is off.",
        "各情景视离职率为确定，因为没有由历史估计的离职率，或 simulation.rate_uncertainty 已关闭。",
    ),
    "futures_without_demand": (
        "The futures take demand as sure, for the plan gives no low or high that differs, or simulation.demand_uncertainty is off.",
        "各情景视需求为确定，因为业务计划没有不同的低/高取值，或 simulation.demand_uncertainty 已关闭。",
    ),
    "futures_cost": (
        "A two-stage plan was made against {futures:whole} futures of leaving and demand: what is begun in the first {periods:whole} periods is the same in all of them, the rest is decided in each. It costs {cost:money} on average; shortages in the worst {tail:share} of futures are priced at {risk:money} (weight {weight:price}). No other beginning could be cheaper on these futures by more than {gap:price}%.",
        "另按 {futures:whole} 个离职与需求情景制定了两阶段方案：前 {periods:whole} 期的决策对所有情景相同，其余按情景分别决定。平均成本 {cost:money}；最不利的 {tail:share} 情景中短缺代价为 {risk:money}（权重 {weight:price}）。在这些情景下，其他前期决策最多只能再节省 {gap:price}%。",
    ),
    "futures_overrun": (
        "Where a future's people cost more than a budget allows, it is overrun at a price: by {money:money} on average.",
        "部分情景的人员成本超出预算，按代价计入超支：平均 {money:money}。",
    ),
    "futures_worth": (
        "On these futures the ordinary plan's beginning costs {value:money} more (value of the stochastic solution); knowing at the start which future comes would save another {information:money} (value of perfect information).",
        "在这些情景下，常规方案的前期决策多花 {value:money}（随机解价值）；若期初已知会发生哪个情景，还可再节省 {information:money}（完全信息价值）。",
    ),
    "futures_gap": (
        "Because the futures are few, the beginning may cost more than the best possible one: estimated at {value:money} on fresh futures.",
        "由于情景数量有限，该前期决策可能劣于最优：按新情景估计相差 {value:money}。",
    ),
    "futures_gap_bound": (
        "Because the futures are few, the beginning may cost more than the best possible one: estimated at {value:money} on fresh futures, and with {sure:share} confidence at most {most:money}.",
        "由于情景数量有限，该前期决策可能劣于最优：按新情景估计相差 {value:money}，在 {sure:share} 置信水平下至多 {most:money}。",
    ),
    "futures_fresh": (
        "On fresh futures, with the later decisions left to each, the two-stage plan costs {cost:money} and the ordinary one {ordinary:money} on average; shortages in the worst {tail:share} are priced at {risk:money} and {ordinary_risk:money}.",
        "在新情景下（后期决策按情景调整），两阶段方案平均成本 {cost:money}，常规方案 {ordinary:money}；最不利的 {tail:share} 情景中短缺代价分别为 {risk:money} 与 {ordinary_risk:money}。",
    ),
    "futures_fresh_interval": (
        "On fresh futures, with the later decisions left to each, the two-stage plan costs {cost:money} and the ordinary one {ordinary:money} on average: a difference of {saved:money} in favour of the two-stage plan ({sure:share} interval {low:money} to {high:money}). Shortages in the worst {tail:share} are priced at {risk:money} and {ordinary_risk:money}.",
        "在新情景下（后期决策按情景调整），两阶段方案平均成本 {cost:money}，常规方案 {ordinary:money}：两阶段方案的优势为 {saved:money}（{sure:share} 区间 {low:money} 至 {high:money}）。最不利的 {tail:share} 情景中短缺代价分别为 {risk:money} 与 {ordinary_risk:money}。",
    ),
    "futures_undecided": (
        "That interval holds 0: with so few futures no advantage of the two-stage plan is shown. Keep the ordinary plan, or ask for more futures (plan.futures).",
        "该区间包含 0：在这样少的情景下，未能证明两阶段方案更优。请沿用常规方案，或增加情景数量（plan.futures）。",
    ),
    "futures_stress": (
        "Put through the simulation on fresh paths, its decisions held as for the expected future, the two-stage plan covers demand in {covered:share} of cases and misses {shortage:fte} on average, {bad:fte} in the worst twentieth; the ordinary plan {ordinary_covered:share}, {ordinary_shortage:fte} and {ordinary_bad:fte}.",
        "在新的模拟路径上（全部决策按预期情景固定），两阶段方案满足需求的比例为 {covered:share}，平均短缺 {shortage:fte}，最不利二十分之一路径短缺 {bad:fte}；常规方案分别为 {ordinary_covered:share}、{ordinary_shortage:fte} 与 {ordinary_bad:fte}。",
    ),
}

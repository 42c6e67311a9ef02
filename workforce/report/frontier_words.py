"""What the frontier says, in both languages: (English, Chinese). `passages`, `sentences` and `vocabulary` take it in."""

from __future__ import annotations

from collections.abc import Mapping

FRONTIER_SENTENCES: Mapping[str, tuple[str, str]] = {
    "budget_range": (
        "The price of the {budget} holds at least from {low:money} to {high:money}, all else as it is.",
        "在其他条件不变时，{budget}的上述价值至少在 {low:money} 至 {high:money} 之间有效。",
    ),
    "budget_range.up": (
        "The price of the {budget} holds at least from {low:money} upwards, all else as it is.",
        "在其他条件不变时，{budget}的上述价值至少自 {low:money} 以上有效。",
    ),
    "frontier_step": (
        "From a budget of {less} to {more}, {extra:money} more, the total cost falls by {saved:money}: "
        "{price:price} {currency:currency} saved for each {currency:currency}.",
        "预算从 {less} 增至 {more}（多 {extra:money}），总代价减少 {saved:money}，即每增加 1 {currency:currency} "
        "减少 {price:price} {currency:currency}。",
    ),
    "frontier_flat": (
        "Above a budget of {less} more money buys nothing: other limits bind, or nothing is short.",
        "预算超过 {less} 后再增加也不起作用：约束来自其他限制，或已无短缺。",
    ),
    "frontier_price": (
        "At a budget of {budget} one more {currency:currency} saves {price:price} {currency:currency} at the margin.",
        "预算为 {budget} 时，边际上每增加 1 {currency:currency} 可减少 {price:price} {currency:currency}。",
    ),
    "frontier_mix": (
        "At a budget of {budget} the chosen mix costs {cost:money}. Rejected: {others}.",
        "预算为 {budget} 时，所选组合的总代价为 {cost:money}。被否决的组合：{others}。",
    ),
    "frontier_more": ("{mix}, {more:money} dearer", "{mix}，多 {more:money}"),
    "frontier_same": ("{mix}, which costs the same", "{mix}，代价相同"),
    "frontier_none": ("{mix}, which keeps no plan within the limits", "{mix}，无法满足全部限制"),
    "frontier_infeasible": (
        "With a budget of {budget} no plan keeps all limits, whatever is done.",
        "预算为 {budget} 时，无论采取何种举措都无法满足全部限制。",
    ),
}

FRONTIER_PASSAGES: Mapping[str, tuple[str, str]] = {
    "frontier.heading": ("What each budget buys: {title}", "预算与效果：{title}"),
    "frontier.text": (
        "The plan solved again for each budget. The cost includes the price of every FTE short, above the "
        "establishment or too many, so it falls as a budget buys what is worth its money. Beside the chosen mix stand "
        "those it rejects: hiring only, developing and moving only, and doing nothing.",
        "按每档预算重新求解方案。总代价包括短缺、超编和富余的代价，因此只要花钱值得，预算增加时总代价就会下降。"
        "所选组合旁列出被否决的组合：只招聘、只培养与调配、什么都不做。",
    ),
    "frontier.look.heading": ("Where the money stops buying", "再多的钱从哪里起不再有用"),
    "frontier.look.text": (
        "Look for the point where the line of the chosen mix turns flat: money beyond it buys little. A gap between the "
        "lines is what it costs to do without the other half of the mix. A missing point means that no plan keeps the "
        "budget and the other limits.",
        "请看所选组合的曲线从哪里变平：超过该点的预算作用很小。曲线之间的距离就是放弃另一半举措的代价。"
        "缺少的点表示没有方案能同时满足该预算和其他限制。",
    ),
    "frontier.table.heading": ("All figures", "全部数字"),
    "frontier.table.text": (
        "Shortage in FTE-years over the horizon; people as they arrive. The last column is what one more unit of money "
        "saves when all budgets grow together.",
        "短缺为整个规划期的 FTE·年；人数按到岗计。最后一列为各项预算同比例增加时，每增加一单位金额减少的总代价。",
    ),
}

FRONTIER_LABELS: Mapping[str, tuple[str, str]] = {
    "frontier.chosen": ("the chosen mix", "所选组合"),
    "frontier.hire_only": ("hire only", "只招聘"),
    "frontier.develop_only": ("develop and move only", "只培养与调配"),
    "frontier.nothing": ("do nothing", "什么都不做"),
    "frontier.hires": ("hired", "招聘"),
    "frontier.developed": ("developed", "培养"),
    "frontier.moved": ("moved", "调配"),
    "frontier.released": ("released", "裁撤"),
    "frontier.infeasible": ("no plan", "无可行方案"),
    "picture.frontier": ("What each budget buys, by mix", "各档预算下各种组合的效果"),
    "picture.frontier_cost": ("Total cost, shortage priced", "总代价（含短缺）"),
    "picture.frontier_shortage": ("Shortage left", "剩余短缺"),
    "picture.frontier_people": ("What the chosen mix does", "所选组合的举措"),
    "axis.frontier_budget": ("budget, {unit}", "预算，{unit}"),
    "axis.fte_years": ("FTE-years", "FTE·年"),
    "column.mix": ("Mix", "组合"),
    "column.total_cost": ("Total cost", "总代价"),
    "column.shortage_years": ("Shortage, FTE-years", "短缺，FTE·年"),
    "column.hired": ("Hired", "招聘"),
    "column.developed": ("Developed", "培养"),
    "column.moved": ("Moved", "调配"),
    "column.let_go": ("Released", "裁撤"),
    "column.saves": ("One more saves", "多一单位可省"),
}

"""Words and sentences of the plan's decisions beyond hiring, developing, moving and releasing: (English, Chinese)."""

from __future__ import annotations

from collections.abc import Mapping

from workforce.report.words_futures import FUTURES_LABELS, FUTURES_SENTENCES

PLAN_LABELS: Mapping[str, tuple[str, str]] = {
    **FUTURES_LABELS,
    "action.contract": ("contractors", "外包用工"),
    "action.overtime": ("overtime", "加班"),
    "action.stand_in": ("standing in", "顶岗"),
    "action.short_time": ("short time", "缩短工时"),
    "column.years": ("FTE-years, or person-years reached", "FTE·年（或覆盖人·年）"),
    "sheet.working_time": ("Working time and offers", "用工弹性与保留"),
    "picture.mix_time": (
        "Contractors, overtime, short time and standing in, in FTE, and people whom offers to stay reach",
        "外包、加班、缩短工时与顶岗（FTE），以及保留措施覆盖人数",
    ),
    "axis.level": ("FTE or people", "FTE 或人数"),
    "limit.proof": (
        " Solved again with {more} more: {saved} saved, and the next after that would save {then}.",
        "重新求解：增加 {more} 可减少 {saved}，再下一个可减少 {then}。",
    ),
    "limit.proof.down": (
        " Solved again with {more} less: {saved} saved, and the next after that would save {then}.",
        "重新求解：减少 {more} 可减少 {saved}，再下一个可减少 {then}。",
    ),
    "limit.span": (
        " The price holds at least for limits from {low} to {high}.",
        "该价值至少在上限 {low} 至 {high} 之间有效。",
    ),
    "limit.span.up": (
        " The price holds at least for limits from {low} upwards.",
        "该价值至少在上限不低于 {low} 时有效。",
    ),
    "limit.span.down": (
        " The price holds at least for limits up to {high}.",
        "该价值至少在上限不高于 {high} 时有效。",
    ),
    "limit.often": (" It binds in {periods} periods.", "共有 {periods} 个期间受此限制。"),
    "sheet.prices": ("Shadow prices", "影子价格"),
    "column.raised_by": ("Limit raised by", "上限放宽"),
    "column.saved_then": ("which saves", "可减少"),
    "column.price_then": ("Worth of one more then", "此后每单位的价值"),
    "column.limit": ("Limit", "上限"),
    "rule.budget": ("Budget", "预算"),
    "rule.quarters": ("Budget band of a quarter, so far in its year", "季度预算区间（年内累计）"),
    "rule.capacity": ("Capacity of a channel", "渠道产能"),
    "rule.pool": ("Warm pool", "人才库存量"),
    "rule.stages": ("Capacity of a recruiting stage", "招聘阶段产能"),
    "rule.seats": ("Seats in a programme", "培养名额"),
    "rule.eligible": ("Eligible for a programme", "可参训比例"),
    "rule.mentors": ("Mentors' time", "带教时间"),
    "rule.contract": ("Contractors", "外包上限"),
    "rule.overtime": ("Overtime", "加班上限"),
    "rule.stand_in": ("People who stand in", "顶岗人数上限"),
    "rule.short_time": ("Short time", "缩短工时上限"),
    "rule.surplus": ("Surplus of the company", "全公司富余上限"),
    "rule.establishment": ("Establishment", "编制"),
    "rule.hires": ("External hires of a year", "年度外部招聘上限"),
    "rule.moves": ("Moves", "调配上限"),
    "rule.releases": ("Releases of a year", "年度裁撤上限"),
    "rule.release_share": ("Releases, as a share", "裁撤比例上限"),
    "rule.target_share": ("Arrivals, as a share", "到岗比例上限"),
    "rule.reach": ("Reach of offers to stay", "保留措施覆盖上限"),
    "rule.inside": ("Filled from inside", "内部补充最低比例"),
    "rule.limits": ("Rule of one's own", "自定规则"),
    "rule.end": ("People at the end", "期末人数"),
    "one.capacity": ("offer", "1 份录用"),
    "one.pool": ("offer", "1 份录用"),
    "one.stages": ("person handled", "处理 1 人"),
    "one.seats": ("seat", "1 个名额"),
    "one.eligible": ("seat", "1 个名额"),
    "one.mentors": ("FTE", "1 FTE"),
    "one.contract": ("FTE", "1 FTE"),
    "one.overtime": ("FTE", "1 FTE"),
    "one.surplus": ("FTE", "1 FTE"),
    "one.establishment": ("head", "1 人"),
    "one.hires": ("joiner", "1 人入职"),
    "one.moves": ("move", "调配 1 人"),
    "one.releases": ("release", "裁撤 1 人"),
    "one.release_share": ("release", "裁撤 1 人"),
    "one.target_share": ("arrival", "1 人到岗"),
    "one.reach": ("person reached", "覆盖 1 人"),
    "one.stand_in": ("FTE", "1 FTE"),
    "one.short_time": ("person on short time", "1 人缩短工时"),
    "one.limits": ("unit", "1 个单位"),
    "one.end": ("head", "1 人"),
    "knob.supply.retention": ("offers to stay decided by the plan", "由方案决定保留措施"),
    "knob.supply.contractors": ("contractors allowed", "允许外包用工"),
    "knob.supply.overtime": ("overtime allowed", "允许加班"),
    "knob.supply.stand_ins": ("standing in allowed", "允许顶岗"),
    "knob.supply.short_time": ("short time allowed", "允许缩短工时"),
    "knob.plan.objective": ("what is sought first", "优先目标"),
    "knob.plan.weights": ("weights of the goals", "目标权重"),
    "knob.plan.shortage": ("shortage: priced or forbidden", "短缺：计价或禁止"),
    "knob.plan.surplus_max": ("largest surplus of the company", "全公司富余上限"),
    "knob.plan.internal_fill_min": ("fewest arrivals from inside", "内部补充最低比例"),
    "knob.plan.span": ("leaders enough for the people there", "按现有人数保证管理跨度"),
    "knob.plan.quarters": ("budgets of quarters: soft or hard", "季度预算：弹性或刚性"),
    "knob.plan.quarter_price": ("price of a quarter's overrun", "季度超支的代价"),
    "knob.plan.return_ratio": ("output : input below which a way is left out", "投入产出比门槛"),
    "knob.plan.end_periods": ("last periods that are only provided for", "期末只需备足的期数"),
    "knob.plan.discount_rate": ("yearly rate by which later money counts less", "年贴现率"),
    "knob.plan.end_value": ("worth of a graduate at the end", "期末在培人员价值"),
    "knob.plan.whole_periods": ("first periods in whole people", "按整人规划的期数"),
    "knob.plan.gap": ("how far from the best possible", "允许的最优性差距"),
    "knob.plan.search_steps": ("steps of the search for whole people", "整人方案的搜索步数"),
}

PLAN_SENTENCES: Mapping[str, tuple[str, str]] = {
    **FUTURES_SENTENCES,
    "goal_least_shortage": (
        "The plan seeks the least shortage first, {value:number} FTE-years, and then the least cost: "
        "{cost:money} with every price. What one more unit of a limit is worth is said at this same shortage.",
        "方案首先追求最小短缺（{value:number} FTE·年），其次追求最低成本：计入各项代价共 {cost:money}。"
        "各项上限的边际价值以短缺不变为前提。",
    ),
    "goal_fewest_releases": (
        "The plan seeks the fewest releases first, {value:number}, and then the least cost: {cost:money} with every price. "
        "What one more unit of a limit is worth is said at as many releases.",
        "方案首先追求最少裁撤（{value:number} 人），其次追求最低成本：计入各项代价共 {cost:money}。"
        "各项上限的边际价值以裁撤人数不变为前提。",
    ),
    "goal_weighted": (
        "The plan seeks the least weighted sum of cost, shortage and releases, {value:number}; its cost is "
        "{cost:money} with every price.",
        "方案追求成本、短缺与裁撤的加权和最小（{value:number}）；计入各项代价的成本为 {cost:money}。",
    ),
    "end_periods": (
        "Periods at the end that are only provided for: {periods:whole}. Nothing is begun in them and nobody is paid.",
        "最后 {periods:whole} 个期间只需备足人员：不再启动举措，也不计薪酬。",
    ),
    "whole_people": (
        "The first {periods:whole} periods are planned in whole people; no such plan could be cheaper by more than {gap:share}. "
        "What one more unit of a limit is worth is said with these people as they are.",
        "前 {periods:whole} 期按整人规划；其他整人方案最多只能再节省 {gap:share}。各项上限的边际价值以这些人数不变为前提。",
    ),
    "contract_total": (
        "Contractors do {years:number} FTE-years of the work, for {cost:money}.",
        "外包用工承担 {years:number} FTE·年，成本 {cost:money}。",
    ),
    "overtime_total": (
        "Overtime does {years:number} FTE-years of the work, for {cost:money}.",
        "加班承担 {years:number} FTE·年，成本 {cost:money}。",
    ),
    "nothing_in_time": (
        "The plan covers {months:whole} months, and no channel, programme or move takes effect within them (the fastest takes "
        "{fastest:number} months): it can only use what works at once. Extend the horizon to plan hiring and development.",
        "规划期只有 {months:whole} 个月，没有任何渠道、培养项目或调动能在期内见效（最快的需要 {fastest:number} 个月），"
        "方案只能采用立即见效的举措。若要规划招聘与培养，请延长规划期。",
    ),
    "stand_in_total": (
        "People do {years:number} FTE-years of the work of other roles, for {cost:money} besides their pay.",
        "顶岗承担其他岗位的工作 {years:number} FTE·年，薪酬之外的成本 {cost:money}。",
    ),
    "short_time_total": (
        "{years:number} person-years are on short time, which changes the cost by {cost:money}.",
        "缩短工时 {years:number} 人·年，成本变化 {cost:money}。",
    ),
    "keep_chosen": (
        "Offers to stay reach {years:number} person-years and keep {kept:heads}, for {cost:money}.",
        "保留措施覆盖 {years:number} 人·年，留住 {kept:heads}，成本 {cost:money}。",
    ),
    "under_way": (
        "{heads:heads} were on their way at the start, by offers made or in programmes; they are counted and not decided.",
        "期初已有 {heads:heads}在途（已发录用或在培），计入方案但不作为决策。",
    ),
    "gated": (
        "{name} is left out: it brings {ratio:price} for each unit put in, below the {least:price} asked for.",
        "{name} 未采用：每投入 1 单位产出 {ratio:price}，低于要求的 {least:price}。",
    ),
    "budget_zero": (
        "The budget of {year:period} for {category} is 0, so nothing is spent on it then; fill the amount in the "
        "table budget if that is not meant.",
        "{year:period} 的 {category} 预算为 0，因此该期间不发生此项支出；如非本意，请在 budget 表中填写金额。",
    ),
}

"""What the report says of uncertainty, stress and sensitivity, in both languages: (English, Chinese). `passages`, `sentences`
and `vocabulary` take it in."""

from __future__ import annotations

from collections.abc import Mapping

SOURCES = ("chance", "rates", "demand")
"""Sources of uncertainty in the order in which they are told."""

RISKS = (
    "uncertainty_sources",
    "uncertainty_rules",
    "uncertainty_headcount",
    "uncertainty_shortage",
    "overrun_budget",
    "overrun_posts",
    "worst_paths",
    "worst_unit",
    "worst_role",
)
"""Reasons that stand in sections of their own."""

RISK_SENTENCES: Mapping[str, tuple[str, str]] = {
    "uncertainty_sources": (
        "What differs from one simulated future to the next: {sources:list}. {refill}",
        "各条模拟路径之间的差异来自：{sources:list}。{refill}",
    ),
    "uncertainty_rules": (
        "Filling posts again in the simulated futures does not keep these rules, which count hires together with other "
        "things: {names}.",
        "各条模拟路径中的重新补充不遵守以下规则（它们把招聘与其他事项合并计算）：{names}。",
    ),
    "uncertainty_headcount": (
        "In {period:period} the headcount with the plan lies between {p05:whole} and {p95:whole} in nine of ten futures. "
        "Of its variance, {shares:list}.",
        "{period:period}，执行方案后的人数有九成可能在 {p05:whole} 与 {p95:whole} 之间。其方差中，{shares:list}。",
    ),
    "uncertainty_shortage": (
        "The shortage with the plan in {period:period} lies between {p05:fte} and {p95:fte} in nine of ten futures. Of its "
        "variance, {shares:list}.",
        "{period:period}，执行方案后的短缺有九成可能在 {p05:fte} 与 {p95:fte} 之间。其方差中，{shares:list}。",
    ),
    "overrun_budget": (
        "The {budget} of {amount:money} is overrun in {probability:share} of the futures: the plan spends {planned:money}, "
        "the futures {mean:money} on average, and one in twenty more than {p95:money}.",
        "{budget}（{amount:money}）在 {probability:share} 的模拟路径中超支：方案支出 {planned:money}，各路径平均 "
        "{mean:money}，每二十条路径中有一条超过 {p95:money}。",
    ),
    "overrun_posts": (
        "The unit likeliest to hold more heads than authorised is {unit}: in {period:period}, {probability:share} of the "
        "futures are above its {amount:whole}; one in twenty above {p95:whole}.",
        "最可能超编的部门是 {unit}：{period:period}，{probability:share} 的路径超过编制 {amount:whole}，每二十条路径中有一条"
        "超过 {p95:whole}。",
    ),
    "overrun_posts.none": (
        "No unit holds more heads than authorised in any of the futures.",
        "所有模拟路径中均无部门超编。",
    ),
    "worst_paths": (
        "In the worst {paths:whole} of {of:whole} futures {total:fte}-years are short over the horizon, against "
        "{mean_total:fte}-years on average.",
        "在 {of:whole} 条路径中最差的 {paths:whole} 条里，规划期累计短缺 {total:fte} 年，平均为 {mean_total:fte} 年。",
    ),
    "worst_unit": (
        "{share:share} of what they have beyond the average falls on {unit}.",
        "超出平均的部分有 {share:share} 落在 {unit}。",
    ),
    "worst_role": (
        "{role} ({unit}) is {shortage:fte} short in {period:period}, against {mean_shortage:fte} on average. By then "
        "{left:number} people have left the role or moved on, {more_left:number} more than on average, and {required:fte} "
        "are needed, {more_required:signed} against the average.",
        "{role}（{unit}）在 {period:period}短缺 {shortage:fte}，平均为 {mean_shortage:fte}。至此累计离开该岗位 "
        "{left:number} 人，比平均多 {more_left:number} 人；需求 {required:fte}，与平均相差 {more_required:signed}。",
    ),
    "worst_role.fewer": (
        "{role} ({unit}) is {shortage:fte} short in {period:period}, against {mean_shortage:fte} on average. No more people "
        "than usual have left it; {required:fte} are needed, {more_required:signed} against the average.",
        "{role}（{unit}）在 {period:period}短缺 {shortage:fte}，平均为 {mean_shortage:fte}。离开人数并不多于平均；需求 "
        "{required:fte}，与平均相差 {more_required:signed}。",
    ),
}

RISK_PASSAGES: Mapping[str, tuple[str, str]] = {
    "uncertainty.heading": ("Where the uncertainty comes from", "不确定性从何而来"),
    "uncertainty.text": (
        "The same futures with one source switched on after another: chance alone (who leaves, who arrives), then the "
        "leaving rates' own uncertainty, then demand between the plan's low and high. Each band holds nine futures in ten; "
        "the percentages are shares of the variance at the end. Look for the source that makes the band wide: chance cannot "
        "be planned away, a rate can be watched, and demand can be asked about.",
        "在同一批模拟路径上依次打开各个来源：仅偶然（谁离职、谁到岗），再加离职率估计本身的不确定性，再加业务计划低值与高值"
        "之间的需求。每条色带包含九成路径；百分比为期末方差的占比。请留意使色带变宽的来源：偶然无法靠计划消除，离职率可以"
        "持续跟踪，需求可以向业务方问清。",
    ),
    "overruns.heading": ("What it may cost", "可能的超支与超编"),
    "overruns.text": (
        "Each budget against the simulated futures: decisions are held, people cost what is there, and posts that fall empty "
        "beyond the plan are filled again at their channel's cost, whether the recruiting budget has money left or not, while "
        "nobody is sent away where fewer leave, so that on average they hold and cost more than the plan. The last column is "
        "the share of futures above the budget.",
        "各项预算与模拟路径对照：方案决定保持不变，人员成本随实际人数变动，计划之外空缺的岗位按渠道成本重新招聘，"
        "不论招聘预算是否尚有余额，而离职较少时不会裁减，因此平均人数与成本高于方案。最后一列为超出预算的路径占比。",
    ),
    "worst.heading": ("The worst futures", "最坏的情形"),
    "worst.text": (
        "The twentieth of the futures with the largest total shortage: who falls short, where, when, and what it comes with.",
        "累计短缺最大的二十分之一路径：哪些岗位、哪个部门、什么时候短缺，以及伴随的原因。",
    ),
}

_BUDGETS: Mapping[str, tuple[str, str]] = {
    "total": ("Total budget", "总预算"),
    "people": ("People budget", "薪酬预算"),
    "recruiting": ("Recruiting budget", "招聘预算"),
    "development": ("Development budget", "培养预算"),
    "retention": ("Retention budget", "保留预算"),
    "separation": ("Separation budget", "离职补偿预算"),
}
_ALERTS: Mapping[str, tuple[str, str]] = {
    **{f"alert.budget_{name}": pair for name, pair in _BUDGETS.items()},
    **{
        f"alert.overrun_{name}": (f"{english}: overrun once lived through", f"{chinese}：模拟超支概率")
        for name, (english, chinese) in _BUDGETS.items()
    },
}

RISK_LABELS: Mapping[str, tuple[str, str]] = {
    **_ALERTS,
    "source.chance": ("chance", "偶然"),
    "source.rates": ("estimated leaving rates", "离职率估计"),
    "source.demand": ("the plan's low and high demand", "需求的低值与高值"),
    "refill.yes": (
        "Posts that fall empty beyond the plan are filled again after the time to fill.",
        "计划之外空缺的岗位在招聘周期后重新补充。",
    ),
    "refill.no": ("Nobody is hired beyond the plan.", "计划之外不再招聘。"),
    "refill.late": ("Planned joiners may come late.", "计划入职者可能延迟到岗。"),
    "uncertainty.share": ("{share} is {source}", "{source}占 {share}"),
    "uncertainty.headcount": ("Headcount with the plan", "执行方案后的人数"),
    "uncertainty.shortage": ("Shortage with the plan", "执行方案后的短缺"),
    "picture.uncertainty": (
        "Nine futures in ten, by source of uncertainty",
        "九成模拟路径的范围，按不确定性来源",
    ),
    "picture.plus": ("and {source}", "再加{source}"),
    "column.allowed": ("Allowed", "限额"),
    "column.planned": ("Plan", "方案"),
    "column.mean": ("Mean", "平均"),
    "column.p95": ("One in twenty above", "二十分之一超过"),
    "column.probability": ("Overrun", "超支概率"),
    "column.budget": ("Budget of", "预算项目"),
    "figure.probability_over_budget": ("A total budget overrun", "总预算超支的概率"),
    "knob.simulation.delays": ("joiners may come late", "到岗可能延迟"),
    "knob.simulation.rate_uncertainty": ("leaving rates differ between futures", "离职率在路径间变动"),
    "knob.simulation.demand_uncertainty": ("demand differs between futures", "需求在路径间变动"),
    "knob.simulation.backfill": ("posts filled again beyond the plan", "计划外空缺重新补充"),
}

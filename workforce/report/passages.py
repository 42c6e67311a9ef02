"""Headings and paragraphs of the two notebooks, in both languages: (English, Chinese).

``<section>.heading`` is a title; ``<section>.text`` says what to look for in the picture or table that follows.
"""

from __future__ import annotations

from collections.abc import Mapping

from workforce.report.backtest_words import BACKTEST_PASSAGES
from workforce.report.frontier_words import FRONTIER_PASSAGES
from workforce.report.risk_words import RISK_PASSAGES
from workforce.report.sensitivity_words import SENSITIVITY_PASSAGES
from workforce.report.succession_words import SUCCESSION_PASSAGES
from workforce.report.words_channels import CHANNEL_PASSAGES

PASSAGES: Mapping[str, tuple[str, str]] = {
    **BACKTEST_PASSAGES,
    **FRONTIER_PASSAGES,
    **RISK_PASSAGES,
    **SENSITIVITY_PASSAGES,
    **CHANNEL_PASSAGES,
    **SUCCESSION_PASSAGES,
    "report.heading": ("Scenario: {title}", "情景：{title}"),
    "report.text": (
        "{periods:whole} {lengths} from {start:period}. Amounts in {currency:currency}. "
        "Stocks are people at the end of a period; FTE is working capacity; a surplus in one role never "
        "pays for a shortage in another. "
        "Leaving rates and ratios over fewer than {minimum:whole} people are withheld.",
        "规划期自{start:period}起，共 {periods:whole} {lengths}。金额单位：{currency:currency}。"
        "人数为期末存量，FTE 为有效工作量；一个岗位的富余不抵另一个岗位的短缺。涉及人数少于 "
        "{minimum:whole} 人的离职率与比率不予披露。",
    ),
    "headline.heading": ("In short", "要点"),
    "headline.text": (
        "The sentences say what drives the result; the table holds the figures by which scenarios are compared.",
        "下列要点说明结果由什么驱动；表中是各情景之间用于比较的主要数字。",
    ),
    "changes.heading": ("What this scenario changes", "本情景的变化"),
    "changes.text": (
        "Only these assumptions differ from base. Everything else in this report follows from them, "
        "because all scenarios share the same random draws.",
        "与基准情景相比，只有下列假设不同。各情景使用同一组随机数，因此报告中的其他差异均由它们引起。",
    ),
    "changes.none": (
        "Nothing: this is the scenario the others are measured against.",
        "没有变化：本情景就是其他情景的比较基准。",
    ),
    "supply_demand.heading": ("Demand and supply", "需求与供给"),
    "supply_demand.text": (
        "Look for where the blue line (supply with the plan) stays under the black one (required). "
        "The distance from the orange line (no action) to the blue one is what the plan does; the grey "
        "band is the plan's own low to high demand.",
        "请看蓝线（执行方案后的供给）在哪里仍低于黑线（需求）。橙线（不采取行动）与蓝线之间的距离就是方案的"
        "作用；灰色区域是业务计划自身的低—高范围。",
    ),
    "supply_demand.units": (
        "The company's sum can hide a short unit behind a comfortable one, so look at each unit. Every "
        "panel has its own scale.",
        "全公司合计可能掩盖个别部门的短缺，因此请逐个部门查看。各图刻度不同。",
    ),
    "gap.heading": ("The gap, role by role", "缺口：逐个岗位"),
    "gap.text": (
        "Orange cells are short, blue ones have people to spare; the roles with the largest shortage stand first. "
        "What is dark orange above and pale below is closed by the plan; what stays dark orange below is left open because "
        "it costs more to close than it is worth, or because a limit binds. "
        "The figure at the right sums the shortage over the horizon; the last row shows the average of the roles that "
        "have no row of their own, and their sum at the right.",
        "橙色表示短缺，蓝色表示富余，短缺最大的岗位排在最前。上图为深橙色、下图变浅的缺口已被方案填补；下图仍为"
        "深橙色的，要么填补的代价高于收益，要么受到某项限制。右侧数字为规划期累计短缺；最后一行为其余岗位，"
        "格内为平均，右侧为合计。",
    ),
    "gap.table": (
        "How many FTE each role needs, has with the plan and lacks in the {length} in which it is most short. The roles that are "
        "most short stand first, those beyond the table are summed in its last row, each in its own {length}, and a role that is "
        "never short has no row. Look for a shortage that is still there at the end, and for one as large as if nothing is done, "
        "or larger: there the plan closes nothing, or sends people to where being short costs more. Every role and {length} "
        "stands in the sheet Gap of plan.xlsx.",
        "各岗位在短缺最大的期间需要多少 FTE、执行方案后有多少、还缺多少。短缺最大的排在最前，表中列不下的岗位按各自的期间合计在最后一行，"
        "从不短缺的岗位不列出。请留意期末仍存在的短缺，以及不小于“不采取行动”的短缺：方案未予填补，或把人力调向了短缺代价更高的岗位。"
        "各岗位每{length}的数字见 plan.xlsx 的 Gap（缺口）表。",
    ),
    "gap.none": (
        "With the plan no role is short at any time.",
        "执行方案后，规划期内没有岗位短缺。",
    ),
    "attrition.heading": ("Who leaves", "人员离职"),
    "attrition.text": (
        "The dot is the observed rate, the line its {confidence:share} interval; a short line rests on "
        "many person-years. "
        "Units whose lines overlap widely should not be ranked. Newcomers normally leave most: see how "
        "fast the rate falls with length of service.",
        "圆点为观察到的离职率，横线为其 {confidence:share} 区间，横线越短，数据越充分。区间大幅重叠的部门不"
        "宜排名。新员工通常离职率最高，请看它随司龄下降的速度。",
    ),
    "flows.heading": ("From opening to closing", "从期初到期末"),
    "flows.text": (
        "Each bar adds or takes people; the last one is the headcount at the end, and the bars sum to it. "
        "Compare the joiners of the two panels: the difference is the hiring the plan asks for. The axis "
        "does not start at zero.",
        "每根柱表示增加或减少的人数，逐项相加得到期末人数。请比较两图的入职人数：其差额就是方案要求的招聘。"
        "纵轴不从零开始。",
    ),
    "flows.table": (
        "The same by unit, with the plan. Opening + joiners + moves in − moves out − leavers = closing in every row.",
        "各部门情况（执行方案）。每一行均满足：期初 + 入职 + 调入 − 调出 − 离职 = 期末。",
    ),
    "mix.heading": ("Hire, develop or move", "招聘、培养还是调配"),
    "mix.text": (
        "Bars count offers and starts in the period in which they are made; people arrive later, after the lead time, "
        "and not all of them do. "
        "Look for a channel that is used to the same height {length} after {length}: it is at its capacity.",
        "柱形为发出的录用与启动的人数，位于其发生的期间；人员经过提前期后才到岗，且并非全部到岗。若某渠道连续多个{length}保持同一高度，说明其产能已满。",
    ),
    "mix.table": (
        "The largest actions over the horizon, by role: how many start, and how many of them arrive.",
        "规划期内规模最大的举措（按岗位）：录用与启动的人数，以及其中预计到岗的人数。",
    ),
    "mix.nothing": ("The plan takes no action.", "方案未采取任何举措。"),
    "calendar.heading": ("When searches must be opened", "招聘日历"),
    "calendar.text": (
        "Each bar runs from the latest day on which a requisition must be opened to the day people are needed; opened on that "
        "day, nine searches in ten are in time. It counts {requisition:whole} working days of approval before the search. A red "
        "bar begins before the plan does: that start is likely to be late unless a faster channel is used (for a project, the "
        "diamond). Picture and table show the starts of the projects or, where there are none, one of the plan's for each role: "
        "the next that can still be in time, or the first where none can. Earlier ones of that role may be too late already; the "
        "section Why the plan looks like this counts those of all roles.",
        "每条横线从招聘需求的最迟提出日画到需要到岗日；按该日提出，九成可按时到岗。其中含搜寻开始前 {requisition:whole} "
        "个工作日的审批。红色横线早于规划期开始：除非改用更快的渠道（项目以菱形标出），否则很可能延误。"
        "图和表列出项目的到岗需求；没有项目时，每个岗位只列方案中的一项，即下一项仍可按时的需求（若都已来不及，则为最早一项）。"
        "该岗位更早的需求可能已来不及，全部岗位的来不及项数见“方案为何如此”一节。",
    ),
    "calendar.none": ("No hire is planned, so no search need be opened.", "方案没有外部招聘，无需提出招聘需求。"),
    "cost.heading": ("What it costs", "成本"),
    "cost.text": (
        "Pay is drawn apart from the rest, because it is many times larger. Look for a step in pay where "
        "people arrive, and for recruiting that runs ahead of it.",
        "薪酬远大于其他费用，因此单独作图。请留意人员到岗时薪酬的台阶，以及先于到岗发生的招聘费用。",
    ),
    "budget.text": (
        "A bar that reaches the line has spent its budget; the figures are what was spent and what was given.",
        "柱形到达竖线即表示预算用尽；数字为支出与预算金额。",
    ),
    "budget.carried": (
        "A quarter may spend its own amount with what the earlier quarters of its year left, or without what they spent too "
        "much, so the amounts here differ from those of the table budget; the sheet Budget vs cost of plan.xlsx has both.",
        "季度可用金额为该季度预算加上当年此前各季度的结余、减去其超支，因此与 budget 表中的金额不同；plan.xlsx 的 Budget vs cost（预算对比）表"
        "同时列出两者。",
    ),
    "budget.none": ("No budget was given, so none is compared.", "未提供预算，因此不作对比。"),
    "reasons.heading": ("Why the plan looks like this", "方案为何如此"),
    "reasons.text": (
        "What binds, what one more unit of it would be worth, and which options were left aside. A worth "
        "holds for small changes only.",
        "哪些约束起作用、每放宽一单位值多少，以及哪些选项未被采用。该价值只在小幅变化内成立。",
    ),
    "stress.heading": ("How sure it is", "把握有多大"),
    "stress.text": (
        "The plan was put back through {paths:whole} simulated futures. In a dark blue cell demand was met, all but half an "
        "FTE or {slack:share}, in nearly all of them, in an orange one in few; a cell is the average over its roles, "
        "weighted by the FTE they require. "
        "The rows that did worst stand first. Look for rows that turn orange towards the end: there the "
        "plan has no slack.",
        "将方案放回 {paths:whole} 条模拟路径中检验。深蓝色表示几乎所有路径都满足需求（允许缺口不超过半个 "
        "FTE 或 {slack:share}），橙色表示只有少数路径满足；每格为其中各岗位按需求 FTE 加权的平均。最差的排在最前。请留意后期转为橙色的行：那里的方案没有余量。",
    ),
    "fan.text": (
        "The dark band holds half of the futures, the light one nine in ten. The wider the band, the less "
        "a single number means.",
        "深色区域包含一半的模拟路径，浅色区域包含九成。区域越宽，单一数字的意义越小。",
    ),
    "kpis.heading": ("Indicators", "指标"),
    "kpis.text": (
        "Each indicator says how it is counted and over how many people. Over few people a rate swings by "
        "chance: look at the people before the rate.",
        "每项指标均注明口径和人数。人数少时比率会偶然波动，请先看人数，再看比率。",
    ),
    "kpis.units": ("The same indicators by unit, in {year:period}.", "各部门指标，{year:period}。"),
    "alerts.heading": ("Alerts", "预警"),
    "alerts.text": (
        "Red first. An alert is a reason to look, not a verdict: compare the value with its threshold, and "
        "with how many people stand behind it.",
        "红色在前。预警是提示而不是结论：请对照阈值，并留意所涉人数。",
    ),
    "alerts.none": ("Nothing is red or amber.", "没有红色或黄色预警。"),
    "alerts.green": ("{count:whole} checks are green.", "另有 {count:whole} 项检查为绿色。"),
    "notes.heading": ("What was left out", "未包含的内容"),
    "notes.text": (
        "Parts that were switched off because a table is absent, and what was assumed in its place.",
        "因缺少相应数据表而关闭的部分，以及代之以何种假设。",
    ),
    "notes.none": ("Nothing was switched off.", "没有关闭任何部分。"),
    "nothing": (
        "There is nothing to show here: the run has no such figures.",
        "此处没有可显示的内容：本次运行没有相应数据。",
    ),
    "comparison.heading": ("Scenarios compared", "情景对比"),
    "comparison.text": (
        "{scenarios} compared with {base}. All share the same random draws, so a difference comes "
        "from the plan and its assumptions, not from luck.",
        "{scenarios}与 {base} 比较。各情景使用同一组随机数，差异来自方案及其假设，而非偶然。",
    ),
    "comparison.seeds": (
        "{scenarios} compared with {base}. They were run with different seeds, so small differences may be chance.",
        "{scenarios}与 {base} 比较。各情景的随机种子不同，较小的差异可能出于偶然。",
    ),
    "comparison.figures.heading": ("The figures side by side", "主要数字对照"),
    "comparison.figures.text": (
        "Each cell holds the value and, under it, the difference from {base}.",
        "每格上方为数值，下方小字为与 {base} 的差异。",
    ),
    "comparison.trade.heading": ("What money buys", "投入与短缺"),
    "comparison.trade.text": (
        "Lower left is better: less money and less shortage. A scenario up and to the right of another is "
        "worse on both counts, "
        "unless it also serves a larger demand: compare the required FTE in the table.",
        "越靠左下越好：花费少、短缺少。若某情景位于另一情景的右上方，则两方面都更差——除非它满足的需求更大，"
        "请对照表中的需求 FTE。",
    ),
    "comparison.headcount.heading": ("Headcount over time", "人数走势"),
    "comparison.headcount.text": (
        "Look for when the lines part. They show people who have arrived: the offers behind them go out earlier by the "
        "lead time, so the decision is due that much before the lines part.",
        "请看各线何时分开。图中是已到岗的人数，录用须按提前期更早发出，因此决策应比各线分开的时间提前相应的时长。",
    ),
    "comparison.cost.heading": ("Cost by year", "各年成本"),
    "comparison.cost.text": (
        "The short line across a bar is that year's budget, where one was given.",
        "柱上的短线为当年预算（如有）。",
    ),
    "comparison.actions.heading": ("Different ways to the same end", "不同的路径"),
    "comparison.actions.text": (
        "People who arrive (releases: people who go). The same demand can be met from outside or from "
        "inside: compare the lengths of the colours, not only of the bars.",
        "图中为到岗的人数（裁撤为离开的人数）。同样的需求可以由外部招聘或内部培养满足：请比较各颜色的长度，而不只是柱长。",
    ),
    "comparison.units.heading": ("Where the shortage falls", "短缺落在哪里"),
    "comparison.units.text": (
        "Read along a row: a unit that is dark in every scenario has a problem no scenario solves.",
        "请横向阅读：若某部门在所有情景中颜色都深，说明尚无情景能解决其问题。",
    ),
}

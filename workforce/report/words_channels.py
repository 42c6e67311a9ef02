"""Words, passages and sentences of the channels' budgets, the recruiting funnel and offers to stay: (English, Chinese)."""

from __future__ import annotations

from collections.abc import Mapping

Pair = tuple[str, str]

CHANNEL_LABELS: Mapping[str, Pair] = {
    "column.target": ("For", "适用岗位 / 职族"),
    "column.offers_made": ("Offers", "录用份数"),
    "column.channel_starts": ("Starts", "预计入职"),
    "column.money": ("Money", "金额"),
    "column.money_share": ("Share of money", "金额占比"),
    "column.cost_per_hire": ("Cost a start", "每入职一人成本"),
    "column.marginal": ("Next start costs", "下一名入职成本"),
    "column.at_step": ("Periods at a step", "处于阶梯点的期数"),
    "column.full": ("Periods full", "满负荷期数"),
    "column.stage": ("Stage", "阶段"),
    "column.entered": ("Entered", "进入人数"),
    "column.passed_stage": ("Passed", "通过人数"),
    "column.passing": ("Pass rate", "通过率"),
    "column.per_start": ("For each start", "每入职一人需要"),
    "column.offer": ("Offer to stay", "保留措施"),
    "column.state": ("State", "状态"),
    "column.reached_years": ("Person-years reached", "覆盖人·年"),
    "column.counted": ("Periods counted", "计入期数"),
    "column.kept": ("People kept", "留住人数"),
    "column.worth": ("Worth", "节省价值"),
    "column.saved": ("Worth less cost", "净节省"),
    "column.ratio": ("Worth ÷ cost", "价值 ÷ 成本"),
    "column.hurdle": ("At least needed", "所需下限"),
    "column.chosen": ("Made to", "实施比例"),
    "state.chosen": ("made", "方案采用"),
    "state.left": ("not made", "未采用"),
    "state.gated": ("below gate", "低于门槛"),
    "state.made": ("by scenario", "情景已实施"),
    "state.off": ("off", "已关闭"),
    "stage.applied": ("apply", "投递"),
    "stage.screened": ("are screened", "初筛"),
    "stage.interviewed": ("are interviewed", "面试"),
    "stage.offered": ("are put up for an offer", "拟录用"),
    "stage.joined": ("get an offer", "发出录用"),
    "stage.start": ("start", "入职"),
    "channel.full": ("full", "已满"),
    "channel.everybody": ("all roles", "全部岗位"),
    "channel.others": ("{count} others", "其余 {count} 项"),
    "channel.each": ("{money} a start", "每人 {money}"),
    "picture.channels_money": ("Money over the horizon", "规划期招聘支出"),
    "picture.channels_starts": ("Starts", "预计入职人数"),
    "picture.channels": ("Recruiting money and starts by channel", "各渠道的招聘支出与入职人数"),
    "axis.starts": ("people who start", "入职人数"),
    "sheet.channels": ("Channel budget", "渠道预算"),
    "sheet.funnel": ("Funnel", "招聘漏斗"),
    "sheet.retention": ("Retention", "保留措施"),
}

CHANNEL_PASSAGES: Mapping[str, Pair] = {
    "channels.heading": ("A budget for each channel", "各渠道预算"),
    "channels.text": (
        "Left: what the plan spends through each channel; right: who starts from it, with the cost of a start. Look for a "
        "channel with much money and few starts: it is used because nothing cheaper is left for those roles.",
        "左图为方案在各渠道的支出，右图为由此入职的人数及每人成本。请留意支出多而入职少的渠道：采用它是因为对这些岗位已没有更便宜的途径。",
    ),
    "channels.none": ("The plan hires nobody, so no channel gets money.", "方案没有外部招聘，各渠道无预算。"),
    "channels.table": (
        "The next start is the cheapest of any quarter with room; it costs more than the mean one where the cost rises in steps "
        "(channel_tiers). Money is well divided where channels for the same roles, alike in time and quality and neither full "
        "nor at a step, have next starts of the same cost.",
        "下一名入职成本取有余量的季度中最低者；成本按阶梯上升（channel_tiers）时高于平均成本。若服务相同岗位、周期与质量相近、既未满也未处于"
        "阶梯点的渠道，其下一名入职成本相同，则资金分配得当。",
    ),
    "funnel.text": (
        "How many people stand behind each start, stage by stage, of the same cohort. Look for the stage that loses most: "
        "there a better pass rate saves most work.",
        "同一批人员逐阶段的人数，以及每入职一人所需的人数。请留意流失最多的阶段：提高该处通过率最省力。",
    ),
    "retention.heading": ("Offers to stay, by what they save", "保留措施：按节省价值排序"),
    "retention.text": (
        "What each offer keeps and costs where it is made (one that is not made: in its best period), and what those people "
        "are worth by the prices of this plan: hiring saved or shortage avoided, less their pay. Above 1 it saves more than it "
        "costs; where a budget is used up, money is worth more than itself and more is needed. A worth holds for small "
        "changes; two offers for one role share it.",
        "各项措施在实施处留住的人数与成本（未实施的取其最佳期间），以及按本方案影子价格计算的价值：省下的招聘或避免的短缺，"
        "减去其薪酬。大于 1 表示节省多于支出；预算用尽时，资金的价值高于其面额，所需下限随之提高。该价值只在小幅变化内成立；"
        "同一岗位的两项措施共享该价值。",
    ),
    "retention.none": (
        "There is no table retention, so no offer to stay is valued.",
        "没有 retention 表，因此不评估保留措施。",
    ),
}

CHANNEL_SENTENCES: Mapping[str, Pair] = {
    "channel_spent": (
        "{name} takes {money:money} ({share:share} of the recruiting money) for {starts:number} starts, {each:money} each; "
        "another {more:money} would buy {bought:price} more there, for the next start costs {marginal:money}.",
        "{name} 支出 {money:money}（占招聘支出 {share:share}），入职 {starts:number} 人，每人 {each:money}；再投入 {more:money} "
        "可多入职 {bought:price} 人，因为下一名入职成本为 {marginal:money}。",
    ),
    "channel_spent_full": (
        "{name} takes {money:money} ({share:share} of the recruiting money) for {starts:number} starts, {each:money} each; "
        "it is full whenever it is used, so more money buys nobody there.",
        "{name} 支出 {money:money}（占招聘支出 {share:share}），入职 {starts:number} 人，每人 {each:money}；"
        "使用时均已满负荷，追加投入不会增加入职。",
    ),
    "channel_at_step": (
        "{name} stops just where its offers become dearer (periods: {periods:whole}): a start has cost {each:money} on "
        "average, the cheapest next one costs {marginal:money}.",
        "{name} 有 {periods:whole} 个期间恰好停在成本上升的阶梯点：平均每入职一人 {each:money}，下一名最低为 {marginal:money}。",
    ),
    "channel_full": (
        "Full whenever they are used: {channels:list}.",
        "使用时均已满负荷的渠道：{channels:list}。",
    ),
    "funnel_total": (
        "Behind the {starts:number} starts through channels with known stages stand {entered:number} people who {stage}: "
        "{ratio:number} for each start.",
        "在有阶段通过率的渠道中，{starts:number} 人入职对应 {entered:number} 人{stage}，即每入职一人需 {ratio:number} 人。",
    ),
    "stage_blank": (
        "The table channels states no stage of the funnel for {channels:list}; only their offers and starts are counted.",
        "channels 表未给出以下渠道的漏斗阶段，只统计录用与入职：{channels:list}。",
    ),
    "retention_value": (
        "{name} for {role} keeps {kept:heads} for {cost:money}: each unit of money saves {ratio:price}.",
        "{name}（{role}）留住 {kept:heads}，支出 {cost:money}：每单位支出节省 {ratio:price}。",
    ),
    "retention_left": (
        "In {count:whole} cases an offer to stay costs more than it saves in every period and is not made; the nearest is "
        "{name} for {role}, with {ratio:price} for each unit of money.",
        "有 {count:whole} 项保留措施在任何期间都得不偿失，未采用；最接近的是 {name}（{role}），每单位支出节省 {ratio:price}。",
    ),
    "unused_channel": (
        "The channel {name} is not used: it would have to be {cheaper:money} cheaper than its {cost:money} an offer.",
        "渠道 {name} 未被采用：每份录用成本 {cost:money}，需再降低 {cheaper:money} 才会被采用。",
    ),
    "unused_channel.whole": (
        "Channels not used where decisions are in whole people, so that no price tells how near they were: {name:list}.",
        "以下渠道在整人规划的期间未被采用，影子价格无法说明差距：{name:list}。",
    ),
    "unused_channel.tie": (
        "Not used, because another channel does the same for the same money: {name:list}.",
        "以下渠道未被采用，另有成本相同的渠道可替代：{name:list}。",
    ),
    "unused_channel.far": (
        "Channels not used, because they would not pay even for nothing: {name:list}.",
        "以下渠道未被采用，即使免费也不划算：{name:list}。",
    ),
    "unused_channel.capped": (
        "No channel was judged by its price, because the cap on external hires stops them.",
        "外部招聘已受上限限制，因此未比较各渠道的价格。",
    ),
}

"""What succession and the talent pools say, in both languages: (English, Chinese). `passages`, `sentences` and `vocabulary`
take it in."""

from __future__ import annotations

from collections.abc import Mapping

SUCCESSION_SENTENCES: Mapping[str, tuple[str, str]] = {
    "succession_bench": (
        "{now:share} of the {posts:whole} critical posts have a successor who is ready now; {net:share} when a person named "
        "for several posts counts once.",
        "{posts:whole} 个关键岗位中，{now:share} 有“即可上任”的继任者；一人多岗只计一次时为 {net:share}。",
    ),
    "succession_found": (
        "Of the simulated vacancies of critical posts, {found:share} find a ready successor at once; a post stands empty for "
        "{days:number} days a year on average.",
        "模拟的关键岗位空缺中，{found:share} 立即有继任者接任；平均每个岗位每年空缺 {days:number} 天。",
    ),
    "succession_risk": (
        "At greatest risk is {post}: empty for more than 90 days in {chance:share} of the futures, {days:number} days over "
        "the horizon on average.",
        "风险最高的是 {post}：在 {chance:share} 的模拟路径中空缺超过 90 天，规划期内平均空缺 {days:number} 天。",
    ),
    "succession_worth": (
        "One more successor who is ready now is worth most for {posts:list}: it would save {days:list} days of empty posts.",
        "再增加一名“即可上任”的继任者，效果最大的岗位是 {posts:list}：可分别减少空缺 {days:list} 天。",
    ),
    "succession_shared": (
        "These posts lean on the same person: everybody who is ready now for them is also the only one for another post: "
        "{posts:list}.",
        "以下岗位依赖同一个人：其“即可上任”的继任者同时也是另一岗位的唯一人选：{posts:list}。",
    ),
    "succession_twice": (
        "Some people are named for several posts at once, up to {most:whole}.",
        "有人同时被多个岗位提名，最多 {most:whole} 个岗位。",
    ),
}

SUCCESSION_PASSAGES: Mapping[str, tuple[str, str]] = {
    "succession.heading": ("Who could follow", "继任覆盖"),
    "succession.text": (
        "In {paths:whole} simulated futures the holders of critical posts leave or rise, those named become ready, leave or are "
        "taken by another post, and one person covers one post. A post that nobody ready can take is filled from outside, where "
        "the scenario hires. "
        "Left: how often it stands empty for more than 90 days; right: how many ready successors it has now and at the end. "
        "The posts at greatest risk stand first. Nobody is named in this report.",
        "在 {paths:whole} 条模拟路径中，关键岗位的在任者离开或晋升，继任者逐步成熟、离开或被其他岗位任用，一人只任一岗；"
        "无人可接任的岗位由外部招聘填补（情景允许招聘时）。左图为空缺超过 90 天的概率，右图为现在与期末“可上任”的继任者人数。"
        "风险最高的排在最前。本报告不出现任何人名。",
    ),
    "pools.heading": ("Talent pools over the years ahead", "人才梯队展望"),
    "pools.text": (
        "If every role is held at today's headcount, whatever the plan does: how many are promoted into each grade and out of "
        "it and how many are lost, a year on average, and how many must enter from outside each year because nobody below can "
        "be promoted. Look for grades whose entrants rise: there the pool below is too thin, or a wave retires.",
        "假设每个岗位都保持现有人数（与方案无关）：平均每年晋入、晋出各职级及流失的人数，以及因下级无人可晋升而每年需从外部进入的人数。"
        "请留意需要进入人数上升的职级：其下级梯队过薄，或有一批人集中退休。",
    ),
}

SUCCESSION_LABELS: Mapping[str, tuple[str, str]] = {
    "column.single_point": ("Ready now", "即任人选"),
    "column.named": ("Ready / named", "即任 / 提名"),
    "column.probability_found": ("Successor found\nwhen it falls vacant", "有人即任\n空缺发生时"),
    "column.days_empty": ("Days empty\nover the horizon", "空缺天数\n规划期内"),
    "column.probability_empty_90": ("Empty\nmore than 90 days", "空缺概率\n超过 90 天"),
    "column.chain_length": ("Chain\nseats", "连锁空缺\n岗位数"),
    "column.worth_days": ("Days saved\nby one more", "减少天数\n增加一人"),
    "column.worth_probability": ("Risk lowered\nby one more", "降低概率\n增加一人"),
    "column.pool": ("Pool and grade", "序列与职级"),
    "column.today": ("Today", "现有人数"),
    "column.losses": ("Lost\na year", "流失\n每年"),
    "column.promotions_in": ("Promoted in\na year", "晋入\n每年"),
    "column.promotions_out": ("Promoted out\na year", "晋出\n每年"),
    "column.entrants": ("Enter\n{year}", "需进入\n{year}年"),
    "single.nobody": ("nobody", "无人"),
    "single.shared": ("shared person", "一人多岗"),
    "single.one": ("one person", "仅一人"),
    "single.several": ("several", "多人"),
    "picture.empty_90": ("Probability of standing empty for more than 90 days", "空缺超过 90 天的概率"),
    "picture.depth": ("Ready successors", "可上任的继任者"),
    "axis.share_of_futures": ("% of the futures", "模拟路径占比（%）"),
    "line.depth_start": ("now", "现在"),
    "line.depth_end": ("at the end", "期末"),
    "pool.nothing": ("no grade", "无职级"),
    "measure.days a year": ("days a year", "天/年"),
    "kpi.bench_strength": ("Critical posts with a ready successor", "关键岗位即任率"),
    "kpi.succession_cover": ("Critical posts with a successor of their own", "关键岗位继任覆盖率"),
    "kpi.successor_coverage": ("Successor coverage", "继任者覆盖率"),
    "kpi.successor_coverage_net": ("Successor coverage, each person once", "继任者覆盖率（一人只计一次）"),
    "kpi.readiness_share": ("Nominations that are ready now", "即任提名占比"),
    "kpi.vacancy_found": ("Vacancies that find a ready successor", "空缺立即有人接任的比例"),
    "kpi.days_empty": ("Critical posts empty", "关键岗位空缺"),
    "knob.succession.outside_months": ("months to fill a post from outside, half", "外部填补岗位的周期（中位数，月）"),
    "knob.succession.outside_p90": ("months to fill a post from outside, nine in ten", "外部填补岗位的周期（九成，月）"),
    "knob.succession.pool_years": ("years talent pools are looked ahead", "人才梯队展望年数"),
    **{
        text: (text, chinese)
        for text, chinese in {
            "critical posts with a ready-now successor, people counted for every post they are named for":
                "有“即可上任”继任者的关键岗位占比，一人可计多岗",
            "critical posts with a ready-now successor, one person for one post":
                "有“即可上任”继任者的关键岗位占比，一人只计一岗",
            "nominations / critical posts, may exceed 100%": "提名数 ÷ 关键岗位数，可超过 100%",
            "people named / critical posts, each person once": "被提名人数 ÷ 关键岗位数，一人只计一次",
            "ready-now nominations / all nominations": "“即可上任”的提名 ÷ 全部提名",
            "simulated vacancies of critical posts taken at once by a ready successor":
                "模拟的关键岗位空缺中立即由继任者接任的占比",
            "expected days a critical post stands empty, mean of the posts": "关键岗位每年预计空缺天数，各岗位平均",
        }.items()
    },
}  # fmt: skip

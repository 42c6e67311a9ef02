"""What the back-test says, in both languages: (English, Chinese). `passages`, `sentences` and `vocabulary` take it in."""

from __future__ import annotations

from collections.abc import Mapping

_RESULT_EN = (
    "{what}: the forecast missed by {wape:share} of the total, 'same as last year' by {wape_last_year:share}, "
    "'company average' by {wape_company_average:share}. "
)
_RESULT_ZH = (
    "{what}：预测误差为合计的 {wape:share}，“与上年相同”为 {wape_last_year:share}，"
    "“公司平均”为 {wape_company_average:share}。"
)
_COVER_EN = "The {confidence:share} intervals held the outcome in {coverage:share} of {groups:whole} cases"
_COVER_ZH = "{confidence:share} 区间覆盖了 {groups:whole} 个结果中的 {coverage:share}"

BACKTEST_SENTENCES: Mapping[str, tuple[str, str]] = {
    "backtest_won": (_RESULT_EN + "The forecast came closest.", _RESULT_ZH + "预测最接近实际。"),
    "backtest_lost_to_last_year": (
        _RESULT_EN + "The method did not win: last year's figure came at least as close.",
        _RESULT_ZH + "本方法没有胜出：直接沿用上年数字至少同样接近。",
    ),
    "backtest_lost_to_company_average": (
        _RESULT_EN + "The method did not win: the company's average rate came at least as close.",
        _RESULT_ZH + "本方法没有胜出：公司平均比率至少同样接近。",
    ),
    "backtest_lost_to_both": (
        _RESULT_EN + "The method did not win: both simple rules came at least as close.",
        _RESULT_ZH + "本方法没有胜出：两种简单做法都至少同样接近。",
    ),
    "backtest_year": ("The year from {origin:period}. {words}", "{origin:period}起的一年：{words}"),
    "backtest_coverage_right": (
        _COVER_EN + ", as chance lets expect.",
        _COVER_ZH + "，与应有的覆盖率相符。",
    ),
    "backtest_coverage_low": (
        _COVER_EN + ": too few. They are too short; plan with more room than they show.",
        _COVER_ZH + "：偏低。区间过窄，规划时应留更多余地。",
    ),
    "backtest_coverage_high": (
        _COVER_EN + ": more than they promise. They are wider than they need to be.",
        _COVER_ZH + "：高于承诺。区间比需要的更宽。",
    ),
    "backtest_coverage_few": (
        _COVER_EN + "; too few cases to judge by.",
        _COVER_ZH + "；样本太少，不足以判断。",
    ),
}

BACKTEST_PASSAGES: Mapping[str, tuple[str, str]] = {
    "backtest.heading": ("Back-test: {title}", "回溯检验：{title}"),
    "backtest.text": (
        "Past years forecast from their own openings: {origins:list}. Each forecast knows the people present on "
        "that day and the history up to it, and nothing later. Retirement is forecast at its past rate and not by an age "
        "rule, because dates of birth are known only of those who stayed. Groups of fewer than {minimum:whole} people "
        "are withheld here, and are counted in the scores.",
        "以各年年初为起点重新预测过去：{origins:list}。每次预测只使用当日在职人员和此前的历史，不使用之后的任何信息。"
        "退休按以往比率预测，不采用按年龄的退休规则，因为只有留任者的出生日期是已知的。"
        "少于 {minimum:whole} 人的分组在此不予披露，但计入评分。",
    ),
    "backtest.result.heading": ("Did the method win?", "本方法是否胜出？"),
    "backtest.result.text": (
        "The miss is the sum of |actual − forecast| over the sum of the actual (WAPE). Leavers of those present: "
        "nobody who joined later is counted. Joins given: the joins of the year are taken as they were, for the "
        "method and the two simple rules alike, because hiring is a decision and not a forecast.",
        "误差为 |实际 − 预测| 之和除以实际合计（WAPE）。“期初在职者”口径不计之后入职的人；“给定入职”口径对本方法和"
        "两种简单做法同样采用当年实际入职人数，因为招聘是决策而不是预测。",
    ),
    "backtest.groups.heading": ("Unit by unit", "逐个部门"),
    "backtest.groups.text": (
        "Leavers among those present at the opening. The bar is the {confidence:share} interval, the blue dot the "
        "forecast, the cross what happened, red where it fell outside. Look for units that fall outside year after "
        "year: there something works that tenure and the past do not show.",
        "期初在职者中的离职人数。横条为 {confidence:share} 区间，蓝点为预测，叉号为实际，落在区间外的为红色。请留意"
        "连年落在区间外的部门：那里有司龄和历史无法反映的因素。",
    ),
    "backtest.calibration.heading": ("Do the intervals keep their promise?", "区间是否名副其实？"),
    "backtest.calibration.text": (
        "A line on the diagonal keeps its promise; below it the intervals are too short, above it too wide. The grey "
        "band is what chance allows for the number of roles.",
        "落在对角线上说明名副其实；在其下方说明区间过窄，在其上方说明过宽。灰色区域为按岗位数计算的偶然波动范围。",
    ),
    "backtest.scores.heading": ("All scores", "全部评分"),
    "backtest.scores.text": (
        "Every origin, variant, level and measure. A row of one group says little by itself.",
        "各起点、口径、层级与指标。只有一个分组的行本身说明不了多少问题。",
    ),
}

BACKTEST_LABELS: Mapping[str, tuple[str, str]] = {
    "column.origin": ("Forecast from", "预测起点"),
    "column.level": ("Level", "层级"),
    "column.measure": ("Measure", "指标"),
    "column.wape": ("Miss (WAPE)", "误差（WAPE）"),
    "column.wape_last_year": ("Same as last year", "与上年相同"),
    "column.wape_company_average": ("Company average", "公司平均"),
    "column.coverage": ("Interval coverage", "区间覆盖率"),
    "column.groups": ("Cases", "个数"),
    "backtest.all": ("all years", "所有年份"),
    "backtest.present": ("of those present", "期初在职者"),
    "backtest.joins_given": ("joins given", "给定入职"),
    "backtest.leavers": ("leavers", "离职人数"),
    "backtest.headcount": ("headcount", "期末人数"),
    "backtest.company": ("company", "全公司"),
    "backtest.unit": ("by unit", "按部门"),
    "backtest.role": ("by role", "按岗位"),
    "backtest.interval": ("interval", "区间"),
    "backtest.forecast": ("forecast", "预测"),
    "backtest.actual": ("actual", "实际"),
    "backtest.outside": ("actual, outside", "实际（区间外）"),
    "backtest.chance": ("what chance allows", "偶然波动范围"),
    "picture.backtest": ("Leavers by unit: forecast and outcome", "各部门离职人数：预测与实际"),
    "picture.calibration": ("Promised and found coverage of the intervals", "区间的承诺覆盖率与实际覆盖率"),
    "axis.promised": ("promised coverage", "承诺覆盖率"),
    "axis.found": ("found coverage", "实际覆盖率"),
}

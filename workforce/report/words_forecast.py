"""What the report says of the estimates behind a forecast, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping

FORECAST_SENTENCES: Mapping[str, tuple[str, str]] = {
    "no_history": (
        "No history shows anybody leave, so leaving rates cannot be estimated and nobody is taken to leave, a rule of "
        "retirement apart. State them in the table rates (role, tenure_from, cause, yearly_rate), or add the events in "
        "history or a second roster.",
        "没有离职历史，无法估计离职率；除退休规则外，按无人离职处理。请在 rates 表（role, tenure_from, cause, yearly_rate）中给出离职率，"
        "或补充 history 表中的事件，或再导入一期花名册。",
    ),
    "no_history.stated": (
        "No history shows anybody leave; the leaving rates are those stated in the table rates.",
        "没有离职历史，离职率采用 rates 表中的设定值。",
    ),
    "thin_cells": (
        "Leaving rates are pooled: on average {mean:share} of a rate (role and length of service) is its own data, at most {highest:share}; the rest comes from its role, family, unit and the company.",
        "离职率采用部分合并估计：各岗位与司龄段的离职率平均有 {mean:share} 来自自身数据，最高 {highest:share}，其余参考本岗位、职族、部门与全公司的水平。",
    ),
    "history_contradictions": (
        "{rows:whole} events of the history contradict each other or the list of people and were left out.",
        "历史中有 {rows:whole} 条事件彼此矛盾或与人员表不符，已剔除。",
    ),
    "hire_date_unknown": (
        "For {people:heads} the hire date is unknown; their months and exits are shared among the tenure bands of their role like those of the others.",
        "{people:heads}的入职日期不详，其在职月数与离职按同岗位其他人的司龄分布分摊。",
    ),
    "moves_before_gate": (
        "{moves:whole} moves of the past came earlier in the role, or on other ratings, than the rules of promotion allow; they are in no rate.",
        "历史上有 {moves:whole} 次调动早于晋升规则要求的任职时间或绩效条件，未计入任何比率。",
    ),
    "known_leavers": (
        "{people:heads} are known to leave within the plan (people.leave_date); they are there until then, unless they leave before.",
        "{people:heads}已确定在规划期内离开（people.leave_date），在此之前按在岗处理（也可能提前离职）。",
    ),
    "vacancies_unfilled": (
        "The vacancies above {roles} ask for more people than can be pulled up from there; the expectation fills as many as it can, and simulated futures somewhat fewer.",
        "{roles} 上方的空缺超过了可递补的人数；期望值按可递补人数填补，模拟结果会略少。",
    ),
    "retirement_rule": (
        "People retire by the rule {rule}: for {heads:whole} of those present it falls within the plan. It takes the "
        "place of the retirements seen in the past; joiners of the plan are taken to be younger.",
        "退休按规则 {rule} 处理：现有人员中有 {heads:whole} 人可能在规划期内退休。该规则取代历史退休率；规划期内新进人员按未到退休年龄处理。",
    ),
    "retirement_birth_unknown": (
        "For {people:heads} the date of birth is unknown; they retire at the rate seen in the past.",
        "{people:heads}的出生日期不详，按历史退休率处理。",
    ),
    "retirement_gender_unknown": (
        "For {people:heads} the gender that the rule of retirement asks for is unknown; the latest age was taken.",
        "{people:heads}的性别不详，按最晚的退休年龄处理。",
    ),
    "retirement_overdue": (
        "{people:heads} are past the age of the rule and still there; they are taken to retire in the first month.",
        "{people:heads}已超过规则规定的退休年龄仍在职，按第一个月退休处理。",
    ),
    "retirement_undivided": (
        "The stated leaving rates of {roles:whole} roles do not tell retirement apart, so it may be counted twice there.",
        "{roles:whole} 个岗位的设定离职率未区分退休，退休可能重复计算。",
    ),
    "driver_held": (
        "Roles that look ahead need values of {drivers} after the plan's last period; the last one given was held.",
        "部分岗位需要提前量，用到规划期之后的 {drivers} 数值，沿用最后一期。",
    ),
    "elasticity_used": (
        "{role}: 1% more of {driver} has asked for {elasticity:price}% more FTE ({low:price} to {high:price}, "
        "{confidence:share} interval, {observations:whole} observations). Out of sample this missed by {error:share}, "
        "last year's ratio by {ratio_error:share}.",
        "{role}：{driver} 每增加 1%，所需 FTE 增加 {elasticity:price}%（{confidence:share} 区间 {low:price} 至 {high:price}，"
        "{observations:whole} 个观测）。样本外误差 {error:share}，沿用上年比率的误差为 {ratio_error:share}。",
    ),
    "elasticity_refused": (
        "{role}: an elasticity was asked for and refused, because out of sample it missed by {error:share} and last year's "
        "ratio by {ratio_error:share}. Last year's ratio is used: {productivity:number} of {driver} for one FTE.",
        "{role}：弹性法未被采用，其样本外误差为 {error:share}，不优于上年比率的 {ratio_error:share}。改用上年比率："
        "每 FTE 对应 {driver} {productivity:number}。",
    ),
    "elasticity_refused.short": (
        "{role}: an elasticity was asked for and refused, because only {observations:whole} past observations have both "
        "people and {driver}; {needed:whole} are needed. Last year's ratio is used: {productivity:number} for one FTE.",
        "{role}：弹性法未被采用，仅有 {observations:whole} 个历史观测同时具备人数与 {driver}，至少需要 {needed:whole} 个。"
        "改用上年比率：每 FTE 对应 {productivity:number}。",
    ),
    "elasticity_refused.flat": (
        "{role}: an elasticity was asked for and refused, because {driver} has hardly moved in the past. Last year's ratio is "
        "used: {productivity:number} for one FTE.",
        "{role}：弹性法未被采用，{driver} 在历史上几乎没有变化。改用上年比率：每 FTE 对应 {productivity:number}。",
    ),
    "elasticity_refused.stated": (
        "{role}: an elasticity was asked for and refused, because no past month has both people and {driver}. The stated "
        "productivity is used: {productivity:number} for one FTE.",
        "{role}：弹性法未被采用，没有任何历史月份同时具备人数与 {driver}。改用设定的劳动生产率：每 FTE 对应 "
        "{productivity:number}。",
    ),
    "trend_used": (
        "{role}: no driver; its own past ({observations:whole} observations) is carried on by exponential smoothing with a "
        "damped trend, with a {confidence:share} interval.",
        "{role}：无业务驱动因素，按其自身历史（{observations:whole} 个观测）以阻尼趋势指数平滑外推，区间为 {confidence:share}。",
    ),
    "trend_held": (
        "{role}: a trend was asked for, but {observations:whole} past observations are too few ({needed:whole} are needed); "
        "the last {fte:fte} are held.",
        "{role}：要求按趋势外推，但历史观测仅 {observations:whole} 个（至少 {needed:whole} 个），沿用最后的 {fte:fte}。",
    ),
    "trend_held.flat": (
        "{role}: a trend was asked for; the past shows none, and {fte:fte} are held.",
        "{role}：要求按趋势外推，历史上没有变化，沿用 {fte:fte}。",
    ),
    "trend_held.gaps": (
        "{role}: a trend was asked for, but the past observations are not equally spaced; the last {fte:fte} are held.",
        "{role}：要求按趋势外推，但历史观测间隔不一，沿用最后的 {fte:fte}。",
    ),
    "lead_p90_blank": (
        "The latest opening dates take lead_months for sure where lead_p90 is blank: {channels:list}.",
        "以下渠道未填写 lead_p90，最迟开启日期按 lead_months 计算：{channels:list}。",
    ),
}

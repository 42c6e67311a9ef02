"""report: what people see. Figures, workbook, notebooks, the folder of a run, many scenarios side by side, and their comparison.

The names below are what the notebooks use; each is loaded when it is first asked for.
"""

from typing import Any

_WHERE = {
    "read_run": "runs",
    "write_run": "runs",
    "record_run": "runs",
    "compare_runs": "comparison",
    "read_comparison": "comparison",
    "write_backtest": "backtests",
    "read_backtest": "backtests",
    "run_batch": "batch",
    "write_workbook": "workbook",
    "say": "words",
    "label": "words",
    "show_title": "page",
    "show_contents": "page",
    "show_text": "page",
    "show_headline": "page_tables",
    "show_changes": "page_tables",
    "show_flows": "page_tables",
    "show_actions": "page_tables",
    "show_points": "page_reasons",
    "show_reasons": "page_reasons",
    "show_kpis": "page_tables",
    "show_kpis_by_unit": "page_tables",
    "show_alerts": "page_tables",
    "show_notes": "page_reasons",
    "draw_supply_and_demand": "figures",
    "draw_units": "figures",
    "draw_gap": "figures",
    "show_shortages": "shortage_page",
    "draw_attrition": "figures",
    "draw_bridge": "figures",
    "draw_mix": "figures",
    "draw_calendar": "calendar_page",
    "show_calendar": "calendar_page",
    "draw_channels": "channel_page",
    "show_channels": "channel_page",
    "show_funnel": "channel_page",
    "show_retention": "channel_page",
    "draw_cost": "figures_cost",
    "draw_budget": "figures_cost",
    "draw_stress": "figures_risk",
    "draw_fan": "figures_risk",
    "draw_uncertainty": "risk_page",
    "show_overruns": "risk_page",
    "show_risks": "risk_page",
    "draw_succession": "succession_page",
    "show_bench": "succession_page",
    "show_succession": "succession_page",
    "show_pools": "succession_page",
    "show_comparison_title": "comparison_page",
    "show_comparison_contents": "comparison_page",
    "show_comparison_text": "comparison_page",
    "show_figures": "comparison_page",
    "show_runs": "comparison_page",
    "draw_trade": "comparison_page",
    "draw_headcounts": "comparison_page",
    "draw_costs": "comparison_page",
    "draw_actions": "comparison_page",
    "draw_shortages": "comparison_page",
    "show_backtest_title": "backtest_page",
    "show_backtest_text": "backtest_page",
    "show_verdicts": "backtest_page",
    "show_scores": "backtest_page",
    "draw_backtest": "backtest_page",
    "draw_calibration": "backtest_page",
    "write_sensitivity": "sensitivities",
    "read_sensitivity": "sensitivities",
    "show_sensitivity_title": "sensitivity_page",
    "show_sensitivity_text": "sensitivity_page",
    "show_movers": "sensitivity_page",
    "show_assumptions": "sensitivity_page",
    "draw_tornado": "sensitivity_page",
}

__all__ = list(_WHERE)


def __getattr__(name: str) -> Any:
    """The name, imported from the file that keeps it."""
    if name not in _WHERE:
        raise AttributeError(f"module 'workforce.report' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(f"workforce.report.{_WHERE[name]}"), name)

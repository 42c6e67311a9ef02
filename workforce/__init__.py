"""Strategic workforce planning, from a business plan to a staffed, costed and stress-tested plan.

The public names, in the order the data flows. Each is loaded when it is first asked for, so that
``import workforce`` costs nothing and works before the packages it needs are installed.

Example:
    import workforce as wf

    case = wf.read_case("scenarios/growth.yaml")
    results = wf.run(case)
    results.summary["headcount_end"]
"""

__version__ = "0.1.0"

_FRONT_DOOR = {
    # inputs
    "InputError": "workforce.errors",
    "RunError": "workforce.errors",
    "import_extracts": "workforce.inputs.imports",
    "check_cases": "workforce.inputs.case",
    "read_case": "workforce.inputs.case",
    # forecast
    "forecast_demand": "workforce.forecast.demand",
    "fit_attrition": "workforce.forecast.attrition",
    "tabulate_spells": "workforce.forecast.survival",
    "fit_survival": "workforce.forecast.survival",
    "compare_survival": "workforce.forecast.survival",
    "fit_mobility": "workforce.forecast.mobility",
    "describe_dynamics": "workforce.forecast.dynamics",
    "project_stocks": "workforce.forecast.stocks",
    "forecast_stocks": "workforce.forecast.stocks",
    "describe_chain": "workforce.forecast.chain",
    "find_steady_state": "workforce.forecast.chain",
    "measure_gap": "workforce.forecast.gap",
    "backtest": "workforce.forecast.backtest",
    # simulate
    "simulate_careers": "workforce.simulate.careers",
    # optimise
    "optimise_plan": "workforce.optimise.plan",
    "explain_plan": "workforce.optimise.explain",
    "stress_plan": "workforce.simulate.stress",
    # the whole chain, and what it leaves
    "run": "workforce.pipeline",
    "write_run": "workforce.report.runs",
    "read_run": "workforce.report.runs",
    "compare_runs": "workforce.report.comparison",
    "read_comparison": "workforce.report.comparison",
    "read_backtest": "workforce.report.backtests",
    "read_sensitivity": "workforce.report.sensitivities",
}

__all__ = list(_FRONT_DOOR)


def __getattr__(name):
    """The public name `name`, imported from the module that keeps it."""
    if name not in _FRONT_DOOR:
        raise AttributeError("module 'workforce' has no attribute '{}'".format(name))
    import importlib

    value = getattr(importlib.import_module(_FRONT_DOOR[name]), name)
    globals()[name] = value
    return value


def __dir__():
    return sorted(set(globals()) | set(__all__))

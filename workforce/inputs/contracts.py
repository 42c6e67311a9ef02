"""The contract of every table: its columns, their kinds, units, limits and meaning. Data only, checked by tables.py."""

from collections.abc import Mapping
from types import MappingProxyType

from workforce.inputs.columns import CATEGORIES, CAUSES, KINDS, Column, Contract
from workforce.inputs.contracts_actions import ACTION_CONTRACTS
from workforce.inputs.contracts_company import COMPANY_CONTRACTS

__all__ = ["CATEGORIES", "CAUSES", "CONTRACTS", "KINDS", "Column", "Contract"]

CONTRACTS: Mapping[str, Contract] = MappingProxyType(
    {contract.name: contract for contract in (*COMPANY_CONTRACTS, *ACTION_CONTRACTS)}
)

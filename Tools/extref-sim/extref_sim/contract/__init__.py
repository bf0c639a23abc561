# SPDX-License-Identifier: Apache-2.0
"""The vendors' published contracts, judged by reference validators (jsonschema, graphql-core)."""

from .graphql import GraphQLContract, GraphQLOutcome
from .operation import Operation, Parameter, Problem
from .rest import RestContract

__all__ = ["GraphQLContract", "GraphQLOutcome", "Operation", "Parameter", "Problem", "RestContract"]

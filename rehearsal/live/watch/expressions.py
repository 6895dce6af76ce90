"""Metric math, as far as alarms of a site use it, and queries over all metrics of a name. Pure.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-querylanguage.html
"""

import ast
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Value = float | None
"""A series at one moment; None where it has no data."""


class UnsupportedError(Exception):
    """An expression that is not rehearsed."""


@dataclass(frozen=True)
class Query:
    """`SELECT MAX(Name) FROM "Namespace"`."""

    function: str
    name: str
    namespace: str
    where: tuple[tuple[str, str], ...] = ()


QUERY = re.compile(
    r"SELECT\s+(?P<function>AVG|COUNT|MAX|MIN|SUM)\((?P<name>\w+)\)\s+FROM\s+"
    r"(?:\"(?P<plain>[^\"]+)\"|SCHEMA\(\"(?P<schema>[^\"]+)\"[^)]*\))(?:\s+WHERE\s+(?P<where>.+))?"
)

TERM = re.compile(r"\s*\"?(\w+)\"?\s*=\s*'([^']*)'\s*")

STATISTICS = {"AVG": "Average", "COUNT": "SampleCount", "MAX": "Maximum", "MIN": "Minimum", "SUM": "Sum"}
"""Of a query's function."""


def query(expression: str) -> Query | None:
    """Read a query; None if the expression is none. UnsupportedError."""
    if not expression.startswith("SELECT"):
        return None
    found = QUERY.fullmatch(expression.strip())
    terms = [TERM.fullmatch(term) for term in found["where"].split(" AND ")] if found and found["where"] else []
    if found is None or not all(terms):
        raise UnsupportedError(f"{expression} is not rehearsed")
    where = tuple((term[1], term[2]) for term in terms if term)
    return Query(found["function"], found["name"], found["plain"] or found["schema"], where)


def evaluate(expression: str, values: Mapping[str, Value]) -> Value:
    """Return what an expression makes of the values of one moment. UnsupportedError."""
    try:
        tree = ast.parse(expression, mode="eval").body
    except SyntaxError as error:
        raise UnsupportedError(f"{expression} is not rehearsed") from error
    return _scalar(tree, values)


BINARY: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}

COMPARISONS: dict[type[ast.cmpop], Callable[[float, float], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}

FOLDS: dict[str, Callable[[list[float]], float]] = {
    "SUM": sum,
    "MAX": max,
    "MIN": min,
    "AVG": lambda found: sum(found) / len(found),
}
"""Functions of several series: they leave out those without data at the moment."""


def _scalar(node: ast.expr, values: Mapping[str, Value]) -> Value:
    match node:
        case ast.Constant(value=float() | int() as number):
            return float(number)
        case ast.Name(id=name) if name in values:
            return values[name]
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            found = _scalar(inner, values)
            return None if found is None else -found
        case ast.BinOp(left=left, op=kind, right=right) if type(kind) in BINARY:
            return _both(BINARY[type(kind)], left, right, values)
        case ast.Compare(left=left, ops=[kind], comparators=[right]):
            return _both(COMPARISONS[type(kind)], left, right, values)
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return _call(name, arguments, values)
    raise UnsupportedError(f"{ast.unparse(node)} is not rehearsed")


def _both(what: Callable[[float, float], float], left: ast.expr, right: ast.expr, values: Mapping[str, Value]) -> Value:
    """Both sides need data at the moment."""
    one, other = _scalar(left, values), _scalar(right, values)
    if one is None or other is None:
        return None
    try:
        return float(what(one, other))
    except ZeroDivisionError:
        return None


def _call(name: str, arguments: list[ast.expr], values: Mapping[str, Value]) -> Value:
    match name, arguments:
        case "FILL", [series, otherwise]:
            found = _scalar(series, values)
            return _scalar(otherwise, values) if found is None else found
        case "IF", [condition, then, otherwise]:
            decided = _scalar(condition, values)
            return None if decided is None else _scalar(then if decided else otherwise, values)
        case "ABS", [inner]:
            found = _scalar(inner, values)
            return None if found is None else abs(found)
        case fold, [ast.List(elts=several)] if fold in FOLDS:
            there = [found for each in several if (found := _scalar(each, values)) is not None]
            return FOLDS[fold](there) if there else None
    raise UnsupportedError(f"{name} is not rehearsed")

"""Constraints between factors: comparisons of their values, read as a tree and never run as code (R115)."""

from __future__ import annotations

import ast
import operator
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from simsocial.config.experiments.quantities import NUMBER, TEXT, Quantities, quantities
from simsocial.config.suggestions import did_you_mean

Truth = npt.NDArray[np.bool_]

LONGEST: Final = 500
"""Characters of a constraint."""
HOW: Final = 'write a comparison such as \'"teams.b.headcount" <= 2 * "teams.a.headcount"\''

_COMPARISONS: Final[Mapping[type[ast.cmpop], Callable[[Any, Any], Any]]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_OPERATIONS: Final[Mapping[type[ast.operator], Callable[[Any, Any], Any]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def holds(constraint: str, values: Mapping[str, Quantities]) -> Truth:
    """Return in which points a constraint holds, shape (points,).

    Parameters
    ----------
    constraint
        Comparisons, with ``and``, ``or``, ``not``, ``+ - * /`` and parentheses; a factor by its name, in quotes where
        it has signs other than letters, digits, ``_`` and dots; any other text in quotes is a value.
    values
        Factor → its values in all points, shape (points,).

    Raises
    ------
    ValueError
        With a sentence that says what is wrong with it.
    """
    if len(constraint) > LONGEST:
        raise ValueError(f"too long; write at most {LONGEST} characters, or several constraints")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)  # of Python's own, about what is refused below
            warnings.simplefilter("ignore", DeprecationWarning)
            tree = ast.parse(constraint.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise ValueError(f"cannot be read; {HOW}") from None
    with np.errstate(all="ignore"):  # what is divided by 0 is less than nothing and more than nothing
        truth = _Reading(values).truth(tree)
    points = max((len(each.values) for each in values.values()), default=0)
    return np.broadcast_to(truth, (points,))


@dataclass(frozen=True)
class _Reading:
    """What an expression says of the values of factors."""

    values: Mapping[str, Quantities]

    def truth(self, node: ast.expr) -> Truth:
        match node:
            case ast.BoolOp(op=op, values=parts):
                every = np.logical_and if isinstance(op, ast.And) else np.logical_or
                return np.asarray(every.reduce(np.broadcast_arrays(*map(self.truth, parts))))
            case ast.UnaryOp(op=ast.Not(), operand=inner):
                return ~self.truth(inner)
            case ast.Compare(left=left, ops=signs, comparators=others):
                sides = [self.size(side) for side in (left, *others)]
                found = [_compared(sign, *pair) for sign, *pair in zip(signs, sides, sides[1:], strict=False)]
                return np.asarray(np.logical_and.reduce(np.broadcast_arrays(*found)))
        raise ValueError(f"says nothing that is true or false; {HOW}")

    def size(self, node: ast.expr) -> Quantities:
        match node:
            case ast.Constant(value=bool()):
                raise ValueError('write "true" or "false" in quotes')
            case ast.Constant(value=int() | float() as number):
                return Quantities(NUMBER, np.asarray(_float(number)))
            case ast.Constant(value=str(text)):
                return self.values[text] if text in self.values else self._text(text)
            case ast.Name() | ast.Attribute():
                return self._factor(ast.unparse(node))
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                size = self.size(inner)
                return _combined(ast.Sub(), Quantities(size.kind, np.asarray(0.0)), size)
            case ast.BinOp(left=left, op=sign, right=right):
                return _combined(sign, self.size(left), self.size(right))
        raise ValueError(f"'{ast.unparse(node)}' is neither a factor, nor a value, nor arithmetic with them; {HOW}")

    def _text(self, text: str) -> Quantities:
        """Return a value in quotes: a quantity, or a text that a factor has; others are names that are misspelt."""
        meant = quantities([text])
        told = {each for values in self.values.values() if values.kind == TEXT for each in values.values.tolist()}
        if meant.kind == TEXT and text not in told:
            raise ValueError(f"there is no factor '{text}', nor one with that value; {did_you_mean(text, self.values)}")
        return Quantities(meant.kind, np.asarray(meant.values[0]))

    def _factor(self, name: str) -> Quantities:
        if name not in self.values:
            raise ValueError(f"there is no factor '{name}'; {did_you_mean(name, self.values)}")
        return self.values[name]


def _float(number: int | float) -> float:
    try:
        return float(number)
    except OverflowError:
        raise ValueError("has a number that is too large to reckon with") from None


def _compared(sign: ast.cmpop, left: Quantities, right: Quantities) -> Truth:
    """Return where a comparison holds."""
    if type(sign) not in _COMPARISONS:
        raise ValueError("compare with <, <=, >, >=, == or !=")
    if left.kind != right.kind:
        raise ValueError(f"compares {left.kind} with {right.kind}; write both alike, with their units")
    if left.kind == TEXT and not isinstance(sign, ast.Eq | ast.NotEq):
        raise ValueError("one text is neither more nor less than another; compare with == or !=")
    return np.asarray(_COMPARISONS[type(sign)](left.values, right.values), dtype=bool)


def _combined(sign: ast.operator, left: Quantities, right: Quantities) -> Quantities:
    """Return a sum, a difference, a product or a ratio; what has a unit only meets its like, or is multiplied."""
    if type(sign) not in _OPERATIONS:
        raise ValueError("reckon with +, -, * or /")
    kinds, like = {left.kind, right.kind}, left.kind == right.kind
    kind = left.kind if like else (kinds - {NUMBER}).pop()
    if isinstance(sign, ast.Div) and like:
        kind = NUMBER
    scaled = isinstance(sign, ast.Mult | ast.Div) and right.kind == NUMBER
    scaled |= isinstance(sign, ast.Mult) and left.kind == NUMBER
    adds = isinstance(sign, ast.Add | ast.Sub | ast.Div) and like
    if TEXT in kinds or not (scaled or adds):
        raise ValueError(f"reckons with {left.kind} and {right.kind}; write both alike, or a number times one")
    return Quantities(kind, _OPERATIONS[type(sign)](left.values, right.values))

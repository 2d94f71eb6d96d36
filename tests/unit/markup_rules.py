"""Finds places that let data become markup: names and comments come from files that others wrote.

Textual reads `[...]` in strings as style tags unless it is told not to. Safe are: a constant string, a
`Content` or `Text` object, `Content.from_markup` with a constant and its `$variables`, and `markup=False`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

_TAG = re.compile(
    r"\[/[^\]]*\]|\[(?:b|i|u|s|r|bold|dim|italic|underline|reverse|strike|blink|link|on|not)[ \]=]|\[[@$#]"
)
"""A closing tag, or an opening one that cannot be an index or an address."""
_SINKS = {"Static", "Label", "Button", "Checkbox", "RadioButton", "Option", "Tab", "TabPane", "Link"}
"""Constructors that parse the string they are given."""
_METHODS = {"notify", "update", "from_markup"}
"""Methods that parse the string they are given."""
_ATTRIBUTES = {"border_title", "border_subtitle", "tooltip"}
"""Attributes that parse the string they are given."""


def problems(source: str) -> list[str]:
    """What is wrong in a module's source: `line: sentence`, in order of lines."""
    tree = ast.parse(source)
    found = sorted({problem for node in ast.walk(tree) for problem in _in_node(node)})
    return [f"{line}: {text}" for line, text in found]


def _in_node(node: ast.AST) -> Iterator[tuple[int, str]]:
    if isinstance(node, ast.expr) and _is_built(node) and _TAG.search(_skeleton(node)):
        yield node.lineno, "markup is put together with data"
    if isinstance(node, ast.Call):
        yield from _in_call(node)
    if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None and _is_built(node.value):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            if isinstance(target, ast.Attribute) and target.attr in _ATTRIBUTES:
                yield node.lineno, f"{target.attr} parses markup and is put together with data"


def _in_call(call: ast.Call) -> Iterator[tuple[int, str]]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name not in _SINKS | _METHODS or _says_no_markup(call):
        return
    argument = call.args[0] if call.args else None
    if name == "from_markup" and not isinstance(argument, ast.Constant):
        yield call.lineno, "from_markup takes only a constant; data goes into its $variables"
    elif name == "notify" and argument is not None and not isinstance(argument, ast.Constant):
        yield call.lineno, "notify parses markup: give it markup=False"
    elif argument is not None and _is_built(argument):
        yield call.lineno, f"{name} parses markup and is given a string put together with data"


def _says_no_markup(call: ast.Call) -> bool:
    return any(
        word.arg == "markup" and isinstance(word.value, ast.Constant) and word.value.value is False
        for word in call.keywords
    )


def _is_built(node: ast.expr) -> bool:
    """Whether it is a string put together from parts that are not all constant."""
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(value, ast.FormattedValue) for value in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
        return _has_text(node) and not (_is_text(node.left) and _is_text(node.right))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr in ("format", "join") and _has_text(node.func.value)
    return False


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _has_text(node: ast.expr) -> bool:
    return any(isinstance(part, ast.Constant) and isinstance(part.value, str) for part in ast.walk(node))


def _skeleton(node: ast.expr) -> str:
    """The constant text of a built string, with `x` for what is put in."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else "x"
    if isinstance(node, ast.JoinedStr):
        return "".join(_skeleton(value) for value in node.values)
    if isinstance(node, ast.BinOp):
        return _skeleton(node.left) + _skeleton(node.right)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return _skeleton(node.func.value)
    return "x"

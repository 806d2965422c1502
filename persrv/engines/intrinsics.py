"""Two processor instructions that numba does not offer by name: counting bits, and prefetching memory.

numba compiles a function anew when its own file changes, not when this one does: after a change here, touch the modules
that import it.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic


def _popcount(_: Any, word: Any) -> Any:
    """The number of set bits of a word: one instruction, where the processor has it."""
    return word(word), lambda _context, builder, _signature, arguments: builder.ctpop(arguments[0])


def _prefetch(_: Any, array: Any, place: Any) -> Any:  # noqa: ARG001
    """Ask memory for an element of a one-dimensional array, without waiting for it."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        address = builder.bitcast(builder.gep(data, [arguments[1]]), ir.IntType(8).as_pointer())
        number = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [address.type, number, number, number])
        instruction = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        builder.call(instruction, [address, number(0), number(3), number(1)])  # to read it, into all caches, data
        return context.get_dummy_value()

    return types.void(array, types.intp), generate


#: popcount(word) and prefetch(array, place), for compiled code only.
popcount: Any = intrinsic(_popcount)
prefetch: Any = intrinsic(_prefetch)

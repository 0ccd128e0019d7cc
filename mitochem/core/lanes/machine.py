"""From routines to machine code: optimised for this CPU, kept on disk, called by address."""

from __future__ import annotations

import functools
import hashlib
import platform
from collections.abc import Sequence
from typing import Any

from .. import cache
from .trace import REAL, WIDTH, Routine

__all__ = ["Machine", "compiled", "is_stored"]

INTRINSICS = {"fma": 3, "fabs": 1, "sqrt": 1}


@functools.cache
def _target() -> Any:
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    features = llvm.get_host_cpu_features().flatten()
    triple = llvm.Target.from_default_triple()
    return triple.create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=features, opt=2, reloc="pic", codemodel="jitdefault", jit=True
    )


@functools.cache
def fingerprint() -> str:
    """What machine code is good for: this processor, this LLVM."""
    import llvmlite
    import llvmlite.binding as llvm

    facts = (platform.machine(), llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten(), llvmlite.__version__)
    return hashlib.sha256(repr(facts).encode()).hexdigest()


class Machine:
    """Loaded machine code: the address of each routine."""

    def __init__(self, binary: bytes, names: Sequence[str]) -> None:
        import llvmlite.binding as llvm

        self._engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _target_for_engine())
        self._engine.add_object_file(llvm.ObjectFileRef.from_data(binary))
        self._engine.finalize_object()
        self.address = {name: self._engine.get_function_address(name) for name in names}
        if not all(self.address.values()):
            raise ValueError("machine code without the routines asked for")


def _target_for_engine() -> Any:
    import llvmlite.binding as llvm

    _target()  # initialised
    return llvm.Target.from_default_triple().create_target_machine(jit=True)


def module_text(routines: Sequence[Routine]) -> str:
    declarations = [
        f"declare {REAL} @llvm.{name}.v{WIDTH}f64({', '.join([REAL] * count)})" for name, count in INTRINSICS.items()
    ]
    attributes = 'attributes #0 = { nounwind "min-legal-vector-width"="512" "prefer-vector-width"="512" }'
    return "\n".join([*declarations, *(r.text() for r in routines), attributes])


def build(routines: Sequence[Routine]) -> bytes:
    """Machine code of some routines."""
    import llvmlite.binding as llvm

    module = llvm.parse_assembly(module_text(routines))
    target = _target()
    module.triple, module.data_layout = target.triple, str(target.target_data)
    options = llvm.create_pipeline_tuning_options(speed_level=2)
    options.loop_vectorization = options.slp_vectorization = False
    llvm.create_pass_builder(target, options).getModulePassManager().run(
        module, llvm.create_pass_builder(target, options)
    )
    return bytes(target.emit_object(module))


def is_stored(key: str) -> bool:
    """True if there is a file of this key for this machine."""
    return (cache.folder() / f"{_stored_name(key)}.o").is_file()


def _stored_name(key: str) -> str:
    return f"{key}-{fingerprint()[:16]}"


def compiled(key: str, names: Sequence[str], write: Any) -> Machine:
    """Machine code by key, from disk if it is there and sound, else written and built now."""
    name = _stored_name(key) if key else ""
    if name and (binary := cache.load_binary(name)):
        try:
            return Machine(binary, names)
        except Exception:  # whatever is wrong with what was stored, it is simply made again
            pass
    binary = build(write())
    if name:
        cache.store_binary(name, binary)
    return Machine(binary, names)

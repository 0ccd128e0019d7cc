"""Straight-line code read on lanes, built into machine code and run on arrays: for tests of the compiled path."""

import ctypes

import numpy as np

from mitochem.core.lanes import machine
from mitochem.core.lanes.trace import WIDTH, Lane, Routine


class OnLanes:
    """A function of rows of numbers, compiled once; calls take arrays and give one array for each result."""

    def __init__(self, function, inputs):
        self.inputs = inputs
        routine = Routine("probe")
        results = function(*[routine.load(i) for i in range(inputs)])
        results = results if isinstance(results, list | tuple) else [results]
        for k, value in enumerate(results):
            routine.store(inputs + k, value)
        self.rows, self.outputs = inputs + len(results), len(results)
        self._machine = machine.Machine(machine.build([routine]), ["probe"])
        self.call = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(self._machine.address["probe"])
        spare = np.zeros((self.rows + 1) * WIDTH)
        shift = -(spare.ctypes.data // 8) % WIDTH
        self.workspace = spare[shift : shift + self.rows * WIDTH].reshape(self.rows, WIDTH)

    def __call__(self, *arrays):
        arrays = [np.asarray(a, float).ravel() for a in np.broadcast_arrays(*arrays)]
        size = arrays[0].size
        padded = -(-size // WIDTH) * WIDTH
        table = np.ones((self.inputs, padded))
        table[:, :size] = arrays
        out = np.empty((self.outputs, padded))
        for first in range(0, padded, WIDTH):
            self.workspace[: self.inputs] = table[:, first : first + WIDTH]
            self.call(self.workspace.ctypes.data)
            out[:, first : first + WIDTH] = self.workspace[self.inputs :]
        return out[0, :size] if self.outputs == 1 else out[:, :size]


def truth(mask):
    """A mask as 1 and 0."""
    return np.where(mask, 1.0, 0.0)


__all__ = ["Lane", "OnLanes", "truth"]

"""Machine code for eight members at once, made from the same straight-line code that runs on arrays."""

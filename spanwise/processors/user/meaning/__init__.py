"""What a sentence asks for, weighed by examples: for the ways to ask that no grammar foresees.

`terms`: its words and their letters, which cost microseconds and spare most turns the rest. `embedding`: its meaning as
a vector, by a small multilingual model that ships in a package. `hints`: what its form says, as numbers. `fitted`:
what each of them counts for, as `python -m benchmarks.fit` found it and wrote it to `weights.npz`; that shows what it
scores on sets that were left out. `likely`: all of them together.
"""

"""What a sentence means, weighed by examples instead of words: for the ways to ask that no grammar foresees.

`gate`: may it ask for anything at all? Costs microseconds, and lets few ordinary sentences through. `embedding`: the
sentence as a vector, by a small multilingual model that ships in a package. `examples`: how close it is to labelled
ones. `likely`: the three of them and the grammar together. `weights.npz` is fitted by `python -m benchmarks.fit`, which
shows what it scores on sets that were left out.
"""

"""The grammar of a standing request: data, one aspect a file, for `asking` and `forget` to weigh.

`speech`: who speaks, and is it a question. `keeping`: something is to be remembered. `forgetting`: it is to be
forgotten. `naming`: somebody is to be called by a name. `lasting`: for how long it holds. `directing`: it tells us what
to do.

The patterns are for English and are joined with the frames of the other `languages`. They tell by structure, so that a
domain they have never met makes no difference.
"""

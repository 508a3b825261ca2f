"""Runs processors and learners, apart from the collector: a plugin that raises, hangs or eats memory harms only itself.

`work` is what happens in the worker process, `accept` checks what plugins give, `workers` hands work to it.
"""

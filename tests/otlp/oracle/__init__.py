"""The rows of `otel_traces` as a plain decoder makes them: protobuf's parser, Python objects, RowBinary.

What is compiled is compared with it, in the tests and in the benchmarks.
"""

"""The rows of `otel_traces` as a decoder makes them that is plain rather than fast: protobuf's parser, Python objects, RowBinary.

What is compiled is compared with it, in the tests and in the benchmarks.
"""

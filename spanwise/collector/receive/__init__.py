"""The receive role: requests are checked, named, and handed on as the bytes they came as.

`ingest` does that for any protocol, `credentials` says whose they are, `grpc` is OTLP over gRPC.
"""

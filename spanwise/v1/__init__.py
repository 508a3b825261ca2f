"""Generated from `proto/spanwise/v1` by `tools/generate_proto.sh`."""

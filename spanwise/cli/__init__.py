"""The command line: `spanwise`. `main` lists the commands, one file a group; `connection` and `querying` reach a
collector or its data, `output` shows answers, `failures` says what went wrong.
"""

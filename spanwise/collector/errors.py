"""The two ways in which work can fail without being a bug. Anything else that is raised stops the role loudly."""


class Rejected(Exception):
    """This input can never succeed, however often it is tried. Says what is wrong and where."""


class NotFound(Rejected):
    """There is no such thing, or none that the caller may know of."""


class Conflict(Rejected):
    """The thing is not in a state in which that can be done to it."""


class Busy(Exception):
    """Nothing is wrong with the input; keep it and try again."""

"""Links of one phone's branch, as the tests of their places write them."""

from sync.branch import Link


def link(at, operation="", *, status=None, branch="east-1", received_at=0):
    """One in this place of a branch from version 3, which says its place."""
    return Link(operation or f"op{at}", 3, at, {"phone": f"v{at}"}, branch, status, received_at)

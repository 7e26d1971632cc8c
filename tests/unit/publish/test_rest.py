"""What GitHub's words mean when a branch can't be moved."""

from __future__ import annotations

import pytest

from pm_sync.errors import AccessDenied, AnswerLost, TrackerError
from pm_sync.publish.remote import BranchProtected, HeadMoved, PublishFailed
from pm_sync.publish.rest import move_failure

HERE = "the credential may not PATCH acme/infra/git/refs/heads/main"


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (TrackerError("api.github.com refused it: Update is not a fast forward"), HeadMoved),
        (TrackerError("api.github.com refused it: Reference already exists"), HeadMoved),
        (TrackerError("api.github.com refused it: Reference does not exist"), HeadMoved),
        (AnswerLost("the connection broke"), HeadMoved),
        (TrackerError("api.github.com answered 409: Changes must be made through a pull request."), BranchProtected),
        (TrackerError("api.github.com refused it: Repository rule violations found"), BranchProtected),
        (AccessDenied(f"{HERE}: Protected branch update failed for refs/heads/main."), BranchProtected),
        (AccessDenied(f"{HERE}: At least 1 approving review is required"), BranchProtected),
        (AccessDenied(f"{HERE}: Required status check “test” is expected"), BranchProtected),
        (AccessDenied(f"{HERE}: Resource not accessible by integration"), PublishFailed),
        (TrackerError("api.github.com answered 500"), PublishFailed),
    ],
)
def test_refused_move_is_told_apart(error: TrackerError, kind: type[PublishFailed]) -> None:
    """Read again, go another way, or give up."""
    assert type(move_failure("main", error)) is kind


def test_missing_permission_is_named() -> None:
    """The message tells what to grant."""
    error = AccessDenied(f"{HERE}: Resource not accessible by integration")
    assert "contents: write" in str(move_failure("main", error))

"""The one blueprint of the adapter, and how its refusals look: a page, a status, an audit row."""

from datetime import timedelta

from flask import Blueprint, Response

from lti.errors import KeysUnavailable, LaunchRefused
from plugin.kernel import limits
from plugin.kernel.i18n import _
from plugin.kernel.telemetry import get_logger, reference
from plugin.kernel.urls import with_query
from plugin.web.errors import Problem, answer
from plugin.web.security import allow_frames
from plugin.web.work import services

blueprint = Blueprint(
    "lti",
    __name__,
    template_folder="../templates",
    static_folder="../static",
    static_url_path="/static/lti",
)
log = get_logger(__name__)

# Refusals can be caused from outside without end; the audit trail takes so many an hour.
_AUDITED_AN_HOUR = 500


@blueprint.errorhandler(LaunchRefused)
def refused(error: LaunchRefused) -> Response:
    """Explain a refused message in plain words; the code stands in log and audit trail."""
    _record(error.code, error.detail)
    if error.return_url is not None:
        allow_frames(error.return_url)  # also where a blocked place no longer names its frame
    return answer(
        Problem(
            error.status,
            error.code,
            _("Lantern was not opened"),
            error.message,
            error.advice,
            back=_back(error),
        )
    )


@blueprint.errorhandler(KeysUnavailable)
def unavailable(error: KeysUnavailable) -> Response:
    """The platform is down: say so and when to come back."""
    _record(error.code, error.detail)
    return answer(
        Problem(
            error.status,
            error.code,
            _("Lantern was not opened"),
            error.message,
            _("Open the activity again from your course in a minute."),
            error.after,
        )
    )


def _back(error: LaunchRefused) -> str | None:
    """The platform's return address, with what happened for the person and for its log (core 5.3).

    Only a verified token brings one, so it is the platform's own and no open redirect.
    """
    if error.return_url is None:
        return None
    told = {"lti_errormsg": error.message, "lti_errorlog": f"lantern {error.code} {reference()}"}
    return with_query(error.return_url, told)


def _record(code: str, detail: str) -> None:
    log.info("lti.launch_refused", code=code, detail=detail)
    units = services().units
    if limits.take(units, "lti.refusals", limit=_AUDITED_AN_HOUR, per=timedelta(hours=1)):
        with units.system() as uow:
            uow.audit("lti.launch.refused", actor=None, subject="lti", code=code, detail=detail)
            uow.commit()

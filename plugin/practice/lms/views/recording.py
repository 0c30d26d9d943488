"""Write each call of the protocol to the LMS log and let it meet the fault that is switched on."""

from __future__ import annotations

from flask import Response, g, jsonify, request

from plugin.practice.lms import call_log
from plugin.practice.lms.faults import Area, Mode, take_fault
from plugin.practice.lms.views.session import platform

FAULT_STATUS = {Mode.ERROR: 500, Mode.UNAVAILABLE: 503, Mode.TOO_MANY: 429}
MAX_DETAIL = 8000


def name_call(area: str, who: str = "", reason: str = "") -> None:
    """Say what this request is about; `write_call` stores it with the status."""
    g.call_area = area
    if who:
        g.call_who = who
    if reason:
        g.call_reason = reason


def write_call(response: Response) -> Response:
    area = g.get("call_area")
    if area:
        fields = {"Authorization": request.headers["Authorization"]} if _bearer() else {}
        fields |= {"Accept": request.headers.get("Accept", "")}
        body = request.get_data(as_text=True) if request.is_json or _vendor_json() else ""
        detail = call_log.shorten(fields | request.form.to_dict())
        call_log.write(
            platform().store,
            area=area,
            method=request.method,
            url=request.full_path.rstrip("?"),
            who=g.get("call_who", ""),
            status=g.get("call_status", response.status_code),
            reason=g.get("call_reason", ""),
            detail=f"{detail}\n{body}".strip()[:MAX_DETAIL],
        )
    return response


def meet_fault(area: Area) -> Response | None:
    """The answer of a broken service, or None when this call goes well."""
    mode = take_fault(platform().store, area)
    if mode is None:
        return None
    g.call_reason = f"practice fault: {mode.value}"
    if mode is Mode.LOST:
        g.lose_answer = True
        return None
    if mode is Mode.HANG:
        platform().stopping.wait(platform().hang_seconds)
        return _broken(504)
    response = _broken(FAULT_STATUS[mode])
    if mode is Mode.TOO_MANY:
        response.headers["Retry-After"] = "1"
    return response


def lose_answer(response: Response) -> Response:
    """The call had its effect; its answer is replaced by a gateway's error."""
    return _broken(502) if g.get("lose_answer") else response


def _broken(status: int) -> Response:
    response = jsonify({"status": status, "reason": "switched on at the practice desk"})
    response.status_code = status
    return response


def _bearer() -> bool:
    return "Authorization" in request.headers


def _vendor_json() -> bool:
    return request.mimetype.endswith("+json")

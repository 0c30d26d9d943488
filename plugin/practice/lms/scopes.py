"""Service scopes and media types (AGS 2.0, NRPS 2.0)."""

from __future__ import annotations

AGS_SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/"
LINE_ITEM = f"{AGS_SCOPE}lineitem"
LINE_ITEM_READ = f"{AGS_SCOPE}lineitem.readonly"
RESULT_READ = f"{AGS_SCOPE}result.readonly"
SCORE = f"{AGS_SCOPE}score"
ROSTER_READ = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
GRADE_SCOPES = (LINE_ITEM, LINE_ITEM_READ, RESULT_READ, SCORE)
NOTICE_HANDLERS = "https://purl.imsglobal.org/spec/lti/scope/noticehandlers"
SCOPES = frozenset({*GRADE_SCOPES, ROSTER_READ, NOTICE_HANDLERS})

LINE_ITEM_TYPE = "application/vnd.ims.lis.v2.lineitem+json"
LINE_ITEMS_TYPE = "application/vnd.ims.lis.v2.lineitemcontainer+json"
RESULTS_TYPE = "application/vnd.ims.lis.v2.resultcontainer+json"
SCORE_TYPE = "application/vnd.ims.lis.v1.score+json"
ROSTER_TYPE = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"

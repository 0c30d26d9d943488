"""Tables of credentials, by what they are about.

``credentials`` holds evidence, awards and what was signed, ``signing`` who signs and the lists of
what no longer counts, ``changes`` what happens to a credential later; the other modules hold what
achievements belong to and what their holders do with them.
"""

from plugin.credentials.models.achievements import (
    APPROVED,
    DECLINED,
    OPEN,
    AchievementText,
    AchievementVersion,
    Alignment,
    Competency,
    CourseScore,
    Framework,
    Pathway,
    Proposal,
    Stage,
    Step,
)
from plugin.credentials.models.changes import Endorsement, StatusRun, StatusRunItem
from plugin.credentials.models.credentials import (
    AUTOMATIC,
    BY_HAND,
    HANDLE,
    HELD,
    PROPOSED,
    Achievement,
    Award,
    AwardEvidence,
    Credential,
    CredentialEdition,
    EvidenceAssessor,
    EvidenceEvent,
    PublicAddress,
)
from plugin.credentials.models.holding import (
    GivingRow,
    GivingRun,
    Portfolio,
    PortfolioItem,
    ShareLink,
    Thanks,
)
from plugin.credentials.models.signing import (
    COMMUNITY,
    Issuer,
    IssuerKey,
    JwtKey,
    SpentPlace,
    StatusList,
)

__all__ = [
    "APPROVED",
    "AUTOMATIC",
    "BY_HAND",
    "COMMUNITY",
    "DECLINED",
    "HANDLE",
    "HELD",
    "OPEN",
    "PROPOSED",
    "Achievement",
    "AchievementText",
    "AchievementVersion",
    "Alignment",
    "Award",
    "AwardEvidence",
    "Competency",
    "CourseScore",
    "Credential",
    "CredentialEdition",
    "Endorsement",
    "EvidenceAssessor",
    "EvidenceEvent",
    "Framework",
    "GivingRow",
    "GivingRun",
    "Issuer",
    "IssuerKey",
    "JwtKey",
    "Pathway",
    "Portfolio",
    "PortfolioItem",
    "Proposal",
    "PublicAddress",
    "ShareLink",
    "SpentPlace",
    "Stage",
    "StatusList",
    "StatusRun",
    "StatusRunItem",
    "Step",
    "Thanks",
]

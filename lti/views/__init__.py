"""The adapter's pages and endpoints. ``oidc`` lets people in, ``deep_linking`` adds activities,
``jwks`` and ``configuration`` show what platforms read, ``registering`` is where they register,
``platforms`` and ``deployments`` are the administrator's, ``roster`` reads a list on demand,
``grades`` shows scores on their way."""

import lti.views.configuration
import lti.views.deep_linking
import lti.views.deployments
import lti.views.grades
import lti.views.jwks
import lti.views.new_review
import lti.views.notices
import lti.views.oidc
import lti.views.platforms
import lti.views.registering
import lti.views.roster
import lti.views.storage  # noqa: F401  # the modules add their routes
from lti.views.blueprint import blueprint

__all__ = ["blueprint"]

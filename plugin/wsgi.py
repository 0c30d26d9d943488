"""For any WSGI server: ``gunicorn plugin.wsgi:app``."""

import os

from plugin.app import create_app
from plugin.kernel.telemetry import configure_logging
from plugin.settings import Settings

_settings = Settings.from_env(os.environ)
configure_logging(_settings.log_level, human=_settings.log_human)
app = create_app(_settings)

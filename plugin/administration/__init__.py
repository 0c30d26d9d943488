"""Set-up, staff and invitations, connections and their health, audit, deliveries. See README.md."""

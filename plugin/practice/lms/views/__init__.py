"""What the platform answers over HTTP: pages, launches, services and the practice desk."""

"""What the browser tests share: Chromium, people, the steps of the main path."""

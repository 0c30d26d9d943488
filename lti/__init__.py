"""The LTI 1.3 adapter: courses of Moodle, Canvas and others as a door of Lantern."""

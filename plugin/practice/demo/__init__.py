"""The demo: real processes on loopback, and robots who fill them through their doors.

The robots know HTTP, the pages as a browser gets them, and the practice servers' own functions;
nothing of Lantern's features. What they cannot do as a person could, the demo does not have.
(Issue 2, section 2.)
"""

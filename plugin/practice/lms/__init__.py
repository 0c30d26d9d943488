"""A small, strict LTI 1.3 platform that a person can click in and that the tests launch from.

It answers as Moodle 4.5 does where a tool can notice, and refuses what the specifications forbid
even where a real platform is lenient (LTI core 1.3, Security Framework 1.0, Deep Linking 2.0,
Names and Role Provisioning 2.0, Assignment and Grade Services 2.0).
"""

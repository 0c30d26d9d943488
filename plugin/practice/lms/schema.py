"""Tables of the practice LMS, in its own SQLite file and apart from Lantern's.

Times are UTC seconds since 1970; ids are small numbers, as in Moodle: unique only together with
the issuer.
"""

from __future__ import annotations

SCHEMA = """
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS platform_key (
    kid TEXT PRIMARY KEY, private_pem TEXT NOT NULL, created INTEGER NOT NULL,
    published INTEGER NOT NULL DEFAULT 1);
CREATE TABLE IF NOT EXISTS tool (
    id INTEGER PRIMARY KEY AUTOINCREMENT, client_id TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
    login_url TEXT NOT NULL, launch_url TEXT NOT NULL, redirect_uris TEXT NOT NULL,
    key_set_url TEXT NOT NULL, deep_linking_url TEXT, custom TEXT NOT NULL,
    share_names INTEGER NOT NULL, share_email INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS tool_registration (
    tool_id INTEGER PRIMARY KEY REFERENCES tool(id), state TEXT NOT NULL, document TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS course (
    id INTEGER PRIMARY KEY AUTOINCREMENT, label TEXT NOT NULL UNIQUE, title TEXT NOT NULL,
    sourced_id TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS user (
    id INTEGER PRIMARY KEY AUTOINCREMENT, username TEXT NOT NULL UNIQUE, given_name TEXT NOT NULL,
    family_name TEXT NOT NULL, email TEXT NOT NULL, locale TEXT NOT NULL,
    time_zone TEXT NOT NULL, sourced_id TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS enrolment (
    course_id INTEGER NOT NULL REFERENCES course(id), user_id INTEGER NOT NULL REFERENCES user(id),
    role TEXT NOT NULL, PRIMARY KEY (course_id, user_id));
CREATE TABLE IF NOT EXISTS course_tool (
    course_id INTEGER NOT NULL REFERENCES course(id), tool_id INTEGER NOT NULL REFERENCES tool(id),
    share_names INTEGER NOT NULL, share_email INTEGER NOT NULL,
    PRIMARY KEY (course_id, tool_id));
CREATE TABLE IF NOT EXISTS activity (
    id INTEGER PRIMARY KEY AUTOINCREMENT, course_id INTEGER NOT NULL REFERENCES course(id),
    tool_id INTEGER NOT NULL REFERENCES tool(id), title TEXT NOT NULL, text TEXT NOT NULL,
    url TEXT NOT NULL, custom TEXT NOT NULL, new_window INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS line_item (
    id INTEGER PRIMARY KEY AUTOINCREMENT, course_id INTEGER NOT NULL REFERENCES course(id),
    tool_id INTEGER NOT NULL REFERENCES tool(id),
    activity_id INTEGER REFERENCES activity(id) ON DELETE CASCADE, coupled INTEGER NOT NULL,
    label TEXT NOT NULL, score_maximum REAL NOT NULL, tag TEXT NOT NULL,
    resource_id TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS grade (
    line_item_id INTEGER NOT NULL REFERENCES line_item(id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES user(id), score REAL, comment TEXT NOT NULL,
    graded INTEGER, PRIMARY KEY (line_item_id, user_id));
CREATE TABLE IF NOT EXISTS score_post (
    id INTEGER PRIMARY KEY AUTOINCREMENT, line_item_id INTEGER NOT NULL, user_id TEXT NOT NULL,
    received INTEGER NOT NULL, status INTEGER NOT NULL, reason TEXT NOT NULL,
    body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS launch (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, tool_id INTEGER NOT NULL, user_id INTEGER NOT NULL,
    course_id INTEGER NOT NULL, activity_id INTEGER, target TEXT NOT NULL, role TEXT NOT NULL,
    started INTEGER NOT NULL, used INTEGER);
CREATE TABLE IF NOT EXISTS selection (
    key TEXT PRIMARY KEY, tool_id INTEGER NOT NULL, course_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL, started INTEGER NOT NULL, used INTEGER);
CREATE TABLE IF NOT EXISTS tool_nonce (
    client_id TEXT NOT NULL, purpose TEXT NOT NULL, value TEXT NOT NULL, seen INTEGER NOT NULL,
    PRIMARY KEY (client_id, purpose, value));
CREATE TABLE IF NOT EXISTS access_token (
    digest TEXT PRIMARY KEY, tool_id INTEGER NOT NULL, scopes TEXT NOT NULL,
    expires INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS fault (
    area TEXT PRIMARY KEY, mode TEXT NOT NULL, remaining INTEGER);
CREATE TABLE IF NOT EXISTS call (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, area TEXT NOT NULL,
    method TEXT NOT NULL, url TEXT NOT NULL, who TEXT NOT NULL, status INTEGER NOT NULL,
    reason TEXT NOT NULL, detail TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS attempt (
    line_item_id INTEGER NOT NULL, user_id INTEGER NOT NULL, made INTEGER NOT NULL,
    PRIMARY KEY (line_item_id, user_id));
CREATE TABLE IF NOT EXISTS attempt_limit (
    line_item_id INTEGER PRIMARY KEY, allowed INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS teacher_grade (
    line_item_id INTEGER NOT NULL, user_id INTEGER NOT NULL, PRIMARY KEY (line_item_id, user_id));
CREATE TABLE IF NOT EXISTS course_copy (
    course_id INTEGER PRIMARY KEY REFERENCES course(id), origin_id INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS grade_user ON grade (user_id);
CREATE INDEX IF NOT EXISTS score_post_item ON score_post (line_item_id, user_id);
CREATE INDEX IF NOT EXISTS enrolment_user ON enrolment (user_id);
"""

"""The forum's own tables. One SQLite file; nothing here is shared with the product."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS site_setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS api_key (
  key TEXT PRIMARY KEY, username TEXT, scopes TEXT, description TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS account (
  id INTEGER PRIMARY KEY AUTOINCREMENT, username TEXT NOT NULL UNIQUE COLLATE NOCASE,
  name TEXT NOT NULL, email TEXT NOT NULL, trust_level INTEGER NOT NULL DEFAULT 1,
  admin INTEGER NOT NULL DEFAULT 0, moderator INTEGER NOT NULL DEFAULT 0, title TEXT,
  time_zone TEXT NOT NULL DEFAULT 'UTC', locale TEXT, created_at TEXT NOT NULL,
  last_seen_at TEXT, last_posted_at TEXT);
CREATE TABLE IF NOT EXISTS external_account (
  provider TEXT NOT NULL, uid TEXT NOT NULL, user_id INTEGER NOT NULL REFERENCES account(id)
  ON DELETE CASCADE, PRIMARY KEY (provider, uid));
CREATE TABLE IF NOT EXISTS team (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  full_name TEXT, automatic INTEGER NOT NULL DEFAULT 0, created_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS group_user (
  id INTEGER PRIMARY KEY AUTOINCREMENT, group_id INTEGER NOT NULL REFERENCES team(id)
  ON DELETE CASCADE, user_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  notification_level INTEGER NOT NULL DEFAULT 3, owner INTEGER NOT NULL DEFAULT 0,
  created_at TEXT NOT NULL, UNIQUE (group_id, user_id));
CREATE TABLE IF NOT EXISTS category (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, slug TEXT NOT NULL,
  parent_id INTEGER REFERENCES category(id), description TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS tag (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, slug TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS topic (
  id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL, slug TEXT NOT NULL,
  archetype TEXT NOT NULL DEFAULT 'regular', category_id INTEGER REFERENCES category(id),
  user_id INTEGER NOT NULL, closed INTEGER NOT NULL DEFAULT 0,
  archived INTEGER NOT NULL DEFAULT 0, visible INTEGER NOT NULL DEFAULT 1, pinned_at TEXT,
  views INTEGER NOT NULL DEFAULT 0, external_id TEXT UNIQUE COLLATE NOCASE,
  created_at TEXT NOT NULL, bumped_at TEXT NOT NULL, last_posted_at TEXT,
  last_poster_id INTEGER NOT NULL, highest_post_number INTEGER NOT NULL DEFAULT 0,
  deleted_at TEXT, deleted_by_id INTEGER);
CREATE INDEX IF NOT EXISTS topic_bumped ON topic (bumped_at);
CREATE TABLE IF NOT EXISTS topic_tag (
  topic_id INTEGER NOT NULL REFERENCES topic(id), tag_id INTEGER NOT NULL REFERENCES tag(id),
  PRIMARY KEY (topic_id, tag_id));
CREATE TABLE IF NOT EXISTS topic_user (
  topic_id INTEGER NOT NULL REFERENCES topic(id), user_id INTEGER NOT NULL,
  PRIMARY KEY (topic_id, user_id));
CREATE TABLE IF NOT EXISTS topic_group (
  topic_id INTEGER NOT NULL REFERENCES topic(id), group_id INTEGER NOT NULL,
  PRIMARY KEY (topic_id, group_id));
CREATE TABLE IF NOT EXISTS post (
  id INTEGER PRIMARY KEY AUTOINCREMENT, topic_id INTEGER NOT NULL REFERENCES topic(id),
  user_id INTEGER NOT NULL, post_number INTEGER NOT NULL, post_type INTEGER NOT NULL DEFAULT 1,
  raw TEXT NOT NULL, cooked TEXT NOT NULL, reply_to_post_number INTEGER,
  version INTEGER NOT NULL DEFAULT 1, edit_reason TEXT, user_deleted INTEGER NOT NULL DEFAULT 0,
  deleted_at TEXT, created_at TEXT NOT NULL, updated_at TEXT NOT NULL,
  UNIQUE (topic_id, post_number));
CREATE TABLE IF NOT EXISTS post_like (
  id INTEGER PRIMARY KEY AUTOINCREMENT, post_id INTEGER NOT NULL REFERENCES post(id),
  user_id INTEGER NOT NULL, created_at TEXT NOT NULL, UNIQUE (post_id, user_id));
CREATE TABLE IF NOT EXISTS solution (
  topic_id INTEGER PRIMARY KEY REFERENCES topic(id), post_id INTEGER NOT NULL,
  accepter_id INTEGER NOT NULL, created_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS badge (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  badge_type_id INTEGER NOT NULL, description TEXT, long_description TEXT, icon TEXT,
  image_url TEXT, multiple_grant INTEGER NOT NULL DEFAULT 0,
  allow_title INTEGER NOT NULL DEFAULT 0, listable INTEGER NOT NULL DEFAULT 1,
  enabled INTEGER NOT NULL DEFAULT 1, show_posts INTEGER NOT NULL DEFAULT 0,
  badge_grouping_id INTEGER NOT NULL DEFAULT 5, created_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS user_api_key (
  key TEXT PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  client_id TEXT NOT NULL, scopes TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS upload (
  id INTEGER PRIMARY KEY AUTOINCREMENT, url TEXT NOT NULL, name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS badge_grouping (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, position INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS user_badge (
  id INTEGER PRIMARY KEY AUTOINCREMENT, badge_id INTEGER NOT NULL REFERENCES badge(id),
  user_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  granted_by_id INTEGER NOT NULL, granted_at TEXT NOT NULL, created_at TEXT NOT NULL,
  post_id INTEGER, seq INTEGER NOT NULL DEFAULT 0, UNIQUE (badge_id, user_id, seq));
CREATE TABLE IF NOT EXISTS notification (
  id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER NOT NULL REFERENCES account(id)
  ON DELETE CASCADE, notification_type INTEGER NOT NULL, topic_id INTEGER,
  post_number INTEGER, data TEXT NOT NULL, read INTEGER NOT NULL DEFAULT 0,
  created_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS web_hook (
  id INTEGER PRIMARY KEY AUTOINCREMENT, payload_url TEXT NOT NULL, secret TEXT NOT NULL,
  content_type INTEGER NOT NULL DEFAULT 1, wildcard INTEGER NOT NULL DEFAULT 0,
  active INTEGER NOT NULL DEFAULT 1, verify_certificate INTEGER NOT NULL DEFAULT 1,
  event_names TEXT NOT NULL, category_ids TEXT NOT NULL, group_ids TEXT NOT NULL,
  tag_names TEXT NOT NULL, created_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS web_hook_job (
  id INTEGER PRIMARY KEY AUTOINCREMENT, web_hook_id INTEGER NOT NULL, event_type TEXT NOT NULL,
  event_name TEXT NOT NULL, body TEXT NOT NULL, retry_count INTEGER NOT NULL DEFAULT 0,
  redeliver_event_id INTEGER, state TEXT NOT NULL DEFAULT 'queued', not_before TEXT NOT NULL,
  created_at TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS web_hook_job_due ON web_hook_job (state, not_before);
CREATE TABLE IF NOT EXISTS web_hook_event (
  id INTEGER PRIMARY KEY AUTOINCREMENT, web_hook_id INTEGER NOT NULL, event_name TEXT NOT NULL,
  request_url TEXT NOT NULL, headers TEXT NOT NULL, payload TEXT NOT NULL, status INTEGER,
  response_headers TEXT, response_body TEXT, duration INTEGER, created_at TEXT NOT NULL,
  sent_count INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS web_hook_event_hook ON web_hook_event (web_hook_id, id);
CREATE TABLE IF NOT EXISTS api_call (
  id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, method TEXT NOT NULL,
  path TEXT NOT NULL, params_digest TEXT NOT NULL, username TEXT, status INTEGER,
  fault TEXT, effect TEXT);
CREATE TABLE IF NOT EXISTS post_memo (
  signature TEXT PRIMARY KEY, expires_at TEXT NOT NULL, status INTEGER NOT NULL,
  body TEXT NOT NULL);
"""

# Real ids start low for automatic groups and high for hook events; recorded deliveries show both.
FIRST_IDS = {"team": 40, "web_hook_event": 50_000, "badge": 100, "account": 0, "badge_grouping": 20}

"""Users, groups and the site's own data over REST."""

from plugin.practice.forum import seed
from plugin.practice.forum.forum import Forum
from tests.plugin.practice.forum.conftest import Api, Town


def test_members_are_added_once(api: Api, forum: Forum, town: Town) -> None:
    group = seed.add_group(forum, "mentors", full_name="Mentors")
    path = f"/groups/{group}/members.json"
    assert api("PUT", path, data={"usernames": "tom.b"}).get_json()["usernames"] == ["tom.b"]
    again = api("PUT", path, data={"usernames": "tom.b"})
    assert again.status_code == 422
    assert "already a member" in again.get_json()["errors"][0]
    both = api("PUT", path, data={"usernames": "tom.b,mira_k"}).get_json()
    assert (both["usernames"], both["skipped_usernames"]) == (["mira_k"], ["tom.b"])
    listed = api.get("/groups/mentors/members.json").get_json()
    assert [one["username"] for one in listed["members"]] == ["mira_k", "tom.b"]
    gone = api("DELETE", path, data={"usernames": "tom.b"}).get_json()
    assert gone["usernames"] == ["tom.b"]
    twice = api("DELETE", path, data={"usernames": "tom.b"})
    assert (twice.status_code, twice.get_json()["skipped_usernames"]) == (200, ["tom.b"])


def test_groups_need_staff(api: Api, forum: Forum, town: Town) -> None:
    group = seed.add_group(forum, "mentors")
    path, as_tom = f"/groups/{group}/members.json", {"Api-Username": "tom.b"}
    assert api("PUT", path, data={"usernames": "tom.b"}, headers=as_tom).status_code == 403
    made = api.post("/admin/groups.json", json={"group": {"name": "circle"}})
    assert made.get_json()["basic_group"]["name"] == "circle"
    assert api.post("/admin/groups.json", json={"group": {"name": "circle"}}).status_code == 422


def test_profiles_and_lookups(api: Api, forum: Forum, town: Town) -> None:
    seed.link_external(forum, "tom.b", "our-uuid")
    seed.link_external(forum, "tom.b", "sub|42", provider="lti")
    by_name = api.get("/u/tom.b.json").get_json()["user"]
    assert by_name["id"] == town.tom
    assert by_name["email"] == "tom@example.edu"
    assert "email" not in api.client.get("/u/tom.b.json").get_json()["user"]
    assert api.get("/u/by-external/our-uuid.json").get_json()["user"]["id"] == town.tom
    assert api.get("/u/by-external/lti/sub|42.json").get_json()["user"]["id"] == town.tom
    assert api.get("/u/by-external/unknown.json").status_code == 404
    as_tom = {"Api-Username": "tom.b"}
    assert api.get("/u/by-external/lti/sub|42.json", headers=as_tom).status_code == 404
    detailed = api.get(f"/admin/users/{town.tom}.json").get_json()
    assert detailed["single_sign_on_record"]["external_id"] == "our-uuid"
    assert api.get("/admin/users/9999.json").status_code == 404


def test_the_site_describes_itself(api: Api, town: Town) -> None:
    site = api.get("/site.json").get_json()
    assert [one["name"] for one in site["categories"]] == ["Help", "Databases"]
    assert site["categories"][1]["parent_category_id"] == town.parent
    about = api.get("/about.json").get_json()["about"]
    assert about["stats"]["topics_count"] == 1
    assert about["version"] == "2026.3.0"
    assert api.client.get("/srv/status").data == b"ok"
    made = api.post("/categories.json", data={"name": "Mentoring"})
    assert made.get_json()["category"]["slug"] == "mentoring"


def test_webhook_administration_is_hidden_from_moderators(api: Api, forum: Forum) -> None:
    seed.add_user(forum, "mod", "Mo D", "mod@example.edu", moderator=True)
    path = "/admin/api/web_hooks.json"
    assert api.get(path, headers={"Api-Username": "mod"}).status_code == 404
    kinds = api.get(path).get_json()["extras"]["grouped_event_types"]
    solved = [kind["id"] for kind in kinds["solved"]]
    made = api.post(
        path,
        json={
            "web_hook": {
                "payload_url": "http://127.0.0.1:9/hook",
                "secret": "a-secret-of-enough-length",
                "web_hook_event_type_ids": solved,
            }
        },
    ).get_json()["web_hook"]
    names = [kind["name"] for kind in made["web_hook_event_types"]]
    assert names == ["accepted_solution", "unaccepted_solution"]
    gone = api("DELETE", f"/admin/api/web_hooks/{made['id']}.json")
    assert gone.status_code == 200
    assert api.get(f"/admin/api/web_hooks/{made['id']}.json").status_code == 404

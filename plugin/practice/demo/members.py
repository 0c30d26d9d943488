"""How people come in: a course launch, the forum's sign-in, an invitation with a mailed code."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from plugin.practice.demo.browser import Browser
from plugin.practice.demo.cast import TEACHER, Person
from plugin.practice.demo.forms import NotOnThePage, Page
from plugin.practice.demo.town import Town
from plugin.practice.lms.visitor import Visitor


@dataclass
class Arrived:
    """A person who is signed in, and the address to which their door led."""

    person: Person
    browser: Browser
    landed: str

    @property
    def place(self) -> str:
        """``/c/<context>``, from the address to which the door led."""
        parts = urlsplit(self.landed).path.split("/")
        if len(parts) < 3 or parts[1] != "c":
            raise NotOnThePage(f"a course in {self.landed}")
        return f"/c/{parts[2]}"

    def open(self, path: str) -> Page:
        """Open a page of the course or forum, or any path."""
        inside = path.startswith("/")
        return self.browser.get(path if inside else f"{self.place}/{path}")


@dataclass
class Doors:
    """Lets people in."""

    town: Town

    def browser(self, person: Person) -> Browser:
        return Browser(self.town.ports.base_url, language=person.language)

    def from_course(self, person: Person, course: str) -> Arrived:
        """Open the course's activity in the LMS."""
        town = self.town
        visitor = Visitor(town.lms.base_url, town.users[person.key])
        browser = self.browser(person)
        try:
            login = visitor.open_activity(town.activities[course])
            answer = visitor.launch(login, browser.session)
        finally:
            visitor.close()
        if person.role == TEACHER:
            return Arrived(person, browser, browser.follow(answer).url)
        # Everybody else knows the way: they go on before their home page is made.
        return Arrived(person, browser, browser.arrive(answer))

    def from_forum(self, person: Person, next_path: str = "/") -> Arrived:
        """Sign in with the forum, where one clicks one's own name."""
        browser = self.browser(person)
        page = browser.get(f"/discourse/{self.town.connection}/signin?next={next_path}")
        return Arrived(person, browser, self._at_forum(browser, page, person).url)

    def link_forum(self, arrived: Arrived) -> None:
        """Say that the forum account is the same person."""
        browser = arrived.browser
        page = browser.get(f"/discourse/{self.town.connection}/link")
        page = browser.get(f"{page.url}{page.link('?go=1')}")
        page = self._at_forum(browser, page, arrived.person)
        browser.submit(page, page.form(field="nonce"), last=True)

    def _at_forum(self, browser: Browser, page: Page, person: Person) -> Page:
        if not page.url.startswith(self.town.forum.base_url):
            return page
        for form in page.forms:
            named = form.controls.get("username")
            if named is not None and named.chosen == [person.key]:
                return browser.submit(page, form)
        raise NotOnThePage(f"{person.name} on the forum's page {page.url}")

    def by_invitation(self, person: Person, link: str, browser: Browser | None = None) -> Arrived:
        """Open an invitation: prove the address with a mailed code, or accept as who one is."""
        mine = browser or self.browser(person)
        page = mine.get(link)
        if page.has_form(field="accept"):
            return Arrived(person, mine, mine.submit(page, page.form(field="accept")).url)
        known = self.town.mail.names(person.email)
        form = page.form(field="email")
        page = mine.submit(page, form, {"email": person.email, "name": person.name})
        return Arrived(person, mine, self._type_code(mine, page, person.email, known).url)

    def by_mail(self, person: Person) -> Arrived:
        """Sign in with a mailed code."""
        browser = self.browser(person)
        page = browser.get("/sign-in/mail")
        known = self.town.mail.names(person.email)
        page = browser.submit(page, page.form(field="email"), {"email": person.email})
        return Arrived(person, browser, self._type_code(browser, page, person.email, known).url)

    def confirm_address(self, arrived: Arrived) -> None:
        """Confirm the address on the profile with a mailed code, so that mail may come."""
        person, browser = arrived.person, arrived.browser
        page = browser.get("/profile")
        form = page.form(field="email")
        known = self.town.mail.names(person.email)
        page = browser.submit(page, form, {"email": person.email})
        self._type_code(browser, page, person.email, known)

    def read_privacy(self, arrived: Arrived) -> None:
        """Read what is kept, and say so."""
        page = arrived.browser.get("/privacy")
        if page.has_form(action="/privacy"):
            arrived.browser.submit(page, page.form(action="/privacy"), last=True)

    def _type_code(self, browser: Browser, page: Page, email: str, known: set[str]) -> Page:
        code = self.town.mail.code_for(email, known)
        return browser.submit(page, page.form(field="code"), {"code": code})

"""A group: who is in it, what they and the bot may do there."""

from typing import Any

from tests.adapters.telegram.wire.chats import ADMINISTRATOR, Chat, Member
from tests.adapters.telegram.wire.messages import Message
from tests.adapters.telegram.wire.people import Person
from tests.adapters.telegram.wire.world import World


class Group:
    """Many people, and mostly the bot."""

    def __init__(self, world: World, chat: Chat, founder: Person) -> None:
        self._world, self.chat, self._founder = world, chat, founder
        self.id = chat.id
        chat.members.setdefault(founder.id, Member("creator", {"is_anonymous": False}))

    # ---------------------------------------------------------------------- people

    def owner(self, name: str = "Owner") -> Person:
        """Whose group it is; there is one from the beginning, who takes this name."""
        self._founder.user.first_name = self._founder.name = self._founder.dm.title = name
        return self._founder

    def administrator(self, name: str, **rights: Any) -> Person:
        """Somebody new with a say."""
        person = self._newcomer(name)
        self.promote(person, **rights)
        return person

    def member(self, name: str, language: str = "en") -> Person:
        """Somebody new."""
        person = self._newcomer(name, language)
        self._stand(person, Member())
        return person

    def add(self, person: Person) -> Person:
        """Somebody who is there already comes in; everybody reads it."""
        self._stand(person, Member())
        self._service({"new_chat_members": [person.user.payload()]}, person.id)
        return person

    def leave(self, person: Person) -> None:
        """Somebody goes; everybody reads it."""
        self._stand(person, Member("left"))
        self._service({"left_chat_member": person.user.payload()}, person.id)

    def promote(self, person: Person, **rights: Any) -> None:
        """Somebody gets a say."""
        self._stand(person, Member("administrator", ADMINISTRATOR | rights))

    def demote(self, person: Person) -> None:
        """Somebody has no say any more."""
        self._stand(person, Member())

    # --------------------------------------------------------------------- the bot

    def add_bot(self) -> None:
        """The owner adds the bot; everybody reads it."""
        self._bot_stands(Member())
        self._service({"new_chat_members": [self._world.bot.payload()]}, self._founder.id)

    def remove_bot(self) -> None:
        """The owner throws the bot out."""
        self._bot_stands(Member("kicked"))

    def promote_bot(self, **rights: Any) -> None:
        """The bot gets a say, and hears everything."""
        self._bot_stands(Member("administrator", ADMINISTRATOR | rights))

    def restrict_bot(self, can_send_messages: bool = True, can_send_photos: bool = True, **rights: bool) -> None:
        """What the bot may still send."""
        rights |= {"can_send_messages": can_send_messages, "can_send_photos": can_send_photos}
        self._bot_stands(Member("restricted", rights))

    # ------------------------------------------------------------------- the place

    def topic(self, title: str) -> int:
        """A new topic of a forum: its thread id."""
        created = {"name": title, "icon_color": 7322096}
        message = Message(self.id, self._founder.id, {"forum_topic_created": created})
        message.topic = self.chat.last_id + 1
        return self._world.post(message).id

    def delete_topic(self, topic: int) -> None:
        """A topic is gone."""
        self._world.delete(self.chat.messages[topic])

    def upgrade(self) -> "Group":
        """A basic group becomes a supergroup with another id."""
        new = self._world.new_chat("supergroup", self.chat.title, privacy=self.chat.privacy)
        new.members = dict(self.chat.members)
        self.chat.upgraded_to = new.id
        group = Group(self._world, new, self._founder)
        self._service({"migrate_to_chat_id": new.id}, self._founder.id)
        group._service({"migrate_from_chat_id": self.id}, self._founder.id)
        return group

    def _newcomer(self, name: str, language: str = "en") -> Person:
        return Person(self._world, self._world.new_user(name, language))

    def _stand(self, person: Person, member: Member) -> None:
        old = self.chat.member(person.id)
        self.chat.members[person.id] = member
        self._world.tell_member(self.chat, person.user, old, self._founder.user)

    def _bot_stands(self, member: Member) -> None:
        old = self.chat.member(self._world.bot.id)
        self.chat.members[self._world.bot.id] = member
        self._world.tell_member(self.chat, self._world.bot, old, self._founder.user)

    def _service(self, content: dict[str, Any], sender_id: int) -> None:
        self._world.post(Message(self.id, sender_id, content))

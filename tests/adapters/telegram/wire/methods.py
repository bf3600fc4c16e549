"""Every method that the stand-in carries out at once; api.py has those that wait."""

from collections.abc import Callable
from typing import Any

from tests.adapters.telegram.wire import answering, asking, editing, profile, sending
from tests.adapters.telegram.wire.forms import Call
from tests.adapters.telegram.wire.world import World

METHODS: dict[str, Callable[[World, Call], Any]] = {
    "answerCallbackQuery": answering.answer_callback_query,
    "answerInlineQuery": answering.answer_inline_query,
    "deleteMessage": editing.delete_message,
    "deleteMessages": editing.delete_messages,
    "deleteMyCommands": profile.delete_my_commands,
    "editMessageCaption": editing.edit_message_caption,
    "editMessageMedia": editing.edit_message_media,
    "editMessageReplyMarkup": editing.edit_message_reply_markup,
    "editMessageText": editing.edit_message_text,
    "getChat": asking.get_chat,
    "getChatAdministrators": asking.get_chat_administrators,
    "getChatMember": asking.get_chat_member,
    "getFile": asking.get_file,
    "getMe": profile.get_me,
    "getMyCommands": profile.get_my_commands,
    "getUserProfilePhotos": asking.get_user_profile_photos,
    "leaveChat": asking.leave_chat,
    "sendAnimation": sending.send_animation,
    "sendChatAction": sending.send_chat_action,
    "sendDocument": sending.send_document,
    "sendMediaGroup": sending.send_media_group,
    "sendMessage": sending.send_message,
    "sendPhoto": sending.send_photo,
    "setMessageReaction": editing.set_message_reaction,
    "setMyCommands": profile.set_my_commands,
    "setMyDescription": profile.setter("description", 512),
    "setMyName": profile.setter("name", 64),
    "setMyShortDescription": profile.setter("short_description", 120),
}

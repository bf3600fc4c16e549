"""The words of the training captions: for each attribute value, those used in training and, after them, those held out.

Held-out words never occur in a training caption; the evaluation asks with them to see whether understanding carries
over from the sentence encoder's knowledge of English.
"""

# ruff: noqa: E501 - tables are easier to read and to edit with one value a line

from __future__ import annotations

Words = tuple[tuple[str, ...], tuple[str, ...]]
"""(words in training captions, words held out for the test)."""

PEOPLE: dict[tuple[str, str], Words] = {
    ("man", ""): (
        ("man", "man", "man", "guy", "dude", "male", "gentleman", "bloke", "fella", "dad", "father", "mister", "husband"),
        ("fellow", "chap", "gent"),
    ),
    ("woman", ""): (
        ("woman", "woman", "woman", "lady", "gal", "female", "mom", "mother", "wife", "mum", "chick"),
        ("madam", "lass", "dame"),
    ),
    ("man", "old"): (
        ("old man", "elderly man", "grandpa", "grandad", "grandfather", "old guy", "senior man", "older man", "old dude"),
        ("gramps", "aged man", "elderly gent"),
    ),
    ("woman", "old"): (
        ("old woman", "elderly woman", "grandma", "granny", "grandmother", "old lady", "senior woman", "older woman"),
        ("nana", "aged woman", "elderly dame"),
    ),
    ("man", "young"): (
        ("boy", "young man", "teenage boy", "little boy", "young guy", "son", "male student"),
        ("lad", "schoolboy"),
    ),
    ("woman", "young"): (
        ("girl", "young woman", "teenage girl", "little girl", "young lady", "daughter", "female student"),
        ("schoolgirl", "young lass"),
    ),
    ("", "old"): (("old person", "elderly person", "senior", "pensioner", "grandparent"), ("senior citizen",)),
    ("", "young"): (("kid", "child", "teenager", "young person", "teen", "student"), ("youngster",)),
    ("", ""): (
        ("person", "person", "human", "someone", "character", "face", "adult", "individual", "figure"),
        ("human being", "somebody"),
    ),
}  # fmt: skip
"""Nouns by (gender, age)."""

CALLINGS = (
    "doctor", "nurse", "programmer", "gamer", "pirate", "wizard", "chef", "teacher", "artist", "musician", "singer",
    "scientist", "engineer", "hero", "streamer", "hacker", "detective", "farmer", "soldier", "athlete", "barista",
    "lawyer", "writer", "hipster", "punk", "boss", "captain", "sailor", "astronaut", "librarian", "professor", "runner",
)  # fmt: skip
"""Nouns that say a person is meant and nothing else that can be drawn."""

STYLES: dict[str, Words] = {
    "cartoon": (
        ("cartoon", "cartoon", "flat cartoon", "illustrated", "vector", "comic", "drawn"),
        ("cartoonish", "toon"),
    ),
    "pixel": (
        ("pixel art", "pixel", "8-bit", "8bit", "pixelated", "retro game", "16-bit", "pixel-style", "blocky pixel"),
        ("low-res", "8 bit videogame", "pixelart"),
    ),
    "robot": (
        (
            "robot",
            "robot",
            "robot",
            "bot",
            "android",
            "droid",
            "mech",
            "machine",
            "cyborg",
            "robot head",
            "metal robot",
        ),
        ("automaton", "mechanoid", "robotic being"),
    ),
    "monster": (
        ("monster", "monster", "creature", "critter", "alien", "beast", "little monster", "blob monster", "gremlin"),
        ("beastie", "extraterrestrial", "goblin"),
    ),
}
"""Adjectives for the two styles of people, nouns for robots and monsters."""

COLOURS: dict[str, Words] = {
    "white": (("white", "white", "ivory", "off-white"), ("snow white", "snowy")),
    "gray": (("gray", "grey", "silver", "slate"), ("ash grey", "stone gray")),
    "black": (("black", "black", "dark black", "charcoal"), ("jet black", "ebony")),
    "blue": (("blue", "blue", "azure", "sky blue", "royal blue", "sapphire"), ("cobalt", "cornflower blue")),
    "teal": (("teal", "teal", "turquoise", "cyan", "aqua"), ("aquamarine", "blue-green")),
    "green": (("green", "green", "emerald", "lime", "grass green"), ("leaf green", "forest green")),
    "yellow": (("yellow", "yellow", "lemon", "bright yellow"), ("canary yellow", "sunny yellow")),
    "orange": (("orange", "orange", "tangerine", "bright orange"), ("pumpkin orange", "apricot")),
    "red": (("red", "red", "crimson", "scarlet", "bright red"), ("ruby", "cherry red")),
    "pink": (("pink", "pink", "rose", "light pink", "hot pink"), ("bubblegum pink", "rosy")),
    "purple": (("purple", "purple", "violet", "lavender", "lilac"), ("plum", "mauve")),
}

SKINS: dict[str, Words] = {
    "pale": (("pale", "pale", "very pale", "fair", "pale-skinned"), ("porcelain-skinned", "pallid")),
    "light": (("light-skinned", "white", "light skinned"), ("lightly complected", "peach-skinned")),
    "tan": (("tan", "tanned", "tan-skinned", "olive-skinned", "sun-tanned"), ("bronzed", "suntanned")),
    "brown": (("brown-skinned", "brown", "brown skinned", "medium-brown"), ("caramel-skinned",)),
    "dark": (("black", "dark-skinned", "dark skinned", "very dark-skinned"), ("ebony-skinned", "deep-brown-skinned")),
}  # fmt: skip
SKIN_PHRASES: dict[str, Words] = {
    "pale": (("pale skin", "very fair skin", "pale complexion"), ("porcelain skin",)),
    "light": (("light skin", "white skin", "light complexion"), ("peachy skin",)),
    "tan": (("tan skin", "tanned skin", "olive skin"), ("bronzed skin", "golden-brown skin")),
    "brown": (("brown skin", "medium brown skin"), ("caramel skin",)),
    "dark": (("dark skin", "black skin", "very dark skin", "dark complexion"), ("ebony skin", "deep brown skin")),
}

HAIR_COLOURS: dict[str, Words] = {
    "black": (("black", "black", "dark", "raven"), ("jet-black", "inky")),
    "brown": (("brown", "brown", "dark brown", "brunette"), ("chestnut", "chocolate brown")),
    "blonde": (("blonde", "blond", "blonde", "light blond"), ("golden", "flaxen")),
    "red": (("red", "red", "ginger", "auburn", "bright red"), ("copper", "carrot-colored")),
    "gray": (("gray", "grey", "silver"), ("silvery", "ash-gray")),
    "white": (("white", "white", "snow-white"), ("snowy", "pure white")),
    "pink": (("pink", "pink", "hot pink"), ("bubblegum pink", "rose-colored")),
    "blue": (("blue", "blue", "bright blue"), ("cobalt", "sky-blue")),
    "green": (("green", "green", "lime green"), ("emerald", "grass-green")),
    "purple": (("purple", "purple", "violet"), ("lavender", "lilac")),
}
HAIR_COLOUR_ADJECTIVES: dict[str, Words] = {
    "black": (("black-haired", "dark-haired"), ("raven-haired",)),
    "brown": (("brown-haired", "brunette"), ("chestnut-haired",)),
    "blonde": (("blonde", "blond", "fair-haired"), ("golden-haired",)),
    "red": (("ginger", "red-haired", "redhead", "redheaded"), ("copper-haired", "carrot-topped")),
    "gray": (("gray-haired", "grey-haired", "greying"), ("silver-haired",)),
    "white": (("white-haired",), ("snowy-haired",)),
    "pink": (("pink-haired", "pink haired"), ("rose-haired",)),
    "blue": (("blue-haired", "blue haired"), ("cobalt-haired",)),
    "green": (("green-haired", "green haired"), ("emerald-haired",)),
    "purple": (("purple-haired", "violet-haired"), ("lilac-haired",)),
}
HAIR_ADJECTIVES: dict[str, Words] = {
    "bald": (("bald", "bald", "balding", "bald-headed", "hairless"), ("shaven-headed",)),
    "short": (("short-haired",), ("crop-haired",)),
    "long": (("long-haired",), ("lengthy-haired",)),
    "curly": (("curly-haired", "curly"), ("frizzy-haired",)),
    "spiky": (("spiky-haired",), ("wild-haired",)),
    "scarf": (("hijabi", "veiled"), ("headscarved",)),
    "turban": (("turbaned",), ("turban-wearing",)),
}
HAIR_PHRASES: dict[str, Words] = {  # {} is the hair colour with a space after it, or nothing
    "bald": (("a bald head", "no hair", "a shaved head"), ("a hairless head", "zero hair")),
    "short": (("short {}hair", "short {}hair", "{}short hair", "a short {}haircut"), ("cropped {}hair", "a {}crew cut")),
    "bob": (("a {}bob", "a {}bob haircut", "chin-length {}hair", "bobbed {}hair"), ("a {}pageboy bob", "jaw-length {}hair")),
    "long": (("long {}hair", "long {}hair", "{}long hair", "long flowing {}hair"), ("waist-length {}hair", "flowing {}locks")),
    "curly": (("curly {}hair", "{}curls", "{}curly hair", "wavy {}hair"), ("{}ringlets", "frizzy {}hair")),
    "afro": (("a {}afro", "{}afro hair", "a big {}afro"), ("a {}fro",)),
    "bun": (("a {}bun", "{}hair in a bun", "a {}hair bun"), ("a {}topknot", "a {}updo")),
    "dreads": (("{}dreadlocks", "{}dreads", "{}rasta hair"), ("{}locs",)),
    "spiky": (("spiky {}hair", "{}spikes of hair", "messy {}hair"), ("wild {}hair", "unkempt {}hair")),
}  # fmt: skip
HATS: dict[str, Words] = {  # {} is the colour of the thing with a space after it, or nothing
    "hat": (("a {}hat", "a {}hat", "a {}beanie", "a {}cap", "a {}winter hat", "a {}knit hat"), ("a {}bobble hat", "{}headgear")),
    "scarf": (("a {}hijab", "a {}headscarf", "a {}veil"), ("a {}head covering",)),
    "turban": (("a {}turban",), ("a {}dastar",)),
}  # fmt: skip

GLASSES: dict[str, Words] = {
    "none": (("no glasses", "without glasses"), ("no eyewear",)),
    "glasses": (
        (
            "glasses",
            "glasses",
            "eyeglasses",
            "reading glasses",
            "specs",
            "round glasses",
            "nerdy glasses",
            "thick glasses",
        ),
        ("spectacles", "prescription lenses"),
    ),
    "sunglasses": (
        ("sunglasses", "sunglasses", "shades", "dark sunglasses", "cool shades", "sunnies", "aviators"),
        ("dark glasses", "tinted eyewear", "wayfarers"),
    ),
}
FACIAL_HAIR: dict[str, Words] = {  # {} is the hair colour with a space after it, or nothing
    "none": (("no beard", "no facial hair", "a clean-shaven face"), ("a smooth shaven face",)),
    "beard": (
        (
            "a {}beard",
            "a {}beard",
            "a full {}beard",
            "a thick {}beard",
            "a big {}beard",
            "a short {}beard",
            "a {}goatee",
        ),
        ("{}whiskers", "a bushy {}beard", "{}facial hair"),
    ),
    "moustache": (
        ("a {}moustache", "a {}mustache", "a {}mustache", "a big {}mustache", "a curled {}moustache"),
        ("a handlebar {}mustache", "a {}walrus moustache"),
    ),
}
FACIAL_HAIR_ADJECTIVES: dict[str, Words] = {
    "none": (("clean-shaven", "beardless"), ("smooth-faced",)),
    "beard": (("bearded", "bearded", "unshaven"), ("whiskered", "bushy-bearded")),
    "moustache": (("moustached", "mustachioed"), ("mustached",)),
}

GARMENTS: dict[str, Words] = {
    "": (("clothes", "outfit", "top", "clothing", "attire"), ("garments", "apparel")),
    "shirt": (("shirt", "shirt", "t-shirt", "tee", "tshirt"), ("tee shirt", "crewneck")),
    "hoodie": (("hoodie", "hoodie", "hooded sweatshirt", "hoody"), ("hooded top",)),
    "blazer": (("blazer", "jacket", "suit", "suit jacket", "coat"), ("sport coat", "dinner jacket")),
    "overalls": (("overalls", "dungarees", "pinafore"), ("bib overalls",)),
    "sweater": (("sweater", "collared sweater", "sweater with a collar", "jumper"), ("pullover",)),
}
EXPRESSIONS: dict[str, Words] = {
    "smile": (("smiling", "happy", "friendly", "smiley", "content"), ("cheerful", "pleased")),
    "laugh": (("laughing", "grinning", "very happy", "joyful", "excited"), ("chuckling", "beaming", "gleeful")),
    "sad": (("sad", "unhappy", "crying", "upset", "worried", "depressed"), ("gloomy", "tearful", "sorrowful")),
    "angry": (("angry", "mad", "furious", "annoyed", "grumpy"), ("irate", "enraged", "cross")),
    "surprised": (("surprised", "shocked", "amazed", "scared", "screaming"), ("astonished", "startled")),
    "neutral": (("serious", "neutral", "calm", "deadpan", "bored", "straight-faced"), ("expressionless", "stern")),
    "wink": (("winking", "cheeky winking"), ("wink-eyed",)),
    "love": (("in love", "lovestruck", "smitten"), ("infatuated", "adoring")),
}
EXPRESSION_PHRASES: dict[str, Words] = {
    "smile": (("a smile", "a gentle smile", "a small smile"), ("a cheerful look",)),
    "laugh": (("a big grin", "a big smile", "a wide open smile", "a toothy grin"), ("a hearty chuckle",)),
    "sad": (("a sad face", "a frown", "tears", "a sad look"), ("a gloomy expression",)),
    "angry": (("an angry face", "an angry look", "gritted teeth"), ("a scowl",)),
    "surprised": (("a surprised face", "an open mouth", "a shocked look"), ("an astonished look",)),
    "neutral": (("a serious face", "a neutral expression", "a straight face", "a blank look"), ("a poker face",)),
    "wink": (("a wink", "one eye closed"), ("a cheeky wink",)),
    "love": (("heart eyes", "hearts for eyes", "heart-shaped eyes"), ("love-heart eyes",)),
}
EYES: dict[str, Words] = {
    "one": (("one eye", "a single eye", "one big eye"), ("just one eyeball",)),
    "two": (("two eyes",), ("a pair of eyes",)),
    "three": (("three eyes", "3 eyes"), ("a trio of eyes",)),
    "sleepy": (("sleepy eyes", "closed eyes", "tired eyes"), ("drowsy eyes",)),
    "round": (("round eyes", "big round eyes"), ("circular eyes",)),
    "hearts": (("heart eyes", "hearts for eyes", "heart-shaped eyes"), ("love-heart eyes",)),
    "glow": (("glowing eyes", "shining eyes"), ("luminous eyes",)),
    "visor": (("a visor", "a dark visor", "a robocop visor"), ("a visor screen",)),
    "happy": (("happy eyes", "smiling eyes"), ("cheerful eyes",)),
    "dizzy": (("x eyes", "dizzy eyes", "crossed-out eyes", "dead eyes"), ("knocked-out eyes",)),
}
TOPS: dict[str, Words] = {
    "horns": (("horns", "two horns", "devil horns"), ("horns on its head", "demon horns")),
    "antenna": (("an antenna", "antennae", "antennas", "an antenna on its head"), ("a feeler",)),
    "ears": (("ears", "two ears", "round ears", "pointy ears"), ("floppy ears",)),
    "crown": (("a crown", "a little crown"), ("a royal crown", "a tiara")),
    "spikes": (("spikes", "a spike", "a pointed top", "a fin"), ("a thorn",)),
    "leaf": (("a leaf", "a sprout", "a plant on its head", "leaves"), ("a seedling",)),
    "bulb": (("a light bulb", "a bulb", "a lamp on its head"), ("a lightbulb on top",)),
    "lights": (("lights", "three lights", "warning lights"), ("signal lights",)),
    "radar": (("a radar", "a radar dish", "a satellite dish"), ("a dish aerial",)),
}
BACKGROUNDS: Words = (
    (
        "on a {} background", "{} background", "{} background", "against a {} background", "{} backdrop", "{} bg",
        "with a {} background", "on {}", "{} behind", "background is {}", "on a {} backdrop", "against {}",
    ),
    ("in front of a {} wall", "{} setting", "{} scenery behind", "before a {} screen"),
)  # fmt: skip

OPENINGS = (
    "avatar of", "portrait of", "a picture of", "draw", "draw me", "please draw", "make me", "profile picture of", "pfp of",
    "an icon of", "i want", "give me", "generate", "create", "a cute", "a drawing of", "headshot of", "cool avatar:",
    "my avatar:", "show me", "can you draw", "an image of", "profile pic,", "selfie of", "i am", "it's me,",
)  # fmt: skip
ENDINGS = (
    "please", "high quality", "for my profile", "digital art", "cute", "cool", "4k", "nice", "minimalist", "for discord",
    "very detailed", "masterpiece", "simple", "thanks", "looking at the camera", "centered", "beautiful", "funny", "haha",
    "with a good vibe", "like in a movie", "who loves pizza", "from the future", "at work", "in space", "on vacation",
)  # fmt: skip
OUT_OF_REACH = (
    "a castle by the sea", "sunset over the mountains", "a red sports car", "a cat", "a fluffy dog", "a bowl of ramen",
    "a city at night", "an oil painting of flowers", "a dragon breathing fire", "a spaceship", "the eiffel tower",
    "a blue bicycle", "a green forest", "an owl on a branch", "a logo", "a slice of pizza", "a white horse", "a tree",
    "a pink house", "a black hole", "a football match", "a map of europe", "a cup of coffee", "something nice",
    "surprise me", "anything", "hello", "test", "asdf", "?", "...", "an abstract pattern", "a mountain lake", "a panda",
    "a purple elephant", "an eagle", "a purple sky", "a red rose", "the moon", "a wooden chair", "a bottle of wine",
    "a brown bear", "a yellow taxi in new york", "a snowy landscape", "an orange fruit", "a green apple", "a boat",
    "how are you", "write me a poem", "a fish", "a tiger", "a volcano", "a guitar", "an old book", "a birthday cake",
)  # fmt: skip
"""Captions that name nothing the embedded model has learned to draw."""

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
        ("man", "man", "man", "guy", "dude", "male", "gentleman", "bloke", "fella", "dad", "father", "mister", "husband", "uncle", "brother", "king", "prince", "groom", "boyfriend", "bro", "sir", "male person", "mr", "salesman", "policeman", "fireman"),
        ("fellow", "chap", "gent"),
    ),
    ("woman", ""): (
        ("woman", "woman", "woman", "lady", "gal", "female", "mom", "mother", "wife", "mum", "chick", "aunt", "sister", "queen", "princess", "bride", "girlfriend", "miss", "female person", "mrs", "actress", "waitress", "businesswoman"),
        ("madam", "lass", "dame"),
    ),
    ("man", "old"): (
        ("old man", "elderly man", "grandpa", "grandad", "grandfather", "old guy", "senior man", "older man", "old dude", "aged grandfather", "retired man", "elderly guy", "wise old man", "old gentleman", "grandpappy"),
        ("gramps", "aged man", "elderly gent"),
    ),
    ("woman", "old"): (
        ("old woman", "elderly woman", "grandma", "granny", "grandmother", "old lady", "senior woman", "older woman", "retired woman", "elderly lady", "wise old woman", "old gal", "grandmom"),
        ("nana", "aged woman", "elderly dame"),
    ),
    ("man", "young"): (
        ("boy", "young man", "teenage boy", "little boy", "young guy", "son", "male student", "teen boy", "kid brother", "young dude", "small boy", "college guy"),
        ("lad", "schoolboy"),
    ),
    ("woman", "young"): (
        ("girl", "young woman", "teenage girl", "little girl", "young lady", "daughter", "female student", "teen girl", "kid sister", "small girl", "college girl"),
        ("schoolgirl", "young lass"),
    ),
    ("", "old"): (("old person", "elderly person", "senior", "pensioner", "grandparent"), ("senior citizen",)),
    ("", "young"): (("kid", "child", "teenager", "young person", "teen", "student"), ("youngster",)),
    ("", ""): (
        ("person", "person", "human", "someone", "character", "face", "adult", "individual", "figure", "human face", "guy or girl", "user", "friend", "player"),
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
        ("cartoon", "cartoon", "flat cartoon", "illustrated", "vector", "comic", "drawn", "cartoon style", "simple cartoon", "anime", "comic book", "animated", "sketched"),
        ("cartoonish", "toon"),
    ),
    "pixel": (
        ("pixel art", "pixel", "8-bit", "8bit", "pixelated", "retro game", "16-bit", "pixel-style", "blocky pixel", "retro pixel", "NES-style", "sprite", "arcade-style", "game boy style", "16bit", "8 bit", "pixel game", "video game pixel"),
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
            "metal robot", "robo", "tin robot", "machine head", "AI robot", "steel robot", "toy robot", "metal man", "bot head", "humanoid robot"),
        ("automaton", "mechanoid", "robotic being"),
    ),
    "monster": (
        ("monster", "monster", "creature", "critter", "alien", "beast", "little monster", "blob monster", "gremlin", "fiend", "demon", "imp", "troll", "yeti", "space alien", "martian", "slime", "mutant", "furry monster", "cute creature", "ghost"),
        ("beastie", "extraterrestrial", "goblin"),
    ),
}
"""Adjectives for the two styles of people, nouns for robots and monsters."""

COLOURS: dict[str, Words] = {
    "white": (("white", "white", "ivory", "off-white", "cream", "milky", "pearl", "alabaster", "chalk white", "eggshell", "bone white", "paper white", "whitish"), ("snow white", "snowy")),
    "gray": (("gray", "grey", "silver", "slate", "steel gray", "pewter", "smoke grey", "gunmetal", "platinum", "greyish", "concrete", "silver gray", "mouse grey"), ("ash grey", "stone gray")),
    "black": (("black", "black", "dark black", "charcoal", "midnight black", "onyx", "coal black", "obsidian", "ink black", "pitch black", "noir", "blackish", "raven black"), ("jet black", "ebony")),
    "blue": (("blue", "blue", "azure", "sky blue", "royal blue", "sapphire", "navy", "navy blue", "denim", "cerulean", "ocean blue", "baby blue", "bluish", "steel blue", "electric blue", "indigo blue", "cyan blue"), ("cobalt", "cornflower blue")),
    "teal": (("teal", "teal", "turquoise", "cyan", "aqua", "seafoam", "greenish blue", "peacock", "lagoon", "tiffany blue", "sea green", "bluish green", "turquoise blue"), ("aquamarine", "blue-green")),
    "green": (("green", "green", "emerald", "lime", "grass green", "mint green", "olive", "jade", "moss green", "neon green", "pine green", "sage", "kelly green", "greenish", "pea green", "lime green", "avocado"), ("leaf green", "forest green")),
    "yellow": (("yellow", "yellow", "lemon", "bright yellow", "mustard", "gold", "golden", "banana yellow", "sunflower", "butter yellow", "corn yellow", "daffodil", "yellowish", "honey yellow", "saffron"), ("canary yellow", "sunny yellow")),
    "orange": (("orange", "orange", "tangerine", "bright orange", "carrot", "amber", "burnt orange", "mandarin", "coral orange", "marigold", "orangey", "orange-ish", "peach orange", "rust orange", "clementine"), ("pumpkin orange", "apricot")),
    "red": (("red", "red", "crimson", "scarlet", "bright red", "maroon", "blood red", "brick red", "vermilion", "burgundy", "tomato red", "rose red", "fire red", "wine red", "reddish", "strawberry red", "fire engine red"), ("ruby", "cherry red")),
    "pink": (("pink", "pink", "rose", "light pink", "hot pink", "magenta", "fuchsia", "salmon pink", "flamingo", "blush", "pastel pink", "cotton candy", "coral pink", "pinkish", "baby pink", "peachy pink"), ("bubblegum pink", "rosy")),
    "purple": (("purple", "purple", "violet", "lavender", "lilac", "amethyst", "grape", "orchid", "indigo", "eggplant", "royal purple", "purplish", "lavender purple", "aubergine", "wisteria", "iris"), ("plum", "mauve")),
}

SKINS: dict[str, Words] = {
    "pale": (("pale", "pale", "very pale", "fair", "pale-skinned", "fair-skinned", "ghostly", "pasty", "milky-skinned", "ivory-skinned", "alabaster-skinned", "whitish", "chalky", "ghost-pale", "colorless", "wan"), ("porcelain-skinned", "pallid")),
    "light": (("light-skinned", "white", "light skinned", "beige-skinned", "light-complexioned", "cream-skinned", "lighter-skinned", "light-toned", "pinkish-skinned"), ("lightly complected", "peach-skinned")),
    "tan": (("tan", "tanned", "tan-skinned", "olive-skinned", "sun-tanned", "sun-kissed", "golden-skinned", "honey-skinned", "beach-tanned", "well-tanned", "medium-skinned", "olive", "tawny-skinned", "sunburnt", "tan skinned"), ("bronzed", "suntanned")),
    "brown": (("brown-skinned", "brown", "brown skinned", "medium-brown", "cinnamon-skinned", "almond-skinned", "toffee-skinned", "light-brown-skinned", "mid-brown-skinned", "nut-brown", "hazel-skinned"), ("caramel-skinned",)),
    "dark": (("black", "dark-skinned", "dark skinned", "very dark-skinned", "chocolate-skinned", "deeply dark-skinned", "dark-complexioned", "darkest-skinned", "dark-toned", "deep-skinned", "onyx-skinned", "dark brown-skinned"), ("ebony-skinned", "deep-brown-skinned")),
}  # fmt: skip
SKIN_PHRASES: dict[str, Words] = {
    "pale": (("pale skin", "very fair skin", "pale complexion", "milky skin", "ivory skin", "ghostly skin", "white as snow skin", "a pale face", "alabaster skin"), ("porcelain skin",)),
    "light": (("light skin", "white skin", "light complexion", "beige skin", "a light skin tone", "cream skin", "pinkish skin", "lighter skin"), ("peachy skin",)),
    "tan": (("tan skin", "tanned skin", "olive skin", "honey skin", "sun-kissed skin", "a tan", "a suntan", "golden skin", "a medium skin tone"), ("bronzed skin", "golden-brown skin")),
    "brown": (("brown skin", "medium brown skin", "cinnamon skin", "light brown skin", "a brown complexion", "toffee skin", "mid-brown skin", "a brown face"), ("caramel skin",)),
    "dark": (("dark skin", "black skin", "very dark skin", "dark complexion", "chocolate skin", "a dark skin tone", "a black face", "very deep skin", "dark brown skin", "onyx skin"), ("ebony skin", "deep brown skin")),
}

HAIR_COLOURS: dict[str, Words] = {
    "black": (("black", "black", "dark", "raven", "midnight", "coal-black", "pitch-black", "onyx", "charcoal", "midnight black"), ("jet-black", "inky")),
    "brown": (("brown", "brown", "dark brown", "brunette", "light brown", "hazel", "coffee brown", "mousy brown", "walnut", "mahogany", "brownish", "tawny", "nut-brown"), ("chestnut", "chocolate brown")),
    "blonde": (("blonde", "blond", "blonde", "light blond", "platinum blonde", "dirty blonde", "yellow", "sandy", "honey blonde", "wheat", "straw-colored", "sunny blonde", "yellowish"), ("flaxen", "champagne")),
    "red": (("red", "red", "ginger", "auburn", "bright red", "orange", "fiery red", "rust-colored", "reddish", "scarlet", "crimson", "flame-red", "foxy red"), ("copper", "carrot-colored")),
    "gray": (("gray", "grey", "silver", "steel gray", "salt-and-pepper", "slate gray", "grizzled", "pewter", "greyish", "smoky grey"), ("silvery", "ash-gray")),
    "white": (("white", "white", "snow-white", "ivory", "milky white", "cotton-white", "bleached white", "platinum white", "bright white"), ("snowy", "pure white")),
    "pink": (("pink", "pink", "hot pink", "pastel pink", "magenta", "fuchsia", "rose pink", "salmon pink", "cotton candy pink", "pinkish"), ("bubblegum pink", "rose-colored")),
    "blue": (("blue", "blue", "bright blue", "navy blue", "azure", "electric blue", "indigo", "sapphire", "ocean blue", "bluish"), ("cobalt", "sky-blue")),
    "green": (("green", "green", "lime green", "neon green", "mint green", "olive", "jade", "moss green", "greenish", "lime"), ("jungle-green", "clover")),
    "purple": (("purple", "purple", "violet", "amethyst", "grape", "orchid", "royal purple", "magenta purple", "purplish", "indigo purple"), ("plum", "mauve")),
}
HAIR_COLOUR_ADJECTIVES: dict[str, Words] = {
    "black": (("black-haired", "dark-haired", "dark haired", "black haired", "midnight-haired"), ("raven-haired",)),
    "brown": (("brown-haired", "brunette", "brown haired", "light-brown-haired", "mousy-haired", "mahogany-haired", "brunet"), ("chestnut-haired",)),
    "blonde": (("blonde", "blond", "fair-haired", "blond-haired", "blonde-haired", "yellow-haired", "sandy-haired", "platinum blonde", "light-haired"), ("golden-haired",)),
    "red": (("ginger", "red-haired", "redhead", "redheaded", "red haired", "orange-haired", "auburn-haired", "fiery-haired", "gingery", "ginger-haired"), ("copper-haired", "carrot-topped")),
    "gray": (("gray-haired", "grey-haired", "greying", "grey", "gray haired", "grizzled", "salt-and-pepper-haired"), ("silver-haired",)),
    "white": (("white-haired", "white haired", "snow-white-haired", "white-headed", "cotton-haired"), ("snowy-haired",)),
    "pink": (("pink-haired", "pink haired", "magenta-haired", "fuchsia-haired", "pink-headed"), ("rose-haired",)),
    "blue": (("blue-haired", "blue haired", "navy-haired", "azure-haired", "blue-headed"), ("cobalt-haired",)),
    "green": (("green-haired", "green haired", "lime-haired", "mint-haired", "green-headed"), ("emerald-haired",)),
    "purple": (("purple-haired", "violet-haired", "purple haired", "amethyst-haired", "lavender-haired"), ("lilac-haired",)),
}
HAIR_ADJECTIVES: dict[str, Words] = {
    "bald": (("bald", "bald", "balding", "bald-headed", "hairless", "shaved", "smooth-headed", "egg-headed"), ("shaven-headed",)),
    "short": (("short-haired", "short haired", "close-cut"), ("crop-haired",)),
    "long": (("long-haired", "long haired", "longhaired", "rapunzel-haired"), ("lengthy-haired",)),
    "curly": (("curly-haired", "curly", "curly haired", "wavy-haired", "curl-headed"), ("frizzy-haired",)),
    "spiky": (("spiky-haired", "spiky haired", "messy-haired", "scruffy-haired"), ("wild-haired",)),
    "scarf": (("hijabi", "veiled", "hijab-wearing", "scarfed"), ("headscarved",)),
    "turban": (("turbaned", "turban-clad", "turban wearing"), ("turban-wearing",)),
}
HAIR_PHRASES: dict[str, Words] = {  # {} is the hair colour with a space after it, or nothing
    "bald": (("a bald head", "no hair", "a shaved head", "a shiny bald head", "a smooth head", "a bald scalp", "no hair at all"), ("a hairless head", "zero hair")),
    "short": (("short {}hair", "short {}hair", "{}short hair", "a short {}haircut", "a {}buzz cut", "a {}pixie cut", "a neat {}haircut", "trimmed {}hair", "a {}fade", "{}hair cut short", "tidy short {}hair", "a boyish {}cut"), ("cropped {}hair", "a {}crew cut")),
    "bob": (("a {}bob", "a {}bob haircut", "chin-length {}hair", "bobbed {}hair", "a {}bob cut", "medium-length {}hair", "shoulder-length {}hair", "neck-length {}hair", "a short {}bob", "{}bangs"), ("a {}pageboy bob", "jaw-length {}hair")),
    "long": (("long {}hair", "long {}hair", "{}long hair", "long flowing {}hair", "very long {}hair", "hip-length {}hair", "long straight {}hair", "a long {}mane", "{}hair down the back", "long loose {}hair"), ("waist-length {}hair", "flowing {}locks")),
    "curly": (("curly {}hair", "{}curls", "{}curly hair", "wavy {}hair", "bouncy {}curls", "permed {}hair", "{}corkscrew curls", "coily {}hair", "{}curly locks", "big {}curls"), ("{}ringlets", "frizzy {}hair")),
    "afro": (("a {}afro", "{}afro hair", "a big {}afro", "a round {}afro", "a natural {}afro", "a huge {}afro", "an {}afro hairdo", "{}afro-textured hair", "big round {}hair"), ("a {}fro",)),
    "bun": (("a {}bun", "{}hair in a bun", "a {}hair bun", "{}hair tied up", "a {}man bun", "a {}chignon", "{}hair pinned up", "a knot of {}hair", "a tied-up {}bun"), ("a {}topknot", "a {}updo")),
    "dreads": (("{}dreadlocks", "{}dreads", "{}rasta hair", "{}rastafarian hair", "{}braids", "long {}dreads", "thick {}dreadlocks", "twisted {}dreads", "{}rasta locks"), ("{}locs",)),
    "spiky": (("spiky {}hair", "{}spikes of hair", "messy {}hair", "punk {}hair", "{}hair sticking up", "tousled {}hair", "scruffy {}hair", "{}hedgehog hair", "crazy {}hair"), ("wild {}hair", "unkempt {}hair")),
}  # fmt: skip
HATS: dict[str, Words] = {  # {} is the colour of the thing with a space after it, or nothing
    "hat": (("a {}hat", "a {}hat", "a {}beanie", "a {}cap", "a {}winter hat", "a {}knit hat", "a {}woolly hat", "a {}sunhat", "a {}fedora", "a {}bonnet", "a {}pom-pom hat", "a {}baseball cap", "a {}toque", "a {}wide-brimmed hat"), ("a {}bobble hat", "{}headgear")),
    "scarf": (("a {}hijab", "a {}headscarf", "a {}veil", "a {}shawl over the head", "a {}scarf around the head", "a {}islamic veil", "a {}muslim headscarf"), ("a {}head covering",)),
    "turban": (("a {}turban", "a {}sikh turban", "a {}wrapped turban", "a {}pagri", "a {}turban on"), ("a {}dastar",)),
}  # fmt: skip

GLASSES: dict[str, Words] = {
    "none": (("no glasses", "without glasses", "not wearing glasses", "glasses-free", "no specs"), ("no eyewear",)),
    "glasses": (
        (
            "glasses",
            "glasses",
            "eyeglasses",
            "reading glasses",
            "specs",
            "round glasses",
            "nerdy glasses",
            "thick glasses", "a pair of glasses", "hipster glasses", "geeky glasses", "horn-rimmed glasses", "wire-framed glasses", "bifocals", "nerd glasses", "optical glasses", "clear glasses", "big specs"),
        ("spectacles", "prescription lenses"),
    ),
    "sunglasses": (
        ("sunglasses", "sunglasses", "shades", "dark sunglasses", "cool shades", "sunnies", "aviators", "black sunglasses", "ray-bans", "dark shades", "mirrored sunglasses", "tinted glasses", "black shades", "a pair of sunglasses", "summer sunglasses", "sun glasses", "black-out shades"),
        ("dark glasses", "tinted eyewear", "wayfarers"),
    ),
}
FACIAL_HAIR: dict[str, Words] = {  # {} is the hair colour with a space after it, or nothing
    "none": (("no beard", "no facial hair", "a clean-shaven face", "a shaved face", "no whisker", "a hairless chin"), ("a smooth shaven face",)),
    "beard": (
        (
            "a {}beard",
            "a {}beard",
            "a full {}beard",
            "a thick {}beard",
            "a big {}beard",
            "a short {}beard",
            "a {}goatee", "{}stubble", "a scruffy {}beard", "a lumberjack {}beard", "a viking {}beard", "a long {}beard", "a trimmed {}beard", "a {}chin beard", "a hipster {}beard"),
        ("{}whiskers", "a bushy {}beard", "{}facial hair"),
    ),
    "moustache": (
        ("a {}moustache", "a {}mustache", "a {}mustache", "a big {}mustache", "a curled {}moustache", "a {}stache", "a thick {}mustache", "a pencil {}mustache", "a curly {}moustache", "a {}tache", "a {}mustache on the upper lip"),
        ("a handlebar {}mustache", "a {}walrus moustache"),
    ),
}
FACIAL_HAIR_ADJECTIVES: dict[str, Words] = {
    "none": (("clean-shaven", "beardless", "shaven", "clean shaven", "smooth-chinned"), ("smooth-faced",)),
    "beard": (("bearded", "bearded", "unshaven", "stubbly", "goateed", "heavily bearded", "long-bearded"), ("whiskered", "bushy-bearded")),
    "moustache": (("moustached", "mustachioed", "mustache-wearing", "moustachioed"), ("mustached",)),
}

GARMENTS: dict[str, Words] = {
    "": (("clothes", "outfit", "top", "clothing", "attire", "dress", "wear", "garb", "costume", "threads"), ("garments", "apparel")),
    "shirt": (("shirt", "shirt", "t-shirt", "tee", "tshirt", "blouse", "tank top", "v-neck", "jersey", "polo", "undershirt", "v-neck shirt", "plain shirt", "summer top"), ("tee shirt", "crewneck")),
    "hoodie": (("hoodie", "hoodie", "hooded sweatshirt", "hoody", "sweatshirt", "hooded sweater", "zip hoodie", "hooded jacket", "street hoodie"), ("hooded top",)),
    "blazer": (("blazer", "jacket", "suit", "suit jacket", "coat", "tuxedo", "formal jacket", "business suit", "office jacket", "smart jacket", "sports jacket", "waistcoat"), ("sport coat", "dinner jacket")),
    "overalls": (("overalls", "dungarees", "pinafore", "jumpsuit", "denim overalls", "work overalls", "coveralls", "braces"), ("bib overalls",)),
    "sweater": (("sweater", "collared sweater", "sweater with a collar", "jumper", "knit sweater", "woolen sweater", "knitted jumper", "collared jumper", "knitwear"), ("pullover",)),
}
EXPRESSIONS: dict[str, Words] = {
    "smile": (("smiling", "happy", "friendly", "smiley", "content", "glad", "kind-looking", "gentle", "warm", "relaxed", "in a good mood", "cheery", "positive", "satisfied", "peaceful"), ("cheerful", "pleased")),
    "laugh": (("laughing", "grinning", "very happy", "joyful", "excited", "giggling", "ecstatic", "overjoyed", "delighted", "cracking up", "thrilled", "jolly", "merry", "amused", "super happy", "roaring with laughter"), ("chuckling", "beaming", "gleeful")),
    "sad": (("sad", "unhappy", "crying", "upset", "worried", "depressed", "weeping", "miserable", "heartbroken", "feeling down", "melancholic", "disappointed", "in tears", "sobbing", "mournful", "concerned", "anxious"), ("gloomy", "tearful", "sorrowful")),
    "angry": (("angry", "mad", "furious", "annoyed", "grumpy", "raging", "pissed off", "irritated", "hostile", "fuming", "bad-tempered", "outraged", "evil-looking", "mean", "wrathful", "infuriated"), ("irate", "enraged", "cross")),
    "surprised": (("surprised", "shocked", "amazed", "scared", "screaming", "stunned", "taken aback", "frightened", "terrified", "speechless", "in disbelief", "alarmed", "gasping", "wide-eyed", "horrified"), ("astonished", "startled")),
    "neutral": (("serious", "neutral", "calm", "deadpan", "bored", "straight-faced", "blank", "emotionless", "unimpressed", "indifferent", "solemn", "composed", "stoic", "unsmiling", "impassive", "unemotional"), ("expressionless", "stern")),
    "wink": (("winking", "cheeky winking", "giving a wink", "winking playfully", "flirty winking"), ("wink-eyed",)),
    "love": (("in love", "lovestruck", "smitten", "madly in love", "heart-eyed", "enamored", "crushing on someone"), ("infatuated", "adoring")),
}
EXPRESSION_PHRASES: dict[str, Words] = {
    "smile": (("a smile", "a gentle smile", "a small smile", "a happy face", "a nice smile", "a friendly look", "a slight smile"), ("a cheerful look",)),
    "laugh": (("a big grin", "a big smile", "a wide open smile", "a toothy grin", "a laugh", "a huge grin", "laughter", "a very happy face"), ("a hearty chuckle",)),
    "sad": (("a sad face", "a frown", "tears", "a sad look", "a crying face", "a worried look", "teary eyes", "a pout"), ("a gloomy expression",)),
    "angry": (("an angry face", "an angry look", "gritted teeth", "a furious look", "a mad face", "angry eyebrows", "a grimace"), ("a scowl",)),
    "surprised": (("a surprised face", "an open mouth", "a shocked look", "a scream", "a shocked face", "wide open eyes", "a stunned face"), ("an astonished look",)),
    "neutral": (("a serious face", "a neutral expression", "a straight face", "a blank look", "a calm face", "an emotionless face", "no smile", "no expression"), ("a poker face",)),
    "wink": (("a wink", "one eye closed", "a winking face", "a winking eye"), ("a cheeky wink",)),
    "love": (("heart eyes", "hearts for eyes", "heart-shaped eyes", "love in the eyes", "hearts in the eyes"), ("love-heart eyes",)),
}
EYES: dict[str, Words] = {
    "one": (("one eye", "a single eye", "one big eye", "a lone eye", "only one eye", "cyclops eye"), ("just one eyeball",)),
    "two": (("two eyes", "2 eyes", "both eyes"), ("a pair of eyes",)),
    "three": (("three eyes", "3 eyes", "triple eyes", "three little eyes"), ("a trio of eyes",)),
    "sleepy": (("sleepy eyes", "closed eyes", "tired eyes", "half-closed eyes", "a sleepy look", "shut eyes"), ("drowsy eyes",)),
    "round": (("round eyes", "big round eyes", "white round eyes", "dot eyes", "bulging eyes"), ("circular eyes",)),
    "hearts": (("heart eyes", "hearts for eyes", "heart-shaped eyes"), ("love-heart eyes",)),
    "glow": (("glowing eyes", "shining eyes", "light-up eyes", "bright glowing eyes", "lit eyes"), ("luminous eyes",)),
    "visor": (("a visor", "a dark visor", "a robocop visor", "a visor over its eyes", "a black visor", "robot shades"), ("a visor screen",)),
    "happy": (("happy eyes", "smiling eyes", "laughing eyes", "happy little eyes"), ("cheerful eyes",)),
    "dizzy": (("x eyes", "dizzy eyes", "crossed-out eyes", "dead eyes", "x-shaped eyes", "x-ed out eyes", "crossed eyes"), ("knocked-out eyes",)),
}
TOPS: dict[str, Words] = {
    "horns": (("horns", "two horns", "devil horns", "little horns", "horned head", "bull horns", "goat horns"), ("horns on its head", "demon horns")),
    "antenna": (("an antenna", "antennae", "antennas", "an antenna on its head", "an aerial", "a head antenna", "bobble antennae"), ("a feeler",)),
    "ears": (("ears", "two ears", "round ears", "pointy ears", "big ears", "animal ears", "droopy ears"), ("floppy ears",)),
    "crown": (("a crown", "a little crown", "a king crown", "a golden crown"), ("a royal crown", "a tiara")),
    "spikes": (("spikes", "a spike", "a pointed top", "a fin", "a spiky head", "a mohawk spike", "a pyramid on top"), ("a thorn",)),
    "leaf": (("a leaf", "a sprout", "a plant on its head", "leaves", "a leafy sprout", "a little plant on top", "a green shoot"), ("a seedling",)),
    "bulb": (("a light bulb", "a bulb", "a lamp on its head", "a glowing bulb", "a bulb on its head"), ("a lightbulb on top",)),
    "lights": (("lights", "three lights", "warning lights", "little lamps", "lights on its head"), ("signal lights",)),
    "radar": (("a radar", "a radar dish", "a satellite dish", "an antenna dish", "a radar on its head"), ("a dish aerial",)),
}
BACKGROUNDS: Words = (
    (
        "on a {} background", "{} background", "{} background", "against a {} background", "{} backdrop", "{} bg",
        "with a {} background", "on {}", "{} behind", "background is {}", "on a {} backdrop", "against {}", "{} wall behind", "with {} behind", "{} surroundings",
        "{}-colored background", "in a {} room", "plain {} background", "{} as background", "over {}", "{} canvas",
    ),
    ("in front of a {} wall", "{} setting", "{} scenery behind", "before a {} screen"),
)  # fmt: skip

SHADES = ("bright", "light", "dark", "deep", "pale", "neon", "pastel", "vivid", "soft", "strong", "muted")
"""Words that may stand before any colour."""

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

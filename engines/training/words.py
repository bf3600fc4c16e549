"""The words of captions: for each attribute value, what people call it, the commonest first.

`engines.training.split` keeps some of them out of training.
"""

# ruff: noqa: E501 - tables are easier to read and to edit with one value a line

from __future__ import annotations

Words = tuple[str, ...]

PEOPLE: dict[tuple[str, str], Words] = {
    ("man", ""): (
        "man", "man", "man", "guy", "dude", "male", "gentleman", "bloke", "fella", "dad", "father", "mister",
        "husband", "uncle", "brother", "king", "prince", "groom", "boyfriend", "bro", "sir", "male person", "mr",
        "salesman", "policeman", "fireman", "men", "gentleman's face", "daddy", "papa", "stepdad", "godfather", "lord",
        "knight", "duke", "emperor", "cowboy", "monk", "waiter", "actor", "businessman", "handyman", "mailman",
        "sportsman", "nephew", "stud", "hunk", "buddy", "manly man", "mate", "pal", "he", "masculine person",
        "masculine face", "boyo", "bachelor", "señor", "monsieur", "caveman", "butler", "landlord", "host",
        "swordsman", "fisherman", "guys", "male model", "fellow", "chap", "gent",
    ),
    ("woman", ""): (
        "woman", "woman", "woman", "lady", "gal", "female", "mom", "mother", "wife", "mum", "chick", "aunt", "sister",
        "queen", "princess", "bride", "girlfriend", "miss", "female person", "mrs", "actress", "waitress",
        "businesswoman", "women", "ladies", "mommy", "mama", "stepmom", "godmother", "duchess", "empress", "countess",
        "heroine", "hostess", "goddess", "nun", "witch", "fairy", "diva", "babe", "maiden", "damsel", "niece", "widow",
        "señorita", "mademoiselle", "housewife", "landlady", "stewardess", "ballerina", "sorceress", "cowgirl", "she",
        "feminine person", "feminine face", "gentlewoman", "saleswoman", "policewoman", "female model", "mum of two",
        "missus", "matron", "noblewoman", "ma'am", "madam", "lass", "dame",
    ),
    ("man", "old"): (
        "old man", "elderly man", "grandpa", "grandad", "grandfather", "old guy", "senior man", "older man",
        "old dude", "aged grandfather", "retired man", "elderly guy", "wise old man", "old gentleman", "grandpappy",
        "pops", "granddaddy", "great-grandfather", "old-timer", "geezer", "codger", "greybeard", "male retiree",
        "ancient man", "old bloke", "male pensioner", "old father", "old king", "old uncle", "elder man",
        "old fisherman", "aging man", "old wizard", "male senior", "old professor man", "grampa", "gramp", "gramps",
        "aged man", "elderly gent",
    ),
    ("woman", "old"): (
        "old woman", "elderly woman", "grandma", "granny", "grandmother", "old lady", "senior woman", "older woman",
        "retired woman", "elderly lady", "wise old woman", "old gal", "grandmom", "grandmama", "great-grandmother",
        "old crone", "gran", "grannie", "matriarch", "old dear", "female pensioner", "female retiree", "ancient woman",
        "old mother", "old queen", "old aunt", "elder woman", "aging woman", "female senior", "old witch",
        "old missus", "grandmum", "nan", "abuela", "babushka", "nana", "aged woman", "elderly dame",
    ),
    ("man", "young"): (
        "boy", "young man", "teenage boy", "little boy", "young guy", "son", "male student", "teen boy", "kid brother",
        "young dude", "small boy", "college guy", "boys", "teenage guy", "male teenager", "male youth", "young fella",
        "young bloke", "male kid", "male child", "grandson", "little brother", "choirboy", "cowboy kid", "school boy",
        "young prince", "young male", "juvenile male", "toddler boy", "adolescent boy", "boyish kid", "young bro",
        "laddie", "lad", "schoolboy",
    ),
    ("woman", "young"): (
        "girl", "young woman", "teenage girl", "little girl", "young lady", "daughter", "female student", "teen girl",
        "kid sister", "small girl", "college girl", "girls", "female teenager", "young female", "female kid",
        "female child", "granddaughter", "little sister", "young princess", "young miss", "school girl",
        "toddler girl", "adolescent girl", "little miss", "teenage lady", "young gal", "girlie", "lassie",
        "teen queen", "young maiden", "schoolgirl", "young lass",
    ),
    ("", "old"): (
        "old person", "elderly person", "senior", "pensioner", "grandparent", "oldie", "aged person", "retiree",
        "old folk", "old human", "elder", "ancient person", "older adult", "great-grandparent", "old face",
        "someone old", "senior citizen",
    ),
    ("", "young"): (
        "kid", "child", "teenager", "young person", "teen", "student", "kiddo", "youth", "tween", "toddler",
        "adolescent", "juvenile", "schoolkid", "minor", "young human", "young adult", "little one", "schoolchild",
        "young face", "someone young", "college student", "youngster",
    ),
    ("", ""): (
        "person", "person", "human", "someone", "character", "face", "adult", "individual", "figure", "human face",
        "guy or girl", "user", "friend", "player", "soul", "mortal", "earthling", "guest", "member", "people",
        "profile", "portrait", "head", "myself", "me", "anybody", "anyone", "neighbour", "colleague", "partner",
        "avatar", "model", "folk", "persona", "one", "a human", "human figure", "mate of mine", "human being",
        "somebody",
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
        "cartoon", "cartoon", "flat cartoon", "illustrated", "vector", "comic", "drawn", "cartoon style",
        "simple cartoon", "anime", "comic book", "animated", "sketched", "cartoony", "cartoon-like", "2d",
        "flat design", "hand-drawn", "vector art", "doodle", "caricature", "comic strip", "manga", "line art",
        "storybook", "clip art", "cel-shaded", "disney-like", "illustration style", "drawing style", "sticker style",
        "animation", "comics", "cartoonish", "toon",
    ),
    "pixel": (
        "pixel art", "pixel", "8-bit", "8bit", "pixelated", "retro game", "16-bit", "pixel-style", "blocky pixel",
        "retro pixel", "NES-style", "sprite", "arcade-style", "game boy style", "16bit", "8 bit", "pixel game",
        "video game pixel", "32-bit", "4-bit", "bitmap", "blocky", "voxel", "minecraft-like", "dot art", "dot matrix",
        "nintendo style", "atari style", "retro console", "old-school game", "snes style", "chunky pixels",
        "sprite art", "dos game", "pixels", "pixel avatar", "gameboy", "8-bit game", "retro arcade", "pixely",
        "mosaic", "big pixels", "lo-fi game", "square pixels", "pixel perfect", "commodore 64", "rpg maker", "low-res",
        "8 bit videogame", "pixelart",
    ),
    "robot": (
        "robot", "robot", "robot", "bot", "android", "droid", "mech", "machine", "cyborg", "robot head", "metal robot",
        "robo", "tin robot", "machine head", "AI robot", "steel robot", "toy robot", "metal man", "bot head",
        "humanoid robot", "mecha", "drone", "rover", "tin man", "iron head", "computer head", "electronic man",
        "metallic man", "synthetic human", "artificial human", "chrome robot", "clanker", "terminator", "cyber head",
        "bionic head", "machine man", "robot buddy", "service robot", "robot face", "cleaning robot", "war robot",
        "rusty robot", "little bot", "helper bot", "chatbot", "metal head", "mechanical man", "mechanical head",
        "tin can robot", "cyborg head", "smart machine", "wall-e", "r2d2", "robots", "droid head", "steel man",
        "automaton", "mechanoid", "robotic being",
    ),
    "monster": (
        "monster", "monster", "creature", "critter", "alien", "beast", "little monster", "blob monster", "gremlin",
        "fiend", "demon", "imp", "troll", "yeti", "space alien", "martian", "slime", "mutant", "furry monster",
        "cute creature", "ghost", "ogre", "gargoyle", "bogeyman", "cyclops", "orc", "kaiju", "godzilla", "bigfoot",
        "sasquatch", "ghoul", "phantom", "furball", "fuzzball", "blobby thing", "little devil", "pokemon", "boogeyman",
        "jelly creature", "chimera", "alien creature", "ufo alien", "space creature", "space monster", "swamp thing",
        "sea monster", "funny monster", "cuddly monster", "cookie monster", "beast thing", "monsters",
        "weird creature", "demon thing", "vampire bat thing", "zombie thing", "gnome", "dragon thing",
        "fluffy creature", "ugly creature", "creepy creature", "alien head", "little beast", "blob", "bug monster",
        "beastie", "extraterrestrial", "goblin",
    ),
}  # fmt: skip
"""Adjectives for the two styles of people, nouns for robots and monsters."""

COLOURS: dict[str, Words] = {
    "white": (
        "white", "white", "ivory", "off-white", "cream", "milky", "pearl", "alabaster", "chalk white", "eggshell",
        "bone white", "paper white", "whitish", "snow white", "snowy",
    ),
    "gray": (
        "gray", "grey", "silver", "slate", "steel gray", "pewter", "smoke grey", "gunmetal", "platinum", "greyish",
        "concrete", "silver gray", "mouse grey", "ash grey", "stone gray",
    ),
    "black": (
        "black", "black", "dark black", "charcoal", "midnight black", "onyx", "coal black", "obsidian", "ink black",
        "pitch black", "noir", "blackish", "raven black", "jet black", "ebony",
    ),
    "blue": (
        "blue", "blue", "azure", "sky blue", "royal blue", "sapphire", "navy", "navy blue", "denim", "cerulean",
        "ocean blue", "baby blue", "bluish", "steel blue", "electric blue", "indigo blue", "cyan blue", "cobalt",
        "cornflower blue",
    ),
    "teal": (
        "teal", "teal", "turquoise", "cyan", "aqua", "seafoam", "greenish blue", "peacock", "lagoon", "tiffany blue",
        "sea green", "bluish green", "turquoise blue", "aquamarine", "blue-green",
    ),
    "green": (
        "green", "green", "emerald", "lime", "grass green", "mint green", "olive", "jade", "moss green", "neon green",
        "pine green", "sage", "kelly green", "greenish", "pea green", "lime green", "avocado", "leaf green",
        "forest green",
    ),
    "yellow": (
        "yellow", "yellow", "lemon", "bright yellow", "mustard", "gold", "golden", "banana yellow", "sunflower",
        "butter yellow", "corn yellow", "daffodil", "yellowish", "honey yellow", "saffron", "canary yellow",
        "sunny yellow",
    ),
    "orange": (
        "orange", "orange", "tangerine", "bright orange", "carrot", "amber", "burnt orange", "mandarin",
        "coral orange", "marigold", "orangey", "orange-ish", "peach orange", "rust orange", "clementine",
        "pumpkin orange", "apricot",
    ),
    "red": (
        "red", "red", "crimson", "scarlet", "bright red", "maroon", "blood red", "brick red", "vermilion", "burgundy",
        "tomato red", "rose red", "fire red", "wine red", "reddish", "strawberry red", "fire engine red", "ruby",
        "cherry red",
    ),
    "pink": (
        "pink", "pink", "rose", "light pink", "hot pink", "magenta", "fuchsia", "salmon pink", "flamingo", "blush",
        "pastel pink", "cotton candy", "coral pink", "pinkish", "baby pink", "peachy pink", "bubblegum pink", "rosy",
    ),
    "purple": (
        "purple", "purple", "violet", "lavender", "lilac", "amethyst", "grape", "orchid", "indigo", "eggplant",
        "royal purple", "purplish", "lavender purple", "aubergine", "wisteria", "iris", "plum", "mauve",
    ),
}  # fmt: skip

SKINS: dict[str, Words] = {
    "pale": (
        "pale", "pale", "very pale", "fair", "pale-skinned", "fair-skinned", "ghostly", "pasty", "milky-skinned",
        "ivory-skinned", "alabaster-skinned", "whitish", "chalky", "ghost-pale", "colorless", "wan", "snow-pale",
        "lily-white", "bloodless", "vampire-pale", "pale-faced", "pale faced", "fair-complexioned", "white-as-chalk",
        "washed-out", "sickly pale", "fairest-skinned", "very fair", "moon-pale", "paper-white-skinned",
        "bleached-skinned", "pale as a ghost", "cadaverous", "marble-skinned", "pearl-skinned", "porcelain-skinned",
        "pallid",
    ),
    "light": (
        "light-skinned", "white", "light skinned", "beige-skinned", "light-complexioned", "cream-skinned",
        "lighter-skinned", "light-toned", "pinkish-skinned", "light-colored", "white-skinned", "caucasian",
        "light-faced", "sand-skinned", "cream-toned", "blush-skinned", "light complexion", "light beige",
        "light pink-skinned", "european-looking", "vanilla-skinned", "shell-skinned", "eggshell-skinned",
        "pink-skinned", "lightly complected", "peach-skinned",
    ),
    "tan": (
        "tan", "tanned", "tan-skinned", "olive-skinned", "sun-tanned", "sun-kissed", "golden-skinned", "honey-skinned",
        "beach-tanned", "well-tanned", "medium-skinned", "olive", "tawny-skinned", "sunburnt", "tan skinned",
        "sunkissed", "sunbaked", "sunbronze", "olive-toned", "amber-skinned", "wheat-skinned", "golden-tan",
        "tanned-skinned", "mediterranean-looking", "sandy-skinned", "holiday-tanned", "deeply tanned",
        "suntan-skinned", "tan-toned", "tan-complexioned", "medium-toned", "ochre-skinned", "gold-skinned",
        "weather-beaten", "surfer-tanned", "bronzed", "suntanned",
    ),
    "brown": (
        "brown-skinned", "brown", "brown skinned", "medium-brown", "cinnamon-skinned", "almond-skinned",
        "toffee-skinned", "light-brown-skinned", "mid-brown-skinned", "nut-brown", "hazel-skinned", "mocha-skinned",
        "maple-skinned", "hazelnut-skinned", "butterscotch-skinned", "praline-skinned", "fudge-skinned",
        "nutmeg-skinned", "sienna-skinned", "brown-toned", "brown-complexioned", "coffee-with-milk-skinned",
        "latte-skinned", "russet-skinned", "ginger-brown-skinned", "warm brown-skinned", "milk-chocolate-skinned",
        "cocoa-skinned", "brownish-skinned", "walnut-skinned", "pecan-skinned", "biscuit-brown",
        "dulce-de-leche-skinned", "terracotta-skinned", "caramel-skinned",
    ),
    "dark": (
        "black", "dark-skinned", "dark skinned", "very dark-skinned", "chocolate-skinned", "deeply dark-skinned",
        "dark-complexioned", "darkest-skinned", "dark-toned", "deep-skinned", "onyx-skinned", "dark brown-skinned",
        "espresso-skinned", "coal-skinned", "mahogany-skinned", "black-skinned", "black as night",
        "dark chocolate-skinned", "dark-brown-skinned", "very dark", "darkly complexioned", "dark faced",
        "dark colored", "deep dark-skinned", "midnight-skinned", "coffee-bean-skinned", "pitch-dark-skinned",
        "blackest-skinned", "deep-complexioned", "obsidian-skinned", "deep dark brown-skinned", "african-looking",
        "rich dark-skinned", "ebony-skinned", "deep-brown-skinned",
    ),
}  # fmt: skip
SKIN_PHRASES: dict[str, Words] = {
    "pale": (
        "pale skin", "very fair skin", "pale complexion", "milky skin", "ivory skin", "ghostly skin",
        "white as snow skin", "a pale face", "alabaster skin", "very pale skin", "snow-pale skin", "a ghostly face",
        "marble skin", "vampire skin", "lily-white skin", "fair skin", "chalk-white skin", "a very pale face",
        "a pale skin tone", "pearl skin", "paper-white skin", "a fair complexion", "porcelain skin",
    ),
    "light": (
        "light skin", "white skin", "light complexion", "beige skin", "a light skin tone", "cream skin",
        "pinkish skin", "lighter skin", "a light face", "pink skin", "sand-colored skin", "vanilla skin",
        "cream-colored skin", "a white face", "blush skin", "a lighter complexion", "caucasian skin",
        "light beige skin", "a light colored face", "peachy skin",
    ),
    "tan": (
        "tan skin", "tanned skin", "olive skin", "honey skin", "sun-kissed skin", "a tan", "a suntan", "golden skin",
        "a medium skin tone", "amber skin", "a sun tan", "a tanned face", "sunbaked skin", "wheat-colored skin",
        "an olive complexion", "a beach tan", "gold skin", "sandy skin", "a golden tan", "ochre skin", "sunburnt skin",
        "a tan face", "bronzed skin", "golden-brown skin",
    ),
    "brown": (
        "brown skin", "medium brown skin", "cinnamon skin", "light brown skin", "a brown complexion", "toffee skin",
        "mid-brown skin", "a brown face", "mocha skin", "hazelnut skin", "maple skin", "coffee with milk skin",
        "latte skin", "warm brown skin", "russet skin", "milk chocolate skin", "a medium brown face", "cocoa skin",
        "butterscotch skin", "sienna skin", "brownish skin", "nut-brown skin", "praline skin", "a brown skin tone",
        "caramel skin",
    ),
    "dark": (
        "dark skin", "black skin", "very dark skin", "dark complexion", "chocolate skin", "a dark skin tone",
        "a black face", "very deep skin", "dark brown skin", "onyx skin", "espresso skin", "coal-black skin",
        "mahogany skin", "darker skin", "a very dark face", "a dark face", "midnight skin", "skin dark as night",
        "dark chocolate skin", "obsidian skin", "rich dark skin", "a deep skin tone", "coffee-bean skin",
        "black-brown skin", "a deep complexion", "ebony skin", "deep brown skin",
    ),
}  # fmt: skip

HAIR_COLOURS: dict[str, Words] = {
    "black": (
        "black", "black", "dark", "raven", "midnight", "coal-black", "pitch-black", "onyx", "charcoal",
        "midnight black", "dark black", "blue-black", "ink-black", "soot-black", "obsidian", "licorice black",
        "crow-black", "very dark", "deep black", "black as coal", "sable", "panther black", "tar-black", "dyed black",
        "jet-black", "inky",
    ),
    "brown": (
        "brown", "brown", "dark brown", "brunette", "light brown", "hazel", "coffee brown", "mousy brown", "walnut",
        "mahogany", "brownish", "tawny", "nut-brown", "chocolate", "cocoa", "coffee", "mocha", "hazelnut",
        "cinnamon brown", "medium brown", "brown-ish", "oak brown", "espresso brown", "bronze brown", "teak",
        "toffee brown", "warm brown", "deep brown", "tan brown", "dark brunette", "mouse-brown", "umber", "chestnut",
        "chocolate brown",
    ),
    "blonde": (
        "blonde", "blond", "blonde", "light blond", "platinum blonde", "dirty blonde", "yellow", "sandy",
        "honey blonde", "wheat", "straw-colored", "sunny blonde", "yellowish", "golden", "gold", "strawberry blonde",
        "butter blonde", "bleached blonde", "sun-bleached", "corn-yellow", "bright blonde", "light blonde",
        "dark blond", "wheat-colored", "sand-colored", "sand", "lemon blonde", "vanilla blonde", "fair",
        "platinum-blond", "buttery", "honey-colored", "straw yellow", "blondish", "flaxen", "champagne",
    ),
    "red": (
        "red", "red", "ginger", "auburn", "bright red", "orange", "fiery red", "rust-colored", "reddish", "scarlet",
        "crimson", "flame-red", "foxy red", "titian", "strawberry red", "burnt orange", "burgundy", "rusty",
        "flaming red", "fire-red", "carrot", "carroty", "gingery", "orange-red", "brick-red", "red-orange",
        "tomato red", "paprika", "cinnamon red", "blood red", "mars red", "fox-red", "redhead's", "bright orange",
        "tangerine", "copper", "carrot-colored",
    ),
    "gray": (
        "gray", "grey", "silver", "steel gray", "salt-and-pepper", "slate gray", "grizzled", "pewter", "greyish",
        "smoky grey", "ashen", "iron-gray", "pearl gray", "charcoal gray", "old-age gray", "going gray", "dove gray",
        "metal gray", "dull gray", "faded gray", "silver gray", "light gray", "mouse-gray", "steely", "gunmetal",
        "cloudy gray", "storm gray", "lead-gray", "silvery", "ash-gray",
    ),
    "white": (
        "white", "white", "snow-white", "ivory", "milky white", "cotton-white", "bleached white", "platinum white",
        "bright white", "milk-white", "chalk-white", "frosty", "frost-white", "pearl white", "arctic white",
        "lily white", "ice-white", "ghost white", "whitish", "bright-white", "paper-white", "wool-white",
        "blank white", "icy", "powder white", "cloud white", "all-white", "snowy", "pure white",
    ),
    "pink": (
        "pink", "pink", "hot pink", "pastel pink", "magenta", "fuchsia", "rose pink", "salmon pink",
        "cotton candy pink", "pinkish", "bubble gum", "blush", "flamingo pink", "candy pink", "barbie pink",
        "coral pink", "neon pink", "light pink", "raspberry", "watermelon pink", "rosé", "dusty pink", "soft pink",
        "bright pink", "strawberry pink", "peach-pink", "carnation", "sakura pink", "shocking pink", "bubblegum pink",
        "rose-colored",
    ),
    "blue": (
        "blue", "blue", "bright blue", "navy blue", "azure", "electric blue", "indigo", "sapphire", "ocean blue",
        "bluish", "royal blue", "teal-blue", "aqua blue", "ice blue", "turquoise blue", "denim blue", "cyan",
        "neon blue", "baby blue", "pastel blue", "steel blue", "midnight blue", "light blue", "dark blue", "cerulean",
        "marine blue", "smurf blue", "deep blue", "lapis", "ultramarine", "cobalt", "sky-blue",
    ),
    "green": (
        "green", "green", "lime green", "neon green", "mint green", "olive", "jade", "moss green", "greenish", "lime",
        "emerald", "grass green", "apple green", "sea green", "pastel green", "dark green", "light green",
        "bottle green", "avocado", "pea-green", "leaf-green", "pistachio", "kiwi green", "sage", "fern green",
        "shamrock", "bright green", "frog green", "slime green", "jungle-green", "clover",
    ),
    "purple": (
        "purple", "purple", "violet", "amethyst", "grape", "orchid", "royal purple", "magenta purple", "purplish",
        "indigo purple", "lavender", "eggplant", "aubergine", "lilac purple", "dark purple", "light purple",
        "neon purple", "pastel purple", "bright violet", "deep violet", "wisteria", "heather", "grape purple", "iris",
        "periwinkle", "ultraviolet", "mulberry", "byzantine purple", "electric purple", "indigo violet", "plum",
        "mauve",
    ),
}  # fmt: skip
HAIR_COLOUR_ADJECTIVES: dict[str, Words] = {
    "black": (
        "black-haired", "dark-haired", "dark haired", "black haired", "midnight-haired", "blackhaired", "coal-haired",
        "ink-haired", "onyx-haired", "darkhaired", "black headed", "raven-haired",
    ),
    "brown": (
        "brown-haired", "brunette", "brown haired", "light-brown-haired", "mousy-haired", "mahogany-haired", "brunet",
        "brownhaired", "dark-brown-haired", "chocolate-haired", "hazel-haired", "walnut-haired", "coffee-haired",
        "brown-headed", "brunette-haired", "tawny-haired", "cocoa-haired", "chestnut-haired",
    ),
    "blonde": (
        "blonde", "blond", "fair-haired", "blond-haired", "blonde-haired", "yellow-haired", "sandy-haired",
        "platinum blonde", "light-haired", "blondie", "honey-haired", "straw-haired", "gold-haired", "wheat-haired",
        "blonde-headed", "towheaded", "platinum-haired", "corn-haired", "butter-haired", "blond haired", "blondhaired",
        "golden-haired",
    ),
    "red": (
        "ginger", "red-haired", "redhead", "redheaded", "red haired", "orange-haired", "auburn-haired", "fiery-haired",
        "gingery", "ginger-haired", "rust-haired", "flame-haired", "red-headed", "russet-haired", "titian-haired",
        "carrot-haired", "scarlet-haired", "crimson-haired", "gingerheaded", "redhaired", "orange haired",
        "strawberry-haired", "foxy-haired", "copper-haired", "carrot-topped",
    ),
    "gray": (
        "gray-haired", "grey-haired", "greying", "grey", "gray haired", "grizzled", "salt-and-pepper-haired",
        "grey haired", "steel-haired", "greyhaired", "slate-haired", "smoke-haired", "pewter-haired", "iron-haired",
        "going-gray", "graying", "ashen-haired", "silver-haired",
    ),
    "white": (
        "white-haired", "white haired", "snow-white-haired", "white-headed", "cotton-haired", "whitehaired",
        "ivory-haired", "milk-haired", "chalk-haired", "frost-haired", "ice-haired", "white-maned", "pearl-haired",
        "wool-haired", "snowy-haired",
    ),
    "pink": (
        "pink-haired", "pink haired", "magenta-haired", "fuchsia-haired", "pink-headed", "candy-haired",
        "blush-haired", "pinkhaired", "flamingo-haired", "raspberry-haired", "hot-pink-haired", "rose-haired",
    ),
    "blue": (
        "blue-haired", "blue haired", "navy-haired", "azure-haired", "blue-headed", "bluehaired", "sapphire-haired",
        "sky-haired", "cyan-haired", "ocean-haired", "indigo-haired", "royal-blue-haired", "denim-haired",
        "turquoise-blue-haired", "cobalt-haired",
    ),
    "green": (
        "green-haired", "green haired", "lime-haired", "mint-haired", "green-headed", "greenhaired", "jade-haired",
        "olive-haired", "moss-haired", "grass-haired", "leaf-haired", "pistachio-haired", "neon-green-haired",
        "emerald-haired",
    ),
    "purple": (
        "purple-haired", "violet-haired", "purple haired", "amethyst-haired", "lavender-haired", "purplehaired",
        "grape-haired", "orchid-haired", "wisteria-haired", "eggplant-haired", "iris-haired", "purple-headed",
        "heather-haired", "mulberry-haired", "lilac-haired",
    ),
}  # fmt: skip
HAIR_ADJECTIVES: dict[str, Words] = {
    "bald": (
        "bald", "bald", "balding", "bald-headed", "hairless", "shaved", "smooth-headed", "egg-headed", "baldheaded",
        "bald headed", "completely bald", "clean-headed", "head-shaved", "skinheaded", "baldy", "bare-headed",
        "slaphead", "shaved-headed", "without hair", "shaven-headed",
    ),
    "short": (
        "short-haired", "short haired", "close-cut", "shorthaired", "buzz-cut", "short-trimmed", "pixie-haired",
        "neat-haired", "trim-haired", "crop-haired",
    ),
    "long": (
        "long-haired", "long haired", "longhaired", "rapunzel-haired", "flowing-haired", "very long-haired",
        "long-maned", "long-locked", "hippie-haired", "big-maned", "lengthy-haired",
    ),
    "curly": (
        "curly-haired", "curly", "curly haired", "wavy-haired", "curl-headed", "curlyhaired", "wavy-locked",
        "curly-headed", "ringletted", "perm-haired", "coily-haired", "wavy haired", "kinky-haired", "swirly-haired",
        "frizzy-haired",
    ),
    "spiky": (
        "spiky-haired", "spiky haired", "messy-haired", "scruffy-haired", "spikyhaired", "tousle-haired",
        "punk-haired", "shaggy-haired", "bed-headed", "messy haired", "mop-haired", "hedgehog-haired", "ruffled",
        "uncombed", "wild-haired",
    ),
    "scarf": (
        "hijabi", "veiled", "hijab-wearing", "scarfed", "hijab wearing", "hijabed", "veil-wearing", "scarf-wearing",
        "chador-clad", "muslim-veiled", "scarf-headed", "headscarved",
    ),
    "turban": (
        "turbaned", "turban-clad", "turban wearing", "sikh", "turban-headed", "beturbaned", "turban-wrapped",
        "turban-wearing",
    ),
}  # fmt: skip
HAIR_PHRASES: dict[str, Words] = {  # {} is the hair colour with a space after it, or nothing
    "bald": (
        "a bald head", "no hair", "a shaved head", "a shiny bald head", "a smooth head", "a bald scalp",
        "no hair at all", "a bare head", "a clean-shaven head", "no hair on the head", "a chrome dome", "a skinhead",
        "a bald top", "an egg head", "a polished head", "absolutely no hair", "a bald pate", "without any hair",
        "a hairless head", "zero hair",
    ),
    "short": (
        "short {}hair", "short {}hair", "{}short hair", "a short {}haircut", "a {}buzz cut", "a {}pixie cut",
        "a neat {}haircut", "trimmed {}hair", "a {}fade", "{}hair cut short", "tidy short {}hair", "a boyish {}cut",
        "{}hair trimmed short", "a short {}cut", "a {}short back and sides", "{}hair shaved short",
        "very short {}hair", "a military {}haircut", "{}pixie hair", "clipped {}hair", "a gentleman's {}haircut",
        "a {}undercut", "a side-parted {}haircut", "short neat {}hair", "buzzed {}hair", "cropped {}hair",
        "a {}crew cut",
    ),
    "bob": (
        "a {}bob", "a {}bob haircut", "chin-length {}hair", "bobbed {}hair", "a {}bob cut", "medium-length {}hair",
        "shoulder-length {}hair", "neck-length {}hair", "a short {}bob", "{}bangs", "{}hair to the chin",
        "{}hair to the shoulders", "a {}lob", "a straight {}bob", "a {}bob with bangs", "mid-length {}hair",
        "medium {}hair", "a {}page boy cut", "a {}flapper bob", "a sleek {}bob", "collar-length {}hair",
        "half-long {}hair", "a {}fringe", "ear-length {}hair", "a {}pageboy bob", "jaw-length {}hair",
    ),
    "long": (
        "long {}hair", "long {}hair", "{}long hair", "long flowing {}hair", "very long {}hair", "hip-length {}hair",
        "long straight {}hair", "a long {}mane", "{}hair down the back", "long loose {}hair", "{}hair to the hips",
        "endless {}hair", "{}rapunzel hair", "long wavy {}hair", "{}hair over the shoulders", "long silky {}hair",
        "floor-length {}hair", "{}hair down to the elbows", "long {}locks", "flowing {}hair", "{}princess hair",
        "mermaid {}hair", "super long {}hair", "{}hair worn long", "a flowing {}mane", "long {}tresses",
        "waist-length {}hair", "flowing {}locks",
    ),
    "curly": (
        "curly {}hair", "{}curls", "{}curly hair", "wavy {}hair", "bouncy {}curls", "permed {}hair",
        "{}corkscrew curls", "coily {}hair", "{}curly locks", "big {}curls", "{}spiral curls", "{}curled hair",
        "{}waves", "kinky {}hair", "wavy {}locks", "tight {}curls", "loose {}curls", "fluffy {}curls",
        "{}hair full of curls", "{}coils", "a {}perm", "{}curls everywhere", "swirly {}hair", "crimped {}hair",
        "{}hair in curls", "a mop of {}curls", "{}ringlets", "frizzy {}hair",
    ),
    "afro": (
        "a {}afro", "{}afro hair", "a big {}afro", "a round {}afro", "a natural {}afro", "a huge {}afro",
        "an {}afro hairdo", "{}afro-textured hair", "big round {}hair", "a giant {}afro", "a {}afro puff",
        "a disco {}afro", "a {}seventies afro", "a fluffy {}afro", "{}hair in an afro", "a {}afro cut",
        "a {}afro style", "huge round {}hair", "a {}jackson five afro", "a puffy {}afro", "a {}ball of hair",
        "a globe of {}hair", "a {}fro",
    ),
    "bun": (
        "a {}bun", "{}hair in a bun", "a {}hair bun", "{}hair tied up", "a {}man bun", "a {}chignon",
        "{}hair pinned up", "a knot of {}hair", "a tied-up {}bun", "{}hair in a knot", "a {}top bun",
        "{}hair up in a bun", "a messy {}bun", "a {}ballerina bun", "a {}hair knot", "{}hair worn up", "pinned {}hair",
        "a {}samurai bun", "a {}top knot bun", "a {}dutt", "{}hair gathered on top", "a high {}bun", "a {}bun on top",
        "{}hair put up", "a {}granny bun", "a {}topknot", "a {}updo",
    ),
    "dreads": (
        "{}dreadlocks", "{}dreads", "{}rasta hair", "{}rastafarian hair", "{}braids", "long {}dreads",
        "thick {}dreadlocks", "twisted {}dreads", "{}rasta locks", "{}locks like bob marley", "{}dread locks",
        "long {}braids", "{}cornrows", "{}box braids", "{}rasta dreads", "reggae {}hair", "braided {}hair",
        "{}dreaded hair", "matted {}dreads", "{}dreadlocked hair", "{}jamaican dreads", "{}twists", "twisted {}hair",
        "thick {}braids", "{}locs",
    ),
    "spiky": (
        "spiky {}hair", "{}spikes of hair", "messy {}hair", "punk {}hair", "{}hair sticking up", "tousled {}hair",
        "scruffy {}hair", "{}hedgehog hair", "crazy {}hair", "uncombed {}hair", "{}hair standing up", "shaggy {}hair",
        "untidy {}hair", "{}bed hair", "windswept {}hair", "{}gel spikes", "spiked {}hair", "spiked up {}hair",
        "ruffled {}hair", "{}anime hair", "a {}mohawk", "{}porcupine hair", "disheveled {}hair", "pointy {}hair",
        "{}punk spikes", "rough {}hair", "a {}mop of messy hair", "wild {}hair", "unkempt {}hair",
    ),
}  # fmt: skip
HATS: dict[str, Words] = {  # {} is the colour of the thing with a space after it, or nothing
    "hat": (
        "a {}hat", "a {}hat", "a {}beanie", "a {}cap", "a {}winter hat", "a {}knit hat", "a {}woolly hat",
        "a {}sunhat", "a {}fedora", "a {}bonnet", "a {}pom-pom hat", "a {}baseball cap", "a {}toque",
        "a {}wide-brimmed hat", "a {}bowler", "a {}top hat", "a {}beret", "a {}cowboy hat", "a {}bucket hat",
        "a {}straw hat", "a {}trilby", "a {}ski hat", "a {}headpiece", "a {}snapback", "a {}party hat",
        "a {}trucker cap", "a {}flat cap", "a {}stocking cap", "a {}knitted cap", "a {}helmet", "a {}tuque",
        "a {}wool cap", "a {}peaked cap", "a {}sombrero", "{}headwear", "a {}hat on the head", "a {}bobble hat",
        "{}headgear",
    ),
    "scarf": (
        "a {}hijab", "a {}headscarf", "a {}veil", "a {}shawl over the head", "a {}scarf around the head",
        "a {}islamic veil", "a {}muslim headscarf", "a {}chador", "a {}niqab", "a {}kerchief",
        "a {}bandana over the head", "a {}covered head", "a {}head wrap", "a {}muslim veil", "a {}shayla",
        "a {}babushka scarf", "a {}hood of cloth", "a {}scarf over the hair", "a {}modest headscarf", "a {}nun's veil",
        "a {}head shawl", "{}hair covered by a scarf", "a {}head covering",
    ),
    "turban": (
        "a {}turban", "a {}sikh turban", "a {}wrapped turban", "a {}pagri", "a {}turban on", "a {}pagg",
        "a {}puggaree", "a {}wound turban", "a {}sikh headwrap", "a {}cloth turban", "a {}royal turban",
        "a {}sultan's turban", "a {}desert turban", "a {}headwrap turban", "a {}sikh pagri", "a {}dastar",
    ),
}  # fmt: skip

GLASSES: dict[str, Words] = {
    "none": (
        "no glasses", "without glasses", "not wearing glasses", "glasses-free", "no specs", "bare eyes",
        "without any glasses", "glasses off", "nothing over the eyes", "no shades", "unspectacled", "no eyewear",
    ),
    "glasses": (
        "glasses", "glasses", "eyeglasses", "reading glasses", "specs", "round glasses", "nerdy glasses",
        "thick glasses", "a pair of glasses", "hipster glasses", "geeky glasses", "horn-rimmed glasses",
        "wire-framed glasses", "bifocals", "nerd glasses", "optical glasses", "clear glasses", "big specs",
        "reading specs", "spectacle frames", "cat-eye glasses", "rimless glasses", "square glasses", "oval glasses",
        "harry potter glasses", "john lennon glasses", "wire-rim glasses", "corrective glasses", "nerd specs",
        "thick-rimmed glasses", "thin glasses", "librarian glasses", "teacher glasses", "readers", "eye glasses",
        "black-rimmed glasses", "little glasses", "large glasses", "circle glasses", "granny glasses",
        "thick-lensed glasses", "glasses on the nose", "vision glasses", "pince-nez", "half-moon glasses",
        "plain glasses", "spectacles", "prescription lenses",
    ),
    "sunglasses": (
        "sunglasses", "sunglasses", "shades", "dark sunglasses", "cool shades", "sunnies", "aviators",
        "black sunglasses", "ray-bans", "dark shades", "mirrored sunglasses", "tinted glasses", "black shades",
        "a pair of sunglasses", "summer sunglasses", "sun glasses", "black-out shades", "dark specs", "tinted specs",
        "tinted shades", "wraparound shades", "mirror shades", "pilot sunglasses", "pilot glasses", "beach glasses",
        "uv glasses", "polarized shades", "oakleys", "clubmasters", "smoked glasses", "blackened glasses",
        "celebrity sunglasses", "gangster shades", "matrix glasses", "big sunglasses", "round sunglasses",
        "hip shades", "sun specs", "sun shades", "blacked-out glasses", "shaded glasses", "opaque black glasses",
        "designer sunglasses", "sunglass", "men in black glasses", "glasses against the sun", "dark glasses",
        "tinted eyewear", "wayfarers",
    ),
}  # fmt: skip
FACIAL_HAIR: dict[str, Words] = {  # {} is the hair colour with a space after it, or nothing
    "none": (
        "no beard", "no facial hair", "a clean-shaven face", "a shaved face", "no whisker", "a hairless chin",
        "no moustache", "no stubble", "a shaven chin", "a bare chin", "a beardless face", "a clean chin",
        "no hair on the face", "a baby face", "a freshly shaved face", "a smooth shaven face",
    ),
    "beard": (
        "a {}beard", "a {}beard", "a full {}beard", "a thick {}beard", "a big {}beard", "a short {}beard",
        "a {}goatee", "{}stubble", "a scruffy {}beard", "a lumberjack {}beard", "a viking {}beard", "a long {}beard",
        "a trimmed {}beard", "a {}chin beard", "a hipster {}beard", "{}chin hair", "a wizard {}beard",
        "a santa {}beard", "a {}beard and moustache", "a curly {}beard", "a {}five o'clock shadow",
        "{}sideburns and beard", "a pirate {}beard", "a {}soul patch", "a neat {}beard", "a massive {}beard",
        "{}hair on the chin", "a {}van dyke", "a pointed {}beard", "a huge {}beard", "a dwarf {}beard",
        "a {}full-face beard", "a {}bristly chin", "{}whiskers", "a bushy {}beard", "{}facial hair",
    ),
    "moustache": (
        "a {}moustache", "a {}mustache", "a {}mustache", "a big {}mustache", "a curled {}moustache", "a {}stache",
        "a thick {}mustache", "a pencil {}mustache", "a curly {}moustache", "a {}tache",
        "a {}mustache on the upper lip", "a tiny {}moustache", "a {}mo", "a {}dali moustache", "a long {}moustache",
        "a chevron {}mustache", "a {}freddie mercury moustache", "a {}moustache under the nose",
        "a super mario {}mustache", "a twirly {}mustache", "a thin {}moustache", "{}hair on the upper lip",
        "a {}horseshoe mustache", "a villain {}moustache", "a sheriff's {}mustache", "a waxed {}moustache",
        "a handlebar {}mustache", "a {}walrus moustache",
    ),
}  # fmt: skip
FACIAL_HAIR_ADJECTIVES: dict[str, Words] = {
    "none": (
        "clean-shaven", "beardless", "shaven", "clean shaven", "smooth-chinned", "cleanshaven", "freshly shaved",
        "unbearded", "without a beard", "baby-faced", "smooth-shaven", "well-shaven", "smooth-faced",
    ),
    "beard": (
        "bearded", "bearded", "unshaven", "stubbly", "goateed", "heavily bearded", "long-bearded", "full-bearded",
        "fully bearded", "bearded-up", "scruffy-bearded", "big-bearded", "beardy", "stubble-faced", "thick-bearded",
        "goatee-wearing", "hairy-faced", "bristle-faced", "whiskered", "bushy-bearded",
    ),
    "moustache": (
        "moustached", "mustachioed", "mustache-wearing", "moustachioed", "mustachio'd", "moustache-wearing",
        "moustachio'd", "stached", "mustache wearing", "big-moustached", "moustachy", "mustached",
    ),
}  # fmt: skip

GARMENTS: dict[str, Words] = {
    "": (
        "clothes", "outfit", "top", "clothing", "attire", "dress", "wear", "garb", "costume", "threads", "clothings",
        "ensemble", "fabric", "gear", "look", "uniform", "vestments", "wardrobe", "robe", "gown", "tunic", "getup",
        "outerwear", "stuff to wear", "suit of clothes", "fashion", "garments", "apparel",
    ),
    "shirt": (
        "shirt", "shirt", "t-shirt", "tee", "tshirt", "blouse", "tank top", "v-neck", "jersey", "polo", "undershirt",
        "v-neck shirt", "plain shirt", "summer top", "shirts", "t shirt", "dress shirt", "polo shirt", "henley",
        "football shirt", "sports shirt", "short-sleeved shirt", "long-sleeved shirt", "camisole", "singlet",
        "cotton shirt", "button-up shirt", "muscle shirt", "band t-shirt", "sleeveless top", "sports jersey",
        "vest top", "round-neck shirt", "basic tee", "flannel shirt", "tee shirt", "crewneck",
    ),
    "hoodie": (
        "hoodie", "hoodie", "hooded sweatshirt", "hoody", "sweatshirt", "hooded sweater", "zip hoodie",
        "hooded jacket", "street hoodie", "hooded coat", "hoodie with a hood", "sports hoodie", "sweat top",
        "tracksuit top", "hooded cardigan", "cozy hoodie", "oversized hoodie", "gamer hoodie", "hood", "hooded fleece",
        "zipped hoodie", "hooded clothing", "hooded shirt", "hooded top",
    ),
    "blazer": (
        "blazer", "jacket", "suit", "suit jacket", "coat", "tuxedo", "formal jacket", "business suit", "office jacket",
        "smart jacket", "sports jacket", "waistcoat", "tux", "formal suit", "dress coat", "suit and tie",
        "business jacket", "three-piece suit", "tailcoat", "tailored jacket", "sports blazer", "evening jacket",
        "smoking jacket", "formal wear", "dress suit", "leather jacket", "suit coat", "vest", "formal coat",
        "overcoat", "denim jacket", "tweed jacket", "lab coat", "gentleman's suit", "sport coat", "dinner jacket",
    ),
    "overalls": (
        "overalls", "dungarees", "pinafore", "jumpsuit", "denim overalls", "work overalls", "coveralls", "braces",
        "dungaree", "farmer overalls", "bibs", "boiler suit", "painter overalls", "playsuit", "romper", "work suit",
        "farmer dungarees", "mechanic overalls", "suspenders", "onesie", "pinafore dress", "worker's overalls",
        "bib overalls",
    ),
    "sweater": (
        "sweater", "collared sweater", "sweater with a collar", "jumper", "knit sweater", "woolen sweater",
        "knitted jumper", "collared jumper", "knitwear", "cardigan", "turtleneck", "wool sweater", "knitted sweater",
        "cable-knit sweater", "christmas sweater", "polo neck", "roll-neck", "jersey sweater", "fisherman's sweater",
        "warm sweater", "v-neck sweater", "woolly jumper", "cashmere sweater", "fleece", "knit jumper", "hand-knit",
        "knitted top", "winter sweater", "knit top", "pullover",
    ),
}  # fmt: skip
EXPRESSIONS: dict[str, Words] = {
    "smile": (
        "smiling", "happy", "friendly", "smiley", "content", "glad", "kind-looking", "gentle", "warm", "relaxed",
        "in a good mood", "cheery", "positive", "satisfied", "peaceful", "pleasant", "sunny-faced", "contented",
        "grateful", "upbeat", "optimistic", "blissful", "good-natured", "genial", "kindly", "welcoming",
        "sweet-looking", "lighthearted", "amiable", "good-humoured", "all smiles", "smirking", "softly smiling",
        "pleasant-looking", "hopeful", "nice-looking", "feeling good", "friendly-faced", "untroubled",
        "in high spirits", "gratified", "comfortable", "smiley-faced", "cordial", "cheering up", "kind", "sweet",
        "cheerful", "pleased",
    ),
    "laugh": (
        "laughing", "grinning", "very happy", "joyful", "excited", "giggling", "ecstatic", "overjoyed", "delighted",
        "cracking up", "thrilled", "jolly", "merry", "amused", "super happy", "roaring with laughter", "hysterical",
        "euphoric", "elated", "jubilant", "exhilarated", "radiant", "guffawing", "cackling", "snickering", "chortling",
        "tickled", "cheering", "hooting", "rejoicing", "howling with laughter", "laughing out loud", "lol",
        "exuberant", "full of joy", "hilarious", "bursting with joy", "grinning from ear to ear", "toothy", "hyped",
        "delirious with joy", "smiling broadly", "smiling widely", "mirthful", "wildly happy", "joyous",
        "having a blast", "ecstatically happy", "tittering", "exultant", "chuckling", "beaming", "gleeful",
    ),
    "sad": (
        "sad", "unhappy", "crying", "upset", "worried", "depressed", "weeping", "miserable", "heartbroken",
        "feeling down", "melancholic", "disappointed", "in tears", "sobbing", "mournful", "concerned", "anxious",
        "glum", "despondent", "dejected", "downcast", "forlorn", "woeful", "grieving", "moping", "sulking", "pouting",
        "lonely", "melancholy", "heavy-hearted", "whimpering", "bawling", "wailing", "blue-hearted", "broken-hearted",
        "troubled", "tormented", "hurt", "down in the dumps", "dismal", "regretful", "doleful", "pitiful",
        "on the verge of tears", "sniffling", "nervous", "afraid of losing", "misty-eyed", "mopey", "downhearted",
        "somber-hearted", "gloomy", "tearful", "sorrowful",
    ),
    "angry": (
        "angry", "mad", "furious", "annoyed", "grumpy", "raging", "pissed off", "irritated", "hostile", "fuming",
        "bad-tempered", "outraged", "evil-looking", "mean", "wrathful", "infuriated", "livid", "seething",
        "hot-headed", "ticked off", "steaming", "vengeful", "aggressive", "ferocious", "snarling", "growling",
        "menacing", "cranky", "displeased", "incensed", "agitated", "hateful", "glaring", "boiling with rage",
        "ill-tempered", "moody", "vicious", "in a rage", "exasperated", "resentful", "mad as hell", "maddened",
        "provoked", "bitter", "sore", "bristling", "red with rage", "scowly", "up in arms", "fierce",
        "hot under the collar", "grouchy", "irate", "enraged", "cross",
    ),
    "surprised": (
        "surprised", "shocked", "amazed", "scared", "screaming", "stunned", "taken aback", "frightened", "terrified",
        "speechless", "in disbelief", "alarmed", "gasping", "wide-eyed", "horrified", "astounded", "flabbergasted",
        "dumbfounded", "awestruck", "baffled", "stupefied", "agog", "thunderstruck", "panicked", "aghast",
        "gobsmacked", "bewildered", "staggered", "open-mouthed", "spooked", "caught off guard", "wowed", "freaked out",
        "jumpy", "dumbstruck", "confounded", "mind-blown", "shook", "screaming in fear", "awed", "petrified",
        "wonderstruck", "flustered", "perplexed", "alarmed-looking", "yelling", "astonished", "startled",
    ),
    "neutral": (
        "serious", "neutral", "calm", "deadpan", "bored", "straight-faced", "blank", "emotionless", "unimpressed",
        "indifferent", "solemn", "composed", "stoic", "unsmiling", "impassive", "unemotional", "detached",
        "dispassionate", "aloof", "cool-headed", "inscrutable", "unmoved", "matter-of-fact", "unreadable", "stolid",
        "apathetic", "numb", "humourless", "grave", "no-nonsense", "strict", "severe", "sober", "reserved",
        "flat-faced", "unfazed", "nonchalant", "cold-faced", "even-tempered", "unamused", "poised", "earnest",
        "austere", "wooden", "passive", "unbothered", "blank-faced", "not smiling", "without emotion", "rigid",
        "expressionless", "stern",
    ),
    "wink": (
        "winking", "cheeky winking", "giving a wink", "winking playfully", "flirty winking", "with one eye shut",
        "blinking one eye", "cheekily winking", "winky", "wink-giving", "one-eye-closed", "knowingly winking",
        "winking at me", "winking mischievously", "giving us a wink", "wink-eyed",
    ),
    "love": (
        "in love", "lovestruck", "smitten", "madly in love", "heart-eyed", "enamored", "crushing on someone",
        "besotted", "head over heels", "lovesick", "loving", "love-struck", "romantic", "in awe of love",
        "full of love", "lovey-dovey", "falling in love", "charmed", "enchanted", "heart-struck", "enamoured",
        "love-drunk", "mad with love", "infatuated", "adoring",
    ),
}  # fmt: skip
EXPRESSION_PHRASES: dict[str, Words] = {
    "smile": (
        "a smile", "a gentle smile", "a small smile", "a happy face", "a nice smile", "a friendly look",
        "a slight smile", "a warm smile", "a soft smile", "a kind smile", "a pleasant look", "a content look",
        "a subtle smile", "a mona lisa smile", "a shy smile", "a pleasant face", "a smiley face", "a smirk",
        "a sweet smile", "smiling lips", "a sunny face", "a happy look", "a kindly look", "a cheerful look",
    ),
    "laugh": (
        "a big grin", "a big smile", "a wide open smile", "a toothy grin", "a laugh", "a huge grin", "laughter",
        "a very happy face", "a giant smile", "an open-mouthed laugh", "a belly laugh", "a wide grin", "a giggle",
        "a broad smile", "a joyful face", "a laughing face", "teeth showing", "a face full of joy", "a guffaw",
        "a cackle", "an ear-to-ear grin", "a massive smile", "a joyous expression", "a hearty chuckle",
    ),
    "sad": (
        "a sad face", "a frown", "tears", "a sad look", "a crying face", "a worried look", "teary eyes", "a pout",
        "a downcast look", "a long face", "a sorry face", "tears running down", "a trembling lip",
        "a heartbroken face", "a sad mouth", "wet eyes", "a tear on the cheek", "a miserable look", "an unhappy face",
        "a downturned mouth", "a depressed look", "a glum face", "a melancholic look", "a hurt look",
        "a gloomy expression",
    ),
    "angry": (
        "an angry face", "an angry look", "gritted teeth", "a furious look", "a mad face", "angry eyebrows",
        "a grimace", "a glare", "a snarl", "a furious face", "furrowed brows", "an evil look", "clenched teeth",
        "bared teeth", "an annoyed look", "a grumpy face", "a mean face", "a death stare", "knitted brows",
        "rage in the eyes", "a hostile look", "an aggressive face", "a growl", "a grouchy face", "a scowl",
    ),
    "surprised": (
        "a surprised face", "an open mouth", "a shocked look", "a scream", "a shocked face", "wide open eyes",
        "a stunned face", "a gasp", "raised eyebrows", "an amazed face", "a panicked face", "a face of shock",
        "a look of horror", "a look of surprise", "bulging eyes of shock", "a frightened face", "a scared look",
        "a terrified face", "an oh mouth", "an awestruck look", "an astonished look",
    ),
    "neutral": (
        "a serious face", "a neutral expression", "a straight face", "a blank look", "a calm face",
        "an emotionless face", "no smile", "no expression", "a deadpan face", "an unreadable face", "a bored look",
        "a solemn face", "a plain expression", "no emotion", "a still face", "a flat look", "a straight mouth",
        "a composed look", "an indifferent look", "a cold look", "a resting face", "an empty look", "a poker face",
    ),
    "wink": (
        "a wink", "one eye closed", "a winking face", "a winking eye", "a sly wink", "a quick wink", "a playful wink",
        "one closed eye", "one eye winking", "a flirty wink", "one eye shut", "a knowing wink", "a wink at the camera",
        "a cheeky wink",
    ),
    "love": (
        "heart eyes", "hearts for eyes", "heart-shaped eyes", "love in the eyes", "hearts in the eyes",
        "a lovestruck face", "hearts as eyes", "loving eyes", "hearts over the eyes", "a lovesick look", "love eyes",
        "a smitten look", "big heart eyes", "eyes full of love", "love-heart eyes",
    ),
}  # fmt: skip
EYES: dict[str, Words] = {
    "one": (
        "one eye", "a single eye", "one big eye", "a lone eye", "only one eye", "cyclops eye", "1 eye",
        "one giant eye", "one huge eye", "a cyclops face", "a solitary eye", "a central eye", "an eye in the middle",
        "one large eye", "one round eye", "just one eyeball",
    ),
    "two": (
        "two eyes", "2 eyes", "both eyes", "two little eyes", "a pair of big eyes", "2 big eyes", "two big eyes",
        "normal eyes", "two normal eyes", "a pair of eyes",
    ),
    "three": (
        "three eyes", "3 eyes", "triple eyes", "three little eyes", "three big eyes", "a third eye", "3 big eyes",
        "three eyeballs", "a triple-eyed face", "three round eyes", "a trio of eyes",
    ),
    "sleepy": (
        "sleepy eyes", "closed eyes", "tired eyes", "half-closed eyes", "a sleepy look", "shut eyes", "eyes shut",
        "dozing eyes", "sleeping eyes", "heavy eyelids", "droopy eyelids", "closed eyelids", "eyes closed",
        "a tired look", "eyes half shut", "dreamy eyes", "napping eyes", "drowsy eyes",
    ),
    "round": (
        "round eyes", "big round eyes", "white round eyes", "dot eyes", "bulging eyes", "big white eyes",
        "googly eyes", "saucer eyes", "big dot eyes", "goggle eyes", "wide round eyes", "button eyes", "globe eyes",
        "bug eyes", "ball eyes", "huge round eyes", "circular eyes",
    ),
    "hearts": (
        "heart eyes", "hearts for eyes", "heart-shaped eyes", "hearts as eyes", "heart shaped eyes", "love eyes",
        "eyes like hearts", "red heart eyes", "heart pupils", "love-heart eyes",
    ),
    "glow": (
        "glowing eyes", "shining eyes", "light-up eyes", "bright glowing eyes", "lit eyes", "lit-up eyes",
        "laser eyes", "lamp eyes", "radiant eyes", "led eyes", "neon eyes", "shiny glowing eyes", "electric eyes",
        "eyes that glow", "burning eyes", "fluorescent eyes", "luminous eyes",
    ),
    "visor": (
        "a visor", "a dark visor", "a robocop visor", "a visor over its eyes", "a black visor", "robot shades",
        "a shaded visor", "an eye visor", "a cyber visor", "a wraparound visor", "a visor face", "a helmet visor",
        "a geordi visor", "one long visor", "a band over the eyes", "a visor screen",
    ),
    "happy": (
        "happy eyes", "smiling eyes", "laughing eyes", "happy little eyes", "joyful eyes", "grinning eyes",
        "merry eyes", "squinting happy eyes", "smiley eyes", "curved eyes", "jolly eyes", "upturned eyes", "glad eyes",
        "cheerful eyes",
    ),
    "dizzy": (
        "x eyes", "dizzy eyes", "crossed-out eyes", "dead eyes", "x-shaped eyes", "x-ed out eyes", "crossed eyes",
        "eyes crossed out", "xx eyes", "dizzy x eyes", "eyes like crosses", "ko eyes", "eyes marked with x",
        "dazed eyes", "drunk eyes", "fainted eyes", "knocked-out eyes",
    ),
}  # fmt: skip
TOPS: dict[str, Words] = {
    "horns": (
        "horns", "two horns", "devil horns", "little horns", "horned head", "bull horns", "goat horns",
        "a pair of horns", "curved horns", "ram horns", "a set of horns", "pointed horns", "small horns", "big horns",
        "viking horns", "antlers", "devilish horns", "satyr horns", "ox horns", "horns on its head", "demon horns",
    ),
    "antenna": (
        "an antenna", "antennae", "antennas", "an antenna on its head", "an aerial", "a head antenna",
        "bobble antennae", "two antennas", "an insect antenna", "insect feelers", "alien antennae", "a radio antenna",
        "feelers", "a long antenna", "a tv antenna", "a bobbing antenna", "a wire on its head", "a whip antenna",
        "antenna on top", "a transmitter rod", "a bug antenna", "a feeler",
    ),
    "ears": (
        "ears", "two ears", "round ears", "pointy ears", "big ears", "animal ears", "droopy ears", "big round ears",
        "bunny ears", "cat ears", "dog ears", "mouse ears", "bear ears", "large ears", "elephant ears", "hanging ears",
        "rabbit ears", "bat ears", "elf ears", "soft ears", "fluffy ears", "floppy ears",
    ),
    "crown": (
        "a crown", "a little crown", "a king crown", "a golden crown", "a queen's crown", "a king's crown",
        "a gold crown", "a jeweled crown", "a diadem", "a coronet", "a prince's crown", "a crown on its head",
        "a golden coronet", "a princess crown", "crowned head", "a royal crown", "a tiara",
    ),
    "spikes": (
        "spikes", "a spike", "a pointed top", "a fin", "a spiky head", "a mohawk spike", "a pyramid on top",
        "sharp spikes", "a spiked head", "a spiny head", "a pointy head", "a shark fin", "a cone on top",
        "thorny head", "points on its head", "a dinosaur crest", "a crest", "spines", "prickles", "a pointed cone",
        "a row of spikes", "a sharp point on top", "a thorn",
    ),
    "leaf": (
        "a leaf", "a sprout", "a plant on its head", "leaves", "a leafy sprout", "a little plant on top",
        "a green shoot", "a green leaf", "a sapling", "a twig with leaves", "a young plant", "a leaf on its head",
        "a bud", "a flower stalk", "a stem with a leaf", "a small plant", "a growing plant", "two leaves",
        "a plant sprouting", "greenery on its head", "a shoot on top", "a seedling",
    ),
    "bulb": (
        "a light bulb", "a bulb", "a lamp on its head", "a glowing bulb", "a bulb on its head", "an electric bulb",
        "an idea bulb", "an edison bulb", "a lamp", "a lit bulb", "a bulb on top", "a lamp bulb", "a glass bulb",
        "an incandescent bulb", "a bulb lamp", "a shining bulb", "a lamp on top", "a lightbulb on top",
    ),
    "lights": (
        "lights", "three lights", "warning lights", "little lamps", "lights on its head", "blinking lights",
        "flashing lights", "led lights", "alarm lights", "beacon lights", "status lights", "small lights",
        "indicator lights", "a row of lights", "coloured lights", "police lights", "lamps on top", "a siren",
        "three lamps", "signal lights",
    ),
    "radar": (
        "a radar", "a radar dish", "a satellite dish", "an antenna dish", "a radar on its head", "a sat dish",
        "a rotating radar", "a parabolic dish", "a radio dish", "a dish on its head", "a radar antenna",
        "a parabolic antenna", "a receiver dish", "a spinning radar", "a dish on top", "a telescope dish", "a tv dish",
        "a dish aerial",
    ),
}  # fmt: skip
BACKGROUNDS: Words = (
    "on a {} background", "{} background", "{} background", "against a {} background", "{} backdrop", "{} bg",
    "with a {} background", "on {}", "{} behind", "background is {}", "on a {} backdrop", "against {}",
    "{} wall behind", "with {} behind", "{} surroundings", "{}-colored background", "in a {} room",
    "plain {} background", "{} as background", "over {}", "{} canvas", "behind them is {}", "a {} backdrop behind",
    "{} colored backdrop", "set against {}", "in front of {}", "{} bg behind", "with {} in the background",
    "{} color behind", "standing before {}", "{} wall", "with a {} wall behind", "on {} paper", "framed in {}",
    "{} back", "on a {} canvas", "{} in the back", "{} studio backdrop", "background: {}", "bg {}", "{} scene",
    "a {} backdrop", "surrounded by {}", "with a {} back", "background colour {}", "back wall {}",
    "{} toned background", "{} environment", "{} space behind", "a {} curtain behind", "{} curtain behind",
    "before a {} background", "in front of a {} background", "in front of a {} backdrop", "in front of a {} wall",
    "{} setting", "{} scenery behind", "before a {} screen",
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

"""Made-up names for those who are not of the named cast. Any likeness to a real person is chance."""

from random import Random

CHOSEN = (
    ("Abel", "he/him"), ("Ada", "she/her"), ("Ansel", "he/him"), ("Ari", "they/them"), ("Aurora", "she/her"),
    ("Basil", "he/him"), ("Bea", "she/her"), ("Bo", "they/them"), ("Calla", "she/her"), ("Cass", "they/them"),
    ("Cedric", "he/him"), ("Clio", "she/her"), ("Corin", "he/him"), ("Delia", "she/her"), ("Dov", "he/him"),
    ("Edda", "she/her"), ("Eero", "he/him"), ("Elio", "he/him"), ("Esme", "she/her"), ("Ezra", "he/him"),
    ("Fen", "they/them"), ("Fern", "she/her"), ("Flora", "she/her"), ("Gale", "he/him"), ("Gwen", "she/her"),
    ("Hale", "he/him"), ("Hedy", "she/her"), ("Idris", "he/him"), ("Ilse", "she/her"), ("Ira", "he/him"),
    ("Isla", "she/her"), ("Jory", "he/him"), ("Juno", "she/her"), ("Kai", "he/him"), ("Kira", "she/her"),
    ("Lark", "they/them"), ("Leda", "she/her"), ("Linus", "he/him"), ("Mabel", "she/her"), ("Marlo", "they/them"),
    ("Mina", "she/her"), ("Nell", "she/her"), ("Niko", "he/him"), ("Odette", "she/her"), ("Orin", "he/him"),
    ("Otis", "he/him"), ("Paz", "she/her"), ("Pell", "he/him"), ("Quill", "they/them"), ("Rhea", "she/her"),
    ("Rory", "he/him"), ("Sabine", "she/her"), ("Sol", "he/him"), ("Tamsin", "she/her"), ("Tavi", "he/him"),
    ("Una", "she/her"), ("Vera", "she/her"), ("Wren", "they/them"), ("Yael", "she/her"), ("Zeke", "he/him"),
)  # fmt: skip
SPANISH = (
    ("Alma", "she/her"), ("Beto", "he/him"), ("Celia", "she/her"), ("Chavela", "she/her"), ("Efraín", "he/him"),
    ("Fidel", "he/him"), ("Graciela", "she/her"), ("Hilario", "he/him"), ("Inocencia", "she/her"),
    ("Jacinto", "he/him"),
    ("Luz", "she/her"), ("Marisol", "she/her"), ("Nacho", "he/him"), ("Ofelia", "she/her"), ("Paloma", "she/her"),
)  # fmt: skip
FAMILY = (
    "Abernow", "Alderfield", "Anselmo", "Barrowby", "Bellweather", "Birchall", "Brackenridge", "Calloway", "Carrow",
    "Castellane", "Coldbrook", "Corriveau", "Dallowell", "Deverin", "Dunmoor", "Eastlake", "Elmgren", "Fairweather",
    "Farrowdale", "Fenwright", "Foxglen", "Galbrook", "Greenhalt", "Hadderly", "Hallowell", "Hawksmoor", "Hollins",
    "Ivanhurst", "Jessamy", "Kestrelton", "Kinvara", "Larkspur", "Lindqvale", "Lockridge", "Marrowstone", "Maplewood",
    "Mirador", "Nightingale", "Northcott", "Oakhurst", "Okonma", "Pellerin", "Penhallow", "Quillfeather", "Ravensby",
    "Redfern", "Rosemoor", "Sandoval-Pike", "Silverlake", "Solberg-Ray", "Stillwater", "Tannenby", "Thistlewood",
    "Underhall", "Valcourt", "Vandermoor", "Whitlock-Oda", "Windermeer", "Yarrowby", "Zellwood",
)  # fmt: skip
SPANISH_FAMILY = (
    "Alcocer", "Barrientos", "Cienfuegos", "Del Monte", "Escamilla", "Fuenmayor", "Galindo", "Illescas", "Jaramillo",
    "Luzuriaga", "Montalvo", "Olivares", "Peñaloza", "Quiñones", "Robledo", "Sarmiento", "Tamayo", "Villaseñor",
)  # fmt: skip


class Names:
    """Gives every caller a name nobody else here has."""

    def __init__(self, random: Random, *, taken: set[tuple[str, str]]) -> None:
        self.random, self.taken = random, set(taken)

    def next(self, language: str) -> tuple[str, str, str]:
        """Chosen name, family name, pronouns."""
        given, families = (SPANISH, SPANISH_FAMILY) if language == "es" else (CHOSEN, FAMILY)
        for _try in range(10_000):
            (chosen, pronouns), family = self.random.choice(given), self.random.choice(families)
            if (chosen, family) not in self.taken:
                break
            family = f"{family} {self.random.choice(families)}"
            if (chosen, family) not in self.taken:
                break
        self.taken.add((chosen, family))
        return chosen, family, pronouns

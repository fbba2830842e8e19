"""What people of the demo say and write. All of it is made up."""

GOALS: dict[str, tuple[tuple[str, str], ...]] = {
    "en": (
        ("Sleep through the night and get up rested.", "Screens off at ten, three nights this week."),
        ("Be there for my kids on weekends.", "Saturday breakfast, phones in the drawer."),
        ("Have evenings without drinking.", "Call my brother when the wave comes."),
        ("Go back to work three days a week.", "Write down what a good day at work looks like."),
        ("Stop apologizing for taking up room.", "Say one thing in group I would usually swallow."),
        ("Pay my bills before the red letters come.", "Open the mail on Mondays with Bev."),
        ("Walk the dog every morning.", "Leash by the door, shoes beside it."),
        ("Ride out a craving without a fight.", "Set a timer for twenty minutes and breathe."),
        ("Have one friend I can call.", "Text Marisa back."),
        ("Cook real food again.", "Soup on Sunday, enough for three days."),
        ("Feel something other than tired.", "Ten minutes outside before noon."),
        ("Finish the course I started.", "Email the teacher."),
        ("Talk to my mother without shouting.", "Leave the room before it gets loud, and come back."),
        ("Drive on the highway again.", "One exit, with the radio on."),
    ),
    "es": (
        ("Dormir toda la noche.", "Apagar el teléfono a las diez, tres noches."),
        ("Estar presente con mis hijos.", "Desayunar juntos el sábado."),
        ("Pasar las tardes sin beber.", "Llamar a mi hermana cuando llegue la ola."),
        ("Volver a trabajar.", "Preguntar por el turno de la mañana."),
        ("Decir lo que necesito sin gritar.", "Practicar una frase antes de la cena."),
        ("Caminar cada mañana.", "Dejar los zapatos junto a la puerta."),
        ("Tener a quién llamar.", "Escribirle a mi comadre."),
    ),
    "teen": (
        ("Get through a school day without leaving.", "Stay for third period."),
        ("Have people to sit with.", "Say hi to the kid from art class."),
        ("Stop fighting with Dad about everything.", "One dinner without phones."),
        ("Sleep before midnight.", "Charger in the kitchen."),
        ("Play music again.", "Tune the guitar."),
        ("Tell someone before it gets too big.", "Send a number from 1 to 10."),
    ),
}
PROBLEMS: dict[str, tuple[tuple[str, str], ...]] = {
    "mental-health": (
        ("Major depressive disorder, recurrent, moderate", "F33.1"),
        ("Generalized anxiety disorder", "F41.1"),
        ("Post-traumatic stress disorder", "F43.10"),
    ),
    "substance-use": (
        ("Alcohol use disorder, moderate", "F10.20"),
        ("Opioid use disorder, on medication", "F11.20"),
        ("Stimulant use disorder, moderate", "F15.20"),
    ),
}
PROBLEMS["co-occurring"] = PROBLEMS["substance-use"][:2] + PROBLEMS["mental-health"][:2]
FIRST_PROBLEM = {
    "Maya Reyes": PROBLEMS["substance-use"][0],
    "Tomás Lindgren": PROBLEMS["substance-use"][1],
}
"""Of those whose use and medicines stand elsewhere in the demo."""

SAID_FOR_ALL = (
    "Check-in round, then the topic of the day with a short reading. Members gave examples from their week and "
    "practised the skill in pairs. Closed with one intention each.",
    "The group worked on noticing early signs and on what helps in the first ten minutes. Role play in threes, "
    "feedback by the group, closing round.",
    "Opened with slow breathing. The group compared what a hard evening and a good evening have in common and wrote "
    "a plan for the next one. Members encouraged each other.",
    "Review of last week's practice, then a chain analysis of one everyday situation on the board. Each member named "
    "the link they would change first.",
)
INTERVENTIONS = (
    ("cognitive-restructuring", "skills-practice"),
    ("motivational-interviewing", "process-group"),
    ("relapse-prevention", "role-play"),
    ("psychoeducation", "mindfulness"),
)
PROCESS = "Open and attentive; quiet members were drawn in by others, disagreement stayed kind."
SAID_ALONE = "Talked over the past week, the goals and what stands in their way; agreed on one step until next time."
NEXT_TIME = "Practise the skill twice before the next session and bring one example."
LINES = {
    "shining": (
        "Spoke early and with ease, linked the topic to their own week, and supported others warmly.",
        "Brought written practice and explained what had changed since last week.",
        "Offered an example of a hard moment handled well; affect bright.",
    ),
    "steady": (
        "Took part when asked and twice unasked; named one thing to try at home.",
        "Listened attentively, shared one example, practised the skill with a partner.",
        "Tired at first, warmer after the break; wrote down a plan for the weekend.",
    ),
    "slow": (
        "Quiet today; answered when invited and stayed for the whole session.",
        "Said that practice did not happen this week and spoke about what got in the way.",
        "Followed the topic, kept eye contact briefly, agreed on a smaller step.",
    ),
    "struggling": (
        "Spoke of a very hard week and little sleep; found it difficult to stay with the topic.",
        "Withdrawn, said little; accepted the offer of a talk after the session.",
        "Described strong urges on two evenings and feeling alone with them.",
    ),
}
PROGRESS = {"shining": "forward", "steady": "forward", "slow": "same", "struggling": "back"}
TOOK_PART = {"shining": (4, 5), "steady": (3, 4), "slow": (2, 3), "struggling": (1, 3)}
EXCUSES = ("Down with a cold, called ahead.", "Court date.", "Child was ill.", "Doctor's appointment.", "Work shift.")
PLACES = ("At home, Grand Junction, CO", "At home, 2nd floor, Moab, UT", "At home, Farmington, NM", "Parked car, home")
FINDINGS = {
    "1": "No withdrawal risk seen today.",
    "2": "Physical health stable, sees a primary care provider.",
    "3": "Low mood most days, sleep disturbed; follows a group well.",
    "4": "Risk rises in the evenings and when alone.",
    "5": "Home is safe; one person supports, work or school is strained.",
    "6": "Wants to come, worries about time and about speaking in a group.",
}
RATIONALE = "Needs more structure than weekly therapy and has a safe place to sleep."
REVIEWED = "Reviewed together: the dose fits, we keep going."
CITIES = {"CO": ("Denver", "80203"), "UT": ("Moab", "84532"), "NM": ("Farmington", "87401")}


def sex_of(pronouns: str) -> str:
    """FHIR AdministrativeGender as it may have been sent with a referral."""
    return {"she/her": "female", "he/him": "male"}.get(pronouns, "unknown")


NO_ANSWER = "Rang twice, left a short message without naming us. Next try tomorrow at noon."

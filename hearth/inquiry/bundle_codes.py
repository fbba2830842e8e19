"""The small tables by which a referral is sorted. Words decide where codes are missing or unknown.

Sources: SNOMED CT codes are those of Synthea's modules and of the Gravity project's social-needs value sets;
ICD-10-CM chapters are F01-F99 (mental and behavioural), T36-T50 (poisoning), X71-X83 (self-harm) and Z55-Z65
(social); LOINC codes are the totals published at loinc.org; marital status is HL7's table v3-MaritalStatus.
"""

import re

from hearth.inquiry.bundle_fhir import ICD10, LOINC, SNOMED, Concept

_BEHAVIOURAL_SNOMED = {
    "47505003",  # post-traumatic stress disorder
    "5602001",  # opioid abuse
    "75544000",  # opioid dependence
    "55680006",  # drug overdose
    "6525002",  # dependent drug abuse
    "66214007",  # substance abuse
    "361055000",  # misuses drugs
    "7200002",  # alcoholism
    "15167005",  # alcohol abuse
    "66590003",  # alcohol dependence
    "10939881000119105",  # unhealthy alcohol drinking behaviour
    "192127007",  # child attention deficit disorder
    "406506008",  # attention deficit hyperactivity disorder
    "35489007",  # depressive disorder
    "36923009",  # major depression, single episode
    "370143000",  # major depressive disorder
    "197480006",  # anxiety disorder
    "21897009",  # generalised anxiety disorder
    "371631005",  # panic disorder
    "80583007",  # severe anxiety (panic)
    "191736004",  # obsessive-compulsive disorder
    "13746004",  # bipolar disorder
    "58214004",  # schizophrenia
    "72366004",  # eating disorder
    "20010003",  # borderline personality disorder
    "74732009",  # mental disorder
    "6471006",  # suicidal thoughts
    "82313006",  # suicide attempt
    "193462001",  # insomnia
}
_BEHAVIOURAL_ICD10 = re.compile(
    r"F\d\d|R45\.?85|T14\.?91|T(3[6-9]|4\d|50)|X(7[1-9]|8[0-3])|Z91\.?(5|03)|G47\.?0|Z71\.?[45]",
    re.IGNORECASE,
)
_BEHAVIOURAL_WORDS = re.compile(
    r"""depress(?!ed\ fracture|ed\ skull)|anxiety|\bpanic\b|\bphobi|bipolar|\bmani[ac]|psychos|psychot|schizo|
    post-?\ ?traumatic\ stress|\bptsd\b|\btrauma\ (therapy|counsel)|obsessive|compulsive|attention\ deficit|
    \badhd\b|autis|eating\ disorder|anorexia\ nervosa|bulimi|binge|personality\ disorder|
    suicid|self[\ -]?harm|self[\ -]injur|overdose|opioid|heroin|cocaine|amphetamine|cannabis|
    benzodiazepine\ (use|dep)|alcohol(?!\ swab)|substance\ (use|abuse|depend|misuse)|
    drug\ (use|abuse|depend|misuse|rehab)|
    misuses\ drugs|withdrawal\ (state|syndrome)|detoxif|addiction|insomnia|gambling|conduct\ disorder|
    oppositional|adjustment\ (disorder|reaction)|dissociat|grief|bereave|mental\ (health|disorder|illness)|
    behaviou?ral\ (health|disorder)|psychiatr|psycholog|psychothera""",
    re.IGNORECASE | re.VERBOSE,
)

_SOCIAL_SNOMED = {
    "160903007": "employment",  # full-time employment
    "160904001": "employment",  # part-time employment
    "73438004": "employment",  # unemployed
    "741062008": "employment",  # not in labour force
    "224295006": "education",  # only received primary school education
    "224299000": "education",  # received higher education
    "105421008": "education",  # educational achievement
    "5251000175109": "education",  # received certificate of high school equivalency
    "73595000": "stress",
    "32911000": "housing",  # homeless
    "105531004": "housing",  # housing unsatisfactory
    "266948004": "legal",  # has a criminal record
    "424393004": "violence",  # reports of violence in the environment
    "706893006": "violence",  # victim of intimate partner abuse
    "422650009": "isolation",  # social isolation
    "423315002": "isolation",  # limited social contact
    "160701002": "food",  # food insecurity
    "266934004": "transport",  # transport problem
    "713458007": "transport",  # lack of access to transportation
    "224355006": "service",  # served in the armed forces
    "446654005": "migration",  # refugee
}
_SOCIAL_ICD10 = {
    "Z55": "education",
    "Z56": "employment",
    "Z57": "employment",
    "Z59": "housing",
    "Z60": "isolation",
    "Z62": "family",
    "Z63": "family",
    "Z64": "family",
    "Z65": "legal",
}
SOCIAL_WORDS = {
    "employment": r"employ|labou?r force|\bjob\b|\bwork(place| status|ing)|retired",
    "education": r"education|school|college|literacy|certificate of high",
    "housing": r"housing|homeless|evict|\bshelter|living (alone|situation|conditions)",
    "legal": r"criminal record|prison|incarcerat|probation|parole|\bjail|legal (problem|issue)",
    "violence": r"violence|intimate partner|victim|abuse of (adult|child)|neglect",
    "isolation": r"social (isolation|contact|support)|lonel|lives alone",
    "stress": r"^stress( \(finding\))?$|stressful life|stress level",
    "food": r"food insecurity|hunger",
    "transport": r"transport",
    "money": r"\bincome\b|poverty|financial|insurance problem",
    "service": r"armed forces|veteran|military",
    "migration": r"refugee|migrant|immigra|asylum",
    "family": r"family problem|caregiver|divorce|separated from|parent-child|custody",
    "tobacco": r"tobacco|smok(er|ing)|vaping|nicotine",
}
_SOCIAL = {about: re.compile(words, re.IGNORECASE) for about, words in SOCIAL_WORDS.items()}

# Totals and risk levels that programs measure by; PHQ-9's ninth question because of what it asks.
MEASURES = {
    "44261-6": "PHQ-9",
    "89204-2": "PHQ-9 for teens",
    "44260-8": "PHQ-9, question 9",
    "55758-7": "PHQ-2",
    "70274-6": "GAD-7",
    "101698-9": "PCL-5",
    "75624-7": "AUDIT",
    "75626-2": "AUDIT-C",
    "82667-7": "DAST-10",
    "93374-7": "C-SSRS risk",
    "76504-0": "HARK",
    "59460-6": "Morse fall scale",
    "72514-3": "Pain, 0 to 10",
}

_PROCEDURE_SNOMED = {
    "171207006",  # depression screening
    "715252007",  # depression screening with PHQ-9
    "225337009",  # suicide risk assessment
    "385892002",  # mental health screening
    "428211000124100",  # assessment of substance use
    "454711000124102",  # depression screening (procedure)
}
_PROCEDURE_WORDS = re.compile(
    r"\bcounsel(?!.*(termination|genetic|contracept|birth))|naloxone|buprenorph|methadone|rehab"
)

MARITAL_STATUS = {
    "A": "Marriage annulled",
    "D": "Divorced",
    "I": "Separation under way",
    "L": "Legally separated",
    "M": "Married",
    "P": "Polygamous",
    "S": "Never married",
    "T": "Domestic partner",
    "U": "Unmarried",
    "W": "Widowed",
}

_STATES = (
    "AL Alabama,AK Alaska,AZ Arizona,AR Arkansas,CA California,CO Colorado,CT Connecticut,"
    "DE Delaware,DC District of Columbia,FL Florida,GA Georgia,HI Hawaii,ID Idaho,IL Illinois,"
    "IN Indiana,IA Iowa,KS Kansas,KY Kentucky,LA Louisiana,ME Maine,MD Maryland,MA Massachusetts,"
    "MI Michigan,MN Minnesota,MS Mississippi,MO Missouri,MT Montana,NE Nebraska,NV Nevada,"
    "NH New Hampshire,NJ New Jersey,NM New Mexico,NY New York,NC North Carolina,ND North Dakota,"
    "OH Ohio,OK Oklahoma,OR Oregon,PA Pennsylvania,PR Puerto Rico,RI Rhode Island,SC South Carolina,"
    "SD South Dakota,TN Tennessee,TX Texas,UT Utah,VT Vermont,VA Virginia,WA Washington,"
    "WV West Virginia,WI Wisconsin,WY Wyoming"
)
STATE_CODES = {name.casefold(): code for code, name in (one.split(" ", 1) for one in _STATES.split(","))}

PAYERS = {
    "medicaid": "Medicaid",
    "medicare": "Medicare",
    "no_insurance": "No insurance",
    "dual eligible": "Dual eligible",
}


def is_behavioural(about: Concept) -> bool:
    """Is this of mental health or substance use?"""
    if _BEHAVIOURAL_SNOMED.intersection(about.in_system(SNOMED)):
        return True
    if any(_BEHAVIOURAL_ICD10.match(code) for code in about.in_system(ICD10)):
        return True
    return bool(about.text and _BEHAVIOURAL_WORDS.search(about.text))


def social_topic(about: Concept) -> str | None:
    """Which part of life this is about; None if it is a matter of health."""
    for code in about.in_system(SNOMED):
        if code in _SOCIAL_SNOMED:
            return _SOCIAL_SNOMED[code]
    for code in about.in_system(ICD10):
        if code[:3].upper() in _SOCIAL_ICD10:
            return _SOCIAL_ICD10[code[:3].upper()]
    words = about.text or ""
    return next((topic for topic, pattern in _SOCIAL.items() if pattern.search(words)), None)


def is_procedure_of_note(about: Concept) -> bool:
    """Does this procedure tell an intake anything?"""
    if _PROCEDURE_SNOMED.intersection(about.in_system(SNOMED)) or is_behavioural(about):
        return True
    return bool(about.text and _PROCEDURE_WORDS.search(about.text.casefold()))


def measure_code(about: Concept) -> str | None:
    """The LOINC code by which this is a known measure."""
    return next((code for code in about.in_system(LOINC) if code in MEASURES), None)

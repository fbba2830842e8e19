"""Code systems, and the labels that say how what is sent must be kept (HL7 v3 security vocabulary)."""

LOINC = "http://loinc.org"
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem/"
ACT_CODE = TERMINOLOGY + "v3-ActCode"
PART_2 = {"system": ACT_CODE, "code": "42CFRPart2"}
SUBSTANCES = {"system": ACT_CODE, "code": "ETH", "display": "substance abuse information sensitivity"}
RESTRICTED = {"system": TERMINOLOGY + "v3-Confidentiality", "code": "R"}

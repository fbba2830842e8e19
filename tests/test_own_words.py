"""No field in which students write what staff may read is forgotten: it is read for words of danger, or named here."""

from django.apps import apps
from django.db import models

LONG = 80  # characters; what is shorter is a name, a number or a code

READ = """
aftercare.EndingReview: appeal
background.BackgroundAnswer: value
care_sessions.MakeUp: reason
circle.Decision: words
circle.Photo: words
circle.Post: text
circle.Report: words
circle.Thanks: text
circle.Wording: text
consent.PaperAnswer: words
family.Question: text
inquiry.Inquiry: words
letters.Letter: reader
medical.Medication: name dose reason prescriber ended_why
notebook.SharedEntry: text
plan.Goal: words helped
plan.GoalStep: words
safety.SafetyPlan: body
skills.Practice: note
skills.SharedMap: entries
skills.SharedPlan: content
skills.SharedSheet: answers
skills.ThoughtRecord: situation feelings thought evidence_for evidence_against balanced
timetable.Availability: note
timetable.ChangeOffer: reason
trauma.StopSignal: words
"""
"""Students' own words, and families', that are read in the transaction that stores them (safety/README.md)."""

THEIRS_ALONE = """
notebook.Entry: ciphertext
notebook.NotebookKey: passphrase_wrapped recovery_wrapped
skills.Activity: what
skills.Card: words source
skills.CopingPlan: triggers warning_signs situations what_i_do people
skills.Habit: what anchor
skills.MapEntry: note
skills.Night: helped
skills.Sheet: answers
skills.SleepRoutine: evening
skills.Urge: trigger helped about
skills.WeekHours: days
"""
"""Nobody else reads them, so that nobody reads them for danger either."""

READ_OTHERWISE = """
aftercare.FollowUpWish: address
care_sessions.Attendance: location
care_sessions.NumbersWanted: county
care_sessions.Whereabouts: street city county
consent.Consent: signed_name drawing
measures.Begun: answers
measures.GuardianResponse: answers
measures.Kiosk: given waiting
measures.Response: answers declined
people.Patient: legal_given family_name email street city emergency_name chosen_name
people.Relationship: known_as
timetable.SuggestedHours: note
"""
"""Names and addresses; answers, which have rules of their own; and a guardian's hours."""

NOT_THEIRS = """
accounts.Browser: session_data
accounts.Organisation: name host email
accounts.Site: name street city directions
accounts.User: password email name title
admission.Assessment: findings reasons rationale
admission.Barrier: words became
admission.Benefit: spoke_with words
admission.Coverage: payer plan subscriber terms withdrawn_reason
aftercare.Decision: evidence words
aftercare.Discharge: body
aftercare.EndingReview: reasons review answer
aftercare.FirstVisit: words
aftercare.FollowUp: contact_note
aftercare.Hold: words risk_words medications
aftercare.TransferPacket: recipient body
aftercare.TransitionPlan: next_provider warning_signs what_helps people
audit.Event: reason detail verb
audit.Seal: signature
background.Background: summary
background.BackgroundAddendum: text
background.BackgroundSignature: body summary licence
bereavement.Death: told_by known_how taken_back_why
bereavement.Task: group note
care_sessions.Addendum: text
care_sessions.Attendance: reason modality_reason said_beside
care_sessions.Authorisation: payer withdrawn_reason
care_sessions.CoSignature: signed_as
care_sessions.ContactNote: said set_aside_why
care_sessions.ContactNoteVersion: changes
care_sessions.GroupNote: text interventions process plan lines beside
care_sessions.GroupNoteVersion: changes beside
care_sessions.MakeUp: options
care_sessions.OutreachAttempt: note
care_sessions.PrivateNoteRelease: reason
care_sessions.ProgressNote: body
care_sessions.SentBack: comment
care_sessions.Session: link name topic cancel_reason lesson
care_sessions.StandingLink: link
care_sessions.Stroke: text
circle.Challenge: words
circle.Circle: hours
circle.CircleEvent: link name place words
circle.Introduction: where
circle.Mentor: known_as words
circle.Post: answer
circle.SupportGroup: link name place for_whom source
circle.Thanks: reasons words
circle.Wording: reasons
consent.Consent: text information purpose intent device
consent.Disclosure: recipient purpose what
consent.EmergencyAccess: reason review
consent.ProgramPapers: program papers
family.Question: answer
inquiry.CarriedFact: text detail system
inquiry.Inquiry: email answers outcome first_name
inquiry.InquiryContact: note
inquiry.IntakeHours: hours
inquiry.Referral: reason
inquiry.ReferralLink: email
inquiry.SharedStatus: recipient
inquiry.WayOut: to_whom note
letters.Letter: named body signed_as why_not
letters.Letterhead: name address
measures.GuardianResponse: alerts
measures.Response: subscales alerts
measures.Rule: days_after
measures.RuleChange: reason
measures.Words: title instruction questions answers permission end_reason
medical.DrugTest: reason observed_why
medical.DrugTestStep: results words
medical.NaloxoneGiven: to
medical.Reconciliation: listed found licence
outbox.Message: to subject body key problem
outbox.PushDevice: endpoint
outbox.Silence: of
people.SafeContact: words
plan.CarePlan: dose steps why
plan.Problem: text code_system
program.Closure: name
program.GroupNeed: equipment
program.Interpreter: name agency offers modalities hours
program.Program: name
program.Room: equipment name
program.StaffDuty: populations topics languages hours
program.WorkingHours: hours
safety.Concern: summary action
safety.ConcernAssessment: found licence
safety.ConcernContact: words
safety.ConcernGrade: reason licence
safety.EmergencyArea: crisis_name source county
safety.Incident: what_happened done_at_once others
safety.IncidentDuty: to what source words
safety.IncidentStep: words led_to changed
safety.ProtectiveStep: whom words reference licence
safety.ReportingRule: to what source
skills.Sheet: heard
skills.ThoughtRecord: heard
timetable.Accommodation: equipment
timetable.Availability: hours family_hours
timetable.ChangeOffer: note
timetable.DraftMove: move
timetable.InterimSupport: note
timetable.KeepApart: reason
timetable.PlaceOffer: sessions
timetable.Proposal: programs change cover pinned board solution figures unplaced progress deeds
timetable.Section: name
timetable.SuggestedHours: hours
timetable.WaitlistEntry: needs
trauma.NextDayCheck: settled_words
trauma.Processing: ended_words stop_signal
trauma.Readiness: lines signed_as words
trauma.Training: trained_where
web.SiteText: title description body
"""
"""Written by staff, by whoever is not in care yet (inquiry/risks.py), or by the house itself."""


def named(*tables):
    lines = [line.partition(": ") for table in tables for line in table.split("\n") if line]
    return [f"{model}.{field}" for model, _colon, fields in lines for field in fields.split()]


def is_text(field):
    if isinstance(field, models.CharField):
        return not field.choices and (field.max_length or LONG) >= LONG
    return isinstance(field, models.TextField | models.JSONField)


def test_every_field_of_text_is_read_for_danger_or_said_not_to_need_it():
    found = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("hearth.")
        for field in model._meta.concrete_fields
        if is_text(field)
    }
    listed = named(READ, THEIRS_ALONE, READ_OTHERWISE, NOT_THEIRS)
    assert sorted(listed) == sorted(set(listed))
    assert set(listed) - found == set()
    # A new field: if students write in it and staff may read it, let its service ask safety.services.read_own_words.
    assert found - set(listed) == set()

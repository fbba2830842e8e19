"""Who pays, read from a bundle."""

from collections.abc import Iterator
from dataclasses import replace

from hearth.inquiry.bundle_codes import PAYERS
from hearth.inquiry.bundle_fhir import Index, Json, concept, day, obj, objs, period, text
from hearth.inquiry.packet import Coverage


def coverage(index: Index) -> tuple[Coverage, ...]:
    """Who pays, newest first: from Coverage; where none came, from what claims were billed to."""
    stated = [_coverage(index, one) for one in index.of("Coverage") if one.get("status") != "entered-in-error"]
    found = stated or list(_billed_coverage(index))
    told: dict[object, Coverage] = {}
    for one in found:
        key = (one.payer, one.plan, one.member_id)
        if any((one.payer, one.plan, one.member_id)):
            kept = told.get(key)
            told[key] = max(kept, one, key=lambda each: each.last_used or "") if kept else one
    newest_first = sorted(told.values(), key=lambda one: one.last_used or one.starts or "", reverse=True)
    return tuple(sorted(newest_first, key=lambda one: one.status not in ("active", None)))


def _billed_coverage(index: Index) -> Iterator[Coverage]:
    for claim in index.of("Claim", "ExplanationOfBenefit"):
        used = day(claim.get("created")) or period(claim.get("billablePeriod"))[0]
        for one in objs(claim.get("insurance")):
            reference = one.get("coverage")
            read = _coverage(index, index.resolve(reference, within=claim))
            payer = (
                read.payer
                or _payer(index, reference, within=claim)
                or _payer(index, claim.get("insurer"), within=claim)
            )
            yield replace(read, source=str(claim["resourceType"]), payer=payer, last_used=used, status=None)


def _coverage(index: Index, resource: Json) -> Coverage:
    classes = {concept(one.get("type")).code: one for one in objs(resource.get("class"))}
    plan, group = obj(classes.get("plan")), obj(classes.get("group"))
    member = next((text(one.get("value")) for one in objs(resource.get("identifier"))), None)
    payers = (_payer(index, one, within=resource) for one in objs(resource.get("payor")))
    payer, kind = next((one for one in payers if one), None), concept(resource.get("type")).text
    kind = PAYERS.get(kind.casefold(), kind) if kind else None
    starts, ends = period(resource.get("period"))
    return Coverage(
        source="Coverage",
        payer=payer or kind,
        plan=text(plan.get("name")) or text(plan.get("value")) or (kind if kind != payer and payer else None),
        member_id=text(resource.get("subscriberId")) or member,
        group=text(group.get("name")) or text(group.get("value")),
        status=text(resource.get("status")),
        starts=starts,
        ends=ends,
    )


def _payer(index: Index, reference: object, *, within: Json) -> str | None:
    name = text(index.resolve(reference, within=within).get("name")) or text(obj(reference).get("display"))
    return PAYERS.get(name.casefold(), name) if name else None

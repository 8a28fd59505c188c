import Core
import Identity
import Warranty

extension StoredClaim {
    /// The facts that it has are all that it is: their number says which version this is.
    var entityTag: String { Identity.entityTag(version: version, ["claim": JSON(id)]) }

    /// What somebody is shown of it: staff everything, buyer and dealer what concerns them.
    func json(for caller: Caller, _ clocks: [ClockReading], at now: Instant) -> JSON {
        let reader = caller.timelineReader
        let filing = claim.filing
        let shown: [JSON] = clocks.filter { $0.isShown(to: reader) }.map { $0.json(for: reader, at: now) }
        let actions: [JSON] = claim.legalActions(for: caller).map { JSON($0.rawValue) }
        var members: [JSON.Member] = [
            .init("id", JSON(id)),
            .init("state", JSON(claim.state.rawValue)),
            .init("state_name", claim.state.name.json),
            .init("version", .integer(version)),
            .init("vin", JSON(filing.vin.text)),
            .init("warranty", .optional(filing.contract) { JSON($0) }),
            .init("dealer", JSON(filing.dealer)),
            .init("kind", JSON(filing.kind.rawValue)),
            .init("is_urgent", .bool(filing.isUrgent)),
            .init("component", .optional(filing.component) { JSON($0) }),
            .init("odometer_km", .integer(filing.odometerKm)),
            .init("noticed_on", JSON(filing.noticedOn)),
            .init("symptom", JSON(filing.symptom)),
            .init("filed_at", JSON(filedAt)),
            .init("question", .optional(claim.question, \.json)),
            .init("ruling", .optional(claim.ruling, \.json)),
            .init("is_ruling_contested", .bool(claim.isRulingContested)),
            .init("clocks", .array(shown)),
            .init("actions", .array(actions)),
        ]
        if reader != .dealer { members += money }
        if reader == .staff { members += inner }
        return .object(members)
    }

    private var money: [JSON.Member] {
        [
            .init("offer", .optional(claim.offer, \.shown)),
            .init("approved", .optional(claim.approved, \.json)),
            .init("paid", claim.paid.json),
            .init("rejection", .optional(claim.denials.last) { $0.rejection.json }),
            .init("appealable_until", .optional(claim.appealableUntil) { JSON($0) }),
        ]
    }

    private var inner: [JSON.Member] {
        [
            .init("buyer", JSON(claim.filing.buyer)),
            .init("handler", .optional(claim.handler) { JSON($0) }),
            .init("signers", .array(claim.signers.map { JSON($0) })),
            .init("evidence", claim.filing.evidence.json),
            .init("cover", .optional(cover) { ["layer": JSON($0.layer), "component": JSON($0.component)] }),
        ]
    }
}

extension ClockReading {
    private static let promised: Set<ClockKind> = [
        .response, .solution, .urgent, .resultNotice, .complaintCallback, .complaintFix, .afterSales,
    ]

    /// What a buyer was promised, what a dealer is held to, and for staff all of it.
    fileprivate func isShown(to reader: TimelineReader) -> Bool {
        switch reader {
        case .staff: true
        case .buyer: ClockReading.promised.contains(run.kind)
        case .dealer: run.kind == .dealerReply
        }
    }

    func json(for reader: TimelineReader, at now: Instant) -> JSON {
        var members: [JSON.Member] = [
            .init("clock", JSON(run.kind.rawValue)),
            .init("name", run.kind.name.json),
            .init("started_at", JSON(run.startedAt)),
            .init("stopped_at", .optional(run.stoppedAt) { JSON($0) }),
            .init("due_at", .optional(dueAt) { JSON($0) }),
            .init("is_paused", .bool(isPaused)),
            .init("is_breached", .bool(isBreached(at: now))),
            .init(
                "pauses",
                .array(
                    pausedFor.map { pause in
                        [
                            "from": JSON(pause.from), "to": JSON(pause.to),
                            "counted_seconds": .integer(pause.countedSeconds),
                        ]
                    }
                )
            ),
        ]
        if reader == .staff {
            let marks = marks.map { mark -> JSON in
                [
                    "percent": .integer(mark.percent), "level": JSON(mark.level.rawValue), "at": JSON(mark.at),
                    "is_reached": .bool(mark.isReached),
                ]
            }
            members += [
                .init("marks", .array(marks)), .init("span", policy.span.json), .init("source", policy.source.json),
            ]
        }
        return .object(members)
    }
}

extension ClaimQueue.Listed {
    func json(for reader: TimelineReader) -> JSON {
        let isKnown = dueAt != ClaimStanding.never && dueAt != ClaimStanding.unknown
        let due: Instant? = isKnown ? Instant(microseconds: dueAt) : nil
        var members: [JSON.Member] = [
            .init("id", JSON(id)),
            .init("state", JSON(state.rawValue)),
            .init("state_name", state.name.json),
            .init("vin", JSON(vin)),
            .init("dealer", JSON(dealer)),
            .init("filed_at", JSON(filedAt)),
        ]
        if reader == .staff {
            members += [
                .init("handler", .optional(handler) { JSON($0) }),
                .init("level", JSON(level.rawValue)),
                .init("due_at", .optional(due) { JSON($0) }),
                .init("is_due_unknown", .bool(dueAt == ClaimStanding.unknown)),
                .init("breaches", .integer(breaches)),
            ]
        }
        return .object(members)
    }
}

extension Advance {
    var entityTag: String { Identity.entityTag(version: Int64(facts.count), ["advance": JSON(id)]) }

    func json(for caller: Caller, at now: Instant, _ policy: AdvancePolicy) -> JSON {
        [
            "id": JSON(id),
            "claim": JSON(terms.claim),
            "head": JSON(terms.head.rawValue),
            "dealer": JSON(terms.dealer),
            "ground": JSON(terms.ground.rawValue),
            "amount": terms.amount.json,
            "ruled_at": JSON(terms.ruledAt),
            "due_at": JSON(terms.dueAt),
            "stage": JSON(stage.rawValue),
            "version": .integer(Int64(facts.count)),
            "paid_at": .optional(paidAt) { JSON($0) },
            "advanced": advanced.json,
            "recovered": recovered.json,
            "written_off": writtenOff.json,
            "outstanding": outstanding.json,
            "invoiced": invoiced.json,
            "plan": .optional(plan, \.json),
            "age": .optional(age(at: now, policy: policy)) { JSON($0.rawValue) },
            "is_suspended": .bool(isSuspended),
            "is_overturned": .bool(isOverturned),
            "actions": .array(legalActions(for: caller).map { JSON($0.rawValue) }),
        ]
    }
}

extension Offer {
    fileprivate var shown: JSON { .object((json.members ?? []) + [.init("total", total.json)]) }
}

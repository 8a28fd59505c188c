import Core
import Storage

/// Every statement about the editions that claims were handled by.
enum EditionStore {
    /// - Throws: `StoredDataError` where the same edition was used with other content: what was decided by it could not
    ///   be explained any more.
    static func keep(_ tx: any Transaction, _ kind: String, _ version: String, _ content: JSON) throws {
        let text = String(decoding: content.canonicalBytes, as: UTF8.self)
        let known = try tx.first("SELECT content FROM claim_edition WHERE kind = \(kind) AND version = \(version)")
        if let known {
            guard try known.text(0) == text else { throw StoredDataError("an edition of the \(kind) was changed") }
            return
        }
        try tx.execute(
            """
            INSERT INTO claim_edition (kind, version, content, used_since)
            VALUES (\(kind), \(version), \(text), \(tx.now.microseconds))
            """
        )
    }
}

extension Claims {
    /// What a claim is handled by is known for as long as the claim is.
    func keepEditions(_ tx: any Transaction, _ claim: Claim) throws {
        let clocks = editions.clocks(of: claim)
        try EditionStore.keep(tx, "clocks", clocks.version, clocks.json)
        let authority = editions.authority(at: tx.now)
        try EditionStore.keep(tx, "authority", authority.version, authority.json)
        try EditionStore.keep(tx, "advances", editions.advances.version, editions.advances.json)
    }
}

extension ClockPolicies {
    fileprivate var json: JSON {
        let policies = ClockKind.allCases.compactMap { self[$0] }.map { policy -> JSON in
            let marks = policy.marks.map { mark -> JSON in
                ["percent": .integer(mark.percent), "level": JSON(mark.level.rawValue)]
            }
            return [
                "clock": JSON(policy.kind.rawValue), "span": policy.span.json, "marks": .array(marks),
                "pauses": .array(policy.pauses.map(\.rawValue).sorted().map { JSON($0) }),
                "pause_working_days_maximum": .integer(policy.pauseWorkingDaysMaximum), "source": policy.source.json,
            ]
        }
        return ["effective_from": JSON(effectiveFrom), "policies": .array(policies)]
    }
}

extension AuthorityTable {
    fileprivate var json: JSON {
        let levels = AuthorityLevel.allCases.compactMap { level -> JSON? in
            limits[level].map { limits in
                [
                    "level": JSON(level.rawValue), "claim": limits.claim.json, "day": limits.day.json,
                    "goodwill": limits.goodwill.json,
                ]
            }
        }
        return [
            "effective_from": JSON(effectiveFrom), "limits": .array(levels),
            "alone_advance_maximum": aloneAdvanceMaximum.json, "source": source.json,
        ]
    }
}

extension AdvancePolicy {
    fileprivate var json: JSON {
        [
            "dealer_hours": .integer(dealerHours), "reminder_days": .integer(reminderDays),
            "suspension_days": .integer(suspensionDays), "court_days": .integer(courtDays),
            "instalments_maximum": .integer(instalmentsMaximum), "instalment_days": .integer(instalmentDays),
            "source": source.json,
        ]
    }
}

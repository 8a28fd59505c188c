package import Core
package import Cryptography
package import Identity
package import Pricing
package import Storage

/// A rule set as it was taken in. Its bytes never change, and are never deleted: every estimate that was made by it can
/// be made again.
package struct KeptRuleSet: Sendable {
    package let ruleSet: RuleSet
    /// `nil` for the one that the product brings along.
    package let organization: String?
    package let credential: String?
    package let addedAt: Instant

    package var hash: Digest { ruleSet.name.hash }
}

/// That a rule set is to be used from its own first day on.
package struct InForce: Sendable {
    package let seq: Int64
    package let ruleSet: Digest
}

/// The verbs on rule sets.
package enum RuleSets {
    /// Rule sets are documents of some hundred kilobytes; this is what nobody needs.
    package static let documentBytes = 8 << 20

    /// Takes a rule set in. The same bytes twice are one rule set.
    ///
    /// - Throws: `ruleSetForeign`.
    package static func add(
        _ tx: any Transaction,
        _ ruleSet: RuleSet,
        from origin: Origin
    ) throws -> (kept: KeptRuleSet, isNew: Bool) {
        guard ruleSet.currency == "CNY" else { throw Failure(.ruleSetForeign) }
        if let kept = try RuleSetStore.find(tx, ruleSet.name.hash) { return (kept, false) }
        let kept = KeptRuleSet(
            ruleSet: ruleSet,
            organization: origin.organization,
            credential: origin.credential,
            addedAt: tx.now
        )
        try RuleSetStore.insert(tx, kept)
        try note(tx, "rule_set.add", kept.hash, from: origin)
        return (kept, true)
    }

    /// Makes sure that what an estimate was made by is there when it is made again: also the rule set of the product,
    /// which another version of the product may not have any more.
    package static func keep(_ tx: any Transaction, _ ruleSet: RuleSet) throws {
        guard try !RuleSetStore.exists(tx, ruleSet.name.hash) else { return }
        let kept = KeptRuleSet(ruleSet: ruleSet, organization: nil, credential: nil, addedAt: tx.now)
        try RuleSetStore.insert(tx, kept)
    }

    /// From now on it is used, from the day on that it names itself.
    package static func putInForce(_ tx: any Transaction, _ hash: Digest, from origin: Origin) throws {
        // Two at once would get one number, and the slower one is run again.
        try RuleSetStore.insert(tx, InForce(seq: try RuleSetStore.lastInForce(tx) + 1, ruleSet: hash), from: origin)
        try note(tx, "rule_set.put_in_force", hash, from: origin)
    }

    /// By which rules a day is priced: the latest that have begun; of those of one day what was put in force last.
    package static func effective(
        _ inForce: [(seq: Int64, ruleSet: RuleSet)],
        on day: CalendarDate
    ) -> RuleSet? {
        inForce.filter { $0.ruleSet.effectiveFrom <= day }
            .max { ($0.ruleSet.effectiveFrom, $0.seq) < ($1.ruleSet.effectiveFrom, $1.seq) }?
            .ruleSet
    }

    private static func note(_ tx: any Transaction, _ action: String, _ hash: Digest, from origin: Origin) throws {
        guard let chain = origin.organization else { return }
        _ = try AuditTrail.append(
            tx,
            AuditEntry(chain: chain, action: action, origin: origin, subject: hash.hex)
        )
    }
}

// MARK: - JSON

extension KeptRuleSet {
    /// - Parameter isCurrent: whether today's estimates are made by it.
    package func json(isCurrent: Bool) -> JSON {
        [
            "id": JSON(ruleSet.name.id),
            "version": JSON(ruleSet.name.version),
            "hash": JSON(hash.hex),
            "title": ruleSet.title.inBoth,
            "effective_from": JSON(ruleSet.effectiveFrom),
            "in_use": .bool(isCurrent),
            "bytes": .integer(Int64(ruleSet.bytes.count)),
            "added_by": .optional(organization, JSON.string),
            "added_at": JSON(addedAt),
        ]
    }
}

extension LocalizedText {
    var inBoth: JSON { ["zh": JSON(zh), "en": JSON(en)] }
}

import Core
import Cryptography
import Identity
import Pricing
import Storage

/// Every statement about rule sets.
enum RuleSetStore {
    /// In the order in which a row is read.
    static let columns: SQL = "hash, document, organization, credential, added_at"

    static func find(_ tx: any Transaction, _ hash: Digest) throws -> KeptRuleSet? {
        try tx.first(
            """
            SELECT \(columns)
            FROM pricing_rule_set
            WHERE hash = \(hash.bytes)
            """
        ).map(ruleSet)
    }

    static func exists(_ tx: any Transaction, _ hash: Digest) throws -> Bool {
        try tx.first("SELECT version FROM pricing_rule_set WHERE hash = \(hash.bytes)") != nil
    }

    /// The one that was taken in last, where makers use one version twice.
    static func find(_ tx: any Transaction, version: String) throws -> KeptRuleSet? {
        try tx.first(
            """
            SELECT \(columns)
            FROM pricing_rule_set
            WHERE version = \(version)
            ORDER BY added_at DESC, hash DESC
            LIMIT \(1)
            """
        ).map(ruleSet)
    }

    static func page(_ tx: any Transaction, after hash: [UInt8], limit: Int) throws -> [KeptRuleSet] {
        try tx.rows(
            """
            SELECT \(columns)
            FROM pricing_rule_set
            WHERE hash > \(hash)
            ORDER BY hash
            LIMIT \(limit)
            """
        ).map(ruleSet)
    }

    static func insert(_ tx: any Transaction, _ kept: KeptRuleSet) throws {
        let name = kept.ruleSet.name
        try tx.execute(
            """
            INSERT INTO pricing_rule_set (
                hash, id, version, effective_from, document, organization, credential, added_at
            )
            VALUES (
                \(name.hash.bytes),
                \(name.id),
                \(name.version),
                \(kept.ruleSet.effectiveFrom.description),
                \(kept.ruleSet.bytes),
                \(kept.organization),
                \(kept.credential),
                \(kept.addedAt.microseconds)
            )
            """
        )
    }

    static func insert(_ tx: any Transaction, _ inForce: InForce, from origin: Origin) throws {
        try tx.execute(
            """
            INSERT INTO pricing_in_force (seq, rule_set, organization, credential, at)
            VALUES (
                \(inForce.seq),
                \(inForce.ruleSet.bytes),
                \(origin.organization ?? ""),
                \(origin.credential ?? ""),
                \(tx.now.microseconds)
            )
            """
        )
    }

    static func lastInForce(_ tx: any Transaction) throws -> Int64 {
        let row = try tx.first("SELECT seq FROM pricing_in_force WHERE seq > \(0) ORDER BY seq DESC LIMIT \(1)")
        return try row?.integer(0) ?? 0
    }

    static func inForce(_ tx: any Transaction, after seq: Int64, limit: Int) throws -> [InForce] {
        try tx.rows(
            """
            SELECT seq, rule_set
            FROM pricing_in_force
            WHERE seq > \(seq)
            ORDER BY seq
            LIMIT \(limit)
            """
        ).map { row in
            guard let hash = Digest(bytes: try row.blob(1)) else {
                throw StoredDataError("a rule set has no hash")
            }
            return InForce(seq: try row.integer(0), ruleSet: hash)
        }
    }

    private static func ruleSet(_ row: Row) throws -> KeptRuleSet {
        let ruleSet = try RuleSet(reading: try row.blob(1))
        guard ruleSet.name.hash.bytes == (try row.blob(0)) else {
            throw StoredDataError("a rule set is not what its hash says")
        }
        return KeptRuleSet(
            ruleSet: ruleSet,
            organization: try row.optionalText(2),
            credential: try row.optionalText(3),
            addedAt: Instant(microseconds: try row.integer(4))
        )
    }
}

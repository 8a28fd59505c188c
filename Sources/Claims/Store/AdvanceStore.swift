import Core
import Storage

/// Every statement about advances.
enum AdvanceStore {
    /// The row is locked by the claim's, which whoever changes an advance locks first.
    static func find(_ tx: any Transaction, _ id: AdvanceID) throws -> Advance? {
        let facts = try tx.rows(
            """
            SELECT content
            FROM claim_advance_fact
            WHERE advance = \(id.text)
            ORDER BY number
            LIMIT \(Advances.factsMaximum)
            """
        ).map { try AdvanceFact(json: try JSONParser.parse(Array(try $0.text(0).utf8))) }
        return facts.isEmpty ? nil : try Advance(facts: facts)
    }

    static func claim(_ tx: any Transaction, of id: AdvanceID) throws -> ClaimID? {
        try tx.first("SELECT claim FROM claim_advance WHERE id = \(id.text)").flatMap { ClaimID(try $0.text(0)) }
    }

    /// Every one of a claim, in order: there are no more than heads of a loss, and some that were cancelled.
    static func all(_ tx: any Transaction, of claim: ClaimID) throws -> [Advance] {
        let ids = try tx.rows(
            """
            SELECT id
            FROM claim_advance
            WHERE claim = \(claim.text)
            ORDER BY id
            LIMIT \(Advances.perClaimMaximum)
            """
        ).compactMap { AdvanceID(try $0.text(0)) }
        return try ids.compactMap { try find(tx, $0) }
    }

    /// - Throws: `UniqueViolation` where this loss is advanced already.
    static func insert(_ tx: any Transaction, _ advance: Advance) throws {
        try tx.execute(
            """
            INSERT INTO claim_advance (
                id, claim, loss, head, dealer, amount_fen, outstanding_fen, stage, is_suspended, paid_at, version,
                requested_at
            )
            VALUES (
                \(advance.id.text),
                \(advance.terms.claim.text),
                \(advance.loss),
                \(advance.terms.head.rawValue),
                \(advance.terms.dealer),
                \(advance.terms.amount.fen),
                \(advance.outstanding.fen),
                \(advance.stage.rawValue),
                \(advance.isSuspended ? 1 : 0),
                \(advance.paidAt?.microseconds),
                \(Int64(advance.facts.count)),
                \((advance.facts.first?.at ?? tx.now).microseconds)
            )
            """
        )
        for fact in advance.facts { try insert(tx, fact, of: advance.id) }
    }

    /// - Returns: `false` where the stored version is another one.
    static func update(_ tx: any Transaction, _ advance: Advance, replacing version: Int64) throws -> Bool {
        let isLive = advance.isLive
        return try tx.execute(
            """
            UPDATE claim_advance
            SET
                loss = \(isLive ? advance.loss : nil),
                outstanding_fen = \(advance.outstanding.fen),
                stage = \(advance.stage.rawValue),
                is_suspended = \(advance.isSuspended ? 1 : 0),
                paid_at = \(advance.paidAt?.microseconds),
                version = \(Int64(advance.facts.count))
            WHERE id = \(advance.id.text) AND version = \(version)
            """
        ) == 1
    }

    static func insert(_ tx: any Transaction, _ fact: AdvanceFact, of id: AdvanceID) throws {
        try tx.execute(
            """
            INSERT INTO claim_advance_fact (advance, number, at, recorded_at, kind, role, person, content)
            VALUES (
                \(id.text),
                \(fact.number),
                \(fact.at.microseconds),
                \(tx.now.microseconds),
                \(fact.body.kind.rawValue),
                \(fact.by.role.rawValue),
                \(fact.by.id),
                \(String(decoding: fact.json.canonicalBytes, as: UTF8.self))
            )
            """
        )
    }

    /// Those of a stage, the oldest first; of one dealer, or all.
    static func ids(
        _ tx: any Transaction,
        _ stage: AdvanceStage,
        of dealer: String?,
        after id: String,
        limit: Int
    ) throws -> [AdvanceID] {
        let rows: [Row]
        if let dealer {
            rows = try tx.rows(
                """
                SELECT id
                FROM claim_advance
                WHERE dealer = \(dealer) AND stage = \(stage.rawValue) AND id > \(id)
                ORDER BY id
                LIMIT \(limit)
                """
            )
        } else {
            rows = try tx.rows(
                """
                SELECT id
                FROM claim_advance
                WHERE stage = \(stage.rawValue) AND id > \(id)
                ORDER BY id
                LIMIT \(limit)
                """
            )
        }
        return try rows.compactMap { AdvanceID(try $0.text(0)) }
    }
}

extension Advance {
    /// What is advanced once, and what the book calls it.
    package var loss: String { "\(terms.claim).\(terms.head.rawValue)" }
}

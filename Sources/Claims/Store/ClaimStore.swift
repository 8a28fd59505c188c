import Core
import Storage
import Warranty

/// Every statement about claims and their facts.
enum ClaimStore {
    // MARK: One claim

    /// - Parameter isLocked: whoever is going to change it keeps others out until the commit.
    static func find(_ tx: any Transaction, _ id: ClaimID, isLocked: Bool) throws -> StoredClaim? {
        let head: SQL = """
            SELECT version, cover_layer, cover_component
            FROM claim
            WHERE id = \(id.text)
            """
        guard let row = try tx.first(isLocked ? head.lockingRows : head) else { return nil }
        let facts = try facts(tx, of: id)
        let version = try row.integer(0)
        guard Int64(facts.count) == version else {
            throw StoredDataError("a claim does not have the facts that it counts")
        }
        var cover: ClaimCover?
        if let layer = try row.optionalText(1), let component = try row.optionalText(2) {
            cover = ClaimCover(layer: layer, component: component)
        }
        return StoredClaim(claim: try Claim(facts: facts), cover: cover)
    }

    static func facts(_ tx: any Transaction, of id: ClaimID) throws -> [ClaimFact] {
        try tx.rows(
            """
            SELECT content
            FROM claim_fact
            WHERE claim = \(id.text)
            ORDER BY number
            LIMIT \(Claims.factsMaximum)
            """
        ).map { try ClaimFact(json: try JSONParser.parse(Array(try $0.text(0).utf8))) }
    }

    static func insert(_ tx: any Transaction, _ stored: StoredClaim, _ standing: ClaimStanding) throws {
        let filing = stored.claim.filing
        try tx.execute(
            """
            INSERT INTO claim (
                id, vin, warranty, buyer, dealer, state, handler, level, due_at, breaches, version, filed_at
            )
            VALUES (
                \(filing.claim.text),
                \(filing.vin.text),
                \(filing.contract),
                \(filing.buyer),
                \(filing.dealer),
                \(standing.state.rawValue),
                \(standing.handler),
                \(standing.level.rawValue),
                \(standing.dueAt),
                \(standing.breaches),
                \(stored.version),
                \(stored.filedAt.microseconds)
            )
            """
        )
    }

    /// - Returns: `false` where the stored version is another one.
    static func update(
        _ tx: any Transaction,
        _ stored: StoredClaim,
        _ standing: ClaimStanding,
        replacing version: Int64
    ) throws -> Bool {
        try tx.execute(
            """
            UPDATE claim
            SET
                state = \(standing.state.rawValue),
                handler = \(standing.handler),
                level = \(standing.level.rawValue),
                due_at = \(standing.dueAt),
                breaches = \(standing.breaches),
                cover_layer = \(stored.cover?.layer),
                cover_component = \(stored.cover?.component),
                version = \(stored.version)
            WHERE id = \(stored.id.text) AND version = \(version)
            """
        ) == 1
    }

    // MARK: Facts, and what is made of them

    static func insert(_ tx: any Transaction, _ fact: ClaimFact, of id: ClaimID) throws {
        try tx.execute(
            """
            INSERT INTO claim_fact (claim, number, at, recorded_at, kind, role, person, content)
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
        switch fact.body {
        case .proposed(let offer): try insert(tx, offer, fact.number, of: id)
        case .ruled(let ruling): try insert(tx, ruling, fact.number, of: id)
        default: break
        }
    }

    private static func insert(_ tx: any Transaction, _ offer: Offer, _ number: Int64, of id: ClaimID) throws {
        for line in offer.lines {
            try tx.execute(
                """
                INSERT INTO claim_line (claim, offer, line, asked_fen, approved_fen, reasons)
                VALUES (
                    \(id.text),
                    \(number),
                    \(line.id),
                    \(line.asked.fen),
                    \(line.approved.fen),
                    \(line.reasons.joined(separator: " "))
                )
                """
            )
        }
    }

    private static func insert(
        _ tx: any Transaction,
        _ ruling: LiabilityRuling,
        _ number: Int64,
        of id: ClaimID
    ) throws {
        for share in ruling.shares {
            try tx.execute(
                """
                INSERT INTO claim_ruling (claim, number, party, rate_bp, basis)
                VALUES (
                    \(id.text),
                    \(number),
                    \(share.party.rawValue),
                    \(share.rate.value),
                    \(ruling.basis.rawValue)
                )
                """
            )
        }
    }

    static func insertAssessment(
        _ tx: any Transaction,
        _ content: JSON,
        _ seq: Int64,
        of id: ClaimID,
        by person: String
    ) throws {
        try tx.execute(
            """
            INSERT INTO claim_assessment (claim, seq, at, person, content)
            VALUES (
                \(id.text),
                \(seq),
                \(tx.now.microseconds),
                \(person),
                \(String(decoding: content.canonicalBytes, as: UTF8.self))
            )
            """
        )
    }

    /// The latest, with its number.
    static func assessment(_ tx: any Transaction, of id: ClaimID) throws -> (seq: Int64, content: JSON)? {
        try tx.first(
            """
            SELECT seq, content
            FROM claim_assessment
            WHERE claim = \(id.text)
            ORDER BY seq DESC
            LIMIT 1
            """
        ).map { (seq: try $0.integer(0), content: try JSONParser.parse(Array(try $0.text(1).utf8))) }
    }

    // MARK: What somebody has decided in a day

    static func decided(_ tx: any Transaction, by person: String, on day: CalendarDate) throws -> Money? {
        let statement: SQL = """
            SELECT decided_fen
            FROM claim_decided_day
            WHERE person = \(person) AND day = \(day.description)
            """
        return try tx.first(statement.lockingRows).map { Money(fen: try $0.integer(0)) }
    }

    /// - Throws: `UniqueViolation` where the same person decided something else at this moment.
    static func setDecided(
        _ tx: any Transaction,
        _ amount: Money,
        replacing before: Money?,
        by person: String,
        on day: CalendarDate
    ) throws {
        guard let before else {
            try tx.execute(
                """
                INSERT INTO claim_decided_day (person, day, decided_fen)
                VALUES (\(person), \(day.description), \(amount.fen))
                """
            )
            return
        }
        let changed = try tx.execute(
            """
            UPDATE claim_decided_day
            SET decided_fen = \(amount.fen)
            WHERE person = \(person) AND day = \(day.description) AND decided_fen = \(before.fen)
            """
        )
        if changed != 1 { throw UniqueViolation() }
    }
}

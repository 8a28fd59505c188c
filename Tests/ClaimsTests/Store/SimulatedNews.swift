import Claims
import Core
import Storage

/// A fact as it was written, with the time of the transaction that wrote it.
struct Written<Body: Fact>: Sendable {
    let fact: Body
    let recordedAt: Instant
}

/// The row of a claim, and the facts that came since it was looked at.
struct ClaimNews: Sendable {
    let id: ClaimID
    let state: String
    let handler: String?
    let dueAt: Int64
    let breaches: Int64
    let version: Int64
    let facts: [Written<ClaimFact>]

    init(_ tx: any Transaction, _ id: ClaimID, after known: Int64) throws {
        guard
            let row = try tx.first(
                "SELECT state, handler, due_at, breaches, version FROM claim WHERE id = \(id.text)"
            )
        else { throw StoredDataError("a claim is gone") }
        self.id = id
        state = try row.text(0)
        handler = try row.optionalText(1)
        dueAt = try row.integer(2)
        breaches = try row.integer(3)
        version = try row.integer(4)
        facts = try tx.rows(
            """
            SELECT content, recorded_at
            FROM claim_fact
            WHERE claim = \(id.text) AND number > \(known)
            ORDER BY number
            LIMIT 5000
            """
        ).map(Written.init(row:))
    }
}

/// The same of an advance.
struct AdvanceNews: Sendable {
    let id: AdvanceID
    let claim: String
    let loss: String?
    let outstanding: Int64
    let stage: String
    let isSuspended: Bool
    let version: Int64
    let facts: [Written<AdvanceFact>]

    init(_ tx: any Transaction, _ id: AdvanceID, after known: Int64) throws {
        let columns: SQL = "claim, loss, outstanding_fen, stage, is_suspended, version"
        guard let row = try tx.first("SELECT \(columns) FROM claim_advance WHERE id = \(id.text)") else {
            throw StoredDataError("an advance is gone")
        }
        self.id = id
        claim = try row.text(0)
        loss = try row.optionalText(1)
        outstanding = try row.integer(2)
        stage = try row.text(3)
        isSuspended = try row.integer(4) == 1
        version = try row.integer(5)
        facts = try tx.rows(
            """
            SELECT content, recorded_at
            FROM claim_advance_fact
            WHERE advance = \(id.text) AND number > \(known)
            ORDER BY number
            LIMIT 5000
            """
        ).map(Written.init(row:))
    }
}

extension Written {
    fileprivate init(row: Row) throws {
        fact = try Body(json: try JSONParser.parse(Array(try row.text(0).utf8)))
        recordedAt = Instant(microseconds: try row.integer(1))
    }
}

/// How many facts each claim and each advance had when it was looked at.
struct KnownVersions: Sendable {
    private struct Count: Equatable {
        let rows: Int64
        let versions: Int64
    }

    private(set) var claims: [ClaimID: Int64] = [:]
    private(set) var advances: [AdvanceID: Int64] = [:]
    private var claimSum: Int64 = 0
    private var advanceSum: Int64 = 0

    mutating func note(_ id: ClaimID, _ version: Int64) {
        claimSum += version - (claims.updateValue(version, forKey: id) ?? 0)
    }

    mutating func note(_ id: AdvanceID, _ version: Int64) {
        advanceSum += version - (advances.updateValue(version, forKey: id) ?? 0)
    }

    /// Which claims have changed. Facts are only ever added, so that where nobody but the expected one has gone on, the
    /// sum of all versions has grown by what that one has; where it has not, all of them are looked through.
    ///
    /// - Parameter id: whose it should have been.
    func changed(_ tx: any Transaction, expecting id: ClaimID?) throws -> [ClaimID] {
        let found = try Self.count(tx, "SELECT COUNT(*), CAST(COALESCE(SUM(version), 0) AS BIGINT) FROM claim")
        let known = Count(rows: Int64(claims.count), versions: claimSum)
        if found == known { return [] }
        if let id, let row = try tx.first("SELECT version FROM claim WHERE id = \(id.text)") {
            let (new, old) = (try row.integer(0), claims[id])
            let grown = Count(rows: known.rows + (old == nil ? 1 : 0), versions: known.versions + new - (old ?? 0))
            if found == grown { return [id] }
        }
        return try tx.rows("SELECT id, version FROM claim ORDER BY id").compactMap { row in
            guard let id = ClaimID(try row.text(0)) else { throw StoredDataError("no claim's number") }
            return claims[id] == (try row.integer(1)) ? nil : id
        }
    }

    /// The same for advances: the expected ones are those of the claim.
    func changed(_ tx: any Transaction, of claim: ClaimID?) throws -> [AdvanceID] {
        let found = try Self.count(
            tx,
            "SELECT COUNT(*), CAST(COALESCE(SUM(version), 0) AS BIGINT) FROM claim_advance"
        )
        let known = Count(rows: Int64(advances.count), versions: advanceSum)
        if found == known { return [] }
        if let claim {
            let own = try tx.rows("SELECT id, version FROM claim_advance WHERE claim = \(claim.text) ORDER BY id")
            let changed = try changed(own)
            let grown = changed.reduce(known) { count, one in
                let old = advances[one.id]
                return Count(rows: count.rows + (old == nil ? 1 : 0), versions: count.versions + one.new - (old ?? 0))
            }
            if found == grown { return changed.map(\.id) }
        }
        return try changed(try tx.rows("SELECT id, version FROM claim_advance ORDER BY id")).map(\.id)
    }

    private func changed(_ rows: [Row]) throws -> [(id: AdvanceID, new: Int64)] {
        try rows.compactMap { row in
            guard let id = AdvanceID(try row.text(0)) else { throw StoredDataError("no advance's number") }
            let version = try row.integer(1)
            return advances[id] == version ? nil : (id, version)
        }
    }

    private static func count(_ tx: any Transaction, _ statement: SQL) throws -> Count {
        guard let row = try tx.first(statement) else { throw StoredDataError("nothing was counted") }
        return Count(rows: try row.integer(0), versions: try row.integer(1))
    }
}

import Core
import Storage

/// Every statement that looks for claims.
enum ClaimQueue {
    struct Listed: Sendable {
        let id: ClaimID
        let state: ClaimState
        let handler: String?
        let level: AuthorityLevel
        let dueAt: Int64
        let breaches: Int64
        let vin: String
        let dealer: String
        let filedAt: Instant
    }

    /// Whose claims, or which.
    enum Filter: Sendable, Hashable {
        case all
        case state(ClaimState)
        case handler(String)
        case dealer(String)
        case buyer(String)
    }

    private static let columns: SQL = "id, state, handler, level, due_at, breaches, vin, dealer, filed_at"

    /// What is due first; what no calendar can say comes before everything.
    static func page(
        _ tx: any Transaction,
        _ filter: Filter,
        after position: (dueAt: Int64, id: String),
        limit: Int
    ) throws -> [Listed] {
        try tx.rows(statement(filter, position.dueAt, position.id, limit)).map(listed)
    }

    private static func statement(_ filter: Filter, _ dueAt: Int64, _ id: String, _ limit: Int) -> SQL {
        switch filter {
        case .all:
            """
            SELECT \(columns)
            FROM claim
            WHERE (due_at, id) > (\(dueAt), \(id))
            ORDER BY due_at, id
            LIMIT \(limit)
            """
        case .state(let state):
            """
            SELECT \(columns)
            FROM claim
            WHERE state = \(state.rawValue) AND (due_at, id) > (\(dueAt), \(id))
            ORDER BY due_at, id
            LIMIT \(limit)
            """
        case .handler(let person):
            """
            SELECT \(columns)
            FROM claim
            WHERE handler = \(person) AND (due_at, id) > (\(dueAt), \(id))
            ORDER BY due_at, id
            LIMIT \(limit)
            """
        case .dealer(let dealer):
            """
            SELECT \(columns)
            FROM claim
            WHERE dealer = \(dealer) AND (due_at, id) > (\(dueAt), \(id))
            ORDER BY due_at, id
            LIMIT \(limit)
            """
        case .buyer(let buyer):
            """
            SELECT \(columns)
            FROM claim
            WHERE buyer = \(buyer) AND (due_at, id) > (\(dueAt), \(id))
            ORDER BY due_at, id
            LIMIT \(limit)
            """
        }
    }

    private static func listed(_ row: Row) throws -> Listed {
        guard let id = ClaimID(try row.text(0)), let state = ClaimState(rawValue: try row.text(1)),
            let level = AuthorityLevel(rawValue: try row.text(3))
        else { throw StoredDataError("a claim cannot be read") }
        return Listed(
            id: id,
            state: state,
            handler: try row.optionalText(2),
            level: level,
            dueAt: try row.integer(4),
            breaches: try row.integer(5),
            vin: try row.text(6),
            dealer: try row.text(7),
            filedAt: Instant(microseconds: try row.integer(8))
        )
    }

    /// What was claimed for a car, the newest first.
    static func filings(
        of vin: VIN,
        _ tx: any Transaction,
        limit: Int
    ) throws -> [(filing: Filing, at: Instant)] {
        let ids = try tx.rows(
            """
            SELECT id
            FROM claim
            WHERE vin = \(vin.text)
            ORDER BY id DESC
            LIMIT \(limit)
            """
        ).map { try $0.text(0) }
        let firsts = try tx.rows(all: ids.map { "SELECT content FROM claim_fact WHERE claim = \($0) AND number = 1" })
        return try firsts.compactMap { rows in
            guard let row = rows.first else { return nil }
            let fact = try ClaimFact(json: try JSONParser.parse(Array(try row.text(0).utf8)))
            guard case .filed(let filing) = fact.body else { return nil }
            return (filing, fact.at)
        }
    }

    /// How many claims somebody has who works on them.
    static func open(_ tx: any Transaction, of handler: String, limit: Int) throws -> Int {
        try tx.rows(
            """
            SELECT state
            FROM claim
            WHERE handler = \(handler) AND due_at < \(ClaimStanding.never)
            ORDER BY due_at, id
            LIMIT \(limit)
            """
        ).count
    }
}

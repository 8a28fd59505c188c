import Core
import Storage

/// Every statement about complaints.
enum ComplaintStore {
    /// Whose complaints, or which.
    enum Filter: Sendable, Hashable {
        case all
        /// What is open of his.
        case handler(String)
        case customer(String)
        case root(ComplaintID)
        case dealer(String)
    }

    /// How far down the list: what is due first comes first.
    struct Place: Sendable, Hashable {
        let dueAt: Int64
        let id: ComplaintID
    }

    static let factsMaximum = 2000

    // MARK: One complaint

    static func find(_ tx: any Transaction, _ id: ComplaintID, isLocked: Bool) throws -> StoredComplaint? {
        let head: SQL = """
            SELECT content, root
            FROM complaint
            WHERE id = \(id.text)
            """
        guard let row = try tx.first(isLocked ? head.lockingRows : head) else { return nil }
        guard let root = ComplaintID(try row.text(1)) else { throw StoredDataError("a complaint cannot be read") }
        let facts = try tx.rows(
            """
            SELECT content
            FROM complaint_fact
            WHERE complaint = \(id.text)
            ORDER BY number
            LIMIT \(factsMaximum)
            """
        ).map { try ComplaintFact(json: try JSONParser.parse(Array(try $0.text(0).utf8))) }
        let stored = try StoredComplaint(complaint(row), facts: facts)
        guard stored.root == root else { throw StoredDataError("a complaint is not linked as its facts say") }
        return stored
    }

    private static func complaint(_ row: Row) throws -> Complaint {
        try Complaint(json: try JSONParser.parse(Array(try row.text(0).utf8)))
    }

    static func insert(_ tx: any Transaction, _ stored: StoredComplaint, dueAt: Int64) throws {
        let complaint = stored.complaint
        try tx.execute(
            """
            INSERT INTO complaint (
                id, customer, vin, dealer, component, category, severity, root, handler, level, due_at, breaches,
                is_open, content, version, filed_at
            )
            VALUES (
                \(complaint.id.text),
                \(complaint.customer),
                \(complaint.vin?.text),
                \(complaint.dealer),
                \(complaint.component),
                \(complaint.category.rawValue),
                \(stored.severity.rawValue),
                \(stored.root.text),
                \(stored.handler),
                \(stored.level.rawValue),
                \(dueAt),
                \(stored.breaches),
                \(stored.isOpen ? 1 : 0),
                \(String(decoding: complaint.json.canonicalBytes, as: UTF8.self)),
                \(stored.version),
                \(complaint.at.microseconds)
            )
            """
        )
        for fact in stored.facts { try insert(tx, fact, of: complaint.id) }
    }

    /// - Returns: `false` where the stored version is another one.
    static func update(
        _ tx: any Transaction,
        _ stored: StoredComplaint,
        dueAt: Int64,
        replacing version: Int64
    ) throws -> Bool {
        try tx.execute(
            """
            UPDATE complaint
            SET
                severity = \(stored.severity.rawValue),
                root = \(stored.root.text),
                handler = \(stored.handler),
                level = \(stored.level.rawValue),
                due_at = \(dueAt),
                breaches = \(stored.breaches),
                is_open = \(stored.isOpen ? 1 : 0),
                version = \(stored.version)
            WHERE id = \(stored.complaint.id.text) AND version = \(version)
            """
        ) == 1
    }

    static func insert(_ tx: any Transaction, _ fact: ComplaintFact, of id: ComplaintID) throws {
        try tx.execute(
            """
            INSERT INTO complaint_fact (complaint, number, at, recorded_at, kind, person, content)
            VALUES (
                \(id.text),
                \(fact.number),
                \(fact.at.microseconds),
                \(tx.now.microseconds),
                \(fact.body.kind.rawValue),
                \(fact.by.id),
                \(String(decoding: fact.json.canonicalBytes, as: UTF8.self))
            )
            """
        )
    }

    // MARK: Many

    /// Those that came since some time, the oldest first.
    static func since(_ tx: any Transaction, _ instant: Instant, limit: Int) throws -> [Complaint] {
        try tx.rows(
            """
            SELECT content
            FROM complaint
            WHERE filed_at >= \(instant.microseconds)
            ORDER BY filed_at, id
            LIMIT \(limit)
            """
        ).map(complaint)
    }

    static func page(
        _ tx: any Transaction,
        _ filter: Filter,
        after position: (dueAt: Int64, id: String),
        limit: Int
    ) throws -> [Place] {
        try tx.rows(statement(filter, position.dueAt, position.id, limit)).map { row in
            guard let id = ComplaintID(try row.text(0)) else { throw StoredDataError("a complaint cannot be read") }
            return Place(dueAt: try row.integer(1), id: id)
        }
    }

    /// How many somebody has who works on them.
    static func open(_ tx: any Transaction, of handler: String, limit: Int) throws -> Int {
        try page(tx, .handler(handler), after: (-1, ""), limit: limit).count
    }

    private static func statement(_ filter: Filter, _ dueAt: Int64, _ id: String, _ limit: Int) -> SQL {
        switch filter {
        case .all:
            """
            SELECT id, due_at
            FROM complaint
            WHERE (due_at, id) > (\(dueAt), \(id))
            ORDER BY due_at, id
            LIMIT \(limit)
            """
        case .handler(let person):
            """
            SELECT id, due_at
            FROM complaint
            WHERE handler = \(person) AND is_open = 1 AND (due_at, id) > (\(dueAt), \(id))
            ORDER BY due_at, id
            LIMIT \(limit)
            """
        case .customer(let customer):
            """
            SELECT id, due_at
            FROM complaint
            WHERE customer = \(customer) AND (due_at, id) > (\(dueAt), \(id))
            ORDER BY due_at, id
            LIMIT \(limit)
            """
        case .root(let root):
            """
            SELECT id, due_at
            FROM complaint
            WHERE root = \(root.text) AND (due_at, id) > (\(dueAt), \(id))
            ORDER BY due_at, id
            LIMIT \(limit)
            """
        case .dealer(let dealer):
            """
            SELECT id, due_at
            FROM complaint
            WHERE dealer = \(dealer) AND (due_at, id) > (\(dueAt), \(id))
            ORDER BY due_at, id
            LIMIT \(limit)
            """
        }
    }
}

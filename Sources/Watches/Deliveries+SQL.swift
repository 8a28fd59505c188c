import Core
import Storage

/// Every statement about deliveries.
enum DeliveryStore {
    /// In the order in which a row is read.
    private static let columns: SQL = "id, watch, sequence, type, vin, body, state, attempts, log, created_at"

    static func insert(_ tx: any Transaction, _ delivery: Delivery) throws {
        try tx.execute(
            """
            INSERT INTO delivery (\(columns))
            VALUES (
                \(delivery.id.text),
                \(delivery.watch.text),
                \(delivery.sequence),
                \(delivery.type),
                \(delivery.vin),
                \(delivery.body),
                \(delivery.state.rawValue),
                \(delivery.attempts),
                \(text(delivery.log)),
                \(delivery.createdAt.microseconds)
            )
            """
        )
    }

    static func find(_ tx: any Transaction, _ id: DeliveryID, of watch: WatchID) throws -> Delivery? {
        let row = try tx.first("SELECT \(columns) FROM delivery WHERE id = \(id.text)")
        return try row.map(Delivery.init(row:)).flatMap { $0.watch == watch ? $0 : nil }
    }

    /// What has to be sent before everything else of the watch.
    static func next(_ tx: any Transaction, of watch: WatchID) throws -> Delivery? {
        try tx.first(
            """
            SELECT \(columns)
            FROM delivery
            WHERE watch = \(watch.text) AND state = 'pending'
            ORDER BY sequence
            LIMIT \(1)
            """
        ).map(Delivery.init(row:))
    }

    /// The newest first.
    static func page(_ tx: any Transaction, of watch: WatchID, before sequence: Int64, limit: Int) throws -> [Delivery]
    {
        try tx.rows(
            """
            SELECT \(columns)
            FROM delivery
            WHERE watch = \(watch.text) AND sequence < \(sequence)
            ORDER BY sequence DESC
            LIMIT \(limit)
            """
        ).map(Delivery.init(row:))
    }

    static func following(_ tx: any Transaction, of watch: WatchID, after sequence: Int64) throws -> [Delivery] {
        try tx.rows(
            """
            SELECT \(columns)
            FROM delivery
            WHERE watch = \(watch.text) AND sequence > \(sequence)
            ORDER BY sequence
            LIMIT \(WatchLimits.streamedDeliveries)
            """
        ).map(Delivery.init(row:))
    }

    /// Adds an attempt to what was read before.
    /// - Returns: `false` where it is not as it was then.
    static func record(
        _ tx: any Transaction,
        _ delivery: Delivery,
        _ attempt: Delivery.Attempt,
        _ state: Delivery.State
    ) throws -> Bool {
        let log = (delivery.log + [attempt]).suffix(WatchLimits.attemptsShown)
        return try tx.execute(
            """
            UPDATE delivery
            SET state = \(state.rawValue),
                attempts = attempts + 1,
                log = \(text(Array(log)))
            WHERE id = \(delivery.id.text)
                AND state = \(delivery.state.rawValue)
                AND attempts = \(delivery.attempts)
            """
        ) == 1
    }

    /// What waits is tried as if it had never been.
    static func beginAnew(_ tx: any Transaction, of watch: WatchID) throws {
        try tx.execute("UPDATE delivery SET attempts = 0 WHERE watch = \(watch.text) AND state = 'pending'")
    }

    /// What waits, and will not be sent because there is no address any more.
    static func keep(_ tx: any Transaction, of watch: WatchID) throws {
        try tx.execute("UPDATE delivery SET state = 'kept' WHERE watch = \(watch.text) AND state = 'pending'")
    }

    static func purge(_ tx: any Transaction, before end: Instant, limit: Int) throws -> Int {
        let old = try tx.rows(
            """
            SELECT id
            FROM delivery
            WHERE created_at <= \(end.microseconds)
            ORDER BY created_at
            LIMIT \(limit)
            """
        )
        for row in old { try tx.execute("DELETE FROM delivery WHERE id = \(try row.text(0))") }
        return old.count
    }

    private static func text(_ log: [Delivery.Attempt]) -> String {
        String(decoding: JSON.array(log.map(\.json)).canonicalBytes, as: UTF8.self)
    }
}

extension Delivery {
    init(row: Row) throws {
        guard let id = DeliveryID(try row.text(0)), let watch = WatchID(try row.text(1)),
            let state = State(rawValue: try row.text(6)),
            let log = try JSONParser.parse(Array(try row.text(8).utf8)).arrayValue
        else { throw StoredDataError("a delivery cannot be read") }
        self.init(
            id: id,
            watch: watch,
            sequence: try row.integer(2),
            type: try row.text(3),
            vin: try row.optionalText(4),
            body: try row.text(5),
            state: state,
            attempts: try row.integer(7),
            log: try log.map(Attempt.init(stored:)),
            createdAt: Instant(microseconds: try row.integer(9))
        )
    }
}

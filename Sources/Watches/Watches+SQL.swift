import Core
import Cryptography
import Identity
import Ledger
import Storage

/// Every statement about watches and how much they have been told.
enum WatchStore {
    /// In the order in which a row is read.
    private static let columns: SQL = """
        id, organization, kind, vin, types, name, url, secret, former_secret, former_until, state, reason, state_since,
        failing_since, sequence, version, created_at
        """

    static func find(_ tx: any Transaction, _ id: WatchID) throws -> Watch? {
        try tx.first("SELECT \(columns) FROM watch WHERE id = \(id.text)").map(Watch.init(row:))
    }

    static func page(_ tx: any Transaction, of organization: String, after id: String, limit: Int) throws -> [Watch] {
        try tx.rows(
            """
            SELECT \(columns)
            FROM watch
            WHERE organization = \(organization) AND id > \(id)
            ORDER BY id
            LIMIT \(limit)
            """
        ).map(Watch.init(row:))
    }

    static func insert(_ tx: any Transaction, _ watch: Watch) throws {
        let isStock = watch.subject.kind == .stock
        try tx.execute(
            """
            INSERT INTO watch (
                id, organization, kind, vin, stock_of, types, name, url, secret, state, state_since, sequence, version,
                created_at
            )
            VALUES (
                \(watch.id.text),
                \(watch.organization.text),
                \(watch.subject.kind.rawValue),
                \(watch.subject.vin?.text),
                \(isStock ? watch.organization.text : nil),
                \(watch.subject.types?.joined(separator: " ")),
                \(watch.name),
                \(watch.url),
                \(watch.secrets.current),
                \(watch.state.name),
                \(watch.stateSince.microseconds),
                0,
                \(watch.version),
                \(watch.createdAt.microseconds)
            )
            """
        )
    }

    /// Writes what a person or the platform may change, if it is still of the version before.
    static func update(_ tx: any Transaction, _ watch: Watch) throws {
        let changed = try tx.execute(
            """
            UPDATE watch
            SET name = \(watch.name),
                url = \(watch.url),
                secret = \(watch.secrets.current),
                former_secret = \(watch.secrets.former?.sealed),
                former_until = \(watch.secrets.former?.until.microseconds),
                state = \(watch.state.name),
                reason = \(watch.state.reason?.rawValue),
                state_since = \(watch.stateSince.microseconds),
                failing_since = \(watch.failingSince?.microseconds),
                version = \(watch.version)
            WHERE id = \(watch.id.text) AND version = \(watch.version - 1)
            """
        )
        guard changed == 1 else { throw UniqueViolation() }
    }

    static func note(_ tx: any Transaction, _ id: WatchID, failingSince: Instant?) throws {
        try tx.execute("UPDATE watch SET failing_since = \(failingSince?.microseconds) WHERE id = \(id.text)")
    }

    /// The number of the next delivery. Whoever else makes one of the same watch waits until this transaction has
    /// ended.
    /// - Returns: `nil` where there is no such watch.
    static func nextSequence(_ tx: any Transaction, _ id: WatchID) throws -> Int64? {
        try tx.first(
            """
            UPDATE watch
            SET sequence = sequence + 1
            WHERE id = \(id.text)
            RETURNING sequence
            """
        )?.integer(0)
    }

    /// Nobody else makes deliveries of it until this transaction has ended.
    static func lock(_ tx: any Transaction, _ id: WatchID) throws -> Watch? {
        try tx.execute("UPDATE watch SET sequence = sequence WHERE id = \(id.text)")
        return try find(tx, id)
    }

    static func delete(_ tx: any Transaction, _ id: WatchID) throws {
        try tx.execute(all: [
            "DELETE FROM delivery WHERE watch = \(id.text)",
            "DELETE FROM watch_car WHERE watch = \(id.text)",
            "DELETE FROM watch WHERE id = \(id.text)",
        ])
    }

    // MARK: Cars

    /// Everybody who watches the car.
    static func watchers(of vin: String) -> SQL {
        """
        SELECT id
        FROM watch
        WHERE vin = \(vin)
        UNION ALL
        SELECT watch.id
        FROM listing_live
        JOIN watch ON watch.stock_of = listing_live.dealer
        WHERE listing_live.vin = \(vin)
        """
    }

    /// Notes for one of them that there is more of its chain.
    static func noteAppended(to watch: String, vin: String, count: Int64) -> SQL {
        """
        INSERT INTO watch_car (watch, vin, told_count, newest_count, is_due)
        VALUES (\(watch), \(vin), \(0), \(count), \(1))
        ON CONFLICT (watch, vin) DO UPDATE
        SET newest_count = excluded.newest_count,
            is_due = 1
        """
    }

    /// Of what is there already nothing is told. Somebody may be appending who has not seen the watch: it is looked at
    /// once more soon.
    static func begin(_ tx: any Transaction, _ id: WatchID, vin: VIN, at head: ChainHead) throws {
        try tx.execute(
            """
            INSERT INTO watch_car (watch, vin, told_count, told_hash, newest_count, is_due)
            VALUES (\(id.text), \(vin.text), \(head.count), \(head.hash.bytes), \(head.count), 1)
            """
        )
    }

    /// The first watch behind another that has something to be told.
    static func due(_ tx: any Transaction, after watch: String) throws -> WatchID? {
        try tx.first(
            """
            SELECT watch
            FROM watch_car
            WHERE is_due = 1 AND watch > \(watch)
            ORDER BY watch
            LIMIT \(1)
            """
        ).flatMap { WatchID(try $0.text(0)) }
    }

    static func dueCars(_ tx: any Transaction, of watch: WatchID, limit: Int) throws -> [ToldCar] {
        try tx.rows(
            """
            SELECT vin, told_count, told_hash
            FROM watch_car
            WHERE is_due = 1 AND watch = \(watch.text)
            ORDER BY vin
            LIMIT \(limit)
            """
        ).map { row in
            let hash = try row.optionalBlob(2).map { bytes in
                guard let digest = Digest(bytes: bytes) else { throw StoredDataError(2, "a hash of 32 bytes") }
                return digest
            }
            return ToldCar(vin: try row.text(0), count: try row.integer(1), head: hash)
        }
    }

    static func told(_ tx: any Transaction, _ watch: WatchID, _ car: ToldCar) throws {
        try tx.execute(
            """
            UPDATE watch_car
            SET told_count = \(car.count),
                told_hash = \(car.head?.bytes),
                is_due = CASE WHEN newest_count > \(car.count) THEN 1 ELSE 0 END
            WHERE watch = \(watch.text) AND vin = \(car.vin)
            """
        )
    }
}

/// How much of a car's chain has been told.
struct ToldCar: Sendable, Hashable {
    let vin: String
    var count: Int64
    var head: Digest?
}

extension Watch {
    init(row: Row) throws {
        guard let id = WatchID(try row.text(0)), let organization = OrganizationID(try row.text(1)) else {
            throw StoredDataError("a watch cannot be read")
        }
        self.init(
            id: id,
            organization: organization,
            subject: try Subject(row),
            name: try row.optionalText(5),
            url: try row.optionalText(6),
            state: try State(row),
            stateSince: Instant(microseconds: try row.integer(12)),
            failingSince: try row.optionalInteger(13).map(Instant.init(microseconds:)),
            secrets: try SealedSecrets(row),
            sequence: try row.integer(14),
            version: try row.integer(15),
            createdAt: Instant(microseconds: try row.integer(16))
        )
    }
}

extension Watch.Subject {
    fileprivate init(_ row: Row) throws {
        switch Kind(rawValue: try row.text(2)) {
        case .vehicle?: self = .vehicle(try VIN(parsing: try row.text(3)))
        case .stock?: self = .stock
        case .notices?: self = .notices(try row.text(4).split(separator: " ").map(String.init))
        case nil: throw StoredDataError("a watch is of no known kind")
        }
    }
}

extension Watch.State {
    fileprivate init(_ row: Row) throws {
        switch (try row.text(10), try row.optionalText(11).flatMap(Reason.init(rawValue:))) {
        case ("active", _): self = .active
        case ("paused", _): self = .paused
        case (_, let reason?): self = .disabled(reason)
        case (_, nil): throw StoredDataError("a watch is in no known state")
        }
    }
}

extension Watch.SealedSecrets {
    fileprivate init(_ row: Row) throws {
        let until = try row.optionalInteger(9).map(Instant.init(microseconds:))
        let sealed = try row.optionalBlob(8)
        self.init(
            current: try row.blob(7),
            former: sealed.flatMap { sealed in until.map { Former(sealed: sealed, until: $0) } }
        )
    }
}

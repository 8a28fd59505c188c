import Core
import Cryptography
import History
package import Logging
package import ServiceLifecycle
package import Storage

/// Makes deliveries of what appends have noted: for each watch the part of each car's chain that it has not been told.
///
/// One instance does it at a time. What is told, and that it has been told, is one transaction: whenever the process
/// dies, the next one goes on behind what was written, and no entry is left out or told twice.
package struct WatchCollector: Sendable {
    package static let leaseName = "watches"
    /// How soon something new is told.
    static let idleInterval = Duration.milliseconds(500)

    private let database: any Database
    private let logger: Logger

    package init(database: any Database, logger: Logger) {
        self.database = database
        self.logger = logger
    }

    package var service: some Service {
        LeaseHolder(WatchCollector.leaseName, database: database, logger: logger) { lease in
            while true {
                try await drain(under: lease)
                try await Task.sleep(for: WatchCollector.idleInterval)
            }
        }
    }

    /// Goes on until nothing is due. Watches take turns, so that a large stock keeps nobody waiting.
    ///
    /// - Throws: `LeaseLost`, and `Failure` where the store cannot do it now: it is tried again under the next lease.
    package func drain(under lease: Lease) async throws {
        var last: String? = ""
        while let behind = last {
            try Task.checkCancellation()
            last = try await turn(after: behind, under: lease)?.text
            // Behind the last watch comes the first, as long as there is one.
            if last == nil, !behind.isEmpty { last = "" }
        }
    }

    /// Some cars of the next watch.
    /// - Returns: whose turn it was; `nil` where nothing is due behind it.
    private func turn(after watch: String, under lease: Lease) async throws -> WatchID? {
        guard let next = try await database.read({ tx in try WatchStore.due(tx, after: watch) }) else { return nil }
        try await database.writeRetrying { tx in
            try lease.guardWrite(tx)
            try WatchCollector.collect(tx, next)
        }
        return next
    }

    private static func collect(_ tx: any Transaction, _ id: WatchID) throws {
        guard let watch = try WatchStore.lock(tx, id) else {
            // It was deleted while somebody appended.
            try WatchStore.delete(tx, id)
            return
        }
        for car in try WatchStore.dueCars(tx, of: id, limit: WatchLimits.carsPerCommit) {
            let part = try ChainPart(tx, of: car)
            if let part { try Deliveries.make(tx, part.content, for: watch) }
            try WatchStore.told(tx, id, part?.told ?? car)
        }
    }
}

/// The entries of a car behind those that a watch has been told, as many as one delivery carries.
struct ChainPart {
    let content: Deliveries.Content
    /// How much has been told with it.
    let told: ToldCar

    /// `nil` where there is nothing new.
    init?(_ tx: any Transaction, of car: ToldCar) throws {
        let limit = WatchLimits.entriesPerDelivery
        let found = try Histories.rows(tx, vin: car.vin, from: car.count, limit: limit + 1)
        var carried: [StoredRow] = []
        var byteCount = 0
        for row in found.prefix(limit) {
            byteCount += row.envelope.utf8.count
            guard carried.isEmpty || byteCount <= WatchLimits.envelopeBytesPerDelivery else { break }
            carried.append(row)
        }
        guard let last = carried.last else { return nil }
        told = ToldCar(vin: car.vin, count: last.seq + 1, head: last.hash)
        content = Deliveries.Content(
            type: DeliveryType.appended,
            vin: car.vin,
            data: [
                .init("vin", JSON(car.vin)),
                .init("after", .optional(car.head) { ChainPart.place(car.count - 1, JSON($0.hex)) }),
                .init("head", ChainPart.place(last.seq, JSON(last.hash.hex))),
                .init("envelopes", .array(carried.map { JSON($0.envelope) })),
                .init("has_more", .bool(carried.count < found.count)),
            ]
        )
    }

    private static func place(_ seq: Int64, _ hash: JSON) -> JSON { ["seq": .integer(seq), "hash": hash] }
}

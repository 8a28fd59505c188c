import Core
import Jobs
package import Storage
import Web

/// Makes what is told. Belongs into the transaction of what it tells.
package enum Deliveries {
    /// What there is to say, before it has its place among all that the watch is told.
    struct Content {
        let type: String
        var vin: String?
        /// Behind `watch` and `sequence`.
        let data: [JSON.Member]
    }

    /// Puts it behind everything that the watch was told before, and sees to it that it is sent.
    ///
    /// - Returns: `nil` where the watch is gone.
    @discardableResult
    static func make(_ tx: any Transaction, _ content: Content, for watch: Watch) throws -> Delivery? {
        guard let sequence = try WatchStore.nextSequence(tx, watch.id) else { return nil }
        let delivery = Delivery(
            id: DeliveryID(at: tx.now),
            watch: watch.id,
            sequence: sequence,
            type: content.type,
            vin: content.vin,
            body: body(content, of: watch.id, sequence, at: tx.now),
            state: watch.url == nil ? .kept : .pending,
            attempts: 0,
            log: [],
            createdAt: tx.now.truncatedToMilliseconds
        )
        try DeliveryStore.insert(tx, delivery)
        if watch.url != nil, watch.state == .active { try Jobs.awaken(tx, WebhookSender.kind, key: watch.id.text) }
        return delivery
    }

    /// A test stands in no order: it is sent by whoever makes it, once.
    static func makeTest(_ tx: any Transaction, for watch: Watch) throws -> Delivery {
        guard let sequence = try WatchStore.nextSequence(tx, watch.id) else { throw Failure(.notFound) }
        let content = Content(type: DeliveryType.test, data: [])
        let delivery = Delivery(
            id: DeliveryID(at: tx.now),
            watch: watch.id,
            sequence: sequence,
            type: content.type,
            vin: nil,
            body: body(content, of: watch.id, sequence, at: tx.now),
            state: .failed,
            attempts: 0,
            log: [],
            createdAt: tx.now.truncatedToMilliseconds
        )
        try DeliveryStore.insert(tx, delivery)
        return delivery
    }

    /// `type`, `timestamp` and `data`, as Standard Webhooks proposes.
    private static func body(_ content: Content, of watch: WatchID, _ sequence: Int64, at now: Instant) -> String {
        let own = [JSON.Member("watch", JSON(watch)), JSON.Member("sequence", .integer(sequence))]
        let body: JSON = [
            "type": JSON(content.type),
            "timestamp": JSON(now),
            "data": .object(own + content.data),
        ]
        return String(decoding: body.bytes, as: UTF8.self)
    }

    /// Forgets what has been kept for long enough.
    package static func purge(_ tx: any Transaction, limit: Int) throws -> Int {
        try DeliveryStore.purge(tx, before: tx.now.adding(seconds: -WatchLimits.keptSeconds), limit: limit)
    }
}

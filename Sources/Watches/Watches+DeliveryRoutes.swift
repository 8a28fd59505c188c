import Core
import HTTPTypes
import Identity
import People
import Storage
import Web

extension WatchService {
    var deliveryEndpoints: [Endpoint] {
        let deliveries = "/v1/watches/{id}/deliveries"
        return [
            Endpoint(
                .post,
                "/v1/watches/{id}/test",
                rateLimit: .bulk,
                authorize: Policy.authorize(.watchUpdate),
                handler: test
            ),
            Endpoint(
                .get,
                deliveries,
                query: Page.query,
                authorize: Policy.authorize(.watchRead),
                handler: listDeliveries
            ),
            Endpoint(
                .get,
                "\(deliveries)/{delivery}",
                authorize: Policy.authorize(.watchRead),
                handler: readDelivery
            ),
            Endpoint(
                .post,
                "\(deliveries)/{delivery}/replay",
                rateLimit: .bulk,
                authorize: Policy.authorize(.watchUpdate),
                handler: replay
            ),
            Endpoint(
                .get,
                "/v1/watches/{id}/events",
                produces: [EventStreams.mediaType],
                authorize: Policy.authorize(.watchRead),
                handler: follow
            ),
        ]
    }

    // MARK: Sending at once

    /// Somebody waits for what the receiver says, whatever the watch's state is and whatever waits in order.
    private func test(_ call: Call) async throws -> Reply {
        let id = try call.watch()
        let (watch, delivery) = try await database.writeRetrying { tx in
            let watch = try WatchService.owned(tx, id, call)
            guard watch.url != nil else { throw Failure(.watchWithoutURL) }
            return (watch, try Deliveries.makeTest(tx, for: watch))
        }
        return Reply.json(try await sender.sendOnce(delivery, of: watch).wholeJSON)
    }

    private func replay(_ call: Call) async throws -> Reply {
        let (id, deliveryID) = (try call.watch(), try call.delivery())
        let (watch, delivery) = try await database.read { tx in
            let watch = try WatchService.owned(tx, id, call)
            guard let delivery = try DeliveryStore.find(tx, deliveryID, of: id) else { throw Failure(.notFound) }
            guard watch.url != nil else { throw Failure(.watchWithoutURL) }
            guard delivery.state != .pending else { throw Failure(.deliveryPending) }
            return (watch, delivery)
        }
        return Reply.json(try await sender.sendOnce(delivery, of: watch).wholeJSON)
    }

    // MARK: Looking

    private func listDeliveries(_ call: Call) async throws -> Reply {
        let id = try call.watch()
        let page = try call.page()
        let before = page.position.flatMap { Int64($0) } ?? .max
        return try await database.read { tx in
            _ = try WatchService.seen(tx, id, call)
            let deliveries = try DeliveryStore.page(tx, of: id, before: before, limit: page.limit + 1)
            return call.list(deliveries, on: page, position: { "\($0.sequence)" }, json: \.json)
        }
    }

    private func readDelivery(_ call: Call) async throws -> Reply {
        let (id, deliveryID) = (try call.watch(), try call.delivery())
        return try await database.read { tx in
            _ = try WatchService.seen(tx, id, call)
            guard let delivery = try DeliveryStore.find(tx, deliveryID, of: id) else { throw Failure(.notFound) }
            return Reply.json(delivery.wholeJSON)
        }
    }

    // MARK: Following

    /// The same deliveries as a stream. Whoever says which one he has seen gets all behind it; whoever does not, those
    /// from now on, and first where he stands.
    private func follow(_ call: Call) async throws -> Reply {
        let id = try call.watch()
        _ = try await database.read { tx in try WatchService.seen(tx, id, call) }
        let principal = try call.requirePrincipal()
        return try streams.reply(to: call) { [database] lastID in
            try await database.read { tx in
                guard let watch = try WatchStore.find(tx, id), try WatchService.isStillWelcome(tx, principal) else {
                    return EventBatch([], isLast: true)
                }
                return EventBatch(try WatchService.events(tx, watch, after: lastID), isLast: false)
            }
        }
    }

    private static func events(
        _ tx: any Transaction,
        _ watch: Watch,
        after lastID: String?
    ) throws -> [ServerSentEvent] {
        guard let seen = lastID.flatMap({ Int64($0) }), seen >= 0 else {
            return [ServerSentEvent(id: "\(watch.sequence)", name: "watching", data: watch.json(at: tx.now))]
        }
        return try DeliveryStore.following(tx, of: watch.id, after: seen).map { delivery in
            ServerSentEvent(id: "\(delivery.sequence)", name: delivery.type, data: delivery.content)
        }
    }

    /// A stream outlives the moment in which its caller was let in: not the key, and not the session.
    private static func isStillWelcome(_ tx: any Transaction, _ principal: Principal) throws -> Bool {
        guard let session = principal.session else { return try APIKeys.works(tx, principal.credential) }
        return try Sessions.isLive(tx, session.id)
    }
}

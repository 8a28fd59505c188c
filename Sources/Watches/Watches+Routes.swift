package import Core
import HTTPTypes
import Identity
package import Outbound
package import Storage
package import Web

/// What the endpoints of this slice share.
package struct WatchService: Sendable {
    let database: any Database
    let watches: Watches
    let sender: WebhookSender
    let policy: OutboundPolicy
    let clock: any WallClock
    /// Every notice that may be asked for.
    let noticeTypes: Set<String>
    let streams: EventStreams

    package init(
        database: any Database,
        watches: Watches,
        sender: WebhookSender,
        policy: OutboundPolicy,
        clock: any WallClock,
        noticeTypes: [NoticeType] = NoticeType.watches,
        streams: EventStreams = EventStreams()
    ) {
        self.database = database
        self.watches = watches
        self.sender = sender
        self.policy = policy
        self.clock = clock
        self.noticeTypes = Set(noticeTypes.map(\.name))
        self.streams = streams
    }

    package var endpoints: [Endpoint] {
        let one = "/v1/watches/{id}"
        return [
            Endpoint(
                .post,
                "/v1/watches",
                body: .json,
                repetition: .keyed,
                authorize: Policy.authorize(.watchCreate),
                handler: create
            ),
            Endpoint(
                .get,
                "/v1/watches",
                query: Page.query,
                authorize: Policy.authorize(.watchRead),
                handler: list
            ),
            Endpoint(.get, one, authorize: Policy.authorize(.watchRead), handler: read),
            Endpoint(.patch, one, body: .json, authorize: Policy.authorize(.watchUpdate), handler: update),
            Endpoint(.delete, one, authorize: Policy.authorize(.watchUpdate), handler: delete),
            Endpoint(
                .post,
                "\(one)/rotate-secret",
                body: .json,
                repetition: .keyed,
                authorize: Policy.authorize(.watchUpdate),
                handler: rotate
            ),
        ] + deliveryEndpoints
    }

    private func create(_ call: Call) async throws -> Reply {
        let draft = try Watch.Draft(reading: call.json, policy: policy, types: noticeTypes)
        let principal = try call.requirePrincipal()
        guard let organization = OrganizationID(principal.organization) else { throw Failure(.forbidden) }
        guard draft.subject != .stock || principal.role == .dealer else {
            throw Failure(.forbidden, zh: "只有商家有库存可以关注", en: "Only a dealer has a stock to watch")
        }
        return try await database.writeRetrying { [watches] tx in
            try call.once(in: tx) {
                let (watch, secret) = try watches.create(tx, draft, of: organization, from: Origin(call))
                return Reply.json(watch.json(at: tx.now, showing: secret), status: .created)
                    .withETag(watch.entityTag(at: tx.now))
                    .withLocation("/v1/watches/\(watch.id)")
            }
        }
    }

    private func list(_ call: Call) async throws -> Reply {
        let organization = try call.requirePrincipal().organization
        let page = try call.page()
        return try await database.read { tx in
            let watches = try WatchStore.page(tx, of: organization, after: page.position ?? "", limit: page.limit + 1)
            return call.list(watches, on: page, position: \.id.text) { $0.json(at: tx.now) }
        }
    }

    private func read(_ call: Call) async throws -> Reply {
        let id = try call.watch()
        return try await database.read { tx in
            let watch = try WatchService.seen(tx, id, call)
            return Reply.json(watch.json(at: tx.now)).withETag(watch.entityTag(at: tx.now))
        }
    }

    private func update(_ call: Call) async throws -> Reply {
        let id = try call.watch()
        return try await database.writeRetrying { [watches, policy] tx in
            let watch = try WatchService.owned(tx, id, call)
            try call.requireIfMatch(watch.entityTag(at: tx.now))
            let patch = try Watch.Patch(reading: call.json, policy: policy)
            let changed = try watches.update(tx, watch, patch, from: Origin(call))
            return Reply.json(changed.json(at: tx.now)).withETag(changed.entityTag(at: tx.now))
        }
    }

    private func delete(_ call: Call) async throws -> Reply {
        let id = try call.watch()
        try await database.writeRetrying { [watches] tx in
            let watch = try WatchService.owned(tx, id, call)
            try call.requireIfMatch(watch.entityTag(at: tx.now))
            try watches.delete(tx, watch, from: Origin(call))
        }
        return Reply(.noContent)
    }

    private func rotate(_ call: Call) async throws -> Reply {
        let id = try call.watch()
        try call.requireEmptyObject()
        return try await database.writeRetrying { [watches] tx in
            let watch = try WatchService.owned(tx, id, call)
            return try call.once(in: tx) {
                let (changed, secret) = try watches.rotate(tx, watch, from: Origin(call))
                return Reply.json(changed.json(at: tx.now, showing: secret)).withETag(changed.entityTag(at: tx.now))
            }
        }
    }

    // MARK: Finding

    /// - Throws: `notFound` for another's, too.
    static func seen(_ tx: any Transaction, _ id: WatchID, _ call: Call) throws -> Watch {
        guard let watch = try WatchStore.find(tx, id), Policy.sees(call.principal, watch.organization.text) else {
            throw Failure(.notFound)
        }
        return watch
    }

    static func owned(_ tx: any Transaction, _ id: WatchID, _ call: Call) throws -> Watch {
        guard let watch = try WatchStore.find(tx, id), Policy.owns(call.principal, watch.organization.text) else {
            throw Failure(.notFound)
        }
        return watch
    }
}

extension Call {
    func watch() throws -> WatchID {
        guard let id = WatchID(try parameter("id")) else { throw Failure(.notFound) }
        return id
    }

    func delivery() throws -> DeliveryID {
        guard let id = DeliveryID(try parameter("delivery")) else { throw Failure(.notFound) }
        return id
    }
}

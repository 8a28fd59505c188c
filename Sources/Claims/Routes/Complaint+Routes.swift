import Core
import HTTPTypes
import Identity
import Storage
import Web

extension ClaimService {
    private static let textLength = 1...2000
    private static let nameLength = 1...100

    var complaintEndpoints: [Endpoint] {
        [
            Endpoint(
                .post,
                "/v1/complaints",
                body: .json,
                repetition: .keyed,
                authorize: Policy.authorize(.complaintFile),
                handler: fileComplaint
            ),
            Endpoint(
                .get,
                "/v1/complaints",
                query: Page.query.union(["handler", "dealer", "root"]),
                authorize: Policy.authorize(.complaintRead),
                handler: listComplaints
            ),
            Endpoint(
                .get,
                "/v1/complaints/batches",
                authorize: Policy.authorize(.complaintBatches),
                handler: batches
            ),
            Endpoint(
                .get,
                "/v1/complaints/{id}",
                authorize: Policy.authorize(.complaintRead),
                handler: readComplaint
            ),
            complaintStep("assign", .complaintWork, ComplaintReading.assignment),
            complaintStep("meet", .complaintWork, ComplaintReading.promise),
            complaintStep("notes", .complaintWork, ComplaintReading.note),
            complaintStep("link", .complaintWork, ComplaintReading.link),
            complaintStep("goodwill", .complaintGoodwill, ComplaintReading.goodwill),
            complaintStep("close", .complaintWork, ComplaintReading.closing),
        ]
    }

    // MARK: Filing

    private func fileComplaint(_ call: Call) async throws -> Reply {
        let (draft, customer) = try call.read(ClaimService.complaintDraft)
        return try await database.writeRetrying { tx in
            try call.once(in: tx) {
                let actor = try call.claimActor(tx)
                let stored = try complaints.file(tx, try draft.of(actor.caller, customer), by: actor)
                return shown(stored, to: actor.caller, at: tx.now, .created)
                    .withLocation("/v1/complaints/\(stored.complaint.id)")
            }
        }
    }

    /// What is said, before it is known whose it is.
    private struct DraftedComplaint: Sendable {
        let vin: VIN?
        let dealer: String?
        let component: String?
        let text: String

        /// Buyers speak for themselves; the staff says for whom it writes down.
        func of(_ caller: Caller, _ customer: String?) throws -> Complaints.Draft {
            let isBuyer = caller.role == .buyer
            if isBuyer, customer != nil {
                throw Failure.invalid("/customer", "not_allowed", zh: "买方只为自己投诉", en: "Buyers speak for themselves")
            }
            guard let customer = isBuyer ? caller.id : customer else {
                throw Failure.invalid("/customer", "required", zh: "须写明是谁的投诉", en: "Say whose complaint it is")
            }
            return Complaints.Draft(customer: customer, vin: vin, dealer: dealer, component: component, text: text)
        }
    }

    private static func complaintDraft(_ reader: inout ObjectReader) -> (DraftedComplaint, String?)? {
        let customer = reader.line("customer", required: false, length: nameLength)
        let vin = reader.value("vin", as: VIN.self, required: false)
        let dealer = reader.string("dealer", required: false, length: nameLength)
        let component = reader.line("component", required: false, length: nameLength)
        let text = reader.string("text", length: textLength)
        if let dealer, OrganizationID(dealer) == nil { reader.identifierFault("dealer") }
        return text.map { (DraftedComplaint(vin: vin, dealer: dealer, component: component, text: $0), customer) }
    }

    // MARK: Looking

    private func shown(
        _ stored: StoredComplaint,
        to caller: Caller,
        at now: Instant,
        _ status: HTTPResponse.Status = .ok
    ) -> Reply {
        Reply.json(stored.json(for: caller, complaints.clocks(of: stored, at: now), at: now), status: status)
            .withETag(stored.entityTag)
    }

    private func readComplaint(_ call: Call) async throws -> Reply {
        let id = try call.complaint()
        return try await database.read { tx in
            let caller = try call.claimActor(tx).caller
            return shown(try complaints.get(tx, id, for: caller), to: caller, at: tx.now)
        }
    }

    private func listComplaints(_ call: Call) async throws -> Reply {
        let page = try call.page()
        let position = page.position.flatMap { ClaimPosition($0) } ?? ClaimPosition.first
        return try await database.read { tx in
            let caller = try call.claimActor(tx).caller
            let places = try ComplaintStore.page(
                tx,
                try call.complaintFilter(of: caller),
                after: (position.dueAt, position.id),
                limit: page.limit + 1
            )
            let found = try places.compactMap { place in
                try ComplaintStore.find(tx, place.id, isLocked: false).map { (place, $0) }
            }
            return call.list(found, on: page, position: { "\($0.0.dueAt)/\($0.0.id)" }) { $0.1.listed(for: caller) }
        }
    }

    private func batches(_ call: Call) async throws -> Reply {
        try await database.read { tx in
            let json: JSON = ["data": .array(try complaints.batches(tx).map(\.json))]
            return Reply.json(json).withETag(Identity.entityTag(version: 1, json))
        }
    }

    // MARK: Steps

    private func complaintStep(
        _ name: String,
        _ action: Action,
        _ reading: @escaping @Sendable (inout ObjectReader) -> ComplaintStep?
    ) -> Endpoint {
        Endpoint(
            .post,
            "/v1/complaints/{id}/\(name)",
            body: .json,
            repetition: .keyed,
            authorize: Policy.authorize(action),
            handler: { call in
                let id = try call.complaint()
                let step = try call.read(reading)
                return try await database.writeRetrying { tx in
                    try call.once(in: tx) {
                        let actor = try call.claimActor(tx)
                        let stored = try step(complaints, tx, id, actor) { try call.requireIfMatch($0.entityTag) }
                        return shown(stored, to: actor.caller, at: tx.now)
                    }
                }
            }
        )
    }
}

/// A step as it was read, to be taken once it is known who asks.
private typealias ComplaintStep =
    @Sendable (
        Complaints,
        any Transaction,
        ComplaintID,
        ClaimActor,
        Complaints.Precondition
    ) throws -> StoredComplaint

/// Reads what each step brings.
private enum ComplaintReading {
    private static let nameLength = 1...100
    private static let goodwillMaximumFen: Int64 = 10_000_000

    static func assignment(_ reader: inout ObjectReader) -> ComplaintStep? {
        let to = reader.line("to", length: nameLength)
        let why = reader.why()
        guard let to, let why else { return nil }
        return { try $0.assign($1, $2, to: to, by: $3, why: why, if: $4) }
    }

    static func promise(_ reader: inout ObjectReader) -> ComplaintStep? {
        let clock = reader.oneOf("clock", ClockKind.self)
        let why = reader.why()
        guard let clock, let why else { return nil }
        return { try $0.meet($1, $2, clock, by: $3, why: why, if: $4) }
    }

    static func note(_ reader: inout ObjectReader) -> ComplaintStep? {
        guard let why = reader.why() else { return nil }
        return { try $0.note($1, $2, by: $3, why: why, if: $4) }
    }

    static func link(_ reader: inout ObjectReader) -> ComplaintStep? {
        let to = reader.string("to", length: nameLength)
        let why = reader.why()
        guard let to, let why else { return nil }
        guard let other = ComplaintID(to) else {
            reader.identifierFault("to")
            return nil
        }
        return { try $0.link($1, $2, to: other, by: $3, why: why, if: $4) }
    }

    static func goodwill(_ reader: inout ObjectReader) -> ComplaintStep? {
        let amount = reader.money("amount", fen: 1...goodwillMaximumFen)
        let why = reader.why()
        guard let amount, let why else { return nil }
        return { try $0.giveGoodwill($1, $2, amount, by: $3, why: why, if: $4) }
    }

    static func closing(_ reader: inout ObjectReader) -> ComplaintStep? {
        guard let why = reader.why() else { return nil }
        return { try $0.close($1, $2, by: $3, why: why, if: $4) }
    }
}

extension Call {
    /// - Throws: `complaintNotFound` for what is no number of a complaint.
    fileprivate func complaint() throws -> ComplaintID {
        guard let id = ComplaintID(try parameter("id")) else { throw Failure(.complaintNotFound) }
        return id
    }

    /// Buyers see their own, whatever they ask for; staff looks for one thing at a time.
    ///
    /// - Throws: `invalidQuery`.
    fileprivate func complaintFilter(of caller: Caller) throws -> ComplaintStore.Filter {
        let (handler, dealer, root) = (try askedHandler(), try askedDealer(), try asked("root") { ComplaintID($0) })
        if caller.role == .buyer { return .customer(caller.id) }
        guard ["handler", "dealer", "root"].filter({ query[$0] != nil }).count <= 1 else {
            let (zh, en) = ("handler、dealer、root 只能选其一", "Only one of handler, dealer and root")
            throw Failure(.invalidQuery, faults: [Fault("/query/handler", "not_together", zh: zh, en: en)])
        }
        if let handler { return .handler(handler == "me" ? caller.id : handler) }
        if let dealer { return .dealer(dealer) }
        return root.map { .root($0) } ?? .all
    }
}

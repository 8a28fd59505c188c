import Core
import HTTPTypes
import Identity
import Storage
import Warranty
import Web

extension ClaimService {
    private static let symptomLength = 1...2000
    private static let nameLength = 1...100

    var claimEndpoints: [Endpoint] {
        [
            Endpoint(
                .post,
                "/v1/claims",
                body: .json,
                repetition: .keyed,
                authorize: Policy.authorize(.claimFile),
                handler: file
            ),
            Endpoint(
                .get,
                "/v1/claims",
                query: Page.query.union(["state", "handler", "dealer"]),
                authorize: Policy.authorize(.claimRead),
                handler: list
            ),
            Endpoint(.get, "/v1/claims/{id}", authorize: Policy.authorize(.claimRead), handler: read),
            Endpoint(.get, "/v1/claims/{id}/timeline", authorize: Policy.authorize(.claimRead), handler: timeline),
            Endpoint(.get, "/v1/claims/sla", authorize: Policy.authorize(.claimFigures), handler: figures),
        ]
    }

    // MARK: Filing

    private func file(_ call: Call) async throws -> Reply {
        let draft = try call.read(ClaimService.draft)
        return try await database.writeRetrying { tx in
            try call.once(in: tx) {
                let actor = try call.filingActor(tx)
                let stored = try claims.file(tx, draft, by: actor)
                return shown(stored, to: actor, at: tx.now, .created).withLocation("/v1/claims/\(stored.id)")
            }
        }
    }

    private static func draft(_ reader: inout ObjectReader) -> ClaimDraft? {
        let warranty = reader.string("warranty", required: false, length: nameLength)
        let vin = reader.value("vin", as: VIN.self, required: false)
        let dealer = reader.string("dealer", required: false, length: nameLength)
        let buyer = reader.line("buyer", required: false, length: nameLength)
        let adviser = reader.line("adviser", required: false, length: nameLength)
        let inspector = reader.line("inspector", required: false, length: nameLength)
        let kind = reader.oneOf("kind", Filing.Kind.self, required: false)
        let isUrgent = reader.bool("is_urgent", required: false)
        let component = reader.line("component", required: false, length: nameLength)
        let odometer = reader.odometer("odometer_km")
        let noticedOn = reader.date("noticed_on")
        let symptom = reader.string("symptom", length: symptomLength)
        let evidence = reader.evidence(required: false)
        if let warranty, WarrantyID(warranty) == nil { reader.identifierFault("warranty") }
        if let dealer, OrganizationID(dealer) == nil { reader.identifierFault("dealer") }
        guard let odometer, let noticedOn, let symptom, let evidence else { return nil }
        var draft = ClaimDraft(
            warranty: warranty.flatMap { WarrantyID($0) },
            kind: kind ?? .warranty,
            isUrgent: isUrgent ?? false,
            component: component,
            odometerKm: odometer.kilometres,
            noticedOn: noticedOn,
            symptom: symptom,
            evidence: evidence
        )
        draft.vin = vin
        draft.dealer = dealer.flatMap { OrganizationID($0) }
        draft.buyer = buyer
        draft.adviser = adviser
        draft.inspector = inspector
        return draft
    }

    // MARK: Looking

    func shown(
        _ stored: StoredClaim,
        to actor: ClaimActor,
        at now: Instant,
        _ status: HTTPResponse.Status = .ok
    ) -> Reply {
        let json = stored.json(for: actor.caller, claims.clocks(of: stored, at: now), at: now)
        return Reply.json(json, status: status).withETag(stored.entityTag)
    }

    private func read(_ call: Call) async throws -> Reply {
        let id = try call.claim()
        return try await database.read { tx in
            let actor = try call.claimActor(tx)
            return shown(try claims.get(tx, id, for: actor.caller), to: actor, at: tx.now)
        }
    }

    private func timeline(_ call: Call) async throws -> Reply {
        let id = try call.claim()
        return try await database.read { tx in
            let actor = try call.claimActor(tx)
            let stored = try claims.get(tx, id, for: actor.caller)
            let entries = stored.claim.timeline(for: actor.caller.timelineReader)
            let json: JSON = ["claim": JSON(id), "entries": .array(entries.map(\.json))]
            return Reply.json(json).withETag(stored.entityTag)
        }
    }

    private func list(_ call: Call) async throws -> Reply {
        let page = try call.page()
        let position = page.position.flatMap { ClaimPosition($0) } ?? ClaimPosition.first
        return try await database.read { tx in
            let actor = try call.claimActor(tx)
            let listed = try ClaimQueue.page(
                tx,
                try call.filter(of: actor.caller),
                after: (position.dueAt, position.id),
                limit: page.limit + 1
            )
            let reader = actor.caller.timelineReader
            return call.list(listed, on: page, position: { "\($0.dueAt)/\($0.id)" }) { $0.json(for: reader) }
        }
    }

    private func figures(_ call: Call) async throws -> Reply {
        try await database.read { tx in
            let json = try ClaimFigures(tx).json
            return Reply.json(json).withETag(Identity.entityTag(version: 1, json))
        }
    }
}

/// How far a list has come: what is due at the same instant is in the order of its numbers.
struct ClaimPosition {
    static let first = ClaimPosition(dueAt: -1, id: "")

    let dueAt: Int64
    let id: String

    private init(dueAt: Int64, id: String) {
        self.dueAt = dueAt
        self.id = id
    }

    init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1)
        guard parts.count == 2, let dueAt = Int64(parts[0]) else { return nil }
        self.init(dueAt: dueAt, id: String(parts[1]))
    }
}

extension Call {
    /// Buyers and dealers see their own, whatever they ask for; staff looks for one thing at a time.
    ///
    /// - Throws: `invalidQuery`.
    fileprivate func filter(of caller: Caller) throws -> ClaimQueue.Filter {
        let (handler, dealer, state) = (try askedHandler(), try askedDealer(), try askedState())
        switch caller.role {
        case .buyer: return .buyer(caller.id)
        case .dealer: return .dealer(caller.id)
        default: break
        }
        guard ["state", "handler", "dealer"].filter({ query[$0] != nil }).count <= 1 else {
            let (zh, en) = ("state、handler、dealer 只能选其一", "Only one of state, handler and dealer")
            throw Failure(.invalidQuery, faults: [Fault("/query/state", "not_together", zh: zh, en: en)])
        }
        if let handler { return .handler(handler == "me" ? caller.id : handler) }
        if let dealer { return .dealer(dealer) }
        return state.map { .state($0) } ?? .all
    }

    private func askedState() throws -> ClaimState? {
        guard let text = query["state"] else { return nil }
        guard let state = ClaimState(rawValue: text) else {
            let (zh, en) = ("没有这个状态", "There is no such state")
            throw Failure(.invalidQuery, faults: [Fault("/query/state", "not_allowed", zh: zh, en: en)])
        }
        return state
    }
}

extension ObjectReader {
    mutating func evidence(named name: String = "evidence", required: Bool = true) -> [Evidence]? {
        guard let elements = array(name, count: 0...50, required: required) else { return required ? nil : [] }
        return elements.enumerated().compactMap { index, element in
            var reader = ObjectReader(
                members: element.members ?? [],
                pointer: "\(pointer(to: name))/\(index)",
                faults: faults
            )
            let evidence = Evidence(stored: &reader)
            reader.refuseUnknownMembers()
            return evidence
        }
    }

    func identifierFault(_ name: String) {
        fault(name, "id_format", zh: "标识格式不对", en: "Not an identifier")
    }

    /// What somebody says about what he does.
    mutating func why(required: Bool = true) -> String? {
        string("why", required: required, length: Claim.reasonLength)
    }
}

import Accounts
import Core
import HTTPTypes
import Identity
import Storage
import Web

extension ClaimService {
    /// The book has room for so much.
    private static let referenceLength = 1...40
    private static let parts: ClosedRange<Int64> = 2...12

    private typealias Reading = @Sendable (inout ObjectReader) -> AskedAdvance?

    private struct AskedAdvance: Sendable {
        let input: AdvanceInput
        let why: String?
    }

    var advanceEndpoints: [Endpoint] {
        [
            Endpoint(
                .post,
                "/v1/claims/{id}/advance",
                body: .json,
                repetition: .keyed,
                authorize: Policy.authorize(.advanceRequest),
                handler: request
            ),
            Endpoint(
                .get,
                "/v1/advances",
                query: Page.query.union(["stage", "dealer"]),
                authorize: Policy.authorize(.advanceRead),
                handler: listAdvances
            ),
            Endpoint(.get, "/v1/advances/{id}", authorize: Policy.authorize(.advanceRead), handler: readAdvance),
            Endpoint(.get, "/v1/dealers/{id}/deposit", authorize: Policy.authorize(.depositRead), handler: deposit),
            advanceStep("approve", .advanceDecide) { Self.plain(&$0, .approve(signatures: 1)) },
            advanceStep("cancel", .advanceChief) { Self.plain(&$0, .cancel) },
            advanceStep("pay", .advancePay, Self.paying),
            advanceStep("recoveries", .advancePay, Self.receiving),
            advanceStep("plan", .advancePay, Self.planning),
            advanceStep("suspend", .advanceChief) { Self.plain(&$0, .suspend) },
            advanceStep("lift", .advanceChief) { Self.plain(&$0, .lift) },
            advanceStep("write-off", .advanceChief, Self.writingOff),
            advanceStep("overturn", .advanceChief, Self.overturning),
        ]
    }

    private func advanceStep(_ name: String, _ action: Action, _ reading: @escaping Reading) -> Endpoint {
        Endpoint(
            .post,
            "/v1/advances/{id}/\(name)",
            body: .json,
            repetition: .keyed,
            authorize: Policy.authorize(action),
            handler: { call in try await take(call, call.read(reading)) }
        )
    }

    // MARK: Looking

    private func shown(
        _ advance: Advance,
        to actor: ClaimActor,
        at now: Instant,
        _ status: HTTPResponse.Status = .ok
    ) -> Reply {
        Reply.json(advance.json(for: actor.caller, at: now, claims.editions.advances), status: status)
            .withETag(advance.entityTag)
    }

    private func readAdvance(_ call: Call) async throws -> Reply {
        let id = try call.advance()
        return try await database.read { tx in
            let actor = try call.claimActor(tx)
            return shown(try advances.get(tx, id, for: actor.caller), to: actor, at: tx.now)
        }
    }

    /// Those of one stage; what is owed, where nothing else is asked for.
    private func listAdvances(_ call: Call) async throws -> Reply {
        let page = try call.page()
        let stage = AdvanceStage(rawValue: call.query["stage"] ?? AdvanceStage.recovering.rawValue)
        guard let stage else {
            let (zh, en) = ("没有这个阶段", "There is no such stage")
            throw Failure(.invalidQuery, faults: [Fault("/query/stage", "not_allowed", zh: zh, en: en)])
        }
        let asked = try call.askedDealer()
        return try await database.read { tx in
            let caller = try call.claimActor(tx).caller
            let dealer = caller.role == .dealer ? caller.id : asked
            let ids = try AdvanceStore.ids(tx, stage, of: dealer, after: page.position ?? "", limit: page.limit + 1)
            let found = try ids.compactMap { try AdvanceStore.find(tx, $0) }
            return call.list(found, on: page, position: \.id.text) {
                $0.json(for: caller, at: tx.now, claims.editions.advances)
            }
        }
    }

    private func deposit(_ call: Call) async throws -> Reply {
        guard let id = OrganizationID(try call.parameter("id")),
            Policy.attends(call.principal, to: id.text)
        else { throw Failure(.notFound) }
        return try await database.read { tx in
            guard try Organizations.find(tx, id)?.kind == .dealer else { throw Failure(.notFound) }
            let balance = try Book.balance(tx, .deposit(of: id.text))
            let json: JSON = ["dealer": JSON(id), "balance": balance.json]
            return Reply.json(json).withETag(Identity.entityTag(version: 1, json))
        }
    }

    // MARK: Steps

    private func request(_ call: Call) async throws -> Reply {
        let id = try call.claim()
        let (head, amount, ground) = try call.read { reader -> (LossHead, Money?, AdvanceTerms.Ground)? in
            let head = reader.oneOf("head", LossHead.self)
            let amount = reader.money("amount", fen: 1...Money.maximumFen, required: false)
            let ground = reader.oneOf("ground", AdvanceTerms.Ground.self, required: false)
            return head.map { ($0, amount, ground ?? .dealerInDefault) }
        }
        return try await database.writeRetrying { tx in
            try call.once(in: tx) {
                let actor = try call.claimActor(tx)
                let advance = try advances.request(tx, id, head, amount, ground: ground, by: actor)
                return shown(advance, to: actor, at: tx.now, .created).withLocation("/v1/advances/\(advance.id)")
            }
        }
    }

    private func take(_ call: Call, _ asked: AskedAdvance) async throws -> Reply {
        let id = try call.advance()
        return try await database.writeRetrying { tx in
            try call.once(in: tx) {
                let actor = try call.claimActor(tx)
                let advance = try advances.act(tx, id, asked.input, by: actor, why: asked.why) {
                    try call.requireIfMatch($0.entityTag)
                }
                return shown(advance, to: actor, at: tx.now)
            }
        }
    }

    private static func plain(_ reader: inout ObjectReader, _ input: AdvanceInput) -> AskedAdvance? {
        AskedAdvance(input: input, why: reader.why(required: false))
    }

    private static func paying(_ reader: inout ObjectReader) -> AskedAdvance? {
        let reference = reader.line("reference", length: referenceLength)
        let why = reader.why(required: false)
        return reference.map { AskedAdvance(input: .pay(reference: $0), why: why) }
    }

    private static func receiving(_ reader: inout ObjectReader) -> AskedAdvance? {
        let reference = reader.line("reference", length: referenceLength)
        let amount = reader.money("amount")
        let why = reader.why(required: false)
        guard let reference, let amount else { return nil }
        return AskedAdvance(input: .receive(Payment(reference: reference, amount: amount)), why: why)
    }

    private static func planning(_ reader: inout ObjectReader) -> AskedAdvance? {
        let count = reader.integer("parts", in: parts)
        let why = reader.why(required: false)
        return count.map { AskedAdvance(input: .agreePlan(parts: $0), why: why) }
    }

    /// The signatures that it takes are found where it is done.
    private static func writingOff(_ reader: inout ObjectReader) -> AskedAdvance? {
        let amount = reader.money("amount")
        let why = reader.why()
        return amount.map { AskedAdvance(input: .writeOff($0, signatures: 1), why: why) }
    }

    private static func overturning(_ reader: inout ObjectReader) -> AskedAdvance? {
        let part = reader.money("dealers_part")
        let why = reader.why()
        return part.map { AskedAdvance(input: .overturn(dealersPart: $0), why: why) }
    }
}

import Core
import HTTPTypes
import Identity
import Storage
import Web

/// A step as it is asked for: what is done, and what is said about it.
struct AskedStep: Sendable {
    let input: ClaimInput
    let why: String?
}

extension ClaimService {
    private typealias Reading = @Sendable (inout ObjectReader) -> AskedStep?

    /// One endpoint for each thing that can be done to a claim. Who may ask stands in the policy, and what the claim
    /// allows to whom in its own table.
    var stepEndpoints: [Endpoint] {
        [
            step("acknowledge", .claimWork) { StepReading.plain(&$0, .answer, why: true) },
            step("assess", .claimWork) { StepReading.plain(&$0, .assess) },
            step("request-information", .claimWork, StepReading.question),
            step("provide-information", .claimStep, StepReading.reply),
            step("resume", .claimWork) { StepReading.plain(&$0, .resume, why: true) },
            post("liability", .claimRule, rule),
            step("contest-liability", .claimStep, StepReading.contest),
            step("accept", .claimStep) { StepReading.plain(&$0, .accept) },
            step("dispute", .claimStep) { StepReading.plain(&$0, .dispute, why: true) },
            step("send-back", .claimWork) { StepReading.plain(&$0, .sendBack, why: true) },
            step("approve", .claimDecide, StepReading.approval),
            step("start-repair", .claimWork, StepReading.repair),
            step("finish-repair", .claimWork, StepReading.repaired),
            step("start-payment", .claimPay) { StepReading.plain(&$0, .startPayment) },
            step("settle", .claimPay, StepReading.payment),
            step("notify-result", .claimWork) { StepReading.plain(&$0, .notifyResult) },
            step("close", .claimWork) { StepReading.plain(&$0, .close) },
            step("reject", .claimDecide, StepReading.rejection),
            step("appeal", .claimStep, StepReading.appeal),
            step("withdraw", .claimStep) { StepReading.plain(&$0, .withdraw) },
            step("reopen", .claimStep) { StepReading.plain(&$0, .reopen, why: true) },
            step("evidence", .claimStep, StepReading.evidence),
            step("notes", .claimWork) { StepReading.plain(&$0, .note, why: true) },
            step("messages", .claimStep) { StepReading.plain(&$0, .message, why: true) },
            post("assign", .claimWork, assign),
            post("assessments", .claimWork, adjudicate),
            post("propose", .claimWork, propose),
        ]
    }

    private func post(
        _ name: String,
        _ action: Action,
        _ handler: @escaping @Sendable (Call) async throws -> Reply
    ) -> Endpoint {
        Endpoint(
            .post,
            "/v1/claims/{id}/\(name)",
            body: .json,
            repetition: .keyed,
            authorize: Policy.authorize(action),
            handler: handler
        )
    }

    private func step(_ name: String, _ action: Action, _ reading: @escaping Reading) -> Endpoint {
        post(name, action) { call in
            let asked = try call.read(reading)
            return try await take(call, asked.input.action) { tx, id, actor, precondition in
                try claims.act(tx, id, asked.input, by: actor, why: asked.why, if: precondition)
            }
        }
    }

    private typealias Deed =
        @Sendable (
            any Transaction,
            ClaimID,
            ClaimActor,
            _ precondition: (StoredClaim) throws -> Void
        ) throws -> StoredClaim

    /// Does it once for each key. What is refused to those who work here is on the claim's record.
    private func take(_ call: Call, _ action: ClaimAction, _ deed: @escaping Deed) async throws -> Reply {
        let id = try call.claim()
        let caller = try await database.read { try call.claimActor($0).caller }
        return try await claims.attempt(database, id, action, by: caller) { tx in
            try call.once(in: tx) {
                let actor = try call.claimActor(tx)
                let stored = try deed(tx, id, actor) { try call.requireIfMatch($0.entityTag) }
                return shown(stored, to: actor, at: tx.now)
            }
        }
    }

    // MARK: Steps with something of their own

    private static let nameLength = 1...100

    /// To oneself, to another by the one who has it, or by a supervisor to anybody.
    private func assign(_ call: Call) async throws -> Reply {
        let (to, why) = try call.read { reader -> (String, String?)? in
            let to = reader.line("to", length: ClaimService.nameLength)
            let why = reader.why(required: false)
            return to.map { ($0, why) }
        }
        return try await take(call, .assign) { tx, id, actor, precondition in
            let stored = try claims.get(tx, id, for: actor.caller, isLocked: true)
            try precondition(stored)
            let isOwn = stored.claim.handler == actor.caller.id
            let isTaken = stored.claim.handler != nil && to == actor.caller.id
            let input: ClaimInput = isOwn ? .handOver(to: to) : isTaken ? .takeOver : .assign(to: to)
            return try claims.act(tx, id, input, by: actor, why: why)
        }
    }

    /// Who had to prove what follows from the delivery, not from what anybody says.
    private func rule(_ call: Call) async throws -> Reply {
        let asked = try call.read(StepReading.liability)
        return try await take(call, .rule) { tx, id, actor, precondition in
            let stored = try claims.get(tx, id, for: actor.caller, isLocked: true)
            try precondition(stored)
            let ruling = try asked.ruling(claims.delivery(tx, stored))
            return try claims.act(tx, id, .rule(ruling), by: actor, why: asked.why)
        }
    }

    private func adjudicate(_ call: Call) async throws -> Reply {
        let draft = try call.read(AssessmentReading.draft)
        return try await take(call, .propose) { tx, id, actor, precondition in
            try claims.assess(tx, id, draft, by: actor, if: precondition).claim
        }
    }

    private func propose(_ call: Call) async throws -> Reply {
        let asked = try call.read(StepReading.proposal)
        return try await take(call, .propose) { tx, id, actor, precondition in
            let stored = try claims.get(tx, id, for: actor.caller, isLocked: true)
            try precondition(stored)
            let offer =
                try asked.lines.map { Offer(way: asked.way, lines: $0, validUntil: asked.validUntil) }
                ?? claims.offer(tx, id, asked.way, validUntil: asked.validUntil)
            return try claims.act(tx, id, .propose(offer), by: actor, why: asked.why)
        }
    }
}

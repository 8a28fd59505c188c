import Core
import Identity
import Storage
import Support
import Testing
import Web

@testable import Claims

/// Everybody, every step and every state of a claim, over HTTP. What is expected is what the pure rules say: `Policy`
/// of whoever asks, and of the claim its parties and its table.
@Suite struct ClaimMatrixTests {
    /// Each step with the rule of the policy that lets somebody ask for it, and what is done to the claim by it.
    private static let steps: [ClaimStep] = [
        ClaimStep("acknowledgeClaim", .claimWork, .answer), ClaimStep("assignClaim", .claimWork, .assign),
        ClaimStep("assignClaim", .claimWork, .handOver), ClaimStep("assignClaim", .claimWork, .takeOver),
        ClaimStep("assessClaim", .claimWork, .assess), ClaimStep("requestClaimInformation", .claimWork, .ask),
        ClaimStep("provideClaimInformation", .claimStep, .reply), ClaimStep("resumeClaim", .claimWork, .resume),
        ClaimStep("ruleClaimLiability", .claimRule, .rule),
        ClaimStep("contestClaimLiability", .claimStep, .contestRuling),
        ClaimStep("proposeClaimSolution", .claimWork, .propose), ClaimStep("acceptClaimSolution", .claimStep, .accept),
        ClaimStep("disputeClaimSolution", .claimStep, .dispute), ClaimStep("sendBackClaim", .claimWork, .sendBack),
        ClaimStep("approveClaim", .claimDecide, .approve), ClaimStep("startClaimRepair", .claimWork, .startRepair),
        ClaimStep("finishClaimRepair", .claimWork, .finishRepair),
        ClaimStep("startClaimPayment", .claimPay, .startPayment), ClaimStep("settleClaim", .claimPay, .pay),
        ClaimStep("notifyClaimResult", .claimWork, .notifyResult), ClaimStep("closeClaim", .claimWork, .close),
        ClaimStep("rejectClaim", .claimDecide, .reject), ClaimStep("appealClaim", .claimStep, .appeal),
        ClaimStep("withdrawClaim", .claimStep, .withdraw), ClaimStep("reopenClaim", .claimStep, .reopen),
        ClaimStep("addClaimEvidence", .claimStep, .addEvidence), ClaimStep("noteClaim", .claimWork, .note),
        ClaimStep("messageClaim", .claimStep, .message),
    ]

    @Test func `everybody can do to a claim in every state what the rules say, and nothing else`() async throws {
        let desk = try await ClaimDesk.open()
        let roles = desk.people.compactMap(\.actor?.caller.role)
        #expect(Set(roles) == Set(CallerRole.allCases).subtracting([.system]))
        #expect(Set(desk.people.compactMap(\.role)) == Set(Role.allCases))
        // Everything that somebody other than the program can do.
        let actions = ClaimAction.allCases.filter { action in
            roles.contains { role in ClaimState.allCases.contains { ClaimPolicy.allows(action, to: role, in: $0) } }
        }
        #expect(Set(Self.steps.map(\.action)) == Set(actions))
        var outcomes: [String: Int] = [:]
        for state in ClaimState.allCases {
            for attempt in try await desk.prepare(Self.steps, in: state) {
                outcomes[try await desk.make(attempt), default: 0] += 1
            }
        }
        #expect(desk.visit.faults == [])
        let total = ClaimState.allCases.count * Self.steps.count * desk.people.count
        #expect(outcomes.values.reduce(0, +) == total)
        #expect(
            Set(outcomes.keys) == ["done", "unauthenticated", "forbidden", "claim_not_found", "claim_action_illegal"]
        )
    }
}

struct ClaimStep: Sendable {
    let operation: String
    let rule: Action
    let action: ClaimAction

    init(_ operation: String, _ rule: Action, _ action: ClaimAction) {
        self.operation = operation
        self.rule = rule
        self.action = action
    }
}

/// Somebody who tries.
struct ClaimPerson: Sendable {
    let name: String
    /// `nil` for a stranger.
    let role: Role?
    let key: String?
    /// As whom he acts on claims; `nil` where he has nothing to do with them.
    let actor: ClaimActor?
}

struct ClaimAttempt: Sendable {
    let person: ClaimPerson
    let step: ClaimStep
    let claim: Claim
    /// The code of the refusal; `nil` where it is done.
    let refusal: String?
}

/// Claims in every state, and everybody who might want something of them.
struct ClaimDesk {
    let visit: Visit
    let people: [ClaimPerson]
    /// Of a claim that the buyer filed.
    private let filing: Filing

    static func open() async throws -> ClaimDesk {
        let visit = try await Visit(.english, rateLimitScale: 1000)
        let cast = try await visit.cast()
        let id = try #require(ClaimID(try await visit.file(cast)))
        let filed = try await visit.server.store.database.read { try ClaimStore.find($0, id, isLocked: false) }
        let filing = try #require(filed).claim.filing
        return ClaimDesk(visit: visit, people: try await visit.claimPeople(cast, filing), filing: filing)
    }

    // MARK: What is expected

    private func refusal(_ person: ClaimPerson, _ step: ClaimStep, _ claim: Claim) -> String? {
        guard let role = person.role else { return "unauthenticated" }
        guard Policy.rules[step.rule]?.roles.contains(role) == true, let caller = person.actor?.caller else {
            return "forbidden"
        }
        guard claim.isParty(caller) else { return ProblemType.claimNotYours.code }
        let isLegal = ClaimPolicy.allows(step.action, to: caller.role, in: claim.state)
        return isLegal ? nil : ProblemType.claimActionIllegal.code
    }

    // MARK: Trying

    /// A claim for each that gets as far as to one, in one transaction.
    func prepare(_ steps: [ClaimStep], in state: ClaimState) async throws -> [ClaimAttempt] {
        let now = visit.server.store.clock.now()
        let attempts = try steps.flatMap { step in
            try people.map { person in
                let claim = try ClaimInState.make(state, for: step.action, by: person.actor, filing, at: now)
                return ClaimAttempt(person: person, step: step, claim: claim, refusal: refusal(person, step, claim))
            }
        }
        let editions = ClaimEditions()
        let seen = attempts.filter { !["unauthenticated", "forbidden"].contains($0.refusal) }
        try await visit.server.store.database.write { tx in
            for claim in seen.map(\.claim) {
                let stored = StoredClaim(claim: claim, cover: nil)
                try ClaimStore.insert(tx, stored, ClaimStanding(claim, at: tx.now, editions))
                for fact in claim.facts { try ClaimStore.insert(tx, fact, of: claim.id) }
            }
        }
        return attempts
    }

    /// - Returns: the code of the refusal that was expected, or `done`.
    func make(_ attempt: ClaimAttempt) async throws -> String {
        let (person, step, claim) = (attempt.person, attempt.step, attempt.claim)
        let request = Visit.Request(
            parameters: ["id": claim.id.text],
            key: person.key,
            headers: [("If-Match", "\"\(StoredClaim(claim: claim, cover: nil).entityTag)\"")],
            json: step.words(by: person.actor, at: visit.server.store.clock.now())
        )
        let what = "\(person.name): \(step.action.rawValue) in \(claim.state.rawValue)"
        guard let refusal = attempt.refusal else {
            let answer = try await visit.call(step.operation, request)
            #expect(answer.status == 200, "\(what): \(answer.http.text)")
            #expect(answer.json["version"] == .integer(Int64(claim.facts.count) + 1), "\(what)")
            return "done"
        }
        let answer = try await visit.refuse(step.operation, refusal, request)
        #expect(answer.json["code"]?.stringValue == refusal, "\(what): \(answer.http.text)")
        if refusal == ProblemType.claimActionIllegal.code, let caller = person.actor?.caller {
            let legal = claim.legalActions(for: caller).filter { $0 != step.action }.map(\.rawValue)
            let list = legal.isEmpty ? "nothing" : legal.joined(separator: ", ")
            #expect(
                answer.json["detail"]?.stringValue?.hasSuffix("only: \(list)") == true,
                "\(what): \(answer.http.text)"
            )
        }
        return refusal
    }
}

extension ClaimStep {
    private static let evidence: JSON = [["kind": "inspection_report", "reference": "rpt-1"]]

    /// Everything that it takes, so that only the rules can refuse it.
    fileprivate func words(by actor: ClaimActor?, at now: Instant) -> JSON {
        let later = JSON(now.adding(seconds: 100_000))
        let amount: JSON = ["amount": .integer(ClaimInState.fen), "currency": "CNY"]
        let line: JSON = ["id": "1", "asked": amount, "approved": amount, "reasons": []]
        let own: JSON =
            switch action {
            case .assign, .handOver: ["to": "usr_else"]
            case .takeOver: ["to": JSON(actor?.caller.id ?? "usr_else")]
            case .ask: ["of": "buyer", "due_at": later]
            case .reply, .contestRuling, .appeal, .addEvidence, .finishRepair: ["evidence": Self.evidence]
            case .rule: ["basis": "own_report", "evidence": Self.evidence]
            case .propose: ["way": "payment", "valid_until": later, "lines": [line]]
            case .approve: ["amount": amount]
            case .startRepair: ["workshop": "org_w1"]
            case .pay: ["reference": "bank-1", "amount": amount, "paid_by": "platform"]
            case .reject: ["code": "misuse", "clause": "X-MISUSE", "evidence": Self.evidence]
            default: [:]
            }
        return .object((own.members ?? []) + [.init("why", "说明")])
    }
}

import Claims
import Core
import Storage

/// What somebody sends: once, twice, or later than what was sent after it.
enum SimulatedRequest: Sendable {
    case step(ClaimID, ClaimInput, ClaimActor)
    case ask(ClaimID, LossHead, Money?, AdvanceTerms.Ground, ClaimActor)
    case advance(ClaimID, AdvanceID, AdvanceInput, ClaimActor)

    var claim: ClaimID {
        switch self {
        case .step(let id, _, _), .ask(let id, _, _, _, _), .advance(let id, _, _, _): id
        }
    }

    /// - Returns: the refusal; then nothing of it stays, which is what is looked at next.
    func send(_ world: ClaimsWorld) async throws -> ProblemType? {
        let (claims, advances) = (world.claims, world.advances)
        do {
            switch self {
            case .step(let id, let input, let actor):
                _ = try await claims.attempt(world.database, id, input.action, by: actor.caller) { tx in
                    try claims.act(tx, id, input, by: actor, why: "原因").version
                }
            case .ask(let id, let head, let amount, let ground, let actor):
                try await world.write { try advances.request($0, id, head, amount, ground: ground, by: actor).id }
            case .advance(_, let id, let input, let actor):
                try await world.write { try advances.act($0, id, input, by: actor, why: "原因").facts.count }
            }
            return nil
        } catch let failure as Failure {
            return failure.type
        }
    }
}

package import Core
package import Storage

extension Claims {
    /// What an input comes to once authority has been asked, and what of the day's limit it takes.
    struct Decision {
        let input: ClaimInput
        fileprivate var day: DecidedDay?

        func count(_ tx: any Transaction) throws { try day?.take(tx) }
    }

    /// - Throws: `claimAuthority` where somebody else has to decide.
    func decide(
        _ tx: any Transaction,
        _ stored: StoredClaim,
        _ input: ClaimInput,
        by actor: ClaimActor
    ) throws -> Decision {
        guard case .approve(let amount, _) = input,
            ClaimPolicy.allows(.approve, to: actor.caller.role, in: stored.claim.state)
        else { return Decision(input: input) }
        let day = try DecidedDay(tx, actor.caller.id)
        let question = stored.claim.authorityQuestion(by: actor.person, at: tx.now, decidedToday: day.before)
        let signatures = try signatures(tx, question)
        // What two managers decide together is held by no day's limit, and takes nothing of it.
        let isTopBand = editions.authority(at: tx.now).level(for: question.amount) == nil
        return Decision(
            input: .approve(amount, signatures: signatures),
            day: isTopBand ? nil : day.adding(question.amount)
        )
    }

    /// - Throws: `claimAuthority`.
    func signatures(_ tx: any Transaction, _ question: AuthorityQuestion) throws -> Int {
        switch editions.authority(at: tx.now).decide(question) {
        case .allowed(let signatures): return signatures
        case .refused(let refusal): throw Failure.authority(refusal)
        }
    }

    // MARK: Refused attempts

    /// What is kept of those who may not: that they tried, on the claim that they tried it on.
    package static func isNoted(_ failure: Failure, by caller: Caller) -> Bool {
        let isOne = [ProblemType.claimAuthority, .claimOtherPerson, .claimActionIllegal].contains(failure.type)
        return isOne && (caller.role.level != nil || caller.role == .finance)
    }

    /// In a transaction of its own: the one in which it was tried came to nothing.
    package func noteRefusal(
        _ tx: any Transaction,
        _ id: ClaimID,
        _ action: ClaimAction,
        _ failure: Failure,
        by caller: Caller
    ) throws {
        guard let stored = try ClaimStore.find(tx, id, isLocked: true) else { return }
        let attempt = RefusedAttempt(who: caller, action: action, code: failure.faults.first?.code ?? failure.type.code)
        _ = try take(tx, stored, .refuse(attempt), by: .system)
    }

    /// Runs a step, and sees to it that a refused one is on record.
    ///
    /// - Throws: what `step` throws.
    package func attempt<Result: Sendable>(
        _ database: any Database,
        _ id: ClaimID,
        _ action: ClaimAction,
        by caller: Caller,
        _ step: @escaping @Sendable (any Transaction) throws -> Result
    ) async throws -> Result {
        do {
            return try await database.writeRetrying(step)
        } catch let failure as Failure where Claims.isNoted(failure, by: caller) {
            try await database.writeRetrying { tx in
                try noteRefusal(tx, id, action, failure, by: caller)
            }
            throw failure
        }
    }
}

/// What somebody has decided today, locked until the commit.
struct DecidedDay: Sendable {
    let person: String
    let day: CalendarDate
    private let stored: Money?
    private var added = Money.zero

    var before: Money { stored ?? .zero }

    init(_ tx: any Transaction, _ person: String) throws {
        self.person = person
        day = tx.now.dateInChina
        stored = try ClaimStore.decided(tx, by: person, on: day)
    }

    func adding(_ amount: Money) -> DecidedDay {
        var copy = self
        copy.added = amount
        return copy
    }

    /// - Throws: `UniqueViolation` where the same person decided something else at this moment.
    func take(_ tx: any Transaction) throws {
        try ClaimStore.setDecided(tx, before.adding(added), replacing: stored, by: person, on: day)
    }
}

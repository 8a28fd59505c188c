package import Core

extension Claim {
    /// What follows when the dealer was asked and has said nothing in time: the assessment goes on, and the dealer
    /// bears it. The program does both, in this order, with the reason that it was silent.
    ///
    /// - Returns: nothing while the dealer has time, or where somebody else is waited for.
    /// - Throws: `Failure.rulingInvalid`.
    package func consequenceOfSilence(delivery: DeliveryFacts, at now: Instant) throws -> [ClaimInput] {
        guard state == .waiting, let question, question.of == .dealer, now >= question.dueAt else { return [] }
        // A person reviews what was contested, and nobody rules twice on the same.
        guard !isRulingContested else { return [.resume] }
        let asked = facts.last { $0.body == .asked(question) }?.number ?? 0
        let silence = Evidence(.silence, "\(id.text)#\(asked)")
        return [.resume, .rule(try .againstDealer(.silence, evidence: [silence], delivery: delivery))]
    }
}

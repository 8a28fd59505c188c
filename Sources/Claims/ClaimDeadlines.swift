import Core
package import Jobs
import Storage
import Warranty

/// What happens to a claim by itself when its time has come.
package enum ClaimDeadlines {
    /// One for each version of a claim, due when its next clock comes to a mark or an answer is overdue.
    package static let clock = "claim.clock"
    /// One for each ruling against a dealer, and each approval that gives it an amount: due when it has not paid in
    /// time.
    package static let advance = "claim.advance"
    /// One for each advance, due when the debt comes to the next age.
    package static let ageing = "claim.ageing"
    /// One for each suspension of a dealer and each lifting: takes its offers off the market, or puts them back.
    package static let offers = "claim.offers"
    /// One for each version of a complaint, due when its next clock comes to a mark.
    package static let complaint = "claim.complaint"
    /// There is one, which looks for work of those who are away.
    package static let absence = "claim.absence"
    package static let standing = StandingJob(absence, key: "hourly")
    static let offersPerStep = 50
    static let pausedLookSeconds: Int64 = 12 * 3600

    static func key(_ stored: StoredClaim) -> String { "\(stored.id)/\(stored.version)" }

    static func claim(of run: JobRun) throws -> ClaimID {
        guard let text = run.job.payload["claim"]?.stringValue, let id = ClaimID(text) else {
            throw HopelessJob("the job names no claim")
        }
        return id
    }
}

extension Claims {
    /// For the runner of jobs.
    package var handlers: [JobHandler] {
        [
            JobHandler(ClaimDeadlines.clock, effect: { tx, run in try sweep(tx, run) }),
            JobHandler(ClaimDeadlines.advance, effect: { tx, run in try advanceInDefault(tx, run) }),
            JobHandler(ClaimDeadlines.ageing, effect: { tx, run in try age(tx, run) }),
            JobHandler(ClaimDeadlines.offers, concurrency: 1, effect: { tx, run in try moveOffers(tx, run) }),
            JobHandler(ClaimDeadlines.complaint, effect: { tx, run in try Complaints(self).sweep(tx, run) }),
            JobHandler(ClaimDeadlines.absence, concurrency: 1, effect: { tx, run in try replaceAbsent(tx, run) }),
        ]
    }

    /// Does what has fallen due: whoever was silent bears it as of the time at which he should have answered, and every
    /// mark of a clock is on record with the time at which it was reached, however late that is written.
    func sweep(_ tx: any Transaction, _ run: JobRun) throws -> JobOutcome {
        let id = try ClaimDeadlines.claim(of: run)
        guard let stored = try ClaimStore.find(tx, id, isLocked: true) else { return .done }
        // Somebody has done something since, and a deadline of its own stands for that.
        guard ClaimDeadlines.key(stored) == run.job.key else { return .done }
        let facts = try overdue(tx, stored)
        guard facts.isEmpty else {
            _ = try record(tx, stored, facts, isRunning: true)
            return .done
        }
        return wake(stored, at: tx.now).map { .again(at: $0) } ?? .done
    }

    private func overdue(_ tx: any Transaction, _ stored: StoredClaim) throws -> [ClaimFact] {
        var claim = stored.claim
        var facts: [ClaimFact] = []
        func take(_ input: ClaimInput, why: String?, at instant: Instant) throws {
            for fact in try claim.apply(input, by: .system, why: why, at: instant) {
                try claim.record(fact)
                facts.append(fact)
            }
        }
        if claim.state == .waiting, let question = claim.question, question.dueAt <= tx.now {
            let why = question.of == .dealer ? Claims.dealerSilent : Claims.nobodyAnswered
            for input in try consequences(tx, stored, question) { try take(input, why: why, at: question.dueAt) }
        }
        let policies = editions.clocks(of: claim)
        for mark in claim.unrecordedMarks(at: tx.now, policies: policies, calendar: editions.calendar) {
            try take(.markClock(mark), why: nil, at: tx.now)
        }
        return facts
    }

    private func consequences(
        _ tx: any Transaction,
        _ stored: StoredClaim,
        _ question: Question
    ) throws -> [ClaimInput] {
        guard question.of == .dealer else { return [.resume] }
        return try stored.claim.consequenceOfSilence(delivery: delivery(tx, stored), at: tx.now)
    }

    private static let dealerSilent = "商家逾期未答复 / The dealer did not answer in time"
    private static let nobodyAnswered = "逾期未收到答复 / No answer came in time"

    /// When the car came to the buyer, by the contract. Where there is none, the dealer who says that it was long ago
    /// has to show it.
    func delivery(_ tx: any Transaction, _ stored: StoredClaim) throws -> DeliveryFacts {
        let filing = stored.claim.filing
        guard let id = stored.warranty else {
            return DeliveryFacts(deliveredOn: filing.noticedOn, isSoldByTrader: true, noticedOn: filing.noticedOn)
        }
        let sale = try warranties.claimed(tx, id).warranty.terms.sale
        return DeliveryFacts(
            deliveredOn: sale.soldOn,
            isSoldByTrader: sale.seller == .dealer,
            noticedOn: filing.noticedOn
        )
    }
}

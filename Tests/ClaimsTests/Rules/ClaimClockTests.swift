import Claims
import Core
import Support
import Testing

/// Which clocks a claim runs, by what happens to it.
struct ClaimClockTests {
    private func reading(_ claim: Claim, _ kind: ClockKind, _ now: String) -> ClockReading? {
        claim.clocks(at: china(now)).last { $0.run.kind == kind }
    }

    @Test func `a claim runs response, solution and the law's ceiling from its filing on`() {
        let claim = Claim.filed()
        #expect(claim.clockRuns().map(\.kind) == [.response, .solution, .legalCeiling])
        #expect(Claim.filed(.sample(isUrgent: true)).clockRuns().map(\.kind).contains(.urgent))
    }

    @Test func `a person's answer ends the response, a proposal the solution`() throws {
        var claim = Claim.filed()
        try claim.take(.confirmReceipt, by: .system, at: china("2026-03-02 09:01"))
        try claim.take(.answer, by: .junior, at: china("2026-03-02 15:00"))
        #expect(reading(claim, .response, "2026-03-02 16:00")?.run.stoppedAt == china("2026-03-02 15:00"))
        try claim.take(.assess, by: .junior)
        try claim.take(.propose(.sample()), by: .junior, at: china("2026-03-05 10:00"))
        let solution = try #require(reading(claim, .solution, "2026-03-08 10:00"))
        #expect(solution.run.stoppedAt == china("2026-03-05 10:00"))
        #expect(!solution.isBreached(at: china("2026-03-08 10:00")))
    }

    @Test func `waiting for the buyer pauses, waiting for the dealer does not`() throws {
        var claim = Claim.filed()
        try claim.take(.answer, by: .junior)
        try claim.take(.assess, by: .junior)
        var other = claim
        let at = china("2026-03-03 12:00")
        try claim.take(.ask(Question(of: .buyer, dueAt: at.adding(days: 2))), by: .junior, at: at)
        try claim.take(.reply([photo]), by: .buyer, at: at.adding(days: 1))
        #expect(reading(claim, .solution, "2026-03-05 00:00")?.dueAt == china("2026-03-07 00:00"))
        try other.take(.ask(Question(of: .dealer, dueAt: at.adding(days: 2))), by: .junior, at: at)
        #expect(reading(other, .dealerReply, "2026-03-04 00:00")?.dueAt == at.adding(hours: 48))
        try other.take(.reply([report]), by: .dealer, at: at.adding(days: 1))
        #expect(reading(other, .solution, "2026-03-05 00:00")?.dueAt == china("2026-03-06 00:00"))
        #expect(reading(other, .dealerReply, "2026-03-09 00:00")?.isBreached(at: china("2026-03-09 00:00")) == false)
    }

    @Test func `what the platform takes back was no solution`() throws {
        var claim = Claim.filed()
        try claim.take(.answer, by: .junior)
        try claim.take(.assess, by: .junior)
        try claim.take(.propose(.sample()), by: .junior, at: china("2026-03-03 12:00"))
        try claim.take(.sendBack, by: .junior, at: china("2026-03-04 12:00"))
        let solution = try #require(reading(claim, .solution, "2026-03-04 12:00"))
        #expect(solution.run.number == 1 && solution.run.stoppedAt == nil)
        // The day that the buyer had it is a pause.
        #expect(solution.dueAt == china("2026-03-07 00:00"))
    }

    @Test func `a dispute starts another solution, an appeal everything again`() throws {
        var claim = Claim.filed()
        try claim.take(.answer, by: .junior)
        try claim.take(.assess, by: .junior)
        try claim.take(.propose(.sample()), by: .junior, at: china("2026-03-03 12:00"))
        try claim.take(.dispute, by: .buyer, at: china("2026-03-05 12:00"))
        #expect(reading(claim, .solution, "2026-03-05 12:00")?.run.number == 2)
        #expect(reading(claim, .solution, "2026-03-05 12:00")?.dueAt == china("2026-03-11 00:00"))
        try claim.take(.assess, by: .junior)
        try claim.take(.reject(.sample), by: .senior, at: china("2026-03-06 12:00"))
        #expect(claim.clockRuns().filter { $0.stoppedAt == nil }.map(\.kind) == [.resultNotice])
        try claim.take(.appeal([photo]), by: .buyer, at: china("2026-03-07 12:00"))
        #expect(claim.clockRuns().filter { $0.stoppedAt == nil }.map(\.kind) == [.response, .solution, .legalCeiling])
    }

    @Test func `who was paid or turned down is told within 48 hours`() throws {
        var claim = try Claim.in(.paying, for: .finance, .pay)
        let at = claim.facts.last!.at.adding(hours: 1)
        try claim.take(.pay(BuyerPayment(reference: "p1", amount: fen(yuan: 480))), by: .finance, at: at)
        let notice = try #require(claim.clocks(at: at).last { $0.run.kind == .resultNotice })
        #expect(notice.run.startedAt == at && notice.dueAt == at.adding(hours: 48))
        #expect(claim.nextMark(at: at) == at.adding(hours: 24))
        try claim.take(.notifyResult, by: .junior, at: at.adding(hours: 3))
        #expect(claim.clockRuns().allSatisfy { $0.stoppedAt != nil })
        let denied = try Claim.in(.rejected, for: .buyer, .appeal)
        #expect(denied.clockRuns().filter { $0.stoppedAt == nil }.map(\.kind) == [.resultNotice])
    }

    @Test func `no pause carries the solution beyond the law's ceiling`() throws {
        var claim = Claim.filed(at: china("2026-09-28 10:00"))
        try claim.take(.answer, by: .junior)
        try claim.take(.assess, by: .junior)
        let at = china("2026-09-29 00:00")
        try claim.take(.ask(Question(of: .appraisal, dueAt: at.adding(days: 30))), by: .junior, at: at)
        #expect(reading(claim, .legalCeiling, "2026-10-20 00:00")?.dueAt == china("2026-10-14 00:00"))
        #expect(reading(claim, .solution, "2026-10-20 00:00")?.dueAt == china("2026-10-14 00:00"))
    }

    @Test func `what fell due while nobody looked is found once, at its own time`() throws {
        var claim = Claim.filed(.sample(isUrgent: true))
        let now = china("2026-03-20 00:00")
        let marks = claim.unrecordedMarks(at: now)
        #expect(marks.map(\.reachedAt) == marks.map(\.reachedAt).sorted())
        #expect(marks.count == 12)
        #expect(marks.first?.clock == .urgent && marks.first?.reachedAt == china("2026-03-02 09:15"))
        #expect(marks.last?.clock == .legalCeiling && marks.last?.percent == 100 && marks.last?.level == .manager)
        for mark in marks { try claim.take(.markClock(mark), by: .system, at: now) }
        #expect(claim.unrecordedMarks(at: now).isEmpty)
        let count = claim.facts.count
        for mark in marks { try claim.take(.markClock(mark), by: .system, at: now) }
        #expect(claim.facts.count == count)
    }

    @Test func `whoever sleeps wakes up for the next mark`() throws {
        var claim = Claim.filed()
        #expect(claim.nextMark(at: china("2026-03-02 09:00")) == china("2026-03-02 21:00"))
        try claim.take(.answer, by: .junior, at: china("2026-03-02 10:00"))
        #expect(claim.nextMark(at: china("2026-03-02 22:00")) == china("2026-03-04 12:00"))
        #expect(claim.nextDue(at: china("2026-03-02 22:00")) == china("2026-03-06 00:00"))
        #expect(Claim.filed(at: china("2026-12-29 10:00")).nextDue(at: china("2026-12-29 10:00")) == nil)
    }
}

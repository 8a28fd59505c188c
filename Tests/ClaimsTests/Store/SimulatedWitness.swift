import Accounts
import Claims
import Core
import Jobs
import Listings
import Storage
import Support
import Testing

/// Knows every claim, every advance and the whole book as they were at the last look, and looks at what came since.
///
/// A look after a step verifies as much as verifying everything would. What is stored is only ever added to: facts,
/// journals, postings. The sums of all versions and the number of the last journal tell whether anything was added
/// that the step should not have touched, and then it is found and looked at, too. What a fact may follow depends on
/// the facts of its own claim or advance before it, which are known; what a journal may post depends on balances,
/// which are known. What did not change was right when it was looked at and is right now, but for time: that no
/// deadline is lost is looked at whenever the program has had its time. That nothing on record was changed afterwards
/// is all that is left: `audit` reads everything again, now and then and at the end.
struct SimulatedWitness {
    private(set) var claims: [ClaimID: Claim] = [:]
    private(set) var advances: [AdvanceID: Advance] = [:]
    private(set) var advancesOf: [ClaimID: [AdvanceID]] = [:]
    /// What dealers owe, in the order in which it was paid.
    private(set) var recovering: [AdvanceID] = []
    /// How often what was seen.
    private(set) var seen: [String: Int] = [:]
    private(set) var advanced = Money.zero
    private var losses: [String: AdvanceID] = [:]
    private var known = KnownVersions()
    private var book = SimulatedBook()
    private var signing: SimulatedSigning
    private let calendar: WorkingCalendar

    init(_ staff: [ClaimActor], _ calendar: WorkingCalendar) {
        signing = SimulatedSigning(staff)
        self.calendar = calendar
    }

    mutating func note(_ what: String) { seen[what, default: 0] += 1 }

    // MARK: After each step

    private struct News: Sendable {
        let claims: [ClaimNews]
        let advances: [AdvanceNews]
        let book: SimulatedBook.News
    }

    /// - Parameter id: whose step it was; `nil` where the program itself had its time.
    mutating func look(_ world: ClaimsWorld, expecting id: ClaimID?) async throws {
        let (known, book) = (known, book)
        let news = try await world.database.read { tx in
            News(
                claims: try known.changed(tx, expecting: id).map {
                    try ClaimNews(tx, $0, after: known.claims[$0] ?? 0)
                },
                advances: try known.changed(tx, of: id).map {
                    try AdvanceNews(tx, $0, after: known.advances[$0] ?? 0)
                },
                book: try book.news(tx)
            )
        }
        self.book.take(news.book)
        for news in news.claims { try take(news) }
        for news in news.advances { try take(news) }
        for posting in news.book.journals.flatMap(\.postings) where posting.account.kind == .receivable {
            let advance = posting.account.matter.flatMap { losses[$0] }.flatMap { advances[$0] }
            #expect(advance?.outstanding == self.book.balance(posting.account), "\(posting.account.text)")
        }
    }

    // MARK: Claims

    private mutating func take(_ news: ClaimNews) throws {
        var claim = claims[news.id]
        for written in news.facts {
            note("claim.\(written.fact.body.kind.rawValue)")
            guard let before = claim else {
                claim = try Claim(facts: [written.fact])
                continue
            }
            expectLegal(written, after: before)
            try claim?.record(written.fact)
        }
        guard let claim, let last = news.facts.last else {
            Issue.record("\(news.id) has another version and no facts")
            return
        }
        claims[news.id] = claim
        known.note(news.id, news.version)
        claim.expectSoundMoney()
        let dueAt = claim.expectSoundClocks(at: last.recordedAt, calendar)
        let breaches = Int64(claim.marks.count { $0.percent >= 100 })
        let isCounted = news.version == Int64(claim.facts.count) && news.breaches == breaches
        let isPlaced = news.state == claim.state.rawValue && news.handler == claim.handler && news.dueAt == dueAt
        #expect(isCounted && isPlaced, "\(news)")
    }

    private mutating func expectLegal(_ written: Written<ClaimFact>, after before: Claim) {
        let fact = written.fact
        let isLegal = fact.body.action.map { ClaimTableTests.isLegal($0, fact.by.role, before.state) }
        #expect(isLegal == true && before.isParty(fact.by), "\(fact) in \(before.state) of \(before.id)")
        switch fact.body {
        case .signed(let amount), .approved(let amount):
            let isOther = !before.signers.contains(fact.by.id) && !before.deniers.contains(fact.by.id)
            let isInvolved = [before.filing.adviser, before.filing.inspector].contains(fact.by.id)
            #expect(isOther && !isInvolved && amount == before.offer?.total, "\(fact)")
            let needed = signing.sign(amount, .approval, by: fact.by, at: written.recordedAt)
            let isApproval = fact.body.kind == .approved
            #expect(isApproval == (before.signers.count + 1 == needed), "\(fact)")
        case .accepted: #expect(before.offer.map { fact.at <= $0.validUntil } == true)
        case .rejected: #expect(!before.deniers.contains(fact.by.id))
        case .ruled:
            let isOther = fact.by.id != before.ruledBy
            #expect(before.isRulingContested ? isOther : before.state == .assessing, "\(fact)")
            if fact.by.role == .system { note("ruled by the dealer's silence") }
        case .paid(let payment): #expect(!before.payments.contains { $0.reference == payment.reference })
        case .clockMarked(let mark):
            #expect(!before.marks.contains(mark.key) && mark.reachedAt <= written.recordedAt, "\(mark)")
        case .closed: #expect(before.isResultNotified)
        default: break
        }
    }

    // MARK: Advances

    private mutating func take(_ news: AdvanceNews) throws {
        var advance = advances[news.id]
        for written in news.facts {
            note("advance.\(written.fact.body.kind.rawValue)")
            guard let before = advance else {
                advance = try Advance(facts: [written.fact])
                try advance.map { try begin($0) }
                continue
            }
            expectLegal(written, after: before)
            try advance?.record(written.fact)
        }
        guard let advance, !news.facts.isEmpty else {
            Issue.record("\(news.id) has another version and no facts")
            return
        }
        advances[news.id] = advance
        known.note(news.id, news.version)
        recovering.removeAll { $0 == news.id && advance.stage != .recovering }
        expectRow(news, advance)
        let parts = [advance.recovered, advance.writtenOff, advance.outstanding]
        #expect(parts.allSatisfy { $0 >= .zero } && advance.advanced.fen == parts.reduce(0) { $0 + $1.fen })
        let claim = claims[advance.terms.claim]
        let payments = claim?.payments.filter { $0.reference == advance.id.text } ?? []
        let paid = advance.paidAt == nil ? [] : [advance.terms.amount]
        #expect(payments.map(\.amount) == paid, "\(advance.id)")
        let owed = book.balance(.receivable(from: advance.terms.dealer, for: advance.loss))
        #expect(!advance.isLive || owed == advance.outstanding, "\(advance.id)")
    }

    /// One for each loss, of no more than the dealer's part, and not before its time.
    private mutating func begin(_ advance: Advance) throws {
        let terms = advance.terms
        let others = advancesOf[terms.claim, default: []].compactMap { advances[$0] }.filter(\.isLive)
        let claim = try #require(claims[terms.claim])
        let part = try claim.ruling?.amount(of: .dealer, in: claim.approved ?? .zero) ?? .zero
        // What the dealer pays itself is asked of nobody else, and what was paid before a reopening is another loss.
        let sum = others.filter { claim.mayStillBear($0) }
            .reduce(terms.amount.fen + claim.paid(by: .dealer).fen) { $0 + $1.terms.amount.fen }
        #expect(!others.contains { $0.terms.head == terms.head } && sum <= part.fen && terms.amount > .zero)
        #expect(advance.facts[0].at >= terms.dueAt && !claim.isRulingContested)
        advancesOf[terms.claim, default: []].append(advance.id)
        losses[advance.loss] = advance.id
        if terms.amount > fen(yuan: 50_000) { note("large advance.requested") }
        if advance.facts[0].by.role == .system { note("requested by the program") }
    }

    private mutating func expectLegal(_ written: Written<AdvanceFact>, after before: Advance) {
        let fact = written.fact
        if before.terms.amount > fen(yuan: 50_000) { note("large advance.\(fact.body.kind.rawValue)") }
        #expect(AdvanceSteps.isLegal(fact.body.kind, fact.by.role, in: before.stage), "\(fact) in \(before.stage)")
        switch fact.body {
        case .signed, .approved:
            #expect(!before.signers.contains(fact.by.id))
            let needed = signing.sign(before.terms.amount, .advance, by: fact.by, at: written.recordedAt)
            #expect((fact.body.kind == .approved) == (before.signers.count + 1 == needed), "\(fact)")
        case .writeOffSigned(let amount), .writtenOff(let amount):
            let needed = signing.sign(amount, .writeOff, by: fact.by, at: written.recordedAt)
            guard case .writeOffSigned(amount)? = before.facts.last(where: \.isOfWriteOff)?.body,
                let first = before.facts.last(where: \.isOfWriteOff)?.by.id
            else { return #expect((fact.body.kind == .writtenOff) == (needed == 1), "\(fact)") }
            #expect(fact.body.kind == .writtenOff && (needed == 1 || first != fact.by.id), "\(fact)")
        case .paid:
            #expect(before.paidAt == nil)
            recovering.append(before.id)
            advanced = Money(fen: advanced.fen + before.terms.amount.fen)
        case .received(let payment), .depositDrawn(let payment):
            let isNew = !before.receipts.contains { $0.reference == payment.reference }
            #expect(isNew && payment.amount > .zero && payment.amount <= before.outstanding, "\(fact)")
        case .invoiced(let amount, _): #expect(amount == before.outstanding)
        case .planAgreed(let plan): #expect(plan.total == before.outstanding)
        case .suspended: #expect(fact.by.role == .manager || before.mustSuspend(at: fact.at))
        case .lifted: #expect(fact.by.role == .manager || !before.mustSuspend(at: fact.at))
        case .overturned(let overturn):
            let refund = max(0, before.recovered.fen - overturn.dealersPart.fen)
            #expect(overturn.dealersPart < before.dealersPart && overturn.refundToDealer.fen == refund, "\(fact)")
            if refund > 0 { note("given back to a dealer") }
        case .requested, .cancelled: break
        }
    }

    private func expectRow(_ news: AdvanceNews, _ advance: Advance) {
        let isStanding = news.stage == advance.stage.rawValue && news.outstanding == advance.outstanding.fen
        let isCounted = news.version == Int64(advance.facts.count) && news.isSuspended == advance.isSuspended
        let isNamed = news.loss == (advance.isLive ? advance.loss : nil) && news.claim == advance.terms.claim.text
        #expect(isStanding && isCounted && isNamed, "\(news)")
    }

    // MARK: When the program has had its time

    /// No deadline is lost, and whoever owes what he should not is off the market.
    func expectNothingOverdue(_ world: ClaimsWorld, _ open: [ClaimID], dealers: [String]) async throws {
        let now = world.clock.now()
        for id in open {
            guard let claim = claims[id], claim.isOpen else { continue }
            #expect(claim.unrecordedMarks(at: now, calendar: calendar).isEmpty, "\(id)")
            #expect(claim.state != .waiting || claim.question.map { $0.dueAt > now } == true, "\(id)")
        }
        let owed = recovering.compactMap { advances[$0] }
        for advance in owed { #expect(advance.isSuspended || !advance.mustSuspend(at: now), "\(advance.id)") }
        let causes = Set(advances.values.filter(\.isSuspended).map(\.terms.dealer))
        let suspended = try await world.database.read { tx in
            Set(try dealers.filter { try DealerSuspensions.isSuspended(tx, dealer: $0) })
        }
        #expect(suspended == causes)
    }

    // MARK: Now and then

    /// Reads these again from their first fact on, and the whole book from its first journal on.
    func audit(_ world: ClaimsWorld, _ ids: [ClaimID]) async throws {
        try await world.expectBookVerified()
        for id in ids {
            let made = world.advances
            let (claim, own) = try await world.database.read { tx in
                (try world.claims.get(tx, id, for: .system).claim, try made.all(tx, of: id))
            }
            #expect(claim == claims[id], "\(id)")
            let known = advancesOf[id, default: []].sorted { $0.text < $1.text }.compactMap { advances[$0] }
            #expect(own.sorted { $0.id.text < $1.id.text } == known, "\(id)")
        }
        let (decided, dead) = try await world.database.read { tx in
            let rows = try tx.rows("SELECT person, day, decided_fen FROM claim_decided_day ORDER BY person, day")
            let days = try rows.map { ("\(try $0.text(0)) \(try $0.text(1))", try $0.integer(2)) }
            return (Dictionary(uniqueKeysWithValues: days), try Jobs.dead(tx, limit: 10))
        }
        #expect(decided.filter { $0.value > 0 } == signing.decided && dead == [], "\(dead)")
    }
}

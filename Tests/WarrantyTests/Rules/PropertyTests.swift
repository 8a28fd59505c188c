import Core
import Support
import Testing
import Warranty

/// Whatever is done to whatever car's contract, in whatever order.
struct PropertyTests {
    private static let seeds: [UInt64] = Array(1...12)

    @Test(arguments: seeds) func `no sequence of operations goes under the floor`(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        for _ in 0..<8 {
            guard var contract = try Contract.random(using: &random) else { continue }
            let floors = shipped.floors(for: contract.terms.sale)
            #expect(contract.terms.layers(of: .legalFloor).map(\.id) == floors.map(\.id))
            for _ in 0..<6 {
                contract.doSomething(using: &random)
                for floor in floors { expectFloor(floor, contract, &random) }
            }
        }
    }

    /// Any part that the law covers, on any day and at any reading within its term, costs the buyer nothing.
    private func expectFloor(_ floor: LegalFloor, _ contract: Contract, _ random: inout SeededRandom) {
        let sale = contract.terms.sale
        let covered = shipped.tree.components.filter {
            floor.scope.ruling(on: $0, in: shipped.tree).cover == .covered && sale.energy.has($0.fitted)
        }
        guard let component = covered.randomElement(using: &random) else { return }
        let start = contract.terms.layer(floor.id)!.period
        let days = start.end.daysSinceEpoch - start.start.daysSinceEpoch
        let question = CoverageQuestion(
            component: component,
            date: start.start.adding(days: Int.random(in: 0...days, using: &random)),
            odometerKm: Int64.random(in: start.startKm...start.endKm, using: &random)
        )
        let answer = shipped.answer(question, for: contract)
        #expect(answer.cover == .covered, "\(component.id) on \(question.date)")
        let law = answer.payers.first { $0.layer?.id == floor.id }
        #expect(law?.cover == .covered && law?.deductible == .zero && law?.left == nil)
    }

    @Test(arguments: seeds) func `paid back and earned are what was paid, to the fen`(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed &+ 1000)
        for _ in 0..<40 {
            guard var contract = try Contract.random(using: &random), let tier = contract.terms.tier else { continue }
            let accounts = contract.randomAccounts(isOpen: false, using: &random)
            let date = tier.period.start.adding(days: Int.random(in: -3...1300, using: &random))
            let km = tier.period.startKm + Int64.random(in: 0...60_000, using: &random)
            guard (try? contract.end(.cancelled, on: date, odometerKm: km, accounts: accounts)) != nil else { continue }
            for refund in contract.ending!.refunds {
                let layer = contract.terms.layer(refund.layer)!
                #expect(refund.paid == (contract.paidOn == nil ? .zero : layer.price))
                #expect(refund.refund.fen + refund.earned.fen == refund.paid.fen)
                #expect(refund.refund >= .zero && refund.refund <= refund.unused && refund.unused <= refund.paid)
            }
        }
    }

    @Test(arguments: seeds) func `waiting longer or driving further never pays back more`(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed &+ 2000)
        for _ in 0..<40 {
            guard let contract = try Contract.random(using: &random), let tier = contract.terms.tier else { continue }
            let from = tier.period.start.adding(days: Int.random(in: 8...900, using: &random))
            let km = tier.period.startKm + Int64.random(in: 0...40_000, using: &random)
            func refund(_ date: CalendarDate, _ km: Int64) throws -> Money {
                let until = contract.terms.freeLookUntil
                return try Refund(
                    tier,
                    paid: fen(yuan: 5_000),
                    claims: .zero,
                    on: date,
                    odometerKm: km,
                    freeLookUntil: until
                )
                .refund
            }
            let now = try refund(from, km)
            #expect(try refund(from.adding(days: Int.random(in: 0...200, using: &random)), km) <= now)
            #expect(try refund(from, km + Int64.random(in: 0...9_000, using: &random)) <= now)
        }
    }

    @Test(arguments: seeds) func `what has expired stays expired`(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed &+ 3000)
        for _ in 0..<20 {
            guard let contract = try Contract.random(using: &random) else { continue }
            var (date, km) = (contract.terms.sale.soldOn.adding(days: -2), contract.terms.sale.odometerKm)
            var expired: Set<String> = []
            var hasAnswered: Set<String> = []
            for _ in 0..<40 {
                for layer in contract.terms.layers {
                    switch contract.standing(of: layer, on: date, km) {
                    case .expiredByDate, .expiredByOdometer: expired.insert(layer.id)
                    case .inForce:
                        #expect(!expired.contains(layer.id))
                        hasAnswered.insert(layer.id)
                    case .notYet, .waiting:
                        #expect(!expired.contains(layer.id) && !hasAnswered.contains(layer.id))
                    }
                }
                date = date.adding(days: Int.random(in: 0...60, using: &random))
                km += Int64.random(in: 0...3_000, using: &random)
            }
        }
    }

    @Test(arguments: seeds) func `limits are never negative, and never paid twice`(_ seed: UInt64) {
        var random = SeededRandom(seed: seed &+ 4000)
        let limits = Limits(claim: Money(fen: 5_000), component: Money(fen: 4_000), total: Money(fen: 9_000))
        var account = LimitAccount(limits)
        var paid: Int64 = 0
        for _ in 0..<400 {
            let claim = "clm_\(Int.random(in: 0...3, using: &random))"
            let component = ["engine.crank", "brakes.caliper", "steering.rack"].randomElement(using: &random)!
            let amount = Money(fen: Int64.random(in: -10...3_000, using: &random))
            let before = account
            switch Int.random(in: 0...2, using: &random) {
            case 0:
                let left = account.left(for: claim, component)
                let isGranted = (try? account.reserve(amount, for: claim, component)) != nil
                #expect(isGranted == (amount > .zero && amount <= left))
            case 1: if (try? account.pay(amount, for: claim, component)) != nil { paid += amount.fen }
            default: try? account.release(amount, for: claim, component)
            }
            #expect(account.uses.allSatisfy { $0.reserved >= .zero && $0.paid >= .zero })
            #expect(account.reserved.fen + account.paid.fen <= limits.total.fen)
            #expect(account.paid.fen == paid && account.paid >= before.paid)
            #expect(account.left >= .zero && account.left(for: claim, component) >= .zero)
        }
        #expect(account.left(for: "clm_9", "x", marketValue: .zero) == .zero)
    }

    @Test(arguments: seeds.prefix(6)) func `a revised edition changes no answer of a sold contract`(_ seed: UInt64)
        throws
    {
        var random = SeededRandom(seed: seed &+ 5000)
        guard let contract = try Contract.random(using: &random) else { return }
        let revised = try PlanBook(
            yaml: ShippedPlans.yaml.replacing("term: {months: 36, km: 50000}", with: "term: {months: 40, km: 70000}")
                .replacing("clause: I-CLIMATE}", with: "clause: I-ELECTRICS}")
                .replacing("base_fen: 198000", with: "base_fen: 99000").replacing(
                    "payment_days: 7",
                    with: "payment_days: 1"
                )
        )
        #expect(revised.hash != contract.terms.bookHash)
        // An edition is found by the hash that the contract names, and terms are read from what was stored.
        let editions = [revised.hash: revised, shipped.hash: try ShippedPlans.book()]
        let kept = try ContractTerms(json: contract.terms.json)
        let book = try #require(editions[kept.bookHash])
        for _ in 0..<50 {
            let question = CoverageQuestion(
                component: shipped.tree.components.randomElement(using: &random)!,
                date: kept.sale.soldOn.adding(days: Int.random(in: 0...1500, using: &random)),
                odometerKm: kept.sale.odometerKm + Int64.random(in: 0...90_000, using: &random)
            )
            let later = Contract(terms: kept, holder: contract.holder, paidOn: contract.paidOn)
            #expect(book.answer(question, for: later) == shipped.answer(question, for: contract))
        }
        #expect(book.text(of: kept, in: .zh) == shipped.text(of: contract.terms, in: .zh))
    }
}

extension Contract {
    /// Any contract that can be sold for any car; `nil` where none can.
    static func random(using random: inout SeededRandom) throws -> Contract? {
        let request = QuoteRequest.random(using: &random)
        let quote = try shipped.quote(request)
        let tiers = quote.offers.filter { $0.plan.kind == .tier && $0.eligibility.isEligible }
        guard let tier = tiers.randomElement(using: &random) else { return nil }
        let extensions = shipped.extensions.filter {
            shipped.eligibility($0, for: request.sale, with: tier.plan.id).isEligible && Bool.random(using: &random)
        }
        let issue = IssueRequest(
            tier: tier.plan.id,
            extensions: extensions.map { .init(plan: $0.id, insurer: "org_i", policyNumber: "P-\($0.id)") },
            deliveredOn: request.sale.soldOn,
            odometerKm: request.sale.odometerKm,
            acknowledged: Set(quote.offers.map(\.wordingHash))
        )
        let terms = try shipped.terms(contractID(random.next()), for: issue, of: quote)
        return Contract(
            terms: terms,
            holder: "buyer-1",
            paidOn: Bool.random(using: &random) ? request.sale.soldOn : nil
        )
    }

    /// Whatever can be done, may be refused, and changes nothing then.
    mutating func doSomething(using random: inout SeededRandom) {
        let before = self
        let date = terms.sale.soldOn.adding(days: Int.random(in: 0...120, using: &random))
        let km = terms.sale.odometerKm + Int64.random(in: 0...6_000, using: &random)
        do {
            switch Int.random(in: 0...3, using: &random) {
            case 0: try pay(on: date)
            case 1: try transfer(to: "buyer-\(random.next() % 9)", use: .private, on: date, odometerKm: km)
            case 2: try end(.cancelled, on: date, odometerKm: km, accounts: [:])
            default: try upgrade(on: date, km)
            }
        } catch {
            precondition(self == before)
        }
    }

    private mutating func upgrade(on date: CalendarDate, _ km: Int64) throws {
        let (premium, current) = (shipped.plan("premium")!, shipped.plan(terms.tier!.id)!)
        let going = try upgrade(to: premium, from: current, on: date, odometerKm: km)
        var sale = terms.sale
        sale.soldOn = date
        sale.odometerKm = km
        let new = try ContractTests.terms("premium", sale, continuing: going)
        self = Contract(terms: new, holder: holder, paidOn: nil)
    }

    func randomAccounts(isOpen: Bool, using random: inout SeededRandom) -> [String: LimitAccount] {
        Dictionary(
            uniqueKeysWithValues: terms.soldLayers.compactMap { layer in
                guard let limits = layer.limits else { return nil }
                var account = LimitAccount(limits)
                let amount = Money(fen: Int64.random(in: 0...max(1, limits.claim.fen), using: &random))
                if (try? account.reserve(amount, for: "clm_1", "brakes.caliper")) != nil, !isOpen {
                    try? account.pay(amount, for: "clm_1", "brakes.caliper")
                }
                return (layer.id, account)
            }
        )
    }
}

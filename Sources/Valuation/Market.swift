package import Core
import Cryptography
package import Logging
package import Pricing
package import ServiceLifecycle
package import Storage
import Synchronization

/// What one instance knows of the market: the rules of today, and in memory every sale that estimates compare with. It
/// follows the store.
///
/// Sales are only ever added, under a number that is drawn and committed in order: whoever has read up to a number has
/// read all there is, so nothing has to be compared again. Where the store was replaced by an older one, or other rules
/// have come into force, everything is read anew, and the old picture serves until the new one is whole.
package final class Market: Sendable {
    /// How long an instance may not know of another's sale.
    package static let interval = Duration.seconds(1)
    static let salesPerPage = 1000
    static let inForcePerPage = 100
    /// What a dealer asks or gets. Prices of other sorts are kept, and not compared with these.
    static let comparedKinds: Set<SaleKind> = [.retail, .asking]

    private let database: any Database
    private let clock: any WallClock
    private let logger: Logger
    /// `nil` until everything has been read once.
    private let picture = SharedLock<Picture?>(nil)
    private let turns = Turns()
    private let rules = Mutex<Rules?>(nil)

    /// What was found to be in force.
    private struct Rules: Sendable {
        let last: Int64
        let day: CalendarDate
        let ruleSet: RuleSet
    }

    /// The rules of a day, and the sales as these rules see them.
    private struct Picture: Sendable {
        var ruleSet: RuleSet
        var estimator: Estimator
        var index: ComparableIndex
        /// How far the sales have been read.
        var seq: Int64 = 0
        /// Compiled once, because estimates are looked at again: by hash of the rule set.
        var compiled: [Digest: Estimator] = [:]

        init(_ ruleSet: RuleSet) {
            self.ruleSet = ruleSet
            estimator = Estimator(ruleSet)
            index = ComparableIndex(estimator)
        }
    }

    package init(database: any Database, clock: any WallClock, logger: Logger) {
        self.database = database
        self.clock = clock
        self.logger = logger
    }

    package var isReady: Bool { picture.read { $0 != nil } }

    /// By which rules today's estimates are made.
    package var ruleSet: RuleSet? { picture.read { $0?.ruleSet } }

    /// How many sales estimates compare with.
    package var count: Int { picture.read { $0?.index.count ?? 0 } }

    /// What a car is worth today.
    ///
    /// - Parameter vin: of the car, which is not compared with itself.
    /// - Throws: what the rules refuse; `pricingWarming` until the sales have been read.
    package func appraise(_ car: CarFacts, vin: String?, on day: CalendarDate) throws -> Appraised {
        let vehicle = vin.map { VehicleKey.hash([$0]) }
        let found = picture.read { picture in
            picture.map { ($0.ruleSet, $0.estimator, $0.index.evidence(for: car, on: day, excluding: vehicle)) }
        }
        guard let (ruleSet, estimator, evidence) = found else { throw Failure(.pricingWarming, retryAfterSeconds: 1) }
        let estimate = try estimator.estimate(car, on: day, evidence: evidence)
        return Appraised(
            car: car,
            ruleSet: ruleSet,
            evidence: evidence,
            estimate: estimate,
            answer: estimator.answer(estimate)
        )
    }

    /// The rules of an estimate that was made before, ready to make it again.
    package func estimator(_ ruleSet: RuleSet) -> Estimator {
        let hash = ruleSet.name.hash
        let known = picture.read { $0?.ruleSet.name.hash == hash ? $0?.estimator : $0?.compiled[hash] }
        if let known { return known }
        let estimator = Estimator(ruleSet)
        picture.write { picture in
            // A few rule sets a year: what is more is somebody else's rule sets, tried out.
            if picture?.compiled.count ?? 0 >= Market.compiledMaximum { picture?.compiled = [:] }
            picture?.compiled[hash] = estimator
        }
        return estimator
    }

    private static let compiledMaximum = 16

    // MARK: Following

    /// Reads what has changed up to now. What fails is logged, and made up for the next time.
    package func catchUp() async {
        await turns.run { await self.follow() }
    }

    /// Follows until it is told to stop.
    package var service: some Service { Follower(market: self) }

    private struct Follower: Service {
        let market: Market

        func run() async throws {
            try? await cancelWhenGracefulShutdown {
                while true {
                    await market.catchUp()
                    try await Task.sleep(for: Market.interval)
                }
            }
        }
    }

    private func follow() async {
        do {
            let effective = try await effectiveRuleSet()
            let head = try await database.read { try SaleStore.head($0) }
            let known = picture.read { $0.map { ($0.ruleSet.name.hash, $0.seq) } }
            guard let (hash, seq) = known else { return try await load(effective) }
            if effective.name.hash != hash || head < seq {
                try await load(effective)
            } else if head > seq {
                try await readOn(after: seq)
            }
        } catch is CancellationError {
            return
        } catch {
            logger.warning("the market is not kept up with", metadata: ["error": "\(error)"])
        }
    }

    /// Read again only where something was put in force, or a new day has begun.
    private func effectiveRuleSet() async throws -> RuleSet {
        let today = clock.now().dateInChina
        let last = try await database.read { try RuleSetStore.lastInForce($0) }
        if let rules = rules.withLock({ $0 }), rules.last == last, rules.day == today { return rules.ruleSet }
        var inForce: [(seq: Int64, ruleSet: RuleSet)] = []
        while true {
            let after = inForce.last?.seq ?? 0
            let page = try await database.read { tx in
                try RuleSetStore.inForce(tx, after: after, limit: Market.inForcePerPage).map { entry in
                    (entry.seq, try RuleSetStore.find(tx, entry.ruleSet)?.ruleSet)
                }
            }
            inForce += page.compactMap { seq, ruleSet in ruleSet.map { (seq, $0) } }
            if page.count < Market.inForcePerPage { break }
        }
        let ruleSet = try RuleSets.effective(inForce, on: today) ?? RuleSet.market()
        rules.withLock { $0 = Rules(last: last, day: today, ruleSet: ruleSet) }
        return ruleSet
    }

    /// Beside the old picture, which serves meanwhile.
    private func load(_ ruleSet: RuleSet) async throws {
        let began = ContinuousClock.now
        var new = Picture(ruleSet)
        while true {
            let seq = new.seq
            let page = try await database.read { try SaleStore.sales($0, after: seq, limit: Market.salesPerPage) }
            add(page, to: &new)
            if page.count < Market.salesPerPage { break }
        }
        let whole = new
        picture.write { $0 = whole }
        // Whoever looks at the rules finds those in use, also where no estimate has been made by them yet. A store that
        // can only be read goes without.
        try? await database.writeRetrying { try RuleSets.keep($0, ruleSet) }
        logger.info(
            "the market is ready",
            metadata: [
                "sales": "\(whole.index.count)", "rule_set": "\(ruleSet.name.version)",
                "took": "\(ContinuousClock.now - began)",
            ]
        )
    }

    private func readOn(after start: Int64) async throws {
        var seq = start
        while true {
            let after = seq
            let page = try await database.read { try SaleStore.sales($0, after: after, limit: Market.salesPerPage) }
            picture.write { picture in
                if var new = picture.take() {
                    add(page, to: &new)
                    picture = new
                }
            }
            guard page.count == Market.salesPerPage, let last = page.last else { return }
            seq = last.seq
        }
    }

    private func add(_ page: [SaleStore.Numbered], to picture: inout Picture) {
        for numbered in page {
            picture.seq = numbered.seq
            guard let sale = numbered.sale else {
                logger.error("a sale cannot be read, so nothing compares with it", metadata: ["seq": "\(numbered.seq)"])
                continue
            }
            if Market.comparedKinds.contains(sale.kind) { picture.index.add(sale) }
        }
    }
}

/// What came of the wish to know a price, with all that it depends on.
package struct Appraised: Sendable {
    package let car: CarFacts
    package let ruleSet: RuleSet
    package let evidence: Pricing.Evidence
    package let estimate: Estimate
    /// As it is told.
    package let answer: JSON
}

import Core
import Logging
import Storage
import Support
import Synchronization
import Testing

@testable import Web

@Suite("Quotas of several instances")
struct RateExchangeTests {
    private static let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    private let policy = Quota(RateLimit(name: "p", quota: 600, windowSeconds: 60))

    /// An instance: its limiter, and how it talks with the others.
    private struct Instance {
        let limiter: RateLimiter
        let exchange: RateExchange

        init(_ store: TestStore, _ database: (any Database)? = nil, maximumBuckets: Int = 1000) {
            limiter = RateLimiter(maximumBuckets: maximumBuckets, clock: store.clock, hasOthers: true)
            exchange = RateExchange(
                limiter: limiter,
                database: database ?? store.database,
                logger: RateExchangeTests.logger
            )
        }

        /// - Returns: how many of so many requests were granted.
        func take(_ count: Int, _ quota: Quota, caller: String = "a") -> Int {
            (0..<count).count { _ in limiter.take(quota, caller: caller).isAllowed }
        }
    }

    @Test(arguments: Engine.allCases)
    func `what one granted is gone from the other's bucket`(engine: Engine) async throws {
        let store = try await TestStore.open(engine)
        let (one, two) = (Instance(store), Instance(store))
        #expect(one.take(500, policy) == 500)
        await one.exchange.exchange()
        #expect(two.take(1, policy) == 1)
        await two.exchange.exchange()
        #expect(two.take(600, policy) == 99)
        await two.exchange.exchange()
        #expect(one.take(1, policy) == 1)
        await one.exchange.exchange()
        #expect(!one.limiter.take(policy, caller: "a").isAllowed)
        #expect(two.take(600, policy, caller: "b") == 600, "other callers are others")
    }

    /// The bound that `RateExchange` states: what the others grant within two intervals.
    @Test(arguments: Engine.allCases, [7, 20, 50])
    func `beyond the quota no more is granted than the others grant in two intervals`(
        engine: Engine,
        each: Int
    ) async throws {
        let store = try await TestStore.open(engine)
        let instances = [Instance(store), Instance(store)]
        var granted = 0
        for _ in 0..<(1200 / each) {
            for instance in instances {
                granted += instance.take(each, policy)
                await instance.exchange.exchange()
            }
        }
        #expect(granted >= 600)
        #expect(granted <= 600 + 2 * each)
    }

    @Test func `what was granted too much is paid back before anything is granted`() async throws {
        let store = try await TestStore.open()
        let (one, two) = (Instance(store), Instance(store))
        #expect(one.take(600, policy) + two.take(600, policy) == 1200, "neither knows of the other yet")
        for instance in [one, two] { await instance.exchange.exchange() }
        store.clock.advance(seconds: 1)
        #expect(one.take(1, policy) == 1, "it has not heard yet")
        await one.exchange.exchange()
        // Six hundred too many, and ten come back in a second.
        store.clock.advance(seconds: 58)
        for instance in [one, two] {
            let grant = instance.limiter.take(policy, caller: "a")
            #expect(!grant.isAllowed)
            #expect(grant.remaining == 0)
            #expect(grant.secondsToNext == 2)
        }
        store.clock.advance(seconds: 2)
        #expect((1...10).contains(one.take(600, policy)))
    }

    @Test func `an instance that starts anew has not forgotten`() async throws {
        let store = try await TestStore.open()
        let before = Instance(store)
        #expect(before.take(600, policy) == 600)
        await before.exchange.exchange()
        let after = Instance(store)
        #expect(after.take(10, policy) == 10)
        await after.exchange.exchange()
        #expect(after.take(600, policy) == 0)
    }

    @Test func `what is given back is not told`() async throws {
        let store = try await TestStore.open()
        let (one, two) = (Instance(store), Instance(store))
        #expect(one.take(100, policy) == 100)
        for _ in 0..<100 { _ = one.limiter.giveBack(policy, caller: "a") }
        await one.exchange.exchange()
        #expect(two.take(1, policy) == 1)
        await two.exchange.exchange()
        #expect(two.take(600, policy) == 599)
    }

    @Test func `where the store is away every instance counts for itself, and tells later`() async throws {
        let store = try await TestStore.open()
        let away = SwitchedDatabase(store.database)
        let (one, two) = (Instance(store, away), Instance(store))
        away.isAway = true
        #expect(one.take(300, policy) == 300)
        await one.exchange.exchange()
        #expect(one.take(100, policy) == 100)
        away.isAway = false
        await one.exchange.exchange()
        #expect(two.take(1, policy) == 1)
        await two.exchange.exchange()
        #expect(two.take(600, policy) == 199)
    }

    @Test func `one exchange is for so many callers, and the rest comes next time`() async throws {
        let store = try await TestStore.open()
        let one = Instance(store, maximumBuckets: 10_000)
        let callers = RateExchange.callersPerExchange + 5
        for number in 0..<callers { _ = one.take(1, policy, caller: "c\(number)") }
        _ = one.take(1, policy, caller: "c7")
        await one.exchange.exchange()
        #expect(try await rows(store) == RateExchange.callersPerExchange)
        await one.exchange.exchange()
        #expect(try await rows(store) == callers)
    }

    @Test func `nobody is told of anything where there is nobody else`() {
        let limiter = RateLimiter(maximumBuckets: 10, clock: ManualClock())
        _ = limiter.take(policy, caller: "a")
        #expect(limiter.takeUntold(limit: 10).isEmpty)
    }

    @Test(arguments: Engine.allCases)
    func `old windows are deleted, and only so many at once`(engine: Engine) async throws {
        let store = try await TestStore.open(engine)
        let one = Instance(store)
        for number in 0..<5 { _ = one.take(1, policy, caller: "c\(number)") }
        try await tell(one, store, rows: 5)
        store.clock.advance(seconds: RateUse.keptSeconds - 60)
        let purge: @Sendable (any Transaction) throws -> Int = { try RateUse.purge($0, limit: 3) }
        #expect(try await store.database.write(purge) == 0)
        store.clock.advance(seconds: 121)
        _ = one.take(1, policy, caller: "new")
        try await tell(one, store, rows: 6)
        #expect(try await store.database.write(purge) == 3)
        #expect(try await store.database.write(purge) == 2)
        #expect(try await store.database.write(purge) == 0)
        #expect(try await rows(store) == 1)
    }

    /// What a busy store refuses is told the next time.
    private func tell(_ instance: Instance, _ store: TestStore, rows count: Int64) async throws {
        for _ in 0..<20 where try await rows(store) < count { await instance.exchange.exchange() }
        #expect(try await rows(store) == count)
    }

    private func rows(_ store: TestStore) async throws -> Int64 {
        try await store.database.read { try $0.first("SELECT COUNT(caller) FROM rate_use")?.integer(0) ?? 0 }
    }

    // MARK: What is new

    private func report(own: Int64, now: Int64, _ totals: [Int64: Int64]) throws -> UseReport {
        let caller = RateLimiter.Caller(policy: "p", name: "a")
        let use = RateLimiter.Use(caller: caller, windowSeconds: 60, count: Int(own))
        let rows = totals.map { Row([.integer($0.key * 1_000_000), .integer($0.value)]) }
        return try UseReport(use, at: Instant(microseconds: now * 1_000_000), rows)
    }

    /// What an instance hears one after the other: seconds, its own use, and the totals of the windows.
    @Test func `what was heard once is not heard again`() throws {
        var heard = HeardUse()
        #expect(heard.hear(try report(own: 10, now: 65, [60: 10])) == 0)
        #expect(heard.hear(try report(own: 5, now: 66, [60: 45])) == 30)
        #expect(heard.hear(try report(own: 5, now: 67, [60: 50])) == 0)
        #expect(heard.hear(try report(own: 1, now: 121, [60: 70, 120: 4])) == 23, "another's late twenty, and three")
        #expect(heard.hear(try report(own: 1, now: 122, [60: 70, 120: 5, 180: 6])) == 6, "a clock that is ahead")
        #expect(heard.hear(try report(own: 1, now: 181, [120: 5, 180: 8])) == 1)
    }

    @Test func `of a window that nothing is known of, the share counts that has not come back`() throws {
        var heard = HeardUse()
        #expect(heard.hear(try report(own: 1, now: 135, [60: 400, 120: 11])) == 300 + 10)
        #expect(heard.hear(try report(own: 1, now: 136, [60: 400, 120: 12])) == 0)
    }
}

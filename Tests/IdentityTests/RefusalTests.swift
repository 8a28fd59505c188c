import Core
import Storage
import Support
import Synchronization
import Testing
import Web

@testable import Identity

@Suite struct AddressClassTests {
    @Test(arguments: [
        ("203.0.113.77", "203.0.113.0/24"),
        ("203.0.113.1", "203.0.113.0/24"),
        ("203.0.114.1", "203.0.114.0/24"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:77:1::1", "2001:db8:77::/48"),
        ("2001:db8:77:ffff:1:2:3:4", "2001:db8:77::/48"),
        ("2001:db8:78::1", "2001:db8:78::/48"),
        ("::1", "0:0:0::/48"),
        ("", "unknown"),
        ("localhost", "unknown"),
        ("203.0.113", "unknown"),
        ("203.0.113.7\"}", "unknown"),
    ])
    func `an address belongs to a network`(address: String, network: String) {
        #expect(addressClass(of: address) == network)
    }
}

@Suite struct RefusalWindowsTests {
    private let start = ManualClock.start

    @Test func `the first of a kind is written, the others are counted`() {
        var windows = RefusalWindows(maximumKinds: 10)
        #expect(windows.take(.anonymous(), at: start).map(\.count) == [1])
        for second in 1..<60 {
            #expect(windows.take(.anonymous(), at: start.adding(seconds: Int64(second))).isEmpty)
        }
        let notes = windows.take(.anonymous(), at: start.adding(seconds: 60))
        #expect(notes.map(\.count) == [59, 1])
        #expect(notes[0].firstAt == start.adding(seconds: 1) && notes[0].lastAt == start.adding(seconds: 59))
    }

    @Test(arguments: [
        Refusal.anonymous(address: "198.51.100.1"), .anonymous(route: "/v1/organizations"),
        .anonymous(code: "forbidden"),
        .anonymous(method: "POST"), .anonymous(status: 403), .member("org_1", "key_1"),
    ])
    func `what differs in what a reader asks for is of another kind`(other: Refusal) {
        var windows = RefusalWindows(maximumKinds: 10)
        _ = windows.take(.anonymous(), at: start)
        #expect(windows.take(other, at: start).count == 1)
    }

    @Test func `what differs in its request or its host is not`() {
        var windows = RefusalWindows(maximumKinds: 10)
        _ = windows.take(.anonymous(), at: start)
        #expect(windows.take(.anonymous(requestID: "request-2", address: "203.0.113.9"), at: start).isEmpty)
    }

    @Test func `keys of one organisation are told apart`() {
        var windows = RefusalWindows(maximumKinds: 10)
        _ = windows.take(.member("org_1", "key_1"), at: start)
        #expect(windows.take(.member("org_1", "key_2"), at: start).count == 1)
        #expect(windows.take(.member("org_1", "key_1"), at: start).isEmpty)
    }

    @Test func `past the limit of kinds the rest is counted together`() {
        var windows = RefusalWindows(maximumKinds: 3)
        var notes: [RefusalNote] = []
        for network in 0..<200 { notes += windows.take(.anonymous(address: "10.0.\(network).1"), at: start) }
        #expect(notes.count == 4)
        #expect(notes.last?.kind == .overflow)
        let rest = windows.drain(at: start, closedOnly: false)
        #expect(rest.map(\.count) == [196] && rest[0].kind == .overflow)
        #expect(rest[0].entry.chain == AuditTrail.platformChain)
    }

    @Test func `a window that has closed makes room`() {
        var windows = RefusalWindows(maximumKinds: 1)
        _ = windows.take(.anonymous(address: "10.0.0.1"), at: start)
        let notes = windows.take(.anonymous(address: "10.0.1.1"), at: start.adding(seconds: 60))
        #expect(notes.map(\.kind.network) == ["10.0.1.0/24"])
    }

    @Test func `a closed window that still counts is not forgotten for room`() {
        var windows = RefusalWindows(maximumKinds: 1)
        _ = windows.take(.anonymous(), at: start)
        _ = windows.take(.anonymous(), at: start)
        _ = windows.take(.anonymous(address: "10.0.1.1"), at: start.adding(seconds: 60))
        let counts = windows.drain(at: start.adding(seconds: 60), closedOnly: true).map(\.count)
        #expect(counts == [1])
    }

    @Test func `draining tells open windows from closed ones`() {
        var windows = RefusalWindows(maximumKinds: 10)
        for _ in 0..<3 { _ = windows.take(.anonymous(), at: start) }
        let later = start.adding(seconds: 30)
        for _ in 0..<2 { _ = windows.take(.anonymous(code: "forbidden"), at: later) }
        #expect(windows.drain(at: start.adding(seconds: 60), closedOnly: true).map(\.count) == [2])
        #expect(windows.drain(at: start.adding(seconds: 60), closedOnly: true).isEmpty)
        #expect(windows.drain(at: start.adding(seconds: 60), closedOnly: false).map(\.count) == [1])
    }

    @Test func `draining an open window does not make the next refusal a first one`() {
        var windows = RefusalWindows(maximumKinds: 10)
        _ = windows.take(.anonymous(), at: start)
        #expect(windows.drain(at: start, closedOnly: false).isEmpty)
        #expect(windows.take(.anonymous(), at: start.adding(seconds: 1)).isEmpty)
    }

    @Test func `a clock that is set back does not hold a window open`() {
        var windows = RefusalWindows(maximumKinds: 10)
        _ = windows.take(.anonymous(), at: start)
        #expect(windows.take(.anonymous(), at: start.adding(seconds: -3600)).count == 1)
    }

    @Test func `a note that comes back is counted again`() {
        var windows = RefusalWindows(maximumKinds: 10)
        let note = windows.take(.anonymous(), at: start)[0]
        _ = windows.take(.anonymous(requestID: "request-2"), at: start)
        windows.giveBack(note)
        let notes = windows.drain(at: start, closedOnly: false)
        #expect(notes.map(\.count) == [2])
    }
}

@Suite struct AuditedRefusalsTests {
    @Test(arguments: Engine.allCases)
    func `a refusal stands in the trail of its caller at once`(engine: Engine) async throws {
        let world = try await World.open(engine)
        await world.refusals().record(.member("org_1", "key_1"))
        let first = try #require(try await world.trail("org_1").first)
        let expected: [(String, JSON)] = [
            ("action", "request.refused"), ("outcome", "refused"), ("status", 401), ("code", "invalid_api_key"),
            ("organization", "org_1"), ("credential", "key_1"), ("request_id", "request-1"), ("method", "GET"),
            ("route", "/v1/me"), ("subject", nil),
        ]
        for (member, value) in expected { #expect(first[member] == value, "\(member)") }
        #expect(
            first["detail"] == [
                "count": 1, "first_at": "2026-03-01T08:00:00.000Z", "last_at": "2026-03-01T08:00:00.000Z",
                "network": "203.0.113.0/24",
            ]
        )
        #expect(try await world.verdict("org_1") == .intact(records: 1))
    }

    @Test(arguments: Engine.allCases)
    func `an anonymous flood leaves two records`(engine: Engine) async throws {
        let world = try await World.open(engine)
        let refusals = world.refusals()
        for host in 0..<1000 { await refusals.record(.anonymous(address: "203.0.113.\(host % 256)")) }
        // The first is written at once; who was refused waits for that no longer than its patience.
        while try await world.trail(AuditTrail.platformChain).isEmpty { await Task.yield() }
        #expect(try await world.trail(AuditTrail.platformChain).count == 1)
        await refusals.flush()
        let trail = try await world.trail(AuditTrail.platformChain)
        #expect(trail.map { $0["detail"]?["count"] } == [1, 999])
        #expect(trail.allSatisfy { $0["organization"] == .null && $0["credential"] == .null })
        await refusals.flush()
        #expect(try await world.trail(AuditTrail.platformChain).count == 2)
    }

    @Test func `a flood from everywhere stays within the limit, and none of it goes uncounted`() async throws {
        let world = try await World.open()
        let refusals = world.refusals()
        for network in 0..<500 { await refusals.record(.anonymous(address: "10.\(network / 256).\(network % 256).1")) }
        await refusals.flush()
        let trail = try await world.trail(AuditTrail.platformChain)
        #expect(trail.count == AuditedRefusals.anonymousKindsMaximum + 2)
        #expect(trail.compactMap { $0["detail"]?["count"]?.integerValue }.reduce(0, +) == 500)
        #expect(trail.last?["code"] == "various" && trail.last?["status"] == .null)
    }

    @Test func `strangers take no room from those who are known`() async throws {
        let world = try await World.open()
        let refusals = world.refusals()
        for network in 0..<200 { await refusals.record(.anonymous(address: "10.0.\(network).1")) }
        await refusals.record(.member("org_1", "key_1"))
        #expect(try await world.trail("org_1").count == 1)
    }

    @Test func `the end of a flood is written when its window has closed`() async throws {
        let world = try await World.open()
        let refusals = world.refusals()
        for _ in 0..<10 { await refusals.record(.anonymous()) }
        await refusals.flushClosed()
        #expect(try await world.trail(AuditTrail.platformChain).count == 1)
        world.clock.advance(seconds: 60)
        await refusals.flushClosed()
        #expect(try await world.trail(AuditTrail.platformChain).last?["detail"]?["count"] == 9)
    }

    @Test func `what a busy store did not take is written later`() async throws {
        let world = try await World.open()
        let refusals = world.refusals()
        world.database.failWrites(with: Failure(.storeBusy))
        await refusals.record(.anonymous())
        await refusals.record(.anonymous())
        await refusals.record(.member("org_1", "key_1"))
        await refusals.flush()
        #expect(try await world.trail(AuditTrail.platformChain).isEmpty)
        world.database.failWrites(with: nil)
        await refusals.flush()
        #expect(try await world.trail(AuditTrail.platformChain).map { $0["detail"]?["count"] } == [2])
        #expect(try await world.trail("org_1").count == 1)
    }

    @Test(.timeLimit(.minutes(10)))
    func `a store that does not answer does not hold up the refusal`() async throws {
        let stuck = StuckDatabase()
        let refusals = AuditedRefusals(database: stuck, clock: ManualClock(), logger: World.logger)
        await refusals.record(.anonymous())
        while !stuck.isWaiting { await Task.yield() }
        stuck.release()
    }

    @Test(.timeLimit(.minutes(10)))
    func `the upkeep writes what is left when it is told to stop`() async throws {
        let world = try await World.open()
        let refusals = world.refusals()
        let (key, text) = try await world.key(for: try await world.organization())
        for _ in 0..<3 { await refusals.record(.anonymous()) }
        _ = try await world.authenticator.authenticate(bearer: text.secret)
        let upkeep = IdentityUpkeep(authenticator: world.authenticator, refusals: refusals)
        let task = Task { try await upkeep.run() }
        task.cancel()
        try await task.value
        #expect(try await world.trail(AuditTrail.platformChain).count == 2)
        let stored = try await world.read { try APIKeys.get($0, key.id, of: key.organization) }
        #expect(stored.lastUsedAt == ManualClock.start)
    }
}

/// A store whose writes wait until the test lets them go.
private final class StuckDatabase: Database {
    private let waiters = Mutex<[CheckedContinuation<Void, Never>]>([])

    var isWaiting: Bool { waiters.withLock { !$0.isEmpty } }

    func release() {
        for waiter in waiters.withLock({ $0 }) { waiter.resume() }
    }

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any Transaction) throws -> Result
    ) async throws -> Result {
        throw Failure(.storeBusy)
    }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any Transaction) throws -> Result
    ) async throws -> Result {
        await withCheckedContinuation { continuation in waiters.withLock { $0.append(continuation) } }
        throw Failure(.storeBusy)
    }

    func close() async throws {}
}

extension Refusal {
    fileprivate static func anonymous(
        requestID: String = "request-1",
        address: String = "203.0.113.7",
        method: String = "GET",
        route: String = "/v1/me",
        status: Int = 401,
        code: String = "invalid_api_key",
        principal: Principal? = nil
    ) -> Refusal {
        Refusal(
            requestID: requestID,
            method: method,
            route: route,
            status: status,
            code: code,
            principal: principal,
            remoteAddress: address
        )
    }

    fileprivate static func member(_ organization: String, _ credential: String) -> Refusal {
        .anonymous(
            principal: Principal(organization: organization, role: .dealer, scopes: [], credential: credential)
        )
    }
}

extension World {
    func refusals() -> AuditedRefusals {
        AuditedRefusals(database: database, clock: clock, logger: World.logger)
    }
}

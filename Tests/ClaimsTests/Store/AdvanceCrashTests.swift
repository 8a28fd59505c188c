import Accounts
import Claims
import Core
import Identity
import Storage
import Support
import Synchronization
import Testing

/// A process that dies in the middle of an advance: whatever is found afterwards, it is paid once and recovered once.
@Suite struct AdvanceCrashTests {
    private struct Crash: Error {}

    private static let payment = Payment(reference: "r1", amount: fen(yuan: 300))
    private static let recovered = fen(yuan: 4_000 - 300 - 1_500)

    private func approved(_ engine: Engine, in place: TestStore.Place) async throws -> (ClaimsWorld, ClaimID, Advance) {
        let world = try await ClaimsWorld.open(engine, in: place)
        try await world.fund(yuan: 10_000)
        try await world.deposit(yuan: 1_500)
        let id = try await world.paying(yuan: 4_000, isDealers: true)
        try await world.sleep(hours: 49)
        let advance = try await world.advance(of: id)
        try await world.act(advance.id, .approve(signatures: 1), by: .manager)
        return (world, id, try await world.advance(of: id))
    }

    private func take(_ world: ClaimsWorld, _ id: AdvanceID, _ input: AdvanceInput) async throws {
        try await world.act(id, input, by: .finance)
    }

    /// Everything that was asked for has happened once, and nothing besides.
    private func expectOnce(_ world: ClaimsWorld, _ id: ClaimID) async throws {
        let advance = try await world.advance(of: id)
        #expect(advance.advanced == fen(yuan: 4_000) && advance.outstanding == Self.recovered)
        #expect(advance.receipts.count == 2)
        #expect(try await world.claim(id).payments.map(\.reference) == [advance.id.text])
        #expect(try await world.balance(.fund) == fen(yuan: 10_000 - 4_000 + 1_500 + 300))
        #expect(try await world.balance(.deposit(of: world.dealer.id.text)) == .zero)
        try await world.expectWhole(id)
    }

    /// What is on the disk before each statement of the payment and of the recovery, as whoever starts next finds it.
    @Test(.timeLimit(.minutes(10)))
    func `at whatever statement the power goes, what is asked for again happens once`() async throws {
        let (world, id, advance) = try await approved(.sqlite, in: .disk)
        let wrecks = Mutex<[TemporaryDirectory]>([])
        let store = world.store
        let watched = WatchedDatabase(wrapped: world.database) { _ in
            let wreck = try store.wreck()
            wrecks.withLock { $0.append(wreck) }
        }
        let inputs: [AdvanceInput] = [.pay(reference: "bank-1"), .receive(Self.payment)]
        for input in inputs {
            let advances = world.advances
            _ = try await watched.writeRetrying { tx in
                try advances.act(tx, advance.id, input, by: .finance, why: "说明").facts.count
            }
        }
        wrecks.withLock { $0.append(contentsOf: (try? [store.wreck()]) ?? []) }
        try await expectOnce(world, id)
        let found = wrecks.withLock { $0 }
        #expect(found.count > 40)
        for wreck in found {
            let after = try await world.found(in: wreck)
            try await after.expectWhole(id)
            for input in inputs { try await take(after, advance.id, input) }
            try await expectOnce(after, id)
        }
    }

    /// The same where the connection breaks, and the engine takes back what was done.
    @Test(.timeLimit(.minutes(10)), arguments: Engine.allCases)
    func `at whatever statement the connection breaks, nothing of it stays`(engine: Engine) async throws {
        let (world, id, advance) = try await approved(engine, in: .memory)
        for input in [AdvanceInput.pay(reference: "bank-1"), .receive(Self.payment)] {
            var last = 0
            while last >= 0 {
                last += 1
                let (advances, end) = (world.advances, last)
                let watched = WatchedDatabase(wrapped: world.database) { if $0 == end { throw Crash() } }
                let before = try await world.advance(of: id)
                do {
                    _ = try await watched.write { tx in
                        try advances.act(tx, advance.id, input, by: .finance, why: "说明").facts.count
                    }
                    last = -1
                } catch is Crash {
                    #expect(try await world.advance(of: id) == before)
                }
            }
            try await world.expectWhole(id)
        }
        try await expectOnce(world, id)
    }
}

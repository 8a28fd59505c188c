import Core
import Logging
import Support
import Synchronization
import Testing

@testable import Storage

@Suite struct LeaseHolderTests {
    private static let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    /// What the work did, and whoever waits for it to do so.
    private final class Diary: Sendable {
        private let (stream, continuation) = AsyncStream<Event>.makeStream()

        enum Event: Sendable, Hashable {
            case begins(fence: Int64)
            case ends(fence: Int64)
        }

        func note(_ event: Event) { continuation.yield(event) }

        func next() async -> Event? {
            for await event in stream { return event }
            return nil
        }
    }

    /// A holder whose pauses are over as soon as others had their turn.
    private func holder(_ store: TestStore, work: @escaping LeaseHolder.Work) -> Task<Void, any Error> {
        let holder = LeaseHolder(
            "work",
            database: store.database,
            logger: LeaseHolderTests.logger,
            pause: { _ in try await Task.sleep(for: .milliseconds(1)) },
            work: work
        )
        return Task { try await holder.run() }
    }

    private func untilCancelled(_ diary: Diary) -> LeaseHolder.Work {
        { lease in
            diary.note(.begins(fence: lease.fence))
            try? await Task.sleep(for: .seconds(3600))
            diary.note(.ends(fence: lease.fence))
        }
    }

    private func acquire(_ store: TestStore) async throws -> Lease? {
        try await store.database.write { try Lease.acquire($0, "work", holder: "other") }
    }

    @Test(.timeLimit(.minutes(10)), arguments: Engine.allCases)
    func `the work runs under a lease, which is given back in the end`(engine: Engine) async throws {
        let store = try await TestStore.open(engine)
        let diary = Diary()
        let service = holder(store, work: untilCancelled(diary))
        #expect(await diary.next() == .begins(fence: 1))
        #expect(try await acquire(store) == nil)
        service.cancel()
        try await service.value
        #expect(await diary.next() == .ends(fence: 1))
        #expect(try await acquire(store)?.fence == 2, "nobody has to wait until it runs out")
    }

    @Test(.timeLimit(.minutes(10)), arguments: Engine.allCases)
    func `work ends when the lease is lost, and begins again under a higher number`(engine: Engine) async throws {
        let store = try await TestStore.open(engine)
        let diary = Diary()
        let service = holder(store, work: untilCancelled(diary))
        #expect(await diary.next() == .begins(fence: 1))
        // Somebody takes it over in the very moment in which it runs out.
        let thief = try await store.database.write { tx in
            try tx.execute("UPDATE lease SET expires_at = 0 WHERE name = 'work'")
            return try Lease.acquire(tx, "work", holder: "thief")
        }
        #expect(thief?.fence == 2)
        #expect(await diary.next() == .ends(fence: 1))
        try await store.database.write { try thief?.release($0) }
        #expect(await diary.next() == .begins(fence: 3))
        service.cancel()
        try await service.value
    }

    @Test(.timeLimit(.minutes(10)))
    func `of two holders one works, and the other when the first is gone`() async throws {
        let store = try await TestStore.open()
        let (first, second) = (Diary(), Diary())
        let one = holder(store, work: untilCancelled(first))
        #expect(await first.next() == .begins(fence: 1))
        let two = holder(store, work: untilCancelled(second))
        one.cancel()
        try await one.value
        #expect(await second.next() == .begins(fence: 2))
        two.cancel()
        try await two.value
    }

    @Test(.timeLimit(.minutes(10)))
    func `work that fails is tried again`() async throws {
        let store = try await TestStore.open()
        let diary = Diary()
        let service = holder(store) { lease in
            diary.note(.begins(fence: lease.fence))
            throw Refused()
        }
        for fence in 1...3 { #expect(await diary.next() == .begins(fence: Int64(fence))) }
        service.cancel()
        try await service.value
    }

    @Test func `two renewals may fail before the lease is over`() {
        #expect(LeaseHolder.renewalInterval * 3 <= .seconds(Lease.seconds))
    }
}

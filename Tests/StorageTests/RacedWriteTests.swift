import Core
import Support
import Synchronization
import Testing

@testable import Storage

@Suite struct RacedWriteTests {
    @Test(arguments: Engine.allCases)
    func `of fifty that find a free key, one takes it and the others see its row`(engine: Engine) async throws {
        let store = try await TestStore.notebook(engine, in: .disk)
        let inserted = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    try await store.database.writeRetrying { tx in
                        guard try tx.ids().isEmpty else { return false }
                        try tx.add(1)
                        return true
                    }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(inserted.count { $0 } == 1)
        #expect(try await store.database.ids() == [1])
    }

    @Test func `a key that was taken at first and is free then costs nobody an error`() async throws {
        let store = try await TestStore.notebook()
        let runs = Atomic<Int>(0)
        try await store.database.writeRetrying { tx in
            try tx.add(2)
            if runs.add(1, ordering: .relaxed).newValue < RacedWrite.attempts { throw UniqueViolation() }
        }
        #expect(runs.load(ordering: .relaxed) == RacedWrite.attempts)
        #expect(try await store.database.ids() == [2], "what came to nothing left no trace")
    }

    @Test(arguments: Engine.allCases)
    func `who loses every time is told to come again`(engine: Engine) async throws {
        let store = try await TestStore.notebook(engine)
        try await store.database.add(1)
        let failure = await #expect(throws: Failure.self) {
            try await store.database.writeRetrying { tx in
                try tx.add(2)
                try tx.add(1)
            }
        }
        #expect(failure?.type == .storeBusy)
        #expect(failure?.retryAfterSeconds == RacedWrite.retryAfterSeconds)
        #expect(try await store.database.ids() == [1])
    }

    @Test func `another error is an answer, and nothing is tried again`() async throws {
        let store = try await TestStore.notebook()
        let runs = Atomic<Int>(0)
        await #expect(throws: Refused()) {
            try await store.database.writeRetrying { _ in
                runs.add(1, ordering: .relaxed)
                throw Refused()
            }
        }
        #expect(runs.load(ordering: .relaxed) == 1)
    }

    @Test func `each pause is longer than the one before, and together they are short`() {
        for attempt in 1..<RacedWrite.attempts {
            let longest = Duration.milliseconds(RacedWrite.firstPauseMilliseconds << (attempt - 1))
            for _ in 0..<100 { #expect((longest / 2...longest).contains(RacedWrite.pause(before: attempt))) }
        }
    }
}

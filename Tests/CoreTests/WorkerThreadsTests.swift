import Core
import Dispatch
import Synchronization
import Testing

struct WorkerThreadsTests {
    private let busy = Failure(.invalidRequest, retryAfterSeconds: 3)

    private struct Broken: Error, Equatable {}

    @Test func `no more run at a time than were allowed, and all get their answer`() async throws {
        let threads = WorkerThreads(concurrentMaximum: 3, waitingMaximum: 100, refusal: busy)
        let running = Running()
        let answers = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<100 {
                group.addTask {
                    try await threads.perform {
                        running.begin()
                        defer { running.end() }
                        return number
                    }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.sorted() == Array(0..<100))
        #expect((1...3).contains(running.most))
    }

    @Test func `who comes when all places are taken is refused at once`() async throws {
        let threads = WorkerThreads(concurrentMaximum: 2, waitingMaximum: 3, refusal: busy)
        let gate = DispatchSemaphore(value: 0)
        let (refused, refusals) = AsyncStream.makeStream(of: Failure.self)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            // Two run, three wait, whichever they are; the others are refused while nobody has finished.
            for _ in 0..<9 {
                group.addTask {
                    do {
                        try await threads.perform { gate.wait() }
                        return true
                    } catch let failure as Failure {
                        refusals.yield(failure)
                        return false
                    }
                }
            }
            var iterator = refused.makeAsyncIterator()
            for _ in 0..<4 {
                #expect(await iterator.next() == busy)
            }
            for _ in 0..<5 { gate.signal() }
            let answers = try await group.reduce(into: []) { $0.append($1) }
            #expect(answers.filter(\.self).count == 5)
        }
        // The places are free again.
        #expect(try await threads.perform { 7 } == 7)
    }

    @Test func `what the work throws reaches the caller, and the next one runs`() async throws {
        let threads = WorkerThreads(concurrentMaximum: 1, waitingMaximum: 1, refusal: busy)
        await #expect(throws: Broken()) {
            try await threads.perform { throw Broken() }
        }
        #expect(try await threads.perform { 7 } == 7)
    }
}

/// Counts what runs at a time.
private final class Running: Sendable {
    private let state = Mutex((now: 0, most: 0))

    var most: Int { state.withLock { $0.most } }

    func begin() {
        state.withLock { state in
            state.now += 1
            state.most = max(state.most, state.now)
        }
    }

    func end() {
        state.withLock { $0.now -= 1 }
    }
}

import Core
import Dispatch
import Synchronization
import Testing

@testable import Cryptography

struct PasswordHashingTests {
    private let password = try! Password(entered: "correct horse battery staple")

    @Test func `hashes and verifies`() async throws {
        let hashing = PasswordHashing(cost: PasswordHashTests.cheap)
        let hash = try await hashing.hash(password)
        #expect(hash.cost == PasswordHashTests.cheap)
        #expect(try await hashing.verify(password, against: hash))
        #expect(try await !hashing.verify(Password(entered: "another"), against: hash))
    }

    @Test func `without an account no password is right`() async throws {
        let hashing = PasswordHashing(cost: PasswordHashTests.cheap)
        #expect(try await !hashing.verify(password, against: nil))
    }

    @Test func `one at today's cost`() async throws {
        let hashing = PasswordHashing()
        let hash = try await hashing.hash(password)
        #expect(hash.cost == .current && !hash.needsRehash)
        #expect(try await hashing.verify(password, against: hash))
    }

    @Test func `no more run at a time than were allowed, and all get their answer`() async throws {
        let hashing = PasswordHashing(cost: PasswordHashTests.cheap, concurrentMaximum: 3, waitingMaximum: 100)
        let running = Running()
        let answers = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<100 {
                group.addTask {
                    try await hashing.perform {
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
        let hashing = PasswordHashing(cost: PasswordHashTests.cheap, concurrentMaximum: 2, waitingMaximum: 3)
        let gate = DispatchSemaphore(value: 0)
        let (refused, refusals) = AsyncStream.makeStream(of: Failure.self)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            // Two run, three wait, whichever they are; the others are refused while nobody has finished.
            for _ in 0..<9 {
                group.addTask {
                    do {
                        try await hashing.perform { gate.wait() }
                        return true
                    } catch let failure as Failure {
                        refusals.yield(failure)
                        return false
                    }
                }
            }
            var iterator = refused.makeAsyncIterator()
            for _ in 0..<4 {
                let failure = await iterator.next()
                #expect(failure?.type == .passwordChecksBusy)
                #expect(failure?.type.kind == .unavailable)
                #expect(failure?.retryAfterSeconds == PasswordHashing.retryAfterSeconds)
            }
            for _ in 0..<5 { gate.signal() }
            let answers = try await group.reduce(into: []) { $0.append($1) }
            #expect(answers.filter(\.self).count == 5)
        }
        // The places are free again.
        #expect(try await hashing.perform { 7 } == 7)
    }

    @Test func `what the work throws reaches the caller, and the next one runs`() async throws {
        let hashing = PasswordHashing(cost: PasswordHashTests.cheap, concurrentMaximum: 1, waitingMaximum: 1)
        await #expect(throws: CryptographyError.tooLong) {
            try await hashing.perform { throw CryptographyError.tooLong }
        }
        #expect(try await hashing.perform { 7 } == 7)
    }

    @Test func `what cannot be computed is an error, not a wrong password`() async throws {
        // More than Argon2 can express, so that no memory is taken for it.
        let impossible = PasswordHash.Cost(memoryKiB: 1 << 32, passes: 1)
        let hashing = PasswordHashing(cost: impossible)
        await #expect(throws: CryptographyError.library(operation: "crypto_pwhash_argon2id")) {
            try await hashing.verify(password, against: nil)
        }
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

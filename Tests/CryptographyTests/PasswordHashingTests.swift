import Core
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

    @Test func `who finds no place is told so, and when to come again`() async throws {
        let hashing = PasswordHashing(cost: PasswordHashTests.cheap, concurrentMaximum: 0, waitingMaximum: 0)
        let refusal = await #expect(throws: Failure.self) { try await hashing.hash(password) }
        #expect(refusal?.type == .passwordChecksBusy)
        #expect(refusal?.type.kind == .unavailable)
        #expect(refusal?.retryAfterSeconds == PasswordHashing.retryAfterSeconds)
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

import Cryptography
import Testing

@testable import Ledger

/// The exchange that was recorded with litewitness 0.9.0, request by request, and what it answered.
@Suite struct WitnessTests {
    private static let bodiesHash = "c23eec56ac592b94ea353e71bd3d154e39e37d6bfcf6bd64b11cf5aab6c140ec"

    private static func note(_ size: Int64, by signer: NoteSigner = TestNotes.log, origin: String = TestNotes.origin)
        throws -> SignedNote
    {
        var reader = TreeTests.tree.reader(size: size)
        return try Checkpoint(origin: origin, size: size, root: reader.root())!.signed(by: [signer])
    }

    private static func proof(_ old: Int64, _ new: Int64) throws -> [Digest] {
        var reader = TreeTests.tree.reader(size: new)
        return try reader.consistencyProof(from: old)
    }

    private static func request(_ old: Int64, _ new: Int64, proof: [Digest]? = nil) throws -> AddCheckpointRequest {
        AddCheckpointRequest(
            oldSize: old,
            proof: try proof ?? self.proof(old, new),
            checkpoint: try note(new)
        )
    }

    private static func state(_ size: Int64) throws -> WitnessState {
        var reader = TreeTests.tree.reader(size: size)
        return WitnessState(size: size, root: try reader.root())
    }

    private func decide(_ body: [UInt8], last size: Int64) throws -> WitnessDecision {
        try AddCheckpointRequest.decide(
            body,
            keys: { $0 == TestNotes.origin ? [TestNotes.log.verifierKey] : [] },
            last: { _ in try WitnessTests.state(size) }
        )
    }

    /// SHA-256 over the three bodies that were made with x/mod, one after another.
    @Test func `requests are those of the Go tools, to the byte`() throws {
        let bodies = try [(0, 5), (5, 256), (256, 70_000)].map { try WitnessTests.request($0.0, $0.1).bytes }
        #expect(SHA256.hash(bodies.flatMap { $0 }).hex == WitnessTests.bodiesHash)
        for body in bodies { #expect(try AddCheckpointRequest(parsing: body).bytes == body) }
    }

    /// Size that was signed last, old size, new size, status.
    @Test(
        arguments: rows(
            """
            0 5 256 409
            0 0 5 200
            5 0 5 409
            5 5 256 200
            256 256 70000 200
            70000 256 256 409
            70000 70000 70000 200
            0 0 0 200
            """
        )
    )
    func `what was signed last decides`(row: [Substring]) throws {
        let numbers = row.map { Int64($0)! }
        let decision = try decide(WitnessTests.request(numbers[1], numbers[2]).bytes, last: numbers[0])
        #expect(decision.status == Int(numbers[3]))
        if decision.status == 409 { #expect(decision == .conflict(lastSize: numbers[0])) }
        if case .cosign(let checkpoint) = decision { #expect(checkpoint.size == numbers[2]) }
    }

    @Test func `a tree that does not extend the last is refused`() throws {
        let proof = try WitnessTests.proof(5, 256)
        let swapped = [proof[1], proof[0]] + proof.dropFirst(2)
        #expect(try decide(WitnessTests.request(5, 256, proof: swapped).bytes, last: 5) == .inconsistent)
        #expect(try decide(WitnessTests.request(5, 256, proof: []).bytes, last: 5) == .inconsistent)
        #expect(try decide(WitnessTests.request(0, 256, proof: proof).bytes, last: 0) == .inconsistent)
        #expect(try decide(WitnessTests.request(256, 256, proof: proof).bytes, last: 256) == .inconsistent)
        // The same size with another root: a fork.
        let forked = try Checkpoint(origin: TestNotes.origin, size: 256, root: .zero)!.signed(by: [TestNotes.log])
        let request = AddCheckpointRequest(oldSize: 256, proof: [], checkpoint: forked)
        #expect(try decide(request.bytes, last: 256) == .inconsistent)
        let empty = try Checkpoint(origin: TestNotes.origin, size: 0, root: .zero)!.signed(by: [TestNotes.log])
        let nothing = AddCheckpointRequest(oldSize: 0, proof: [], checkpoint: empty)
        #expect(try decide(nothing.bytes, last: 0) == .inconsistent)
    }

    @Test func `unknown logs and signatures are told apart`() throws {
        let origin = "other.example/log"
        let stranger = TestNotes.signer(origin, .ed25519, 7)
        let unknown = AddCheckpointRequest(
            oldSize: 0,
            proof: [],
            checkpoint: try WitnessTests.note(5, by: stranger, origin: origin)
        )
        #expect(try decide(unknown.bytes, last: 0) == .unknownOrigin)
        let unsigned = AddCheckpointRequest(oldSize: 0, proof: [], checkpoint: try WitnessTests.note(5, by: stranger))
        #expect(try decide(unsigned.bytes, last: 0) == .untrusted)
        let body = String(decoding: try WitnessTests.request(0, 5).bytes, as: UTF8.self)
        #expect(try decide(Array(body.replacing("\n5\n", with: "\n6\n").utf8), last: 0) == .untrusted)
    }

    @Test func `what is no request is refused`() throws {
        let body = String(decoding: try WitnessTests.request(5, 256).bytes, as: UTF8.self)
        let wrong = [
            "", "garbage", body.replacing("old 5", with: "old 05"), body.replacing("old 5", with: "old -5"),
            body.replacing("old 5", with: "old"), body.replacing("old 5", with: "new 5"), "\n" + body,
            String(body.dropFirst(6)), body.replacing("old 5\n", with: "old 5\nAAAA\n"),
            body.replacing("old 5\n", with: "old 300\n"),
        ]
        for text in wrong { #expect(try decide(Array(text.utf8), last: 5) == .malformed, "\(text.prefix(40))") }
        let long = try WitnessTests.request(5, 256, proof: [Digest](repeating: .zero, count: 64))
        #expect(try decide(long.bytes, last: 5) == .malformed)
        let longest = try WitnessTests.request(5, 256, proof: [Digest](repeating: .zero, count: 63))
        #expect(try decide(longest.bytes, last: 5) == .inconsistent)
    }
}

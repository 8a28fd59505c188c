import Core
import Cryptography
import Ledger
import Support
import Testing

@testable import chexin

/// A witness that remembers: what it signed once, it never signs otherwise.
@Suite struct WitnessBookTests {
    private static let origin = "a.example/log"
    private static let now = ManualClock.start

    private struct World {
        let directory: TemporaryDirectory
        let log: NoteSigner
        let book: WitnessBook

        init() throws {
            directory = try TemporaryDirectory()
            let key = try Ed25519.PrivateKey(seed: SecretBytes([UInt8](repeating: 5, count: 32)))
            log = try #require(NoteSigner(name: WitnessBookTests.origin, key: key))
            book = try World.book(directory, log)
        }

        static func book(_ directory: TemporaryDirectory, _ log: NoteSigner) throws -> WitnessBook {
            let path = directory.path("witness")
            let signer = try WitnessCommand.signer(name: "w.example", directory: path)
            return WitnessBook(directory: path, signer: signer, logs: [log.verifierKey])
        }

        /// Of a tree of so many leaves.
        func note(_ leaves: [String], by signer: NoteSigner? = nil) throws -> (note: SignedNote, tree: TreeFrontier) {
            var tree = TreeFrontier()
            for leaf in leaves { tree.append(MerkleHash.leaf(Array(leaf.utf8))) }
            let checkpoint = try #require(
                Checkpoint(origin: WitnessBookTests.origin, size: tree.size, root: tree.root)
            )
            return (try checkpoint.signed(by: [signer ?? log]), tree)
        }

        func ask(_ old: Int64, _ proof: [Digest], _ note: SignedNote, _ book: WitnessBook? = nil) async throws
            -> WitnessBook.Answer
        {
            let request = AddCheckpointRequest(oldSize: old, proof: proof, checkpoint: note)
            return try await (book ?? self.book).answer(request.bytes, at: WitnessBookTests.now)
        }
    }

    @Test func `a checkpoint is signed, remembered across a restart, and extended`() async throws {
        let world = try World()
        let one = try world.note(["a"])
        let first = try await world.ask(0, [], one.note)
        let line = try #require(first.line.flatMap { NoteSignature(line: $0) })
        let signed = try SignedNote(text: one.note.text, signatures: [line])
        let found = try signed.verified(by: [world.book.signer.verifierKey])
        #expect(found.first?.seconds == WitnessBookTests.now.microseconds / 1_000_000)
        let again = try World.book(world.directory, world.log)
        #expect(again.signer.verifierKey == world.book.signer.verifierKey)
        let two = try world.note(["a", "b"])
        #expect(try await world.ask(0, [], two.note, again).decision == .conflict(lastSize: 1))
        let proof = [MerkleHash.leaf(Array("b".utf8))]
        #expect(try await world.ask(1, proof, two.note, again).decision.status == 200)
        let shown = try await again.checkpoint(ofHash: SHA256.hash(WitnessBookTests.origin.utf8))
        let kept = try SignedNote(parsing: try #require(shown))
        #expect(kept.text == two.note.text)
        #expect(kept.signatures.count == 2)
        #expect(try await again.checkpoint(ofHash: .zero) == nil)
    }

    @Test func `a fork is refused, and so is whoever is not the log`() async throws {
        let world = try World()
        _ = try await world.ask(0, [], try world.note(["a", "b"]).note)
        let fork = try world.note(["a", "x"])
        #expect(try await world.ask(2, [], fork.note).decision == .inconsistent)
        let stranger = try #require(NoteSigner(name: WitnessBookTests.origin, key: try Ed25519.PrivateKey.generate()))
        #expect(try await world.ask(2, [], try world.note(["a"], by: stranger).note).decision == .untrusted)
        #expect(try await world.book.answer([1, 2, 3], at: WitnessBookTests.now).decision == .malformed)
        let same = try await world.ask(2, [], try world.note(["a", "b"]).note)
        #expect(same.decision.status == 200)
    }

    @Test func `two histories at once: one is signed`() async throws {
        let world = try World()
        let notes = try ["a", "b", "c", "d"].map { try world.note([$0]).note }
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for note in notes { group.addTask { try await world.ask(0, [], note).decision.status } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses.sorted() == [200, 409, 409, 409])
    }

    @Test func `what somebody else wrote in its place is not taken`() async throws {
        let world = try World()
        _ = try await world.ask(0, [], try world.note(["a"]).note)
        let path = world.directory.path("witness") + "/" + SHA256.hash(WitnessBookTests.origin.utf8).hex
        try SecretFile(path: path).write(try world.note(["z"]).note.bytes)
        await #expect(throws: Refused.self) { try await world.ask(1, [], try world.note(["z"]).note) }
    }
}

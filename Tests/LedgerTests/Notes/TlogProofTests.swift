import Core
import Cryptography
import Testing

@testable import Ledger

@Suite struct TlogProofTests {
    private static let hashesText = """
        VaGBOrmC32/t7GrMJYcIvn+gnrY3cGJq52llj+ktBF8=
        aY8Xzn1BUFqX2SoM2sl55t3PDB8nKQOpxC9IbI56eDA=
        """

    private static let plainHash = "94bf2f70af1d9d8b13904d3344de998f4a31167595d1f754e559ba5387d840b8"
    private static let extraHash = "b019add8602b8598ac4ab502dc2a6b2c8018823dc2616fff47593258725206c9"

    private func proof(extra: [UInt8]? = nil) throws -> TlogProof {
        var reader = TreeTests.tree.reader
        return TlogProof(
            extra: extra,
            index: 12_345,
            hashes: try reader.inclusionProof(index: 12_345),
            checkpoint: try TestNotes.note(TestNotes.cosigned)
        )
    }

    /// SHA-256 of the two files that torchwood wrote.
    @Test func `the files are those of torchwood, to the byte`() throws {
        let plain = try proof().bytes
        let extra = try proof(extra: Array("hello extra".utf8)).bytes
        #expect(SHA256.hash(plain).hex == TlogProofTests.plainHash)
        #expect(SHA256.hash(extra).hex == TlogProofTests.extraHash)
        #expect(try TlogProof(parsing: plain) == proof())
        #expect(try TlogProof(parsing: extra).extra == Array("hello extra".utf8))
        #expect(String(decoding: plain, as: UTF8.self).contains(TlogProofTests.hashesText))
    }

    @Test func `a file is verified under the policy, and for its own leaf alone`() throws {
        let policy = try LogPolicy(parsing: TestNotes.policy)
        let proof = try proof()
        #expect(try proof.verify(leafHash: TestTree.leafHash(12_345), policy: policy).size == 70_000)
        #expect(throws: TlogProofError.notIncluded) {
            try proof.verify(leafHash: TestTree.leafHash(12_346), policy: policy)
        }
        var wrong = proof
        wrong.index += 1
        #expect(throws: TlogProofError.notIncluded) {
            try wrong.verify(leafHash: TestTree.leafHash(12_345), policy: policy)
        }
        let other = LogPolicy(log: TestNotes.signer("another.example", .ed25519, 3).verifierKey)
        #expect(throws: TlogProofError.note(.noKnownSignature)) {
            try proof.verify(leafHash: TestTree.leafHash(12_345), policy: other)
        }
    }

    @Test func `no bit of a file can be changed`() throws {
        let policy = try LogPolicy(parsing: TestNotes.policy)
        let bytes = try proof().bytes
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 1
            let verified = try? TlogProof(parsing: changed).verify(leafHash: TestTree.leafHash(12_345), policy: policy)
            #expect(verified == nil)
        }
    }

    @Test(
        arguments: [
            ("@v1", "@v2"), ("index 12345", "index 012345"), ("index 12345", "index -1"), ("index 12345", "index"),
            ("index 12345\n", ""), ("index 12345\n", "extra !\nindex 12345\n"), ("VaGB", "VaG"),
            ("index 12345\n", "index 12345\nindex 12345\n"), ("\n\nlog", "\nlog"),
        ]
    )
    func `what is no such file is refused`(old: String, new: String) throws {
        let text = String(decoding: try proof().bytes, as: UTF8.self).replacing(old, with: new)
        #expect(throws: NoteError.malformed) { try TlogProof(parsing: Array(text.utf8)) }
    }

    @Test func `more hashes than any tree has are refused`() throws {
        var proof = try proof()
        proof.hashes = [Digest](repeating: .zero, count: 64)
        #expect(throws: NoteError.malformed) { try TlogProof(parsing: proof.bytes) }
    }
}

import Core
import Cryptography
import Testing

@testable import Ledger

@Suite struct NoteTests {
    /// From the tests of golang.org/x/mod (BSD-3-Clause).
    static let peter = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    static let enoch = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
    static let secret = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
    static let text = """
        If you think cryptography is the answer to your problem,
        then you don't know what your problem is.

        """
    static let peterLine = """
        — PeterNeumann \
        x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=

        """
    static let enochLine = """
        — EnochRoot \
        rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=

        """

    private func key(_ text: String) -> VerifierKey { VerifierKey(parsing: text)! }

    @Test func `Go's notes verify, line by line`() throws {
        let note = try TestNotes.note(NoteTests.text + "\n" + NoteTests.peterLine + NoteTests.enochLine)
        #expect(note.text == NoteTests.text)
        let (peter, enoch) = (key(NoteTests.peter), key(NoteTests.enoch))
        #expect(try note.verified(by: [peter]).map(\.key) == [peter])
        #expect(try note.verified(by: [enoch, peter]).map(\.key) == [peter, enoch])
        #expect(throws: NoteError.noKnownSignature) { try note.verified(by: []) }
        #expect(String(decoding: note.bytes, as: UTF8.self).hasSuffix(NoteTests.enochLine))
    }

    @Test func `we sign as Go does`() throws {
        let signer = try #require(NoteSigner(encodedSecret: NoteTests.secret))
        #expect(signer.verifierKey.text == NoteTests.peter)
        #expect(signer.encodedSecret == NoteTests.secret)
        #expect(try signer.sign(NoteTests.text).line + "\n" == NoteTests.peterLine)
        #expect("\(signer)" == "signer of \(NoteTests.peter)")
    }

    @Test func `the example of the specification verifies`() throws {
        let line = """
            — example.com/foo \
            Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
            """
        let note = try TestNotes.note("This is an example message.\n\n\(line)\n")
        #expect(
            try note.verified(by: [key("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")]).count
                == 1
        )
    }

    @Test func `the text may hold blank lines and any script`() throws {
        let text = "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n车信\n"
        let note = try SignedNote(text: text, signatures: [TestNotes.log.sign(text)])
        #expect(try SignedNote(parsing: note.bytes) == note)
        #expect(try SignedNote(parsing: note.bytes).verified(by: [TestNotes.log.verifierKey]).count == 1)
    }

    @Test func `what is no note is refused`() {
        let (text, line) = (NoteTests.text, NoteTests.peterLine)
        let wrong = [
            "", "\n", "\n\n", text, text + "\n", text + line, text + "\n" + line.dropLast(),
            "\u{1}" + text + "\n" + line,
            text + "\n— Bad Name x08go/ZJkuA=\n", text + "\n" + line + "Unexpected line.\n", text + "\n" + line + "\n",
            text + "\n" + line.replacing("—", with: "-"), text + "\n" + line.replacing("AM=", with: "AM"),
            text + "\n" + line.replacing("AM=", with: "AN="), text + "\n— a+b x08go/ZJkuA=\n",
            text + "\n— a x08goQ==\n",
            text + "\n—  x08go/ZJkuA=\n", text + "\n— a  x08go/ZJkuA=\n", text + "\t\n\n" + line,
        ]
        for note in wrong { #expect(throws: NoteError.malformed) { try TestNotes.note(String(note)) } }
        let bytes = Array((text + "\n" + line).utf8)
        #expect(throws: NoteError.malformed) { try SignedNote(parsing: [0xFF] + bytes) }
        #expect(throws: NoteError.malformed) {
            try SignedNote(parsing: Array(bytes.dropLast(20)) + [0xE2, 0x80, 0x0A])
        }
        #expect(throws: NoteError.malformed) { try SignedNote(text: "no end", signatures: [TestNotes.log.sign("")]) }
        #expect(throws: NoteError.malformed) { try SignedNote(text: "a\n", signatures: []) }
    }

    @Test func `a hundred signatures are read, not more`() throws {
        let lines = String(repeating: "— a x08go/ZJkuA=\n", count: 100)
        #expect(try TestNotes.note("a\n\n" + lines).signatures.count == 100)
        #expect(throws: NoteError.tooLarge) { try TestNotes.note("a\n\n" + lines + "— a x08go/ZJkuA=\n") }
        let long = String(repeating: "a", count: SignedNote.maximumByteCount)
        #expect(throws: NoteError.tooLarge) { try TestNotes.note(long + "\n\n— a x08go/ZJkuA=\n") }
    }

    @Test func `one bad line of a known key voids the note`() throws {
        let bad = NoteTests.peterLine.replacing("/ZJkuBS", with: "/ZJkuBT")
        let note = try TestNotes.note(NoteTests.text + "\n" + bad + NoteTests.enochLine)
        #expect(try note.verified(by: [key(NoteTests.enoch)]).count == 1)
        #expect(throws: NoteError.badSignature(name: "PeterNeumann")) {
            try note.verified(by: [key(NoteTests.enoch), key(NoteTests.peter)])
        }
        // A second line of the same key is passed over, whatever it says.
        let twice = try TestNotes.note(NoteTests.text + "\n" + NoteTests.peterLine + bad)
        #expect(try twice.verified(by: [key(NoteTests.peter)]).count == 1)
    }

    @Test func `a key's id is its own`() {
        let wrong = [
            NoteTests.peter.replacing("c74f20a3", with: "c74f20a4"), NoteTests.peter.replacing("c74f", with: "C74F"),
            NoteTests.peter.replacing("Peter", with: "Pete"), NoteTests.peter + "=",
            String(NoteTests.peter.dropLast(4)),
            "PeterNeumann", "PeterNeumann+c74f20a3", "a b+c74f20a3+ARpc", "", "++",
        ]
        for text in wrong { #expect(VerifierKey(parsing: text) == nil, "\(text)") }
        #expect(NoteSigner(encodedSecret: NoteTests.secret.replacing("c74f", with: "c74e")) == nil)
        #expect(NoteSigner(encodedSecret: NoteTests.peter) == nil)
        #expect(NoteSigner(encodedSecret: NoteTests.secret + "AAAA") == nil)
        for name in ["", "a b", "a+b", "a\u{3000}b", "a\nb"] {
            #expect(VerifierKey(name: name, algorithm: .ed25519, publicKey: TestChain.key.publicKey) == nil)
        }
    }
}

@Suite struct CheckpointTests {
    @Test func `checkpoint and cosignature are those of the Go tools, both ways`() throws {
        #expect(TestNotes.log.verifierKey.text == TestNotes.logKey)
        #expect(TestNotes.witness.verifierKey.text == TestNotes.witnessKey)
        let note = try TestNotes.note(TestNotes.cosigned)
        let checkpoint = try #require(Checkpoint(parsing: note.text))
        #expect(checkpoint.size == 70_000)
        #expect(checkpoint.root == TreeTests.tree.builder.root)
        var ours = try checkpoint.signed(by: [TestNotes.log])
        ours.add(try TestNotes.witness.sign(checkpoint.text, atSeconds: 1_750_000_000))
        #expect(String(decoding: ours.bytes, as: UTF8.self) == TestNotes.cosigned)
        let verified = try note.verified(by: [TestNotes.log.verifierKey, TestNotes.witness.verifierKey])
        #expect(verified.map(\.seconds) == [nil, 1_750_000_000])
    }

    @Test func `the checkpoint of the Go module mirror verifies`() throws {
        let note = try TestNotes.note(
            """
            go.sum database tree
            35225469
            vt5T6GaLCXvyHFl9VUvvItR43XZxfLgftEcTyO3eJCQ=

            — sum.golang.org \
            Az3grpukl5AXaVfYkLiDGORx/DN2nlcS5kZHR5uYOBV2KA2HgXpD+gu9HHONebHLAyaKbbTM75QTtPydhKCExixSfwQ=

            """
        )
        let key = VerifierKey(parsing: "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8")!
        #expect(try note.verified(by: [key]).map(\.key) == [key])
        #expect(Checkpoint(parsing: note.text)?.size == 35_225_469)
    }

    @Test func `no bit of a cosigned checkpoint can be changed`() throws {
        let keys = [TestNotes.log.verifierKey, TestNotes.witness.verifierKey]
        let bytes = Array(TestNotes.cosigned.utf8)
        for index in bytes.indices {
            for bit in [UInt8(1), 0x20] {
                var changed = bytes
                changed[index] ^= bit
                let verified = try? SignedNote(parsing: changed).verified(by: keys)
                #expect((verified?.count ?? 0) < 2)
            }
        }
    }

    @Test(
        arguments: [
            "", "a\n", "a\n1\n", "a\n1\nAA==\n", "\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
            "a\n01\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
            "a\n-1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
            "a\n+1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
            "a\n9223372036854775808\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
            "a\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU\n",
            "a\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
            "a\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n",
        ]
    )
    func `what is no checkpoint is refused`(text: String) {
        #expect(Checkpoint(parsing: text) == nil)
    }

    @Test func `extension lines are kept`() throws {
        let text = "a\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\nmore\nand more\n"
        let checkpoint = try #require(Checkpoint(parsing: text))
        #expect(checkpoint.extensions == ["more", "and more"])
        #expect(checkpoint.root == MerkleHash.emptyRoot)
        #expect(checkpoint.text == text)
        #expect(Checkpoint(origin: "a\nb", size: 0, root: .zero) == nil)
        #expect(Checkpoint(origin: "a", size: -1, root: .zero) == nil)
    }

    @Test func `two keys sign side by side while one takes over`() throws {
        let next = TestNotes.signer(TestNotes.origin, .ed25519, 9)
        let checkpoint = Checkpoint(origin: TestNotes.origin, size: 1, root: .zero)!
        let note = try checkpoint.signed(by: [TestNotes.log, next])
        for signer in [TestNotes.log, next] {
            #expect(try LogPolicy(log: signer.verifierKey).checkpoint(in: note) == checkpoint)
        }
    }
}

import Core
import Cryptography
import Testing

@testable import Ledger

@Suite struct LogPolicyTests {
    private static let names = ["a", "b", "c", "d"]

    private static func witness(_ name: String) -> NoteSigner {
        TestNotes.signer("witness.example/\(name)", .cosignature, UInt8(10 + names.firstIndex(of: name)!))
    }

    private static var lines: String {
        "log \(TestNotes.logKey) https://log.example\n"
            + names.map { "witness \($0) \(witness($0).verifierKey.text)\n" }.joined()
    }

    @Test func `the sample of the Go tools is read`() throws {
        let policy = try LogPolicy(parsing: TestNotes.policy)
        #expect(policy.logs.map(\.key) == [TestNotes.log.verifierKey])
        #expect(policy.witnesses.map(\.name) == ["w1"])
        #expect(try policy.checkpoint(in: TestNotes.note(TestNotes.cosigned)).size == 70_000)
        let alone = TestNotes.cosigned.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { !$0.contains("witness") }
        #expect(throws: NoteError.noKnownSignature) {
            try policy.checkpoint(in: TestNotes.note(alone.joined(separator: "\n")))
        }
    }

    /// Groups and quorum, who signed, and whether that is enough. A slash stands for a new line.
    @Test(
        arguments: [
            "quorum none | - | yes", "quorum a | - | no", "quorum a | a | yes", "quorum a | b | no",
            "group g any a b / quorum g | b | yes", "group g any a b / quorum g | c | no",
            "group g all a b / quorum g | a | no", "group g all a b / quorum g | ab | yes",
            "group g 2 a b c / quorum g | b | no", "group g 2 a b c / quorum g | bc | yes",
            "group g 2 a b / group h any g c / quorum h | a | no",
            "group g 2 a b / group h any g c / quorum h | c | yes",
            "group g 2 a b / group h all g c / quorum h | abc | yes",
            "group g 2 a b / group h all g c / quorum h | ac | no",
            "\tquorum\t a # b | a | yes",
        ]
    )
    func `quorums are counted`(row: String) throws {
        let parts = row.split(separator: "|").map { $0.split(separator: " ").joined(separator: " ") }
        let text = LogPolicyTests.lines + parts[0].replacing("/", with: "\n")
        let signers = LogPolicyTests.names.filter { parts[1].contains($0) }.map { LogPolicyTests.witness($0) }
        let policy = try LogPolicy(parsing: text)
        let checkpoint = Checkpoint(origin: TestNotes.origin, size: 3, root: .zero)!
        var note = try checkpoint.signed(by: [TestNotes.log])
        for signer in signers { note.add(try signer.sign(checkpoint.text, atSeconds: 7)) }
        #expect(((try? policy.checkpoint(in: note)) == checkpoint) == (parts[2] == "yes"))
    }

    @Test func `a log speaks for its own origin alone`() throws {
        let policy = LogPolicy(log: TestNotes.log.verifierKey)
        let foreign = try Checkpoint(origin: "other", size: 3, root: .zero)!.signed(by: [TestNotes.log])
        #expect(throws: NoteError.noKnownSignature) { try policy.checkpoint(in: foreign) }
        let note = try SignedNote(text: "no checkpoint\n", signatures: [TestNotes.log.sign("no checkpoint\n")])
        #expect(throws: NoteError.malformed) { try policy.checkpoint(in: note) }
    }

    /// What is put behind the log and four witnesses, and the line that is named, 0 for the whole.
    @Test(
        arguments: [
            ("", 0), ("quorum a\nquorum a", 7), ("quorum e", 6), ("quorum", 6), ("quorum a b", 6), ("nonsense", 6),
            ("group g any\nquorum a", 6), ("group g 0 a\nquorum a", 6), ("group g 2 a\nquorum a", 6),
            ("group g any e\nquorum a", 6), ("group g any a a\nquorum a", 6), ("group a any b\nquorum a", 6),
            ("group g any a\ngroup h any a\nquorum a", 7), ("group none any a\nquorum a", 6),
            ("group g -1 a\nquorum a", 6), ("group g any h\ngroup h any a\nquorum a", 6),
            ("witness e \(TestNotes.logKey)\nquorum a", 6), ("log \(TestNotes.witnessKey)\nquorum a", 6),
            ("log \(TestNotes.logKey)\nquorum a", 6), ("witness a \(TestNotes.witnessKey)\nquorum a", 6),
            ("witness e nonsense\nquorum a", 6), ("log\nquorum a", 6), ("quorum\u{A0}a", 6),
        ]
    )
    func `a policy with a fault names its line`(text: String, line: Int) {
        let error = #expect(throws: PolicyError.self) { try LogPolicy(parsing: LogPolicyTests.lines + text) }
        #expect(error?.line == line)
    }

    @Test func `a policy has an end`() {
        let text = String(repeating: "#\n", count: 40_000)
        #expect(throws: PolicyError.self) { try LogPolicy(parsing: text) }
    }
}

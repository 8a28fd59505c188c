import Core
import Cryptography
import Testing

@testable import Ledger

struct EnvelopeTests {
    static let sample = TestChain.sample()

    static func error(_ bytes: [UInt8]) -> EnvelopeError? {
        #expect(throws: EnvelopeError.self) { try Envelope.parse(bytes) }
    }

    @Test(arguments: sample.entries.indices)
    func `reads its own canonical bytes`(index: Int) throws {
        let entry = Self.sample.entries[index]
        #expect(try Envelope.parse(entry.envelopeBytes) == entry.envelope)
        #expect(entry.envelope.canonicalBytes == entry.envelopeBytes)
    }

    @Test(arguments: sample.entries.indices)
    func `writes what the general canonical writer would`(index: Int) throws {
        let bytes = Self.sample.entries[index].envelopeBytes
        #expect(try JSONParser.parse(bytes, maximumDepth: JSONParser.ledgerDepth).canonicalBytes == bytes)
    }

    @Test func `members stand in the order of their names`() {
        let names = EnvelopeMember.allCases.map(\.rawValue)
        #expect(names == names.sorted { $0.utf16.lexicographicallyPrecedes($1.utf16) })
        #expect(
            names.joined(separator: " ")
                == "corrects key kind log occurred_at payload prev recorded_at ref seq sig source v vin"
        )
    }

    /// Member of the error, what stands in the sample's second entry, and what is put there instead.
    static let wrongValues: [(EnvelopeMember, String, String)] = [
        (.key, #""key":"key_2026""#, #""key":"""#),
        (.key, #""key":"key_2026""#, #""key":" k""#),
        (.kind, "repair.done", "Repair.done"),
        (.kind, "repair.done", ""),
        (.kind, "repair.done", #"repair\u002edone"#),
        (.log, "localhost/chexin", ""),
        (.log, "localhost/chexin", "local\\/chexin"),
        (.log, "localhost/chexin", "local\\nchexin"),
        (.log, "localhost/chexin", "local\nchexin"),
        (.log, "localhost/chexin", String(repeating: "x", count: 129)),
        (.occurredAt, "2026-03-01T09:00:00.000Z", "2026-02-29T09:00:00.000Z"),
        (.occurredAt, "2026-03-01T09:00:00.000Z", "2026-03-01T09:00:00Z"),
        (.occurredAt, "2026-03-01T09:00:00.000Z", "2026-03-01T17:00:00.000+08:00"),
        (.payload, #""payload":""#, #""payload":"A"#),
        (.payload, #""payload":""#, #""payload":"00"#),
        (.payload, #""payload":""#, #""payload":"g"#),
        (.previous, #""prev":""#, #""prev":"F"#),
        (.recordedAt, "2026-03-01T09:01:00.000Z", "2026-03-01T09:01:60.000Z"),
        (.recordedAt, "2026-03-01T09:01:00.000Z", "2026-03-01T09:01:00.000000Z"),
        (.ref, "维修", "维\u{200B}修"),
        (.ref, "维修", "维\\u4fee"),
        (.ref, "维修", "维修\u{7}"),
        (.seq, #""seq":1"#, #""seq":01"#),
        (.seq, #""seq":1"#, #""seq":-1"#),
        (.seq, #""seq":1"#, #""seq":"1""#),
        (.seq, #""seq":1"#, #""seq":"#),
        (.seq, #""seq":1"#, #""seq":9007199254740992"#),
        (.signature, #""sig":""#, #""sig":"-"#),
        (.signature, #""sig":""#, #""sig":"AAAA"#),
        (.signature, "==\"", "=\""),
        (.source, #""source":"org_"#, #""source":"\torg_"#),
        (.source, #""source":"org_"#, #""source":" org_"#),
        (.version, #""v":1"#, #""v":2"#),
        (.version, #""v":1"#, #""v":"1""#),
        (.version, #""v":1"#, #""v":-1"#),
        (.vin, TestChain.vin, "LSVAU2187N212345"),
        (.vin, TestChain.vin, "LSVAU2187N212345O"),
        (.vin, TestChain.vin, "lsvau2187n2123456"),
        (.vin, TestChain.vin, "LSVAU2187N21234567"),
    ]

    @Test(arguments: wrongValues.indices)
    func `names the member whose value is wrong`(index: Int) {
        let (member, old, new) = Self.wrongValues[index]
        let bytes = replacing(old, with: new, in: Self.sample.entries[1].envelopeBytes)
        #expect(Self.error(bytes) == .wrongValue(member), "\(new)")
    }

    /// What is not as the canonical order wants it, as the member that should have stood there.
    static let misplaced: [(EnvelopeMember, String, String)] = [
        (.kind, #""key":"key_2026""#, #""key":1"#),
        (.kind, #""kind":"repair.done""#, #""kind":null"#),
        (.previous, #""prev":""#, #""prev":null,""#),
        (.kind, #""kind":"#, #""Kind":"#),
        (.kind, #""key":"key_2026","#, #""key":"key_2026" ,"#),
        (.kind, #"{"key""#, #"{"about":1,"key""#),
        (.log, #","log":"#, #", "log":"#),
        (.log, #","log":"localhost/chexin""#, ""),
        (.occurredAt, #""occurred_at":"#, #""occurredAt":"#),
        (.payload, #","payload":"#, #","note":1,"payload":"#),
        (.previous, #""prev":"#, #""previous":"#),
        (.recordedAt, #""recorded_at":"#, #""occurred_at":"#),
        (.ref, #""ref":"#, #""\u0072ef":"#),
        (.seq, #""seq":"#, #""seq": "#),
        (.signature, #","sig":"#, #","sigg":"#),
        (.signature, #""seq":1"#, #""seq":1.0"#),
        (.signature, #""seq":1"#, #""seq":1e0"#),
        (.source, #","source":"#, #","source" :"#),
        (.version, #","v":1"#, ""),
        (.vin, #""v":1,"#, #""v":1 ,"#),
        (.vin, #""v":1"#, #""v":10"#),
        (.vin, #""v":1"#, #""v":1.0"#),
    ]

    @Test(arguments: misplaced.indices)
    func `names the member that is missing or not in its place`(index: Int) {
        let (member, old, new) = Self.misplaced[index]
        let bytes = replacing(old, with: new, in: Self.sample.entries[1].envelopeBytes)
        let error = Self.error(bytes)
        #expect(error?.member == member, "\(new): \(String(describing: error))")
    }

    @Test func `a key without signature and a signature without key are refused`() {
        let signed = Self.sample.entries[1].envelopeBytes
        let signature = #","sig":"\#(Self.sample.entries[1].envelope.signature!.base64)""#
        #expect(Self.error(replacing(signature, with: "", in: signed)) == .misplaced(.signature))
        #expect(Self.error(replacing(#""key":"key_2026","#, with: "", in: signed)) == .misplaced(.source))
    }

    @Test func `a correction's target must be a hash`() {
        let bytes = Self.sample.entries[3].envelopeBytes
        #expect(Self.error(replacing(#""corrects":""#, with: #""corrects":"0"#, in: bytes)) == .wrongValue(.corrects))
        #expect(Self.error(replacing(#","kind":"#, with: #" ,"kind":"#, in: bytes)) == .misplaced(.kind))
    }

    @Test(arguments: ["", " ", "x", "[]", "\u{FEFF}"])
    func `refuses what is not one object`(prefix: String) {
        let bytes = Self.sample.entries[0].envelopeBytes
        #expect(Self.error(Array(prefix.utf8)) == .notOneObject)
        if !prefix.isEmpty {
            #expect(Self.error(Array(prefix.utf8) + bytes) == .notOneObject)
            #expect(Self.error(bytes + Array(prefix.utf8)) == .notOneObject)
        }
    }

    @Test func `refuses a second object and a trailing line feed`() {
        let bytes = Self.sample.entries[0].envelopeBytes
        #expect(Self.error(bytes + bytes) == .notOneObject)
        #expect(Self.error(bytes + [0x0A]) == .notOneObject)
    }

    @Test(arguments: sample.entries.indices)
    func `refuses every beginning of an envelope`(index: Int) {
        let bytes = Self.sample.entries[index].envelopeBytes
        for count in bytes.indices {
            #expect(throws: EnvelopeError.self) { try Envelope.parse(Array(bytes[..<count])) }
        }
    }

    @Test(arguments: [0, 1, 9, 10, 99, 9_007_199_254_740_991] as [Int64])
    func `writes and reads any number that seq can be`(seq: Int64) throws {
        var draft = EnvelopeDraft(Self.sample.entries[0].envelope)
        draft.seq = seq
        #expect(try Envelope.parse(draft.envelope.canonicalBytes).seq == seq)
    }

    @Test(arguments: [
        "\"", "\\", "\\\\\"\"", "1234567", "12345678", "123456789", "更正", "a更", "1234567\"", "1234567更", "🚗",
    ])
    func `writes and reads any text that a reference can be`(ref: String) throws {
        var draft = EnvelopeDraft(Self.sample.entries[0].envelope)
        draft.ref = ref
        draft.source = ref
        draft.log = ref
        let bytes = draft.envelope.canonicalBytes
        #expect(try Envelope.parse(bytes) == draft.envelope)
        #expect(try JSONParser.parse(bytes).canonicalBytes == bytes)
    }

    @Test(arguments: EnvelopeMember.allCases)
    func `an error says in both languages which member it means`(member: EnvelopeMember) {
        for error in [EnvelopeError.misplaced(member), .wrongValue(member)] {
            #expect(error.member == member)
            #expect(error.explanation.zh.contains(" \(member.rawValue) "))
            #expect(error.explanation.en.contains(" \(member.rawValue) "))
        }
        #expect(EnvelopeError.notOneObject.member == nil)
        #expect(!EnvelopeError.notOneObject.explanation.zh.isEmpty)
    }
}

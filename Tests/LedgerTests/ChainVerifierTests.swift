import Core
import Cryptography
import Testing

@testable import Ledger

struct ChainVerifierTests {
    let chain = TestChain.sample()

    // MARK: What passes

    @Test func `a chain of every sort of entry is genuine`() {
        let verdict = verify(chain.stored)
        #expect(verdict.isGenuine)
        #expect(verdict.failures == "")
        #expect(verdict.firstBadEntry == nil)
        #expect(verdict.count == 5)
        #expect(verdict.head == chain.hashes[4])
        #expect(verdict.sealed.isEmpty)
        #expect(verdict.signatureCount == 1)
    }

    @Test func `hashes need not be given`() {
        #expect(verify(chain.storedWithoutHashes).isGenuine)
    }

    @Test func `a car without entries has a chain that is genuine and empty`() {
        let verdict = verify([])
        #expect(verdict.isGenuine)
        #expect(verdict.count == 0)
        #expect(verdict.head == nil)
    }

    @Test func `every beginning of a chain is genuine, and shows by its head that it is one`() {
        for count in 0..<chain.entries.count {
            let verdict = verify(Array(chain.stored.prefix(count)))
            #expect(verdict.isGenuine)
            #expect(verdict.count == count)
            #expect(verdict.head != chain.head?.hash)
        }
    }

    @Test func `kinds that nobody knows yet are accepted`() {
        var chain = TestChain()
        chain.add("teleported.twice", ["places": ["上海", "北京"]])
        #expect(verify(chain.stored).isGenuine)
    }

    // MARK: One broken rule each, everything else made to fit

    /// A chain of four, whose third entry was forged and whose fourth follows from it.
    static func forged(_ change: (inout EnvelopeDraft) -> Void) -> [StoredEntry] {
        var chain = TestChain()
        for _ in 0..<3 { chain.add() }
        chain.forgeLast(change)
        chain.add(recordedAt: max(chain.entries[2].envelope.recordedAt, TestChain.start.adding(seconds: 86_400)))
        return chain.stored
    }

    @Test func `an entry of another vehicle is found`() {
        let verdict = verify(Self.forged { $0.vin = "LSVAU2187N2123457" })
        #expect(verdict.failures == "vehicle@2")
    }

    @Test func `an entry of another log is found`() {
        #expect(verify(Self.forged { $0.log = "localhost/chexin2" }).failures == "log@2")
    }

    @Test func `an entry with another number is found`() {
        #expect(verify(Self.forged { $0.seq = 3 }).failures == "sequence@2")
    }

    @Test func `an entry that follows from another is found`() {
        #expect(verify(Self.forged { $0.previous = .zero }).failures == "link@2")
        #expect(verify(Self.forged { $0.previous = SHA256.hash([]) }).failures == "link@2")
    }

    @Test func `an entry recorded before its predecessor is found`() {
        let early = TestChain.start.adding(seconds: 3600 + 60).adding(milliseconds: -1)
        #expect(verify(Self.forged { $0.recordedAt = early }).failures == "time@2")
    }

    @Test func `an entry recorded in the same millisecond as its predecessor is fine`() {
        let same = TestChain.start.adding(seconds: 3600 + 60)
        #expect(verify(Self.forged { $0.recordedAt = same }).failures == "")
    }

    @Test func `an entry with the digest of another payload is found`() {
        #expect(verify(Self.forged { $0.payload = SHA256.hash([]) }).failures == "payload@2")
    }

    @Test func `a reference used twice by its source is found`() {
        #expect(verify(Self.forged { $0.ref = "WO-0" }).failures == "reference@2")
    }

    @Test func `bytes that are not canonical are found, even when their hash is right`() {
        var entries = TestChain.sample().stored
        let bytes = replacing(#","log""#, with: #", "log""#, in: entries[4].envelope)
        entries[4].envelope = bytes
        entries[4].hash = SHA256.hash(bytes)
        let verdict = verify(entries)
        #expect(verdict.failures == "encoding@4")
        #expect(verdict[.encoding]!.detail.en.contains("log"))
    }

    @Test func `a stored hash that is not the entry's is found`() {
        for index in chain.entries.indices {
            var entries = chain.stored
            entries[index].hash = SHA256.hash([])
            #expect(verify(entries).failures == "hash@\(index)")
        }
    }

    // MARK: Entries left out, moved, repeated

    @Test(arguments: [
        (0, "sequence@0 link@0 correction@2"), (1, "sequence@1 link@1"), (2, "sequence@2 link@2"),
        (3, "sequence@3 link@3"),
    ])
    func `an entry left out is found where it is missing`(index: Int, failures: String) {
        var entries = chain.stored
        entries.remove(at: index)
        #expect(verify(entries).failures == failures)
    }

    @Test func `two entries that changed places are found`() {
        for index in 0..<4 {
            var entries = chain.stored
            entries.swapAt(index, index + 1)
            let verdict = verify(entries)
            #expect(verdict.firstBadEntry?.seq == index)
            #expect(verdict[.sequence]?.place?.seq == index)
            #expect(verdict[.link]?.place?.seq == index)
            #expect(verdict[.time]?.place?.seq == index + 1)
        }
    }

    @Test func `an entry that stands there twice is found`() {
        for index in chain.entries.indices {
            var entries = chain.stored
            entries.insert(entries[index], at: index)
            #expect(
                verify(entries).failures.hasPrefix("sequence@\(index + 1) link@\(index + 1) reference@\(index + 1)")
            )
        }
    }

    @Test func `an entry put in between is found`() {
        var other = TestChain()
        for _ in 0..<3 { other.add(ref: "X-\(other.entries.count)") }
        var entries = chain.stored
        entries.insert(other.stored[2], at: 2)
        #expect(verify(entries).firstBadEntry?.seq == 2)
    }

    @Test func `a chain whose head was replaced does not have the head that is known`() {
        var other = TestChain.sample()
        other.forgeLast { $0.kind = .payloadErased }
        let verdict = verify(Array(chain.stored.prefix(4)) + [other.stored[4]])
        #expect(verdict.head != chain.head?.hash)
    }

    // MARK: Replay

    @Test func `a whole chain does not pass as another vehicle's`() {
        #expect(verify(chain.stored, vin: "LSVAU2187N2123457").failures == "vehicle@0")
    }

    @Test func `a whole chain does not pass as another log's`() {
        #expect(verify(chain.stored, log: "localhost/chexin2").failures == "log@0")
        #expect(verify(chain.stored, log: "localhost").failures == "log@0")
    }

    @Test(arguments: ["", "LSVAU2187N212345", "lsvau2187n2123456", "\""])
    func `nothing is of a vehicle that cannot be`(vin: String) {
        #expect(verify(chain.stored, vin: vin).failures == "vehicle@0")
    }

    @Test func `nothing is of a log that cannot be`() {
        #expect(verify(chain.stored, log: "").failures == "log@0")
        #expect(verify(chain.stored, log: "a\nb").failures == "log@0")
    }

    @Test func `a log's name may need escapes`() {
        var chain = TestChain(log: "日志 \"一\" \\")
        chain.add()
        #expect(verify(chain.stored, log: "日志 \"一\" \\").isGenuine)
        #expect(verify(chain.stored, log: "日志 \"一\" ").failures == "log@0")
    }
}

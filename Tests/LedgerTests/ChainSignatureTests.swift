import Core
import Cryptography
import Testing

@testable import Ledger

struct ChainSignatureTests {
    let chain = TestChain.sample()

    @Test func `a signature under a key that its source has not registered is refused`() {
        #expect(verify(chain.stored, keys: { _, _ in nil }).failures == "signature@1")
    }

    @Test func `a signature under another key is refused`() throws {
        let other = try Ed25519.PrivateKey.generate().publicKey
        #expect(verify(chain.stored, keys: { _, _ in other }).failures == "signature@1")
    }

    @Test func `the key is asked for by source and id`() {
        var asked: [String] = []
        _ = verify(chain.stored) { source, key in
            asked.append("\(source) \(key)")
            return nil
        }
        #expect(asked == ["\(TestChain.workshop) \(TestChain.keyID)"])
    }

    @Test func `a signature of another source's key is refused`() {
        var chain = TestChain()
        chain.add(source: TestChain.insurer, isSigned: true)
        #expect(verify(chain.stored).failures == "signature@0")
    }

    @Test func `a signature of another statement is refused`() {
        var chain = TestChain()
        let signature = chain.add(isSigned: true).envelope.signature
        chain.add()
        chain.forgeLast { $0.signature = signature }
        let verdict = verify(chain.stored)
        #expect(verdict.failures == "signature@1")
        #expect(verdict.signatureCount == 1)
    }

    @Test func `every member that the source signed is bound by its signature`() throws {
        let changes: [(inout EnvelopeDraft) -> Void] = [
            { $0.kind = .payloadErased },
            { $0.occurredAt = $0.occurredAt.adding(milliseconds: 1) },
            { $0.ref = "WO-other" },
        ]
        for change in changes {
            var chain = TestChain()
            chain.add(isSigned: true)
            chain.forgeLast(change)
            let verdict = verify(chain.stored)
            #expect(verdict[.signature]?.place?.seq == 0)
        }
    }

    @Test func `what the platform adds is not bound by the source's signature`() {
        var chain = TestChain()
        chain.add(isSigned: true, recordedAt: TestChain.start)
        chain.forgeLast { $0.recordedAt = $0.recordedAt.adding(seconds: 5) }
        #expect(verify(chain.stored).isGenuine)
    }

    @Test func `a payload that is not the signed one is refused, even when its digest fits`() throws {
        var chain = TestChain()
        chain.add(isSigned: true)
        let other = Payload(data: ["odometer_km": 1], salt: .random())
        chain.forgeLast { $0.payload = other.digest }
        var entries = chain.stored
        entries[0].payload = other.canonicalBytes
        #expect(verify(entries).failures == "signature@0")
    }

    @Test func `a signed payload that is not canonical is refused, even when its digest fits`() throws {
        var chain = TestChain()
        chain.add(isSigned: true)
        let spaced = replacing(#"{"data":"#, with: #"{ "data":"#, in: chain.entries[0].payloadBytes)
        chain.forgeLast { $0.payload = SHA256.hash(spaced) }
        var entries = chain.stored
        entries[0].payload = spaced
        #expect(verify(entries).failures == "signature@0")
    }
}
